"""The admin holds the rules of the program: it refuses what is impossible, and asks about what is odd, once."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.messages import get_messages
from django.urls import reverse

from conference.models import Day, ProgramChange, Session
from tests.factories import (
    FIRST_DAY,
    make_announced_date,
    make_appearance,
    make_conference,
    make_day,
    make_session,
    make_speaker,
)
from tests.support.admin import table

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def typed(instant, name):
    return {f"{name}_0": f"{instant:%Y-%m-%d}", f"{name}_1": f"{instant:%H:%M}"} if instant else {}


def day_form(conference, number, starts_at, **changes):
    data = {"conference": conference.pk, "number": number, "title": ""}
    data |= typed(starts_at, "starts_at") | typed(starts_at + 3 * HOUR, "ends_at")
    return data | table("announced_dates") | table("sessions") | changes


def session_form(session, starts_at, ends_at=None, **changes):
    data = {"day": session.day_id, "number": session.number, "title": session.title}
    times = typed(starts_at, "starts_at") | typed(ends_at or starts_at + HOUR, "ends_at")
    return data | times | table("appearances") | changes


def save(client, model, pk, data):
    page = "change" if pk else "add"
    return client.post(reverse(f"admin:conference_{model._meta.model_name}_{page}", args=[pk] if pk else []), data)


def say_yes(client, model, pk, data):
    """Send a form twice: as typed, then with a yes to what the page asks. Return (what it asked, the last response)."""
    asked = save(client, model, pk, data)
    name, value = asked.context["yes"]
    assert f'name="{name}" value="{value}"' in asked.text
    return asked.context["questions"], save(client, model, pk, data | {name: value})


def errors(response):
    return [str(error) for errors in response.context["adminform"].form.errors.values() for error in errors]


def test_a_session_outside_its_day_is_refused_at_its_start(organiser):
    session = make_session()

    response = save(organiser, Session, session.pk, session_form(session, FIRST_DAY + timedelta(weeks=7)))

    assert response.context["adminform"].form.errors == {
        "starts_at": ["The session must be within the times of its day: Sunday 12 September 2027, 19:00 to 22:00, UTC."]
    }
    session.refresh_from_db()
    assert session.starts_at is None
    assert not LogEntry.objects.exists()


def test_two_sessions_at_once_need_a_yes_and_keep_what_was_typed(organiser):
    day = make_day()
    make_session(day, 1, starts_at=FIRST_DAY, ends_at=FIRST_DAY + HOUR)
    other = make_session(day, 2)
    data = session_form(other, FIRST_DAY, title="Typed a moment ago")

    asked = save(organiser, Session, other.pk, data)

    assert asked.context["questions"] == ["Day 1, Session 2: It is at the same time as Day 1, Session 1."]
    assert asked.context["adminform"].form["title"].value() == "Typed a moment ago"
    assert list(get_messages(asked.wsgi_request)) == []
    other.refresh_from_db()
    assert (other.title, other.starts_at) == ("Topic 2", None)
    assert not ProgramChange.objects.exists()

    _questions, saved = say_yes(organiser, Session, other.pk, data)

    other.refresh_from_db()
    assert (saved.status_code, other.title, other.starts_at) == (302, "Typed a moment ago", FIRST_DAY)
    assert LogEntry.objects.count() == 1


def test_one_speaker_in_two_sessions_at_once_needs_a_yes(organiser):
    day = make_day()
    one = make_session(day, 1, starts_at=FIRST_DAY, ends_at=FIRST_DAY + HOUR)
    other = make_session(day, 2, starts_at=FIRST_DAY, ends_at=FIRST_DAY + HOUR)
    grace = make_speaker(day.conference)
    make_appearance(one, grace)
    row = {"speaker": grace.pk, "role": "speaker", "position": 0}
    data = session_form(other, FIRST_DAY, **table("appearances", row))

    questions, _saved = say_yes(organiser, Session, other.pk, data)

    assert questions == [
        "Day 1, Session 2: It is at the same time as Day 1, Session 1, and Grace cannot be in both.",
    ]
    assert other.appearances.count() == 1


def test_what_was_odd_before_is_not_asked_again(organiser):
    day = make_day()
    make_session(day, 1, starts_at=FIRST_DAY, ends_at=FIRST_DAY + HOUR)
    other = make_session(day, 2, starts_at=FIRST_DAY, ends_at=FIRST_DAY + HOUR)

    response = save(organiser, Session, other.pk, session_form(other, FIRST_DAY, title="New words"))

    assert response.status_code == 302


@pytest.mark.parametrize(
    ("number", "starts_at", "words"),
    [
        (7, FIRST_DAY + timedelta(days=3), "Days 3, 4, 5 and 6 are missing."),
        (3, FIRST_DAY - timedelta(days=3), "Day 3: It starts before Day 2 ends."),
        (3, FIRST_DAY + timedelta(days=1, hours=1), "Day 3: It starts before Day 2 ends."),
        (3, datetime(2026, 9, 14, 19, tzinfo=UTC), "Day 3: It is in the past: Monday 14 September 2026"),
    ],
)
def test_a_day_out_of_order_or_in_the_past_needs_a_yes(organiser, number, starts_at, words):
    conference = make_conference()
    make_day(conference, 1)
    make_day(conference, 2)

    questions, saved = say_yes(organiser, Day, None, day_form(conference, number, starts_at))

    assert any(question.startswith(words) for question in questions)
    assert (saved.status_code, Day.objects.count()) == (302, 3)


def test_a_day_moved_into_the_past_needs_a_yes(organiser):
    day = make_day()

    questions, _saved = say_yes(organiser, Day, day.pk, day_form(day.conference, 1, FIRST_DAY - timedelta(weeks=9)))

    assert questions == ["Day 1: It is in the past: Sunday 11 July 2027, 19:00 to 22:00, UTC."]


def test_a_moved_day_shows_what_moves_with_it_and_asks_once(organiser):
    day = make_day()
    session = make_session(day, starts_at=FIRST_DAY + HOUR, ends_at=FIRST_DAY + 2 * HOUR)
    told = make_announced_date(day)
    data = day_form(day.conference, 1, FIRST_DAY + timedelta(days=7)) | table(
        "sessions", {"id": session.pk, "day": day.pk, "number": 1, "title": "A better title"}, initial=1
    )
    data |= table(
        "announced_dates",
        {"id": told.pk, "day": day.pk, "region": told.region, "date": told.date, "position": 0},
        initial=1,
    )

    questions, saved = say_yes(organiser, Day, day.pk, data)

    assert questions == [
        "Day 1 was: Sunday 12 September 2027, 19:00 to 22:00, UTC. It will be: Sunday 19 September 2027, "
        "19:00 to 22:00, UTC.",
        "Day 1, Session 1: A better title moves to Sunday 19 September 2027, 20:00 to 21:00, UTC.",
        "Asia and Oceania: the announced date becomes Monday 20 September 2027.",
    ]
    assert saved.status_code == 302
    session.refresh_from_db()
    told.refresh_from_db()
    assert (session.title, session.starts_at, told.date) == (
        "A better title",
        FIRST_DAY + timedelta(days=7, hours=1),
        date(2027, 9, 20),
    )


def test_a_shorter_day_does_not_leave_a_session_outside(organiser):
    day = make_day()
    make_session(day, starts_at=FIRST_DAY + 2 * HOUR, ends_at=FIRST_DAY + 3 * HOUR)

    response = save(
        organiser, Day, day.pk, day_form(day.conference, 1, FIRST_DAY, **typed(FIRST_DAY + HOUR, "ends_at"))
    )

    assert errors(response) == [
        "Day 1, Session 1: The session must be within the times of its day: "
        "Sunday 12 September 2027, 19:00 to 20:00, UTC."
    ]


def test_an_announced_date_that_is_nowhere_is_refused(organiser):
    day = make_day()
    row = {"region": "Asia", "date": "2027-09-30", "position": 0}

    response = save(organiser, Day, day.pk, day_form(day.conference, 1, FIRST_DAY, **table("announced_dates", row)))

    assert errors(response) == [
        "Day 1, Asia: Day 1 is on 12 September 2027 in UTC; 30 September 2027 is not that day anywhere. "
        "Correct one of them."
    ]
