"""Measures how many invites a second one worker writes and delivers, and what a mail costs in a long queue.

Holds: at least 100 a second, which is more than mail providers take, and a mail costs the same with 30,000 mails
waiting as with 300. On SQLite and on PostgreSQL. The server is aiosmtpd, in a process of its own.
"""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import timedelta
from itertools import batched
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.load import outbox_rig as rig
from tests.support.ports import free_port

RATE = 100
GROWTH = 1.25

MAIL_SERVER = """
import sys, time
from aiosmtpd.controller import Controller

class TakeAll:
    async def handle_DATA(self, server, session, envelope):
        return "250 OK"

controller = Controller(TakeAll(), hostname="127.0.0.1", port=int(sys.argv[1]))
controller.start()
print("ready", flush=True)
while True:
    time.sleep(60)
"""


def main():
    """Run all, or one database's part; exit with 1 if a bound does not hold."""
    options = rig.arguments(__doc__)
    if options.database:
        sys.exit(one_database(options))
    parts = rig.run_on_each_database(options)
    holds = all(part["holds"] for part in parts)
    rate = min(part.get("rate", 0) for part in parts)
    growth = max(part.get("growth", 0) for part in parts)
    waiting = size(options).waiting
    print(
        f"outbox_speed: {rate:.0f} invites a second (at least {RATE}); a mail among "
        f"{waiting:,} costs {growth:.2f} of one among 300 (at most {GROWTH}): {'holds' if holds else 'FAILS'}"
    )
    sys.exit(not holds)


@dataclass(frozen=True)
class Size:
    """How much is measured: invites in each round, mails that wait, and rounds."""

    invites: int
    waiting: int
    rounds: int


def size(options):
    """Return the Size that is asked for."""
    return Size(250, 2_400, 3) if options.quick else Size(2_000, 30_000, 5)


def one_database(options):
    """Measure on one database; print that, then the figures as JSON. Returns the exit code."""
    work = size(options)
    port = free_port()
    server = subprocess.Popen([sys.executable, "-c", MAIL_SERVER, str(port)], stdout=subprocess.PIPE)
    server.stdout.readline()
    try:
        with rig.site(options.database, mail_port=port):
            rate = measure_rate(work)
            growth = measure_growth(work)
    finally:
        server.kill()
        server.communicate()
    holds = rate >= RATE and growth <= GROWTH
    print(f"{options.database}: {rate:.0f} a second; {work.waiting} waiting: {growth:.2f}", flush=True)
    print(json.dumps({"rate": rate, "growth": growth, "holds": holds}))
    return not holds


def measure_rate(work):
    """Return how many invites a second are queued, written and delivered: the middle of some rounds."""
    from conference.models import Day
    from tests.factories import make_conference, make_day

    day = make_day(make_conference(), 2, title="Trailblaze new approaches", summary="With patient partners or as one.")
    day = Day.objects.with_ids([day.pk]).with_conference().get()
    rates = []
    for _ in range(work.rounds):
        rig.make_people(work.invites, [day], status="confirmed")
        rates.append(work.invites / render_and_deliver(day, work.invites))
        rig.forget_everybody()
    return median(rates)


def render_and_deliver(day, count):
    """Return the seconds until the last invite is sent.

    PostgreSQL takes new mails from one process while another delivers. SQLite has one writer at a time, so there this
    process does one after the other.
    """
    from django.db import connection

    started = time.perf_counter()
    if connection.vendor == "sqlite":
        render(day)
        deliver(count)
        return time.perf_counter() - started
    renderer = rig.fork(render, day)
    deliver(count)
    took = time.perf_counter() - started
    if os.waitpid(renderer, 0)[1]:
        sys.exit("A part of the trial failed.")
    return took


def render(day):
    """Queue every confirmed person's invite, twenty in a transaction."""
    from django.db import transaction
    from django.utils import timezone

    from registration.letters import outbox
    from registration.models import Registration

    rows = list(Registration.objects.for_day(day).confirmed().with_people())
    for some in batched(rows, 20, strict=False):
        with transaction.atomic():
            for row in some:
                outbox.queue_invite(row, now=timezone.now())


def deliver(count):
    """Be the worker until so many mails are sent."""
    from registration.jobs import JOBS, Job
    from registration.letters.writing import write_letter
    from registration.mail.worker import Worker
    from registration.models import OutboxMessage

    def stop_when_done(now):
        if OutboxMessage.objects.counted_by_state().get("sent") == count:
            worker.stop()

    worker = Worker(write=write_letter, jobs=[*JOBS, Job("stop", timedelta(seconds=0.1), stop_when_done)])
    worker.run()


def measure_growth(work):
    """Return what a mail costs while very many wait, as a multiple of its cost among 300: the best rounds of each."""
    few, many = [], []
    for _ in range(work.rounds):
        few.append(seconds_a_mail(300))
        many.append(seconds_a_mail(work.waiting))
    return min(many) / min(few)


def seconds_a_mail(waiting):
    """Fill the outbox with so many mails, three for each person, and send 100; return the seconds for each."""
    from conference.models import Conference
    from registration.jobs import JOBS
    from registration.letters.writing import write_letter
    from registration.mail.worker import Worker

    rig.forget_everybody()
    people = rig.make_people(waiting // 3, list(Conference.objects.get().days.all()), status="confirmed")
    rig.fill_outbox(people, 3)
    worker = Worker(write=write_letter, jobs=JOBS)
    sent = 0
    worker.take()  # whatever the first query of a process costs
    started = time.perf_counter()
    while sent < 90:
        for row in worker.take():
            worker.send(row)
            sent += 1
    took = time.perf_counter() - started
    worker.delivery.close()
    return took / sent


if __name__ == "__main__":
    main()
