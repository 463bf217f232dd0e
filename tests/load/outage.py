"""Fills the disk, takes PostgreSQL away, and holds a lock too long, while people sign up, confirm and save.

The disk is a small one of memory (tmpfs), in a mount namespace of this program; PostgreSQL has only its tables on it.
Holds: each form comes back with all that was typed (503) and goes through by one press once all is well, pages can be
read meanwhile, nothing is written by half, each mail arrives once, and no process was started again.
"""

import json
import logging
import os
import random
import shutil
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack, contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.load import outbox_rig as rig
from tests.load.broadcast import begin_to_send, look_at
from tests.load.web_rig import ask, gunicorn
from tests.support.forms import Form, forms_of
from tests.support.ports import free_port
from tests.support.smtp import ScriptedServer

OWN_MOUNTS = "PXP_OWN_MOUNTS"
DISK_BYTES = {"sqlite": 12 * 1024 * 1024, "postgresql": 48 * 1024 * 1024}
PATIENCE_SECONDS = 60
FULL_SECONDS = {True: 4, False: 30}  # by --quick
# No page of a table has room for it, and it cannot be packed.
NEEDS = "Captions, please.\n\n  And a <break> & quiet. " + "".join(
    random.Random(1).choices("ابتثجحخدذرزسشصضطظعغ", k=9000)
)
TYPED = {"days": ["1", "2"], "time_zone": ["Asia/Tokyo"], "needs": [NEEDS]}


def main():
    """Run all, or one database's part; exit with 1 if something does not hold."""
    options = rig.arguments(__doc__)
    if OWN_MOUNTS not in os.environ:
        os.environ[OWN_MOUNTS] = "1"
        rights = [] if os.geteuid() == 0 else ["--map-current-user", "--keep-caps"]
        os.execvp("unshare", ["unshare", "--mount", *rights, sys.executable, *sys.argv])  # noqa: S606
    if options.database:
        sys.exit(one_database(options))
    parts = rig.run_on_each_database(options)
    holds = all(part["holds"] for part in parts)
    asked, wrong = (sum(part.get(name, 0) for part in parts) for name in ("asked", "wrong"))
    print(f"outage: {wrong} of {asked} things were not as they must be: {'holds' if holds else 'FAILS'}")
    sys.exit(not holds)


def one_database(options):
    """Run on one database; print what is wrong, then the figures as JSON. Returns the exit code."""
    port, mail_port = free_port(), free_port()
    folder = Path(tempfile.mkdtemp(prefix="pxp-disk-"))
    os.system(f"mount -t tmpfs -o size={DISK_BYTES[options.database]} tmpfs {folder}")  # noqa: S605 - our own words
    environment = {"SITE_URL": f"http://127.0.0.1:{port}", "PROXY_COUNT": "0", "MAIL_LEASE_SECONDS": "5"}
    if options.database == "sqlite":
        os.environ["TMPDIR"] = str(folder)
    try:
        with (
            on_disk(folder, options.database),
            rig.site(options.database, mail_port=mail_port, **environment) as database,
            ExitStack() as stack,
            tempfile.TemporaryDirectory(dir="/var/tmp") as logs,
        ):
            if database:
                move_tables(database, folder)
            drill = Drill(options, port, folder, database)
            logging.disable()  # each fault makes the worker complain
            nursery = rig.Nursery(rig.work_for_ever)
            stack.callback(nursery.close)
            with gunicorn(port, Path(logs)) as web, ScriptedServer(port=mail_port) as mails:
                processes = [nursery.start(), *web.workers]
                drill.run(mails)
                drill.check("no process was started again", processes[1:] == web.workers and is_there(processes[0]))
    finally:
        os.system(f"umount --lazy {folder}")  # noqa: S605
        shutil.rmtree(folder, ignore_errors=True)
    figures = {"asked": drill.asked, "wrong": len(drill.wrong), "holds": not drill.wrong}
    print(f"{options.database}: {'; '.join(drill.notes)}: {'holds' if not drill.wrong else 'FAILS'}", flush=True)
    for words in drill.wrong:
        print(f"  wrong: {words}", flush=True)
    print(json.dumps(figures))
    return bool(drill.wrong)


@contextmanager
def on_disk(folder, database):
    """Let SQLite's file be on the small disk: the rig uses /dev/shm, and this namespace shows the disk there."""
    if database == "sqlite":
        os.system(f"mount --bind {folder} /dev/shm")  # noqa: S605
    yield
    if database == "sqlite":
        os.system("umount --lazy /dev/shm")  # noqa: S605


def move_tables(server, folder):
    """Move all tables and indexes of PostgreSQL to the small disk."""
    from django.db import connection

    place = folder / "tables"
    place.mkdir(mode=0o700)
    owner = server.get_postmaster_info().process.uids().real
    folder.chmod(0o755)
    os.chown(place, owner, owner)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLESPACE small LOCATION '{place}'")
        cursor.execute("ALTER TABLE ALL IN TABLESPACE pg_default SET TABLESPACE small")
        cursor.execute("ALTER INDEX ALL IN TABLESPACE pg_default SET TABLESPACE small")


def is_there(pid):
    """Whether a process lives (and is no zombie)."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


class Drill:
    """One run: what was asked, and what was not as it must be."""

    def __init__(self, options, port, folder, database):
        self.quick, self.port, self.folder, self.database = options.quick, port, folder, database
        self.asked, self.wrong, self.notes = 0, [], []

    def check(self, words, is_so):
        """Note whether something is as it must be."""
        self.asked += 1
        if not is_so:
            self.wrong.append(words)

    def run(self, mails):
        """Make a program and people, then one fault after the other."""
        from conference.models import Conference
        from tests.factories import make_conference, make_day, make_staff

        self.mails = mails
        when = rig_now() + timedelta(days=30)
        conference = make_conference(slug=str(when.year))
        days = [make_day(conference, number, starts_at=when + timedelta(days=number)) for number in (1, 2)]
        rig.make_people(40, days[1:], status="confirmed")
        self.organiser(make_staff())
        self.save_path = f"/organisers/conference/conference/{Conference.objects.get().pk}/change/"
        self.sign_up("Before")
        self.link = self.wait_for_link("before@example.org")
        broadcast = begin_to_send(days[1], 40)
        with self.full_disk():
            arrived = len(mails.arrived)
            forms = self.everything_fails("full")
            self.pages_are_there(says_disk=not self.database)
            time.sleep(FULL_SECONDS[self.quick])
            # PostgreSQL may still have room to note them.
            self.check("hardly a mail leaves", self.database or len(mails.arrived) - arrived <= 3)
        self.everything_works(forms, "full")
        self.wait_until("the message to many is out", lambda: look_at(broadcast)["done"])
        self.lock_or_stop()
        self.wait_until("all mails are out", lambda: not waiting_mails())
        copies = Counter(mail.message["Message-ID"] for mail in mails.arrived)
        self.check("no mail arrives twice", max(copies.values()) == 1)
        self.notes.append(f"{len(copies)} mails, each once")

    def lock_or_stop(self):
        """Take PostgreSQL away, or hold the lock of SQLite longer than anybody waits."""
        if self.database:
            stop(self.database)
        else:
            from django.conf import settings

            holder = sqlite3.connect(settings.DATABASES["default"]["NAME"], isolation_level=None)
            holder.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        answer = self.post("/register/", self.person("Away"))
        seconds = time.monotonic() - began
        form = self.is_form(answer, self.person("Away"), "away")
        self.check("people wait 25 s at most", seconds < 25)
        if self.database:
            self.database.start()
        else:
            holder.execute("ROLLBACK")
            holder.close()
        began = time.monotonic()
        self.wait_until("sign-up after it is back", lambda: self.post(form.action, form.fields).status == 302)
        self.notes.append(f"away: told after {seconds:.1f} s, works {time.monotonic() - began:.1f} s after it is back")

    # --- What people do ------------------------------------------------------------------------------------------

    def post(self, path, fields):
        """Send a form, as the organiser where it is an organisers' page."""
        return ask(self.port, "POST", path, urlencode(fields, doseq=True), self.headers(path) | FORM)

    def headers(self, path):
        """Return the organiser's cookie for organisers' pages."""
        return {"Cookie": self.cookie} if path.startswith("/organisers/") else {}

    def organiser(self, user):
        """Log an organiser in."""
        from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
        from django.contrib.sessions.backends.db import SessionStore

        session = SessionStore()
        session[SESSION_KEY], session["_auth_user_backend"] = str(user.pk), "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        self.cookie = f"sessionid={session.session_key}; csrftoken={'a' * 32}"

    def person(self, name):
        """Return what a person types."""
        return {"name": [name], "email": [f"{name.lower()}@example.org"], **TYPED}

    def sign_up(self, name):
        """Sign up a person, which must work."""
        self.check("sign-up", self.post("/register/", self.person(name)).status == 302)

    def wait_for_link(self, email):
        """Return the path to confirm in the mail to this person."""
        self.wait_until("a mail to confirm", lambda: any(mail.recipient == email for mail in self.mails.arrived))
        [mail] = [mail for mail in self.mails.arrived if mail.recipient == email]
        words = mail.message.get_body(("plain",)).get_content()
        return "/confirm/" + words.partition("/confirm/")[2].partition("/")[0] + "/"

    def everything_fails(self, when):
        """Sign up, confirm and save; return the forms that come back."""
        page = ask(self.port, "GET", self.save_path, headers=self.headers(self.save_path))
        [form] = [form for form in forms_of(page.words) if "csrfmiddlewaretoken" in form.fields and form.typed]
        typed = form.fields | {"name": ["PxP " + "of many words " * 10], "_save": ["Save"]}
        sent = [("/register/", self.person("During")), (self.link, {"days": ["1 2"]}), (self.save_path, typed)]
        return [form for path, fields in sent if (form := self.fails(path, fields, f"{when} {path[:10]}"))]

    def fails(self, path, fields, what):
        """Send a form, which cannot be saved; return the form that comes back.

        PostgreSQL may still have room in a page for what is small: then it is saved, and there is no form.
        """
        before = rows()
        answer = self.post(path, fields)
        if self.database and answer.status == 302 and fields.get("needs") is None:
            return None
        form = self.is_form(answer, fields, what)
        self.check(f"{what}: no row is written", rows() == before)
        return form

    def is_form(self, answer, fields, what):
        """Check that an answer gives the form back with all that was typed; return that form."""
        self.check(f"{what}: 503, not {answer.status}", answer.status == 503 and answer.headers["Retry-After"] == "30")
        self.check(f"{what}: no-store", "no-store" in (answer.headers["Cache-Control"] or ""))
        found = [form for form in forms_of(answer.words) if form.method == "post"]
        self.check(f"{what}: all that was typed", len(found) == 1 and found[0].fields == fields)
        return found[0] if found else Form(action="/register/", fields=fields)

    def everything_works(self, forms, when):
        """Press each form once."""
        for form in forms:
            answer = self.post(form.action, form.fields)
            self.check(f"after {when} {form.action[:10]}: {answer.status}", answer.status == 302)
        from conference.models import Conference
        from registration.models import Registration

        self.check("the organiser's words", "of many words" in Conference.objects.get().name)
        found = Registration.objects.filter(registrant__email="before@example.org").values_list("status", flat=True)
        self.check("confirmed", list(found) == ["confirmed"] * 2)

    def pages_are_there(self, *, says_disk):
        """Read pages, ready ones and others."""
        for path in ("/", "/program/day-1/", "/program/day-2/?tz=Asia/Tokyo", self.link, "/readyz", "/organisers/"):
            answer = ask(self.port, "GET", path, headers=self.headers(path))
            self.check(f"full: {path[:12]} {answer.status}", answer.status == 200)
        if says_disk:
            self.check("organisers see that the disk is full", "The disk is nearly full" in answer.words)

    @contextmanager
    def full_disk(self):
        """Leave no byte free; then give all back."""
        if not self.database:
            from django.db import connection

            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        filler = self.folder / "filler"
        with filler.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(bytes(4096))
        yield
        filler.unlink()

    def wait_until(self, words, condition):
        """Wait until something is so, and note where it is not."""
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            if condition():
                self.check(words, is_so=True)
                return
            time.sleep(0.2)
        self.check(words, is_so=False)


FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def rig_now():
    """Return the UTC instant."""
    from django.utils import timezone

    return timezone.now()


def rows():
    """How many rows people and their mails have, and what they say."""
    from registration.models import AccessRequest, OutboxMessage, Registrant, Registration

    return [
        *(model.objects.count() for model in (Registrant, AccessRequest, OutboxMessage)),
        Counter(Registration.objects.values_list("status", flat=True)),
    ]


def waiting_mails():
    """How many mails wait."""
    from registration.models import OutboxMessage

    return OutboxMessage.objects.filter(state="queued").count()


def stop(server):
    """Stop PostgreSQL as its service does: SIGINT is "fast"."""
    import signal

    rig.close_database()
    process = server.get_postmaster_info().process
    process.send_signal(signal.SIGINT)
    process.wait(30)


if __name__ == "__main__":
    main()
