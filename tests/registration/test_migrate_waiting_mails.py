"""Mails that wait while the site is updated: ready-made bytes before, facts after, and all of them still go out."""

import json
import os
import subprocess
import sys
from urllib.parse import urlsplit

import icalendar
import psycopg
import pytest
from django.conf import settings
from django.db import connection

from tests.support.smtp import ScriptedServer

# Runs in a process and on a database of its own. It begins at the migration before, with mails as they were then.
UPDATE = """
import base64, json
from datetime import timedelta
from email.message import EmailMessage
import django
django.setup()
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

old = [("registration", "0023_doors_needs_and_last_mails")]
call_command("migrate", *old[0], verbosity=0)
apps = MigrationExecutor(connection).loader.project_state(old).apps
model = lambda name: apps.get_model("registration", name)
now = timezone.now().replace(microsecond=0)
start, hour = now + timedelta(days=30), timedelta(hours=1)
conference = apps.get_model("conference", "Conference").objects.create(slug="2027", name="PxP 2027", short_name="PxP",
    is_published=True)
days = [apps.get_model("conference", "Day").objects.create(conference=conference, number=number,
    starts_at=start + timedelta(days=number), ends_at=start + timedelta(days=number) + 3 * hour) for number in (1, 2)]
numbers = iter(range(100))

def person(name, **fields):
    email = f"{name.lower()}@example.org"
    return model("Registrant").objects.create(conference=conference, name=name, name_key=name.lower(), email=email,
        email_key=email, time_zone="America/Toronto", created_at=now, verified_at=now, **fields)

def registration(who, day, **fields):
    return model("Registration").objects.create(registrant=who, day=day, created_at=now, confirmed_at=now,
        **{"status": "confirmed", "is_invited": True} | fields)

def mail(who, kind, subject, *, entry=None, text="words", state="queued", **fields):
    message = EmailMessage()
    message["Subject"] = subject
    message.set_content(text)
    if entry:
        method, sequence, starts_at, ends_at = entry
        lines = ["BEGIN:VCALENDAR", f"METHOD:{method}", "BEGIN:VEVENT", f"SEQUENCE:{sequence}",
            f"DTSTART:{starts_at:%Y%m%dT%H%M%SZ}", f"DTEND:{ends_at:%Y%m%dT%H%M%SZ}", "END:VEVENT", "END:VCALENDAR"]
        message.add_alternative("\\r\\n".join(lines), subtype="calendar", params={"method": method}, cte="base64")
    return model("OutboxMessage").objects.create(registrant=who, kind=kind, subject=subject, raw=message.as_bytes(),
        message_id=f"{next(numbers)}@pxp.example.org", created_at=now, due_at=now, state=state,
        finished_at=None if state == "queued" else now, **{"to_email": who.email} | fields)

ada = person("Ada")
first, second = (registration(ada, day) for day in days)
mail(ada, "please_confirm", "Please confirm your place at PxP", state="sent")
mail(ada, "confirmation", "Your days at PxP")
mail(ada, "invite", "Calendar invite: PxP Day 1", registration=first,
    entry=("REQUEST", 2, days[0].starts_at, days[0].ends_at))
mail(ada, "update", "Changed: PxP Day 2", registration=second, was_starts_at=days[1].starts_at - hour,
    was_ends_at=days[1].ends_at, entry=("REQUEST", 3, days[1].starts_at, days[1].ends_at))

bob = person("Bob")
gone = registration(bob, days[0], status="cancelled", cancelled_at=now, cancelled_by="person")
mail(bob, "cancel", "Cancelled: PxP Day 1", registration=gone,
    entry=("CANCEL", 1, days[0].starts_at - hour, days[0].ends_at - hour))

cem = person("Cem")
registration(cem, days[0])
token = base64.urlsafe_b64encode(registration(cem, days[1]).reference.bytes + bytes(16)).decode().rstrip("=")
mail(cem, "reminder", "PxP Day 2 is tomorrow", text=f"https://pxp.example.org/join/{token}/")

dan = person("Dan", new_email="dan@new.example.org")
model("AccessRequest").objects.create(registrant=dan, words="More time", answer="You have it.", state="arranged",
    created_at=now, consented_at=now)
mail(dan, "note", "A message from PxP for you")
mail(dan, "note", "You asked for another address at PxP")
mail(dan, "address", "Your new address at PxP: please confirm", to_email="dan@new.example.org")
mail(dan, "link", "The link to your PxP page")

eve = person("Eve")
mail(eve, "place", "You have a place: PxP Day 1", registration=registration(eve, days[0]), state="dead",
    entry=("REQUEST", 0, days[0].starts_at, days[0].ends_at))
mail(eve, "note", "What nobody can tell any more")

call_command("migrate", verbosity=0)
from registration.models import OutboxMessage
print(json.dumps(list(OutboxMessage.objects.order_by("pk").values_list("letter", "state", "language", "sequence"))))
call_command("run_worker", once=True)
"""


@pytest.fixture
def empty_database(tmp_path):
    """The address of an empty database of the kind that the tests run on."""
    if connection.vendor == "sqlite":
        return f"sqlite:///{tmp_path}/before.sqlite3"
    server = os.environ["DATABASE_URL"]
    with psycopg.connect(server, autocommit=True) as direct:
        direct.execute("DROP DATABASE IF EXISTS waiting_mails")
        direct.execute("CREATE DATABASE waiting_mails")
    return urlsplit(server)._replace(path="/waiting_mails").geturl()


def entry_in(mail):
    for part in mail.walk():
        if part.get_content_type() == "text/calendar":
            (event,) = icalendar.Calendar.from_ical(part.get_payload(decode=True)).walk("VEVENT")
            return part["Content-Type"].params["method"], event["SEQUENCE"]
    return None


@pytest.mark.django_db
def test_mails_that_wait_during_the_update_go_out_afterwards(empty_database):
    with ScriptedServer() as server:
        environment = os.environ | {"DATABASE_URL": empty_database, "EMAIL_URL": f"smtp://127.0.0.1:{server.port}"}
        command = [sys.executable, "-c", UPDATE]
        ran = subprocess.run(
            command, env=environment, cwd=settings.BASE_DIR, check=True, stdout=subprocess.PIPE, text=True
        )
        rows = json.loads(ran.stdout)

    assert rows == [
        ["please_confirm", "sent", "en", None],
        ["confirmation", "queued", "en", None],
        ["invite", "queued", "en", 2],
        ["update", "queued", "en", 3],
        ["cancel", "queued", "en", 1],
        ["reminder", "queued", "en", None],
        ["need_answer", "queued", "en", None],
        ["address_asked", "queued", "en", None],
        ["address", "queued", "en", None],
        ["link", "queued", "en", None],
        ["place", "dead", "en", 0],
        ["address_changed", "withdrawn", "en", None],
    ]
    arrived = {}
    for mail in server.arrived:
        words = mail.message.get_body(("plain",)).get_content()
        arrived.setdefault(mail.recipient, []).append((mail.message["Message-ID"], entry_in(mail.message)))
        if mail.recipient == "cem@example.org":
            assert "Day 2" in words
            assert "Day 1" not in words
    assert arrived == {
        "ada@example.org": [
            ("<1@pxp.example.org>", None),
            ("<2@pxp.example.org>", ("REQUEST", 2)),
            ("<3@pxp.example.org>", ("REQUEST", 3)),
        ],
        "bob@example.org": [("<4@pxp.example.org>", ("CANCEL", 1))],
        "cem@example.org": [("<5@pxp.example.org>", None)],
        "dan@example.org": [
            ("<6@pxp.example.org>", None),
            ("<7@pxp.example.org>", None),
            ("<9@pxp.example.org>", None),
        ],
        "dan@new.example.org": [("<8@pxp.example.org>", None)],
    }
