"""A day with timed sessions moves: sessions, announced dates and every feed say the new time."""

from datetime import date, timedelta

import pytest

from conference.models import Day, ProgramChange
from registration.links import calendar_url
from registration.services.day_changes import reschedule
from tests.factories import FIRST_DAY, NOW, make_announced_date, make_confirmed, make_day, make_session

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)
HOUR = timedelta(hours=1)


def move(day, start_by, end_by):
    day = Day.objects.get(pk=day.pk)
    reschedule(day, starts_at=day.starts_at + start_by, ends_at=day.ends_at + end_by, now=NOW)


def starts_in(file):
    """Return the starts that a calendar file names."""
    return [line.partition(":")[2] for line in file.content.decode().splitlines() if line.startswith("DTSTART")]


def test_sessions_and_dates_move_with_their_day_and_all_feeds_agree(client, settings):
    day = make_day()
    session = make_session(day, starts_at=FIRST_DAY + HOUR, ends_at=FIRST_DAY + 2 * HOUR)
    untimed = make_session(day, 2)
    told = make_announced_date(day)
    ada = make_confirmed(day)

    move(day, WEEK, WEEK)

    for row in (session, untimed, told):
        row.refresh_from_db()
    assert (session.starts_at, session.ends_at) == (FIRST_DAY + WEEK + HOUR, FIRST_DAY + WEEK + 2 * HOUR)
    assert untimed.starts_at is None
    assert told.date == date(2027, 9, 20)
    mine = calendar_url(ada).removeprefix(settings.SITE_URL)
    files = [f"{mine}?sessions=1", "/program.ics", f"/program/sessions/{session.slug}.ics"]
    assert [starts_in(client.get(file)) for file in files] == [["20270919T200000Z"]] * 3
    assert starts_in(client.get("/program/day-1.ics")) == ["20270919T190000Z"]


def test_readers_hear_of_the_day_alone():
    day = make_day()
    make_session(day, starts_at=FIRST_DAY, ends_at=FIRST_DAY + HOUR)

    move(day, WEEK, WEEK)

    assert [(change.day, change.session) for change in ProgramChange.objects.all()] == [(day, None)]


def test_a_day_that_only_ends_later_leaves_its_sessions_alone():
    day = make_day()
    session = make_session(day, starts_at=FIRST_DAY, ends_at=FIRST_DAY + HOUR)

    move(day, 0 * HOUR, HOUR)

    session.refresh_from_db()
    assert session.starts_at == FIRST_DAY


def test_a_day_moved_by_hours_moves_its_sessions_and_leaves_the_dates():
    day = make_day()
    session = make_session(day, starts_at=FIRST_DAY, ends_at=FIRST_DAY + HOUR)
    told = make_announced_date(day)

    move(day, -2 * HOUR, -HOUR)

    session.refresh_from_db()
    told.refresh_from_db()
    assert (session.starts_at, told.date) == (FIRST_DAY - 2 * HOUR, date(2027, 9, 13))
