"""Plays the hour after a newsletter: 20,000 people read three pages each, 5,000 of them sign up within ten minutes.

Holds, with two web processes and one worker on SQLite: no error, nobody lost, 99 of 100 answers within a second, and
every mail out, each person's in their order. `--quick` plays thirty seconds of it, just as dense.
"""

import asyncio
import os
import random
import subprocess
import sys
import tempfile
import time
from itertools import count
from pathlib import Path
from threading import Lock, Thread

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.load import outbox_rig as rig
from tests.load.memory import load_program
from tests.load.outbox_speed import MAIL_SERVER
from tests.load.signup_cost import quick_links
from tests.load.web_rig import PAGES, Visitor, _get, gunicorn, p99
from tests.support.ports import free_port

SECONDS, READERS, SIGN_UPS = 600, 20_000, 5_000
CLIENTS = 16
MOST_WAIT = 1.0  # seconds, of 99 in 100
LAST_MAIL = 900  # seconds after the last sign-up: over the burst the site sends two a second


class Newcomer(Visitor):
    """A visitor whose address is at one of many domains: a small one gets few mails at once."""

    def address(self, number):
        """Return the address of a person."""
        return f"ada{number}@n{number % 500}.example.org"


def main():
    """Play it; exit with 1 where a bound does not hold."""
    options = rig.arguments(__doc__)
    part = 0.05 if options.quick else 1
    seconds, readers, people = round(SECONDS * part), round(READERS * part), round(SIGN_UPS * part)
    port, mail_port = free_port(), free_port()
    mails = subprocess.Popen([sys.executable, "-c", MAIL_SERVER, str(mail_port)], stdout=subprocess.PIPE)
    mails.stdout.readline()
    environment = {"SITE_URL": f"http://127.0.0.1:{port}", "PROXY_COUNT": "1"}
    try:
        with rig.site("sqlite", mail_port=mail_port, **environment), tempfile.TemporaryDirectory() as folder:
            load_program()
            with gunicorn(port, Path(folder)):
                worker = rig.fork(rig.work_for_ever)
                times, errors = play(port, readers, people, seconds)
                left = wait_for_mails(people)
                os.kill(worker, 9)
                os.waitpid(worker, 0)
                lost, disorder = judge(people)
    finally:
        mails.kill()
        mails.communicate()
    holds = not errors and not lost and not disorder and not left and p99(times) <= MOST_WAIT
    print(*errors[:5], sep="\n")
    print(
        f"newsletter_hour: {readers:,} readers and {people:,} sign-ups in {seconds} s: {len(errors)} errors, {lost} "
        f"people lost, {left} mails not out, {disorder} out of order, 99 of 100 answers within "
        f"{p99(times) * 1000:.0f} ms (at most {MOST_WAIT * 1000:.0f}): {'holds' if holds else 'FAILS'}"
    )
    sys.exit(not holds)


def play(port, readers, people, seconds):
    """Let all come, evenly over the time; return the seconds of all answers, and the words of all errors."""
    visitors = [Newcomer(port, quick_links(), ("1", "2", "3")) for _ in range(CLIENTS)]
    numbers, lock, began = count(), Lock(), time.monotonic()

    def sign_up(visitor):
        while True:
            with lock:
                number = next(numbers)
            if number >= people:
                return
            time.sleep(max(0, began + number * seconds / people - time.monotonic()))
            visitor.sign_up(number)

    threads = [Thread(target=sign_up, args=[visitor]) for visitor in visitors]
    for thread in threads:
        thread.start()
    times, errors = asyncio.run(read_pages(port, readers, seconds))
    for thread in threads:
        thread.join()
    for visitor in visitors:
        errors += visitor.errors
        times += [took for step in visitor.times.values() for took in step]
    print(f"{len(times):,} answers in {time.monotonic() - began:.0f} s", flush=True)
    return times, errors


async def read_pages(port, readers, seconds):
    """Be the readers: each opens three pages, with some time between; return the seconds of answers, and errors."""
    times, errors = [], []

    async def be_one(number):
        chance, stream = random.Random(number), None
        await asyncio.sleep(number * seconds / readers)
        for path in chance.sample(PAGES, 3):
            began = time.perf_counter()
            try:
                stream = await _get(port, path, stream)
            except (OSError, RuntimeError, asyncio.IncompleteReadError) as error:
                errors.append(f"{path}: {error!r}")
                return
            times.append(time.perf_counter() - began)
            await asyncio.sleep(chance.uniform(0.5, 4))
        stream[1].close()

    await asyncio.gather(*(be_one(number) for number in range(readers)))
    return times, errors


def wait_for_mails(people):
    """Wait until all mails are out, five a person: please confirm, confirmation, invites. Return how many are not."""
    from registration.models import OutboxMessage

    deadline = time.monotonic() + LAST_MAIL
    while time.monotonic() < deadline:
        sent = OutboxMessage.objects.filter(state="sent").count()
        if sent >= people * 5:
            return 0
        time.sleep(1)
    return people * 5 - sent


def judge(people):
    """Return how many people are not confirmed for three days, and how many got their mails in another order."""
    from registration.models import OutboxMessage, Registrant, Registration

    confirmed = Registration.objects.filter(status="confirmed").count()
    lost = people - Registrant.objects.filter(verified_at__isnull=False).count() + abs(people * 3 - confirmed)
    newest, disorder = {}, 0
    rows = OutboxMessage.objects.filter(state="sent").order_by("pk").values_list("registrant", "finished_at")
    for person, at in rows:
        disorder += newest.get(person, at) > at
        newest[person] = at
    return lost, disorder


if __name__ == "__main__":
    main()
