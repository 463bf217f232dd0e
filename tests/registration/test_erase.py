"""Erased means erased: nothing in the database, the logs or the outbox names the person any more."""

import logging
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from conference.models import Day
from pxp.logs import PrivateFormatter
from registration import links
from registration.jobs import JOBS
from registration.letters.writing import write_letter
from registration.mail.worker import Worker
from registration.models import AccessRequest, Registrant
from registration.services import corrections, retention
from registration.services.days import add_day, cancel
from registration.services.erase import erase
from tests.factories import make_confirmed, make_program, make_staff, the_registration

pytestmark = pytest.mark.django_db(transaction=True)

NAME = "Ada Quillfeather"
ADDRESS = "ada.quillfeather@example.org"
NEEDS = "My hands shake, so I type slowly."
ROLE = "gardener of zebras"
SAID = ("Quillfeather", "quillfeather", "shake", "zebras")


def dump():
    """All values of all tables, as text."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        words = []
        for table in tables:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 names of our own tables
            for row in cursor.fetchall():
                words += [
                    bytes(cell).decode("latin-1") if isinstance(cell, bytes | memoryview) else str(cell) for cell in row
                ]
    return "\n".join(words)


def found(text):
    return [word for word in SAID if word in text]


@pytest.fixture
def lines(monkeypatch):
    """What the site writes into its logs, as the lines that they hold."""
    written = []

    class Keep(logging.Handler):
        def emit(self, record):
            written.append(self.format(record))

    handler = Keep(level=logging.DEBUG)
    handler.setFormatter(PrivateFormatter())
    root = logging.getLogger()
    root.addHandler(handler)
    yield written
    root.removeHandler(handler)


def live_a_whole_life(conference):
    """Ada signs up, confirms, asks for something, is corrected by an organiser, drops a day and opens her pages."""
    now = timezone.now()
    days = list(Day.objects.for_edition(conference).with_conference())
    ada = make_confirmed(*days, name=NAME, email=ADDRESS, needs=NEEDS, role_words=ROLE, roles=["other"], now=now)
    client = Client()
    client.get(f"/my/{links.token('my', ada)}/")
    client.get(f"/my/{links.token('my', ada)}x/")
    client.get(f"/calendar/{links.token('calendar', ada)}.ics")
    organiser = make_staff()
    client.force_login(organiser)
    client.get("/organisers/registration/registrant/", {"q": NAME})
    corrections.correct_details(ada, details={"name": NAME + " the second"}, now=now)
    cancel(the_registration(ada, days[0]), now=now)
    Worker(write=write_letter, jobs=JOBS).run(once=True)
    ada.refresh_from_db()
    return ada


def coming_program():
    conference = make_program()
    first = timezone.now() + timedelta(days=30)
    for day in Day.objects.for_edition(conference):
        starts_at = first + timedelta(days=day.number)
        Day.objects.numbered([day.number]).update(starts_at=starts_at, ends_at=starts_at + timedelta(hours=3))
    return conference


def test_dump_finds_what_a_person_said_as_long_as_they_are_there(smtp_server):
    live_a_whole_life(coming_program())

    assert found(dump()) == list(SAID)


def test_nothing_is_found_after_delete_me(smtp_server, lines):
    ada = live_a_whole_life(coming_program())

    erase(ada, now=timezone.now())

    assert found(dump()) == []
    assert lines
    assert found("\n".join(lines)) == []


def test_nothing_is_found_after_the_nightly_job_a_year_later(smtp_server, lines):
    conference = coming_program()
    live_a_whole_life(conference)

    retention.apply_policy(now=Day.objects.for_edition(conference).last().ends_at + timedelta(days=366))

    assert not Registrant.objects.exists()
    assert not AccessRequest.objects.exists()
    assert found(dump()) == []
    assert found("\n".join(lines)) == []


def test_a_day_that_they_take_while_they_are_erased_goes_to_the_first_in_line(monkeypatch):
    one, two = Day.objects.for_edition(make_program(days=2, sessions=0))
    Day.objects.update(capacity=1)
    ada, days = make_confirmed(one), type(Day.objects.all())
    lock = days.locked

    def lock_a_moment_before(rows):
        found = list(lock(rows))
        monkeypatch.undo()
        add_day(ada, two, now=timezone.now())
        make_confirmed(two, name="Bob")
        return found

    monkeypatch.setattr(days, "locked", lock_a_moment_before)
    erase(ada, now=timezone.now())

    assert the_registration(Registrant.objects.get(), two).is_confirmed
