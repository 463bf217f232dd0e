"""Weighs a cold visit to every public page: bytes as sent, page and style sheet with their headers, and requests.

Holds: 14,336 bytes (10 packets of a new connection, one round trip) and 2 requests in each language, with 9 sessions
and with 60; home, program, a day and the form 13,312 in English, so their translations have room. The site runs as in
production: gunicorn, DEBUG off, static files collected. Bytes and requests are those that Chromium counts; the bytes
hold as well for a browser that knows gzip alone, without the padding by which Django hides how long a page with a key
is (1 to 100 random bytes, other ones each time).

Not counted: the icon, which browsers fetch once, after the page; and the bytes of the one script, which waits until the
page stands. Its request is counted, and allowed on the pages of WITH_SCRIPT alone.
"""

import argparse
import gzip
import http.client
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from playwright.sync_api import sync_playwright

from tests.support.browser import CHROMIUM_OPTIONS, find_chromium
from tests.support.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
MOST_BYTES = 14_336
MOST_BYTES_IN_ENGLISH = dict.fromkeys(("/", "/program/", "/program/day-1/", "/register/"), 13_312)
MOST_REQUESTS = 2
# These load site.js, which offers the zone of the device and has the program kept for times without internet:
# docs/decisions/0001-script-only-where-a-zone-is-asked-for.md, 0007-the-program-can-be-read-offline.md
WITH_SCRIPT = re.compile(
    r"(/\w\w)?(/time-zone/|/register/(day-\d+/)?|/easy-read/program/|(/2\d{3})?/program/(day-\d+/|sessions/[\w-]+/)?)"
)
BESIDE_THE_SITE_MAP = [
    "/?tz=Asia/Tokyo",
    "/program/?tz=Asia/Tokyo",
    "/program/day-1/?tz=Asia/Tokyo",
    "/program/my-plan/?pick=day-1-session-1&pick=day-2-session-1&tz=Asia/Tokyo",
    "/reading/?next=/program/&text=larger",
    "/time-zone/",
    "/time-zone/?country=US",
    "/register/day-1/",
    "/register/thanks/",
    "/lost-link/",
    "/offline/",
]


@dataclass(frozen=True)
class Weight:
    """What a visit to `path` costs: bytes and requests in Chromium, and bytes for a browser that knows gzip alone."""

    path: str
    sessions: int
    size: int
    requests: int
    gzip: int

    @property
    def most_requests(self):
        """How many requests it may need: one more where a script is loaded on purpose."""
        return MOST_REQUESTS + (WITH_SCRIPT.fullmatch(urlsplit(self.path).path) is not None)

    @property
    def most_bytes(self):
        """How many bytes it may have."""
        return MOST_BYTES_IN_ENGLISH.get(self.path, MOST_BYTES)

    @property
    def holds(self):
        """Whether it is within the bounds."""
        return max(self.size, self.gzip) <= self.most_bytes and self.requests <= self.most_requests

    def __str__(self):
        """A line of the table."""
        verdict = "" if self.holds else "   TOO MUCH"
        return f"{self.sessions:>3} {self.size:>7,} {self.gzip:>7,} {self.requests:>3}  {self.path}{verdict}"


def main():
    """Weigh all pages with both programs; exit with 1 if a bound does not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one page of each kind in each language, in two minutes")
    quick = parser.parse_args().quick
    weights = []
    with database() as environment:
        print(" of   bytes   gzip requests")
        for sessions, prepare in ((9, load_program), (60, add_sessions)):
            prepare()
            with site(environment) as address:
                for weight in weigh_all(address, sessions, quick):
                    print(weight, flush=True)
                    weights.append(weight)
    worst = max(weights, key=lambda weight: weight.size)
    most = max(weight.requests - weight.most_requests + MOST_REQUESTS for weight in weights)
    gzipped = max(weight.gzip for weight in weights)
    holds = all(weight.holds for weight in weights)
    print(
        f"page_weight: of {len(weights)} visits the heaviest is {worst.path} with {worst.sessions} sessions, "
        f"{worst.size:,} bytes, {gzipped:,} by gzip (at most {MOST_BYTES:,}), {most} requests (at most "
        f"{MOST_REQUESTS}, where a script is loaded on purpose 3): {'holds' if holds else 'FAILS'}"
    )
    sys.exit(not holds)


@contextmanager
def database():
    """Set up Django on a fresh database; give the environment that the site needs to find it."""
    folder = Path(tempfile.mkdtemp(prefix="pxp-", dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None))
    environment = {
        "SECRET_KEY": "a-key-for-load-tests-alone-0123456789-abcdefghijkl",
        "ALLOWED_HOSTS": "127.0.0.1",
        "SITE_URL": "http://127.0.0.1",
        "DEFAULT_FROM_EMAIL": "PxP <hello@pxp.example.org>",
        "EMAIL_URL": "smtp://127.0.0.1:9",
        "DATABASE_URL": f"sqlite:///{folder}/site.sqlite3",
    }
    os.environ.pop("DEBUG", None)
    os.environ |= environment | {"DJANGO_SETTINGS_MODULE": "pxp.settings"}
    try:
        import logging

        import django
        from django.core.management import call_command

        django.setup()
        logging.getLogger().setLevel(logging.ERROR)
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        yield environment
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def load_program():
    """Load a real program: three days, nine sessions, to take place next year, with the dates of two regions."""
    from django.core.management import call_command

    from conference.models import Day
    from tests.factories import make_announced_date

    first_day = f"{datetime.now(UTC).year + 1}-09-12"
    call_command("load_program", ROOT / "data" / "pxp-2025.yaml", first_day=first_day, stdout=StringIO())
    for day in Day.objects.all():
        day.announced_dates.all().delete()
        make_announced_date(day, "Europe, Africa, North and South America", date=day.starts_at.date())
        make_announced_date(day, position=1)


def add_sessions():
    """Fill each day up to twenty sessions, each with a time, a summary and two speakers of its own."""
    from conference.models import Day
    from tests.factories import make_appearance, make_session, make_speaker

    for day in Day.objects.all():
        for number in range(day.sessions.count() + 1, 21):
            starts_at = day.starts_at + timedelta(minutes=8 * number)
            session = make_session(
                day,
                number,
                title=f"How we asked, listened and changed course, part {number} of day {day.number}",
                summary=f"Team {number} tells what went well, what went wrong, and what {number} years have taught it.",
                starts_at=starts_at,
                ends_at=starts_at + timedelta(minutes=8),
            )
            for name in ("Ada", "Bob"):
                slug = f"{name.lower()}-{day.number}-{number}"
                make_appearance(
                    session, make_speaker(day.conference, slug=slug, name=f"{name} Number-{day.number}{number}")
                )


@contextmanager
def site(environment):
    """Run gunicorn; give its address."""
    port = free_port()
    program = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-c", "python:pxp.gunicorn", "-b", f"127.0.0.1:{port}", "pxp.wsgi"],
        env=os.environ | environment | {"WEB_CONCURRENCY": "1", "GUNICORN_LOG_LEVEL": "ERROR"},
        cwd=ROOT,
    )
    try:
        until = time.monotonic() + 60
        while not is_up(port):
            if program.poll() is not None or time.monotonic() > until:
                sys.exit("The site did not start.")
            time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        program.send_signal(signal.SIGTERM)
        program.wait(30)


def is_up(port):
    """Return whether the site answers."""
    try:
        return raw(f"http://127.0.0.1:{port}", "/healthz", "gzip")[0] == 200
    except OSError:
        return False


def weigh_all(address, sessions, quick):
    """Yield the Weight of each page in each language: of the site map, and of what is not in it."""
    site_map = re.findall(r"<loc>http://127\.0\.0\.1(/[^<]*)", raw(address, "/sitemap.xml", "identity")[2].decode())
    beside = [prefix + path for prefix in ("", "/fr", "/es", "/ar") for path in BESIDE_THE_SITE_MAP]
    paths = [*(one_of_each_kind(site_map) if quick else site_map), *beside]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_OPTIONS)
        for path in paths:
            size, requests = visit(chromium, address + path)
            yield Weight(path, sessions, size, requests, weigh_gzip(address, path))
        chromium.close()


def one_of_each_kind(paths):
    """Return the first of the paths that differ only in what they show: of Day 1 to 3 it is Day 1."""
    kinds = {}
    for path in paths:
        kinds.setdefault(re.sub(r"day-\d+(-session-\d+)?|(?<=speakers/)[^/]+", "…", path), path)
    return list(kinds.values())


def visit(chromium, url):
    """Return (bytes of page and style sheet as sent, with headers, and number of requests) of a visit in Chromium."""
    context = chromium.new_context(viewport={"width": 390, "height": 800})
    page = context.new_page()
    network = context.new_cdp_session(page)
    asked, sizes = {}, {}
    network.on("Network.requestWillBeSent", lambda event: asked.update({event["requestId"]: event}))
    network.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    network.send("Network.enable")
    page.goto(url, wait_until="load")
    context.close()
    counted = {key: event["type"] for key, event in asked.items() if not event["request"]["url"].endswith(".svg")}
    weighed = [key for key, kind in counted.items() if kind in ("Document", "Stylesheet")]
    return int(sum(sizes[key] for key in weighed)), len(counted)


def weigh_gzip(address, path):
    """Return the bytes of a page and its style sheet, with their headers, for a browser that knows gzip alone."""
    _status, size, page = raw(address, path, "gzip")
    if page[3] & 8:  # a file's name is in the head (RFC 1952 §2.3): the padding
        size -= page.index(b"\0", 10) - 10
    style = re.search(r'<link rel="stylesheet" href="([^"]+)"', gzip.decompress(page).decode())[1]
    return size + raw(address, style, "gzip")[1]


def raw(address, path, coding):
    """Return (status, bytes with headers, body as sent) of one answer."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
    connection.request("GET", path, headers={"Accept-Encoding": coding})
    response = connection.getresponse()
    body = response.read()
    connection.close()
    headers = sum(len(f"{name}: {value}\r\n") for name, value in response.getheaders())
    return response.status, len(f"HTTP/1.1 {response.status} {response.reason}\r\n") + headers + 2 + len(body), body


if __name__ == "__main__":
    main()
