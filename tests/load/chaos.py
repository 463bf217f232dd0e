"""Kills web processes, mail workers and PostgreSQL with SIGKILL at random, 100 times each, while people sign up.

They confirm meanwhile, and a message goes out to 500 others. Holds: no answer is anything but right or "not now" (503);
what the site answered is in the database with its mails, nobody is there by half; each mail arrives, each person's in
their order, and at most one twice for each kill. On SQLite and on PostgreSQL.
"""

import json
import logging
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter, defaultdict
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.load import outbox_rig as rig
from tests.load.broadcast import begin_to_send, look_at
from tests.load.outbox_kill import is_in_order
from tests.load.web_rig import gunicorn
from tests.support.crowd import Crowd
from tests.support.ports import free_port
from tests.support.smtp import ScriptedServer

PATIENCE_SECONDS = 180
DAYS_TAKEN = 2  # of each person in the crowd
LETTERS = 2 + DAYS_TAKEN  # please confirm, the confirmation, an invite for each day


def main():
    """Run all, or one database's part; exit with 1 if a bound does not hold."""
    options = rig.arguments(__doc__)
    if options.database:
        sys.exit(one_database(options))
    parts = rig.run_on_each_database(options)
    total = Counter()
    for part in parts:
        total.update(part)
    holds = all(part["holds"] for part in parts)
    print(
        f"chaos: {total['kills']} kills, {total['steps']} steps answered, {total['lost']} of them lost, "
        f"{total['half']} people written by half, {total['unsent']} mails lost, {total['copies']} extra copies, "
        f"{total['disorder']} people out of order, {total['odd']} odd answers: {'holds' if holds else 'FAILS'}"
    )
    sys.exit(not holds)


def one_database(options):
    """Run on one database; print the figures, then as JSON. Returns the exit code."""
    kills, readers = (6, 40) if options.quick else (100, 500)
    port, mail_port = free_port(), free_port()
    environment = {"SITE_URL": f"http://127.0.0.1:{port}", "PROXY_COUNT": "1", "MAIL_LEASE_SECONDS": "1"}
    with (
        rig.site(options.database, mail_port=mail_port, **environment) as database,
        tempfile.TemporaryDirectory() as folder,
    ):
        broadcast = make_program(readers)
        logging.disable()  # each kill makes the worker complain
        nursery = rig.Nursery(rig.work_for_ever)
        with gunicorn(port, Path(folder)) as web, ScriptedServer(port=mail_port) as mails:
            targets = Targets(web, nursery, database)
            began = time.monotonic()
            with Crowd(f"http://127.0.0.1:{port}", mails) as crowd:
                kill_at_random(targets, crowd, kills)
            left = wait_for_mails(broadcast)
            nursery.close()
        figures = judge(crowd, mails, broadcast) | {"kills": targets.killed.total(), "odd": len(crowd.odd)}
        figures["odd"] += targets.ended_by_themselves
    print(*crowd.odd[:5], sep="\n", end="\n" if crowd.odd else "")
    worker_kills = targets.killed.total() - targets.killed["web"]
    wrong = [figures[name] for name in ("lost", "half", "unsent", "disorder", "odd")]
    holds = not left and not any(wrong) and figures["copies"] <= worker_kills
    killed = ", ".join(f"{name} {number} times" for name, number in targets.killed.items())
    print(
        f"{options.database}: killed {killed} in {time.monotonic() - began:.0f} s; {figures['steps']} steps answered, "
        f"{crowd.not_now} times no answer or 503; {left} mails not out: {'holds' if holds else 'FAILS'}",
        flush=True,
    )
    print(json.dumps(figures | {"holds": holds}))
    return not holds


def make_program(readers):
    """Make three days, and people with a place on the third whom a message is on its way to; return the message."""
    from django.utils import timezone

    from tests.factories import make_conference, make_day

    in_a_month = timezone.now() + timedelta(days=30)
    conference = make_conference(slug=str(in_a_month.year))
    days = [make_day(conference, number, starts_at=in_a_month + timedelta(days=number)) for number in (1, 2, 3)]
    rig.make_people(readers, days[2:], status="confirmed")
    return begin_to_send(days[2], readers)


class Targets:
    """What is killed: a web process, the worker, PostgreSQL. `killed` counts how often each was."""

    def __init__(self, web, nursery, database):
        self.web, self.nursery, self.database = web, nursery, database
        self.worker = nursery.start()
        self.killed = Counter()
        self.ended_by_themselves = 0

    @property
    def names(self):
        """What there is to kill."""
        return ("web", "worker", "database") if self.database else ("web", "worker")

    def kill(self, name):
        """Kill it, and bring back what no other program does: the worker, the database."""
        self.killed[name] += 1
        if name == "web":
            os.kill(random.choice(self.web.workers), signal.SIGKILL)
        elif name == "worker":
            self.ended_by_themselves += not Path(f"/proc/{self.worker}").exists()
            try:
                os.kill(self.worker, signal.SIGKILL)
            except ProcessLookupError:
                print("the worker had ended by itself", flush=True)
            self.worker = self.nursery.start()
        else:
            first = self.database.get_postmaster_info().process
            processes = [first, *first.children()]
            for process in processes:
                process.kill()
            for process in processes:
                process.wait(10)
            self.database.start()


def kill_at_random(targets, crowd, kills):
    """Kill each target so often, in any order; between two of them the crowd gets further by a step."""
    for name in random.sample(targets.names * kills, len(targets.names) * kills):
        before, end = steps_of(crowd), time.monotonic() + PATIENCE_SECONDS
        while steps_of(crowd) == before:
            if time.monotonic() > end or crowd.odd:
                return
            time.sleep(0.01)
        time.sleep(random.uniform(0, 0.3))
        targets.kill(name)


def steps_of(crowd):
    """Return how many steps the site has answered with "yes"."""
    return len(crowd.those("signed_up")) + len(crowd.those("confirmed"))


def wait_for_mails(broadcast):
    """Wait until all mails are out; return how many are not."""
    from registration.models import OutboxMessage

    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        waiting = OutboxMessage.objects.filter(state="queued").count()
        if not waiting and look_at(broadcast)["done"]:
            return 0
        time.sleep(0.5)
    return waiting or 1


def judge(crowd, mails, broadcast):
    """Compare what the site answered with what it holds, and with the mails that arrived; return the figures."""
    from registration.models import OutboxMessage, Registrant

    arrived = defaultdict(list)
    for mail in list(mails.arrived):
        arrived[mail.recipient].append(mail.message["Message-ID"])
    rows, withdrawn = defaultdict(list), set()
    for row in OutboxMessage.objects.order_by("pk"):
        rows[row.to_email].append(f"<{row.message_id}>")
        # A question to a person who has confirmed meanwhile: by another mail, or by one that left before a kill.
        if row.state == "withdrawn":
            withdrawn.add(f"<{row.message_id}>")
    people = {
        person.email: [str(registration.status) for registration in person.registrations.all()]
        for person in Registrant.objects.prefetch_related("registrations")
        if person.email in {each.email for each in crowd.people}
    }
    told, confirmed = crowd.those("signed_up"), crowd.those("confirmed")
    lost = sum(len(people.get(each.email, ())) != DAYS_TAKEN or not rows[each.email] for each in told)
    lost += sum(set(people[each.email]) != {"confirmed"} or len(rows[each.email]) < LETTERS for each in confirmed)
    half = sum(len(found) != DAYS_TAKEN or len(set(found)) != 1 for found in people.values())
    half += sum("confirmed" in found and len(rows[email]) < LETTERS for email, found in people.items())
    return {
        "steps": len(told) + len(confirmed),
        "lost": lost,
        "half": half,
        "unsent": sum(len(set(ids) - withdrawn - set(arrived[email])) for email, ids in rows.items())
        + look_at(broadcast)["total"]
        - look_at(broadcast)["sent"],
        "copies": sum(len(ids) - len(set(ids)) for ids in arrived.values()),
        "disorder": sum(not is_in_order(arrived[email], ids) for email, ids in rows.items()),
    }


if __name__ == "__main__":
    main()
