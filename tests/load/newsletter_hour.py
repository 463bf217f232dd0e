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
from pathlib import Path
from queue import Queue
from threading import Thread

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
    """Play it; exit with 1 if a bound does not hold."""
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
                deadline = time.monotonic() + seconds + LAST_MAIL
                times, errors = play(port, readers, people, seconds, deadline)
                left = wait_for_mails(people, deadline)
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


def play(port, readers, people, seconds, deadline):
    """Let all come, evenly over the time; return the seconds of all answers, and the words of all errors.

    People confirm when the mail has left that asks them to: over the site's pace, some minutes after they signed up.
    """
    visitors = [Newcomer(port, quick_links(), ("1", "2", "3")) for _ in range(CLIENTS)]
    senders, readers_of_mail = visitors[: CLIENTS // 2], visitors[CLIENTS // 2 :]
    mails, began = Queue(), time.monotonic()
    threads = [
        Thread(target=send_forms, args=[visitor, range(first, people, len(senders)), seconds / people])
        for first, visitor in enumerate(senders)
    ]
    threads += [Thread(target=confirm_all, args=[visitor, mails]) for visitor in readers_of_mail]
    post = Thread(target=carry, args=[mails, people, deadline, len(readers_of_mail)])
    for thread in [*threads, post]:
        thread.start()
    times, errors = asyncio.run(read_pages(port, readers, seconds))
    for thread in [*threads, post]:
        thread.join()
    for visitor in visitors:
        errors += visitor.errors
        times += [took for step in visitor.times.values() for took in step]
    print(f"{len(times):,} answers in {time.monotonic() - began:.0f} s", flush=True)
    return times, errors


def send_forms(visitor, numbers, pause):
    """Sign up the people with these numbers, each when it is their turn: a `pause` in seconds after the one before."""
    began = time.monotonic()
    for number in numbers:
        time.sleep(max(0, began + number * pause - time.monotonic()))
        visitor.send_form(number)


def confirm_all(visitor, mails):
    """Confirm each person whose number is in the Queue `mails`, until it gives None."""
    for number in iter(mails.get, None):
        visitor.confirm(number)


def carry(mails, people, deadline, ends):
    """Put the number of each person into `mails` when the one to confirm has left; then None for each who reads."""
    from django.db import connection

    from registration.models import OutboxMessage

    seen = set()
    while len(seen) < people and time.monotonic() < deadline:
        sent = OutboxMessage.objects.filter(letter="please_confirm", state="sent")
        new = set(sent.values_list("to_email", flat=True)) - seen
        for email in new:
            mails.put(int(email.removeprefix("ada").partition("@")[0]))
        seen |= new
        time.sleep(1)
    for _ in range(ends):
        mails.put(None)
    connection.close()


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


def wait_for_mails(people, deadline):
    """Wait until all mails are out, five a person: please confirm, confirmation, invites. Return how many are not.

    `deadline` is by the clock that nobody sets (`time.monotonic`).
    """
    from registration.models import OutboxMessage

    while (left := people * 5 - OutboxMessage.objects.filter(state="sent").count()) > 0 and time.monotonic() < deadline:
        time.sleep(1)
    return left


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
