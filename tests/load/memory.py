"""Measures the memory of the whole site, two web processes and the worker on SQLite: idle, after a crowd, after long.

Holds: at most 150 MiB idle and 200 MiB after 64 visitors at once on each page, counted as PSS (what processes share
counts once, proc(5)); and a web process takes at most 1.1 times after 100,000 requests what it took after 1,000.
"""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.load import outbox_rig as rig
from tests.load.signup_cost import link_of
from tests.load.web_rig import Visitor, _get, crowd, gunicorn
from tests.support.ports import free_port

MIB = 1024 * 1024
MOST_IDLE, MOST_AFTER_CROWD, MOST_GROWTH = 150, 200, 1.1  # MiB, MiB, times
CROWD = 64
PAGES = (
    "/",
    "/program/",
    "/program/day-1/",
    "/register/",
    "/register/all/",
    "/speakers/",
    "/easy-read/",
    "/accessibility/",
    "/privacy/",
    "/glossary/",
    "/how-to-join/",
    "/contact/",
    "/time-zone/",
    "/lost-link/",
    "/program.ics",
    "/nowhere/",
)
ZONES = ("", "?tz=Asia/Tokyo", "?tz=America/Toronto", "?tz=Europe/Paris")


def main():
    """Measure; exit with 1 if a bound does not hold."""
    options = rig.arguments(__doc__)
    port = free_port()
    few, many = (1_000, 10_000) if options.quick else (1_000, 100_000)
    environment = {"SITE_URL": f"http://127.0.0.1:{port}", "PROXY_COUNT": "1"}
    with rig.site("sqlite", mail_port=9, **environment), tempfile.TemporaryDirectory() as folder:
        load_program()
        with gunicorn(port, Path(folder)) as server, worker() as working:
            processes = [server.pid, *server.workers, working]
            ask_each(port, 1)
            time.sleep(3)
            idle = pss(processes) / MIB
            print(f"idle: {idle:.0f} MiB ({', '.join(f'{pss([pid]) / MIB:.0f}' for pid in processes)})", flush=True)
            numbers = iter(range(CROWD))
            crowd(lambda: Visitor(port, link_of, ("1", "2", "3")), numbers, clients=CROWD)
            ask_each(port, CROWD)
            after = pss(processes) / MIB
            print(f"after {CROWD} at once on each page: {after:.0f} MiB", flush=True)
            ask_many(port, few)
            first = [pss([pid]) for pid in server.workers]
            ask_many(port, many - few)
            last = [pss([pid]) for pid in server.workers]
    growth = max(late / early for early, late in zip(first, last, strict=True))
    holds = idle <= MOST_IDLE and after <= MOST_AFTER_CROWD and growth <= MOST_GROWTH
    print(
        f"memory: {idle:.0f} MiB idle (at most {MOST_IDLE}), {after:.0f} MiB after a crowd (at most "
        f"{MOST_AFTER_CROWD}), a process after {many:,} requests {growth:.2f} times that after {few:,} (at most "
        f"{MOST_GROWTH}): {'holds' if holds else 'FAILS'}"
    )
    sys.exit(not holds)


def load_program():
    """Load a real program, a year ahead."""
    from datetime import UTC, datetime
    from io import StringIO

    from django.core.management import call_command

    from tests.support.programs import collect_static_files

    collect_static_files()
    first_day = f"{datetime.now(UTC).year + 1}-09-12"
    call_command("load_program", rig.ROOT / "data" / "pxp-2025.yaml", first_day=first_day, stdout=StringIO())


@contextmanager
def worker():
    """Run the worker; give its process id. Nobody listens on its mail server's port."""
    program = subprocess.Popen(
        [sys.executable, "manage.py", "run_worker"],
        env=os.environ,
        cwd=rig.ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        time.sleep(3)
        yield program.pid
    finally:
        program.send_signal(signal.SIGTERM)
        program.wait(30)


def pss(pids):
    """Return the bytes of memory that processes take, what they share among themselves counted once."""
    rollups = [Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in pids]
    return sum(int(line.split()[1]) * 1024 for text in rollups for line in text.splitlines() if line.startswith("Pss:"))


def ask_each(port, at_once):
    """Let so many visitors ask for each page at the same moment, one page after the other."""

    async def visit():
        for page in PAGES:
            for zone in ZONES:
                await asyncio.gather(*(once(page + zone) for _ in range(at_once)))

    async def once(path):
        try:
            _reader, writer = await _get(port, path, None)
            writer.close()
        except RuntimeError:
            pass  # a page that is not there costs memory, too

    asyncio.run(visit())


def ask_many(port, requests):
    """Ask for pages so many times, on 16 connections."""

    async def be_one(first):
        stream = None
        for number in range(first, requests, 16):
            page = PAGES[number % (len(PAGES) - 1)] + ZONES[number // len(PAGES) % len(ZONES)]
            stream = await _get(port, page, stream)

    async def all_of_them():
        await asyncio.gather(*(be_one(first) for first in range(16)))

    asyncio.run(all_of_them())


if __name__ == "__main__":
    main()
