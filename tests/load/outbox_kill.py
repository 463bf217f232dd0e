"""Kills mail workers in mid-job at random, at least 100 times, and counts what that does to the mails.

Holds: no mail is lost, each person's mails arrive in order, and at most one extra copy arrives for each kill, with
the same Message-ID. 3,000 mails, one worker and then three, on SQLite and on PostgreSQL.
"""

import json
import os
import random
import signal
import sys
import time
from collections import Counter, defaultdict
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.load import outbox_rig as rig
from tests.support.ports import free_port
from tests.support.smtp import ScriptedServer

PATIENCE_SECONDS = 300


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
        f"outbox_kill: {total['lost']} of {total['mails']} mails lost, {total['copies']} extra copies "
        f"in {total['kills']} kills, {total['disorder']} people out of order: {'holds' if holds else 'FAILS'}"
    )
    sys.exit(not holds)


def one_database(options):
    """Run the trials on one database; print each, then the sums as JSON. Returns the exit code."""
    people, kills = (75, 10) if options.quick else (750, 100)
    port = free_port()
    with rig.site(options.database, mail_port=port, MAIL_LEASE_SECONDS="1"):
        trials = [trial(options.database, port, workers, people, kills) for workers in (1, 3)]
    total = Counter()
    for figures in trials:
        total.update(figures)
    holds = all(figures["holds"] for figures in trials)
    print(json.dumps(dict(total) | {"holds": holds}))
    return not holds


def trial(database, port, workers, people, kills):
    """Send four mails to each of `people` while `workers` are killed `kills` times; return its figures."""
    expected = queue_mails(people)
    nursery = rig.Nursery(rig.work_for_ever)
    started = time.monotonic()
    with ScriptedServer(port=port) as server:
        killed = kill_at_random(nursery, server, workers, kills, sum(map(len, expected.values())))
        nursery.close()
    arrived = defaultdict(list)
    for mail in server.arrived:
        arrived[mail.recipient].append(mail.message["Message-ID"])
    lost = sum(len(set(ids) - set(arrived[person])) for person, ids in expected.items())
    copies = len(server.arrived) - sum(len(set(ids)) for ids in arrived.values())
    strangers = sum(len(set(ids) - set(expected.get(person, ()))) for person, ids in arrived.items())
    disorder = sum(not is_in_order(arrived[person], ids) for person, ids in expected.items())
    states = states_in_database()
    sent = states["sent"]
    holds = not (lost or strangers or disorder) and copies <= killed and killed >= kills and set(states) == {"sent"}
    print(
        f"{database}, {workers} worker{'s' if workers > 1 else ''}: {sent} mails, {killed} kills, "
        f"{lost} lost, {copies} extra copies, {strangers} with another Message-ID, {disorder} people out of order, "
        f"{time.monotonic() - started:.0f} s: {'holds' if holds else 'FAILS'}",
        flush=True,
    )
    return {"mails": sent, "kills": killed, "lost": lost, "copies": copies, "disorder": disorder, "holds": holds}


def queue_mails(people):
    """Sign people up for three days, confirmed through the service; return {address: Message-IDs in order}."""
    from django.utils import timezone

    from conference.models import Conference, Day
    from registration.models import OutboxMessage, Registrant, Registration
    from registration.services import days as services
    from tests.factories import make_conference, make_day

    for model in (OutboxMessage, Registration, Registrant, Day, Conference):
        model.objects.all().delete()
    conference = make_conference()
    in_a_month = timezone.now() + timedelta(days=30)
    days = [make_day(conference, number, starts_at=in_a_month + timedelta(days=number)) for number in (1, 2, 3)]
    for person in rig.make_people(people, days, status="pending"):
        services.confirm(person, now=timezone.now())
    expected = defaultdict(list)
    for row in OutboxMessage.objects.order_by("pk"):
        expected[row.to_email].append(f"<{row.message_id}>")
    return expected


def kill_at_random(nursery, server, workers, kills, mails):
    """Keep `workers` alive until every mail is done, and kill one of them at `kills` random moments; return how often.

    A moment is some mails after the last one, and then some part of a mail's own time, so each step is hit.
    """
    running = [nursery.start() for _ in range(workers)]
    killed, next_kill = 0, 0
    deadline = time.monotonic() + PATIENCE_SECONDS
    while killed < kills or len(server.arrived) < mails or set(states_in_database()) != {"sent"}:
        if time.monotonic() > deadline:
            break
        if killed < kills and len(server.arrived) >= next_kill:
            time.sleep(random.uniform(0, 0.01))
            victim = random.randrange(workers)
            os.kill(running[victim], signal.SIGKILL)
            killed += 1
            gap = (mails - len(server.arrived)) / (kills - killed + 3)
            next_kill = len(server.arrived) + random.uniform(0, 1.6) * gap
            running[victim] = nursery.start()
        else:
            time.sleep(0.001 if killed < kills else 0.1)
    return killed


def is_in_order(arrived, expected):
    """Whether a person's mails came in the order of the outbox; a copy may follow its original at once."""
    places = [expected.index(message_id) for message_id in arrived if message_id in expected]
    return places == sorted(places)


def states_in_database():
    """Return {state: number of mails}."""
    from registration.models import OutboxMessage

    return Counter({str(state): count for state, count in OutboxMessage.objects.counted_by_state().items()})


if __name__ == "__main__":
    main()
