"""Lets 2,000 people sign up, confirm and drop for 100 places, in 8 processes at once, and counts what went wrong.

Holds: no place is sold twice, no sign-up is lost, the queue keeps its order, nobody is shown an error. On SQLite and
on PostgreSQL. The people come by HTTP, from 2,000 networks, to a real gunicorn with 8 processes of its own. The day
has no limit at first, so nobody locks it; an organiser sets the limit while people confirm.
"""

import json
import os
import random
import re
import sys
import tempfile
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode, urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.load import outbox_rig as rig
from tests.load.web_rig import HiddenFields, ask, gunicorn
from tests.support.ports import free_port

PROCESSES = 8
BOUNDS = ("oversold", "lost", "disorder", "errors")  # each must be 0


def main():
    """Run all, or one database's part; exit with 1 if a bound does not hold."""
    options = rig.arguments(__doc__)
    if options.database:
        sys.exit(one_database(options))
    parts = rig.run_on_each_database(options)
    holds = all(part["holds"] for part in parts)
    total = {name: sum(part.get(name, 0) for part in parts) for name in ("people", *BOUNDS)}
    speeds = ", ".join(f"{part.get('speed', 0):.0f} on {name}" for name, part in zip(rig.DATABASES, parts, strict=True))
    print(
        f"last_place: {total['people']} sign-ups, {total['oversold']} places oversold, {total['lost']} lost, "
        f"{total['disorder']} out of order, {total['errors']} errors shown; sign-ups per second: {speeds}: "
        f"{'holds' if holds else 'FAILS'}"
    )
    sys.exit(not holds)


def one_database(options):
    """Run the trial on one database; print it, then its figures as JSON. Returns the exit code."""
    people, places = (160, 30) if options.quick else (2000, 100)
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    # The mails wait in the outbox: no worker runs, and nobody listens on port 9.
    with rig.site(options.database, mail_port=9, SITE_URL=address, PROXY_COUNT="1"), tempfile.TemporaryDirectory() as f:
        day = make_day()
        # The code is loaded once, before the eight processes part.
        with gunicorn(port, Path(f), processes=PROCESSES, options=["--preload"]):
            seconds, most, told = let_them_come(day, port, people, places, Path(f))
        if told["errors"]:
            print((Path(f) / f"gunicorn-{port}.log").read_text()[-3000:], flush=True)
        figures = judge(day, people, most, told) | {"people": people, "speed": people / seconds}
    holds = not any(figures[name] for name in BOUNDS)
    print(
        f"{options.database}: {people} sign-ups and confirmations and {told['drops']} drops for {places} places by "
        f"{PROCESSES} processes in {seconds:.0f} s, {figures['speed']:.1f} sign-ups per second; never more than {most} "
        f"places taken, {figures['moved']} people moved up; {figures['oversold']} oversold, {figures['lost']} lost, "
        f"{figures['disorder']} out of order, {figures['errors']} errors shown: {'holds' if holds else 'FAILS'}",
        flush=True,
    )
    print(json.dumps(figures | {"holds": holds}))
    return not holds


def make_day():
    """Make a conference with one day, open for sign-up and without a limit."""
    from django.utils import timezone

    from tests import factories

    starts_at = timezone.now() + timedelta(days=30)
    conference = factories.make_conference(slug=str(starts_at.year))
    return factories.make_day(conference, starts_at=starts_at)


def let_them_come(day, port, people, places, folder):
    """Let all come at once, and set the limit once half of the places are taken.

    Returns the seconds it took, the most places ever seen taken, and what people were told.
    """
    from django.utils import timezone

    from registration.models import Registration
    from registration.services.capacity import change_capacity

    started = time.monotonic()
    share = people // PROCESSES
    running = {
        rig.fork(come, port, number * share, share, folder / f"told-{number}.json") for number in range(PROCESSES)
    }
    most, failed = 0, 0
    while running:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid in running:
            running.remove(pid)
            failed += bool(status)
        taken = Registration.objects.for_day(day).holding_places().count()
        if not day.has_capacity and taken >= places // 2:
            change_capacity(day, capacity=places, now=timezone.now())
            day.refresh_from_db()
        most = max(most, taken)
        time.sleep(0.1)
    seconds = time.monotonic() - started
    told = {"drops": 0, "signed_up": [], "confirmed": [], "dropped": [], "errors": ["a process failed"] * failed}
    for file in folder.glob("told-*.json"):
        for name, found in json.loads(file.read_text()).items():
            told[name] += found
    for words in told["errors"][:5]:
        print(f"unexpected: {words}", flush=True)
    return seconds, most, told


def come(port, first, share, file):
    """Be `share` people, one after the other: each signs up and confirms, and one in eight makes someone drop."""
    visitors = Visitors(port, random.Random(first))  # the same crowd each time
    for number in range(first, first + share):
        visitors.sign_up_and_confirm(number)
        if number % 8 == 7:
            visitors.drop_one()
    file.write_text(json.dumps(visitors.told | {"drops": len(visitors.told["dropped"])}))


class Visitors:
    """What people of one process do, and what the site told them."""

    def __init__(self, port, chance):
        self.port, self.chance = port, chance
        self.told = {"signed_up": [], "confirmed": [], "dropped": [], "errors": []}
        page = ask(port, "GET", "/register/day-1/")
        self.hidden = HiddenFields(page.words).found  # a form is used by many here, as a page that stayed open

    def sign_up_and_confirm(self, number):
        """Send the form, then press the button that the mail leads to; some press twice, some look at their page."""
        email = f"ada{number}@example.org"
        typed = {"name": f"Ada Ø {number}", "email": email, "days": "1", "time_zone": "Asia/Tokyo"}
        if not self.send(number, "/register/day-1/", typed, "/register/thanks/.+/"):
            return
        self.told["signed_up"].append(email)
        confirm, page = self.links_of(email)
        if not self.send(number, confirm, {}, re.escape(f"{page}?done=confirmed")):
            return
        self.told["confirmed"].append(email)
        if self.chance.random() < 0.05:
            self.send(number, confirm, {}, re.escape(page))
        if self.chance.random() < 0.05:
            answer = ask(self.port, "GET", page, headers=self.network(number))
            self.note(answer.status == 200 and typed["name"] in answer.words, f"GET {page}: {answer.status}")

    def drop_one(self):
        """Let someone who has not dropped yet do so: often one of the first, who have the places."""
        still_there = [email for email in self.told["confirmed"] if email not in self.told["dropped"]]
        email = still_there[0] if self.chance.random() < 0.5 else self.chance.choice(still_there)
        page = self.links_of(email)[1]
        typed = {"action": "drop", "day": "1", "sure": "1"}  # as the page says that asks where others wait
        if self.send(int(email[3:].partition("@")[0]), page, typed, re.escape(f"{page}?done=dropped-1")):
            self.told["dropped"].append(email)

    def links_of(self, email):
        """Return the paths that someone's mails lead to: to confirm, and their page."""
        from registration import links
        from registration.models import Registrant

        person = Registrant.objects.select_related("conference").get(email=email)
        return urlsplit(links.confirm_url(person)).path, urlsplit(links.my_url(person)).path

    def send(self, number, path, typed, expected):
        """Post a form; return whether the answer leads to `expected`, and note an error if not."""
        headers = self.network(number) | {"Content-Type": "application/x-www-form-urlencoded"}
        answer = ask(self.port, "POST", path, urlencode(self.hidden | typed), headers)
        location = answer.getheader("Location") or ""
        words = f"POST {path}: {answer.status} {location}"
        return self.note(answer.status == 302 and re.fullmatch(expected, location), words)

    def network(self, number):
        """Say, as the proxy in front does, that this person comes from a network of their own."""
        return {"X-Forwarded-For": f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"}

    def note(self, is_right, words):
        """Keep the words of an answer that is not right; return whether it is."""
        if not is_right:
            self.told["errors"].append(words)
        return is_right


def judge(day, people, most, told):
    """Compare the database with what the people were told; return the figures."""
    from registration.models import Registration
    from registration.status import Status

    rows = list(Registration.objects.for_day(day).with_people())
    states = Counter(Status(row.status) for row in rows)
    seated = {Status.CONFIRMED: "in", Status.WAITLISTED: "in"}
    places = Counter((row.registrant.email, seated.get(row.status, row.status)) for row in rows)
    dropped = set(told["dropped"])
    expected = Counter((email, Status.CANCELLED if email in dropped else "in") for email in told["confirmed"])
    unused = day.capacity - states[Status.CONFIRMED] if states[Status.WAITLISTED] else 0
    moved, disorder = order(rows)
    return {
        "oversold": max(0, most - day.capacity, states[Status.CONFIRMED] - day.capacity),
        # People who are missing, listed twice or with another status than they were told; and places that nobody got.
        "lost": people - len(told["confirmed"]) + (places - expected + (expected - places)).total() + max(0, unused),
        "disorder": disorder,
        "moved": moved,
        "errors": len(told["errors"]),
    }


def order(rows):
    """Return how many people moved up, and how many times someone got a place before one who was ahead of them.

    The mails say what happened in which order: each is written under the day's lock, so their keys follow it. Someone
    is ahead who was on the waiting list by then and confirmed earlier. Who dropped while waiting is left out.
    """
    from registration.models import OutboxMessage
    from registration.status import MailKind, Status

    entered, placed = {}, {}
    mails = OutboxMessage.objects.filter(kind__in=(MailKind.CONFIRMATION, MailKind.PLACE)).order_by("pk")
    for pk, kind, person in mails.values_list("pk", "kind", "registrant"):
        (placed if kind == MailKind.PLACE else entered).setdefault(person, pk)
    queue = [row for row in rows if row.waitlisted_at and (row.status != Status.CANCELLED or row.confirmed_at)]
    disorder = 0
    for row in rows:
        person = row.registrant_id
        if not row.confirmed_at:
            continue
        got = placed[person] if row.waitlisted_at else entered[person]
        disorder += any(
            entered[other.registrant_id] < got < placed.get(other.registrant_id, float("inf"))
            and (not row.waitlisted_at or (other.waitlisted_at, other.pk) < (row.waitlisted_at, row.pk))
            for other in queue
            if other is not row
        )
    return len(placed), disorder


if __name__ == "__main__":
    main()
