"""Sends a message to 10,000 people while its worker is killed ten times and others sign up; then stops one midway.

Holds: each person gets it once, and at most one twice for each kill (with the same Message-ID); confirmations that are
queued meanwhile leave within 10 s; the progress that organisers see adds up at every look; after "stop" at most 50 more
mails leave. On SQLite and on PostgreSQL.
"""

import json
import os
import random
import signal
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.load import outbox_rig as rig
from tests.support.ports import free_port
from tests.support.smtp import ScriptedServer

PATIENCE_SECONDS = 120  # without a mail that arrives
LONGEST_WAIT = 10
STOPPED_WITHIN = 50
WORDS = {"subject": "Day 1 has a new link, {name}", "body": "Dear {name},\n\n{my hours}\n\n{join button}\n\n{my page}"}


def main():
    """Run all, or one database's part; exit with 1 if a bound does not hold."""
    options = rig.arguments(__doc__)
    if options.database:
        sys.exit(one_database(options))
    parts = rig.run_on_each_database(options)
    holds = all(part["holds"] for part in parts)
    people, copies, kills = (sum(part.get(name, 0) for part in parts) for name in ("people", "copies", "kills"))
    wait, stop = (max(part.get(name, -1) for part in parts) for name in ("wait", "stop"))
    print(
        f"broadcast: {people} people, each once, {copies} extra copies in {kills} kills; confirmations left within "
        f"{wait:.1f} s; {stop} mails after stop: {'holds' if holds else 'FAILS'}"
    )
    sys.exit(not holds)


def one_database(options):
    """Run both trials on one database; print them, then the figures as JSON. Returns the exit code."""
    people, kills, newcomers = (120, 3, 4) if options.quick else (10_000, 10, 40)
    port = free_port()
    with rig.site(options.database, mail_port=port, MAIL_LEASE_SECONDS="2"):
        figures = send_and_kill(options.database, port, people, kills, newcomers)
        figures |= stop_midway(options.database, port, people)
        figures["holds"] = figures["sent_holds"] and figures["stop_holds"]
    print(json.dumps(figures))
    return not figures["holds"]


def send_and_kill(database, port, people, kills, newcomers):
    """Send to everybody under kills while `newcomers` confirm; return the figures."""
    day, waiting = make_everybody(people, newcomers)
    arrived_at = {}

    def note_arrival(command, argument, session):
        if command == "END":
            arrived_at.setdefault(argument, time.time())

    nursery = rig.Nursery(rig.work_for_ever)
    began = time.monotonic()
    with ScriptedServer(note_arrival, port=port) as server:
        broadcast = begin_to_send(day, people)
        worker, killed, asked, looks = nursery.start(), 0, {}, []
        patience = Patience(server)
        while patience.lasts():
            looks.append(look_at(broadcast))
            if looks[-1]["done"] and not waiting and killed >= kills and set(asked) <= set(arrived_at):
                break
            share = len(server.arrived) / people
            if killed < kills and share > (killed + random.random()) / (kills + 1):
                time.sleep(random.uniform(0, 0.02))
                os.kill(worker, signal.SIGKILL)
                worker, killed = nursery.start(), killed + 1
            if waiting and share > (newcomers - len(waiting) + 0.5) / (newcomers + 1):
                person = waiting.pop()
                asked[person.email] = confirm(person)
            time.sleep(0.05)
        nursery.close()
    ids = Counter(mail.recipient for mail in server.arrived if "new link" in mail.message["Subject"])
    once = len(ids)
    copies = sum(ids.values()) - once
    lost = people - len([address for address in ids if address.startswith("ada")])
    wait = max((arrived_at.get(address, 1e12) - at for address, at in asked.items()), default=1e12)
    adds_up = all(look["total"] == people for look in looks) and looks[-1]["sent"] == people
    holds = not lost and copies <= killed and killed >= kills and wait <= LONGEST_WAIT and adds_up
    print(
        f"{database}: {once} of {people} people in {time.monotonic() - began:.0f} s, {copies} extra copies in {killed} "
        f"kills, {len(asked)} confirmations within {wait:.1f} s, progress {'adds up' if adds_up else 'IS WRONG'} at "
        f"{len(looks)} looks: {'holds' if holds else 'FAILS'}",
        flush=True,
    )
    return {"people": once, "copies": copies, "kills": killed, "wait": wait, "sent_holds": holds}


def stop_midway(database, port, people):
    """Send to everybody, stop it after a third, and count what still arrives; return the figures."""
    from django.utils import timezone

    from registration.services import broadcasts

    day, _nobody = make_everybody(people, 0)
    nursery = rig.Nursery(rig.work_for_ever)
    with ScriptedServer(port=port) as server:
        broadcast = begin_to_send(day, people)
        nursery.start()
        wait_until(lambda: len(server.arrived) >= people // 3, server)
        broadcasts.stop(broadcast, user=broadcast.author, now=timezone.now())
        before = len(server.arrived)
        wait_until(lambda: look_at(broadcast)["done"], server)
        nursery.close()
    after, look = len(server.arrived) - before, look_at(broadcast)
    holds = after <= STOPPED_WITHIN and look["done"] and look["sent"] == len(server.arrived) and look["total"] == people
    print(f"{database}: stopped at {before}, {after} more arrived: {'holds' if holds else 'FAILS'}", flush=True)
    return {"stop": after, "stop_holds": holds}


def make_everybody(people, newcomers):
    """Write a day, people with a place on it, and some who have yet to confirm; return (day, these)."""
    from django.contrib.auth.models import User
    from django.utils import timezone

    from conference.models import Conference, Day
    from registration.models import Broadcast, OutboxMessage, Registrant
    from tests.factories import make_conference, make_day, make_pending

    rig.forget_everybody()
    for model in (Broadcast, Day, Conference, User):
        model.objects.all().delete()
    day = make_day(make_conference(), starts_at=timezone.now() + timedelta(days=30))
    other_day = make_day(day.conference, 2, starts_at=timezone.now() + timedelta(days=31))
    rig.make_people(people, [day], status="confirmed")
    for number in range(newcomers):
        make_pending(other_day, name=f"New{number} Person", now=timezone.now())
    # They were asked long ago: only the answers count here.
    OutboxMessage.objects.all().delete()
    return day, list(Registrant.objects.unverified())


def begin_to_send(day, people):
    """Write a message to everybody with a place, and let it leave now; return it."""
    from django.contrib.auth.models import User
    from django.utils import timezone

    from registration.models import Audience, Broadcast
    from registration.services import broadcasts

    author = User.objects.create(username="vera")
    broadcast = broadcasts.begin(day.conference, user=author, audience=Audience(days=(day.pk,)), now=timezone.now())
    Broadcast.objects.only_row(broadcast).update(words={"en": WORDS})
    broadcast.refresh_from_db()
    broadcasts.schedule(broadcast, user=author, agreed=people, now=timezone.now() - broadcasts.UNDO_FOR)
    return broadcast


def look_at(broadcast):
    """Return what the organisers' page would say now."""
    from django.utils import timezone

    from registration.services import broadcasts

    broadcast.refresh_from_db()
    progress = broadcasts.progress_of(broadcast, now=timezone.now())
    return {"total": progress.total, "sent": progress.sent, "done": broadcast.finished_at is not None}


def confirm(person):
    """Let someone confirm; return when, in seconds."""
    from django.utils import timezone

    from registration.services.days import confirm as confirm_days

    confirm_days(person, now=timezone.now())
    return time.time()


class Patience:
    """Lasts while mails arrive at a server, on a machine of any speed."""

    def __init__(self, server):
        self.server, self.seen, self.since = server, -1, time.monotonic()

    def lasts(self):
        """Return whether a mail arrived not long ago."""
        if len(self.server.arrived) > self.seen:
            self.seen, self.since = len(self.server.arrived), time.monotonic()
        return time.monotonic() - self.since < PATIENCE_SECONDS


def wait_until(is_so, server):
    """Wait for something, for as long as mails arrive."""
    patience = Patience(server)
    while not is_so() and patience.lasts():
        time.sleep(0.02)


if __name__ == "__main__":
    main()
