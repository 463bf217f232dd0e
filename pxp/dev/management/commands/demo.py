"""Starts the whole site on this machine to try it out: `manage.py demo`, with no configuration."""

import asyncio
import logging
import os
import signal
import subprocess
import sys
import time
import urllib.request
from datetime import UTC, date, datetime

from aiosmtpd.controller import Controller
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from conference.models import Conference
from pxp.dev import mailbox
from pxp.dev.demo import kept_secret, own_terminal

ORGANISER = "organiser"
SECONDS_TO_START = 60
SECONDS_TO_STOP = 15


class Stopped(Exception):
    """A signal asked the demo to stop."""


class Command(BaseCommand):
    """Prepares what is missing, runs the site, the worker and a mail server, and stops them together."""

    help = "Start the whole site on this machine to try it. Its data stays in var/demo."

    def handle(self, **options):
        """Run until Ctrl-C or a stop signal; raises CommandError when a part of the site stops by itself."""
        with own_terminal():
            self.run()

    def run(self):
        """Do it all, in a terminal of its own."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, stop)
        parts = {}
        logging.getLogger("mail.log").setLevel(logging.WARNING)  # the mail server's own, which counts connections
        mail_port = settings.MAILERS["default"]["OPTIONS"]["port"]
        mail_server = Controller(MailServer(), hostname="127.0.0.1", port=mail_port)
        try:
            self.prepare()
            self.say("Starting the mail server, the site and the mail worker ...")
            mail_server.start()
            address = settings.SITE_URL.removeprefix("http://")
            parts["The site"] = start("-m", "gunicorn", "-c", "python:pxp.gunicorn", "--bind", address, "pxp.wsgi")
            parts["The mail worker"] = start("manage.py", "run_worker")
            wait_until_ready(parts)
            self.say(self.welcome())
            while True:
                time.sleep(0.5)
                check_alive(parts)
        except Stopped:
            self.say("\nStopping. Your data stays in var/demo for the next time.")
        finally:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            stop_all(parts.values())
            if mail_server.server:
                mail_server.stop()

    def prepare(self):
        """Bring the database, the program and the organiser's account up to date; existing data stays."""
        self.say("Preparing the database ...")
        call_command("migrate", verbosity=0)
        first_day = next_12_september(datetime.now(UTC).date())
        if not Conference.objects.for_year(str(first_day.year)).exists():
            self.say(f"Loading the program, for {first_day:%-d %B %Y} and the two days after ...")
            call_command("load_program", settings.BASE_DIR / "data/pxp-2023.yaml", first_day=first_day.isoformat())
        if not Conference.objects.for_year("2025").exists():
            self.say("Loading the conference of 2025, as a past one ...")
            call_command("load_program", settings.BASE_DIR / "data/pxp-2025.yaml")
        organiser, _ = get_user_model().objects.get_or_create(
            username=ORGANISER, defaults={"is_staff": True, "is_superuser": True}
        )
        if not organiser.check_password(kept_secret("organiser-password")):
            organiser.set_password(kept_secret("organiser-password"))
            organiser.save()
        organiser.groups.set(Group.objects.all())  # also the Access team: superusers are not on it automatically

    def say(self, words):
        """Print at once, also into a pipe."""
        self.stdout.write(words)
        self.stdout.flush()

    def welcome(self):
        """Return what to open."""
        url = settings.SITE_URL
        return f"""
The site is ready. Open these in a browser:

  Home             {url}/
  In French        {url}/fr/
  In Spanish       {url}/es/
  In Arabic        {url}/ar/
  Sign up          {url}/register/
  Mailbox          {url}/_mailbox/     (all mails of the demo; none leaves this computer)
  For organisers   {url}/organisers/   (user: {ORGANISER}, password: {kept_secret("organiser-password")})

Press Ctrl-C to stop."""


class MailServer:
    """Takes every mail and puts it into the mailbox."""

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        """Keep one mail."""
        await asyncio.to_thread(mailbox.keep, envelope.original_content)
        return "250 OK"


def next_12_september(today):
    """Return the first day of the announced conference: the next 12 September whose three days are still to come."""
    this_year = date(today.year, 9, 12)
    return this_year if today < this_year else date(today.year + 1, 9, 12)


def start(*arguments):
    """Start a part of the demo in its own process group: Ctrl-C reaches only us, and we stop all parts in order."""
    return subprocess.Popen([sys.executable, *arguments], cwd=settings.BASE_DIR, start_new_session=True)


def wait_until_ready(parts):
    """Return as soon as the site answers; raises CommandError when it does not in a minute."""
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end:
        check_alive(parts)
        try:
            with urllib.request.urlopen(f"{settings.SITE_URL}/readyz", timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise CommandError(f"The site did not answer within {SECONDS_TO_START} seconds.")


def check_alive(parts):
    """Raise CommandError when a part stopped by itself."""
    for name, process in parts.items():
        if process.poll() is not None:
            raise CommandError(f"{name} stopped by itself (exit code {process.returncode}); so the demo stops too.")


def stop_all(processes):
    """Ask all processes to end, wait for them, and kill those that do not."""
    for process in processes:
        process.terminate()
    end = time.monotonic() + SECONDS_TO_STOP
    for process in processes:
        try:
            process.wait(max(0.1, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def stop(number, frame):
    """Raise Stopped: Ctrl-C, `kill` and a closed terminal all end the demo in the same way."""
    raise Stopped
