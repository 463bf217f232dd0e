"""A session's place and its name are two things: it moves, and its address, plans and calendars stay with it."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from conference import drafts
from conference.models import Day, Session
from conference.moving import arrange, make_room
from registration.links import calendar_url
from tests.factories import (
    FIRST_DAY,
    NOW,
    make_conference,
    make_confirmed,
    make_day,
    make_session,
)
from tests.support.admin import table
from tests.support.program_files import PXP_2023, changed, load

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def day():
    """A day with three timed sessions: Ants, Bees, Cats."""
    day = make_day()
    for number, title in enumerate(["Ants", "Bees", "Cats"], 1):
        starts_at = FIRST_DAY + (number - 1) * HOUR
        make_session(day, number, title=title, starts_at=starts_at, ends_at=starts_at + HOUR)
    return day


def order(day):
    return [(session.number, session.title) for session in Session.objects.for_day(day).order_by("number")]


def session_named(title):
    return Session.objects.get(title=title)


def times_of(row):
    return {
        f"{name}_{part}": text
        for name in ("starts_at", "ends_at")
        for part, text in enumerate(f"{getattr(row, name):%Y-%m-%d %H:%M}".split() if getattr(row, name) else ("", ""))
    }


def save_day(client, day, *rows, initial):
    data = {"conference": day.conference_id, "number": day.number} | times_of(day) | table("announced_dates")
    url = reverse("admin:conference_day_change", args=[day.pk])
    return client.post(url, data | table("sessions", *rows, initial=initial))


def save_session(client, session, **changes):
    data = {"day": session.day_id, "number": session.number, "title": session.title} | times_of(session)
    url = reverse("admin:conference_session_change", args=[session.pk])
    return client.post(url, data | table("appearances") | changes)


def row(session, number):
    return {"id": session.pk, "day": session.day_id, "number": number, "title": session.title}


# --- What stays


def names_of(client, title, ada):
    """Return what the public knows a session by: its page, its plan, and the UIDs in every calendar."""
    addresses = sorted(set(re.findall(r'href="(/program/sessions/[^"?]+/)', client.get("/program/").text)))
    [address] = [address for address in addresses if f"<title>{title} (" in client.get(address).text]
    found = [address]
    slug = address.rstrip("/").rpartition("/")[2]
    found.append(title in client.get(f"/program/my-plan/?pick={slug}").text)
    feeds = [f"/program/sessions/{slug}.ics", f"/program/my-plan.ics?pick={slug}", "/program.ics", calendar_path(ada)]
    for feed in feeds:
        events = client.get(feed).content.decode().replace("\r\n ", "").split("BEGIN:VEVENT")[1:]
        [event] = [event for event in events if title in event]
        found.append(next(line for line in event.splitlines() if line.startswith("UID")))
    return found


def calendar_path(person):
    return "/calendar/" + calendar_url(person).partition("/calendar/")[2] + "?sessions=1"


def test_two_sessions_that_swap_places_keep_their_names(organiser, day):
    ada = make_confirmed(day)
    ants, bees, cats = Session.objects.for_day(day).order_by("number")
    before = {title: names_of(organiser, title, ada) for title in ("Ants", "Bees", "Cats")}

    response = save_day(organiser, day, row(ants, 2), row(bees, 1), row(cats, 3), initial=3)

    assert response.status_code == 302
    assert order(day) == [(1, "Bees"), (2, "Ants"), (3, "Cats")]
    assert {title: names_of(organiser, title, ada) for title in ("Ants", "Bees", "Cats")} == before
    assert before["Ants"][:2] == ["/program/sessions/day-1-session-1/", True]


def test_a_session_that_moves_to_another_day_keeps_its_name(organiser, day):
    other = make_day(day.conference, 2)
    make_session(other, 1, title="Dogs")
    bees = session_named("Bees")

    asked = save_session(organiser, bees, day=other.pk)
    name, value = asked.context["yes"]
    save_session(organiser, bees, day=other.pk, **{name: value})

    assert asked.context["questions"] == [
        "It moves to Day 2. Its new time is Monday 13 September 2027, 20:00 to 21:00, UTC."
    ]
    assert (order(day), order(other)) == ([(1, "Ants"), (2, "Cats")], [(1, "Dogs"), (2, "Bees")])
    bees.refresh_from_db()
    assert (bees.slug, bees.starts_at) == ("day-1-session-2", FIRST_DAY + timedelta(days=1, hours=1))
    assert "<title>Bees (" in organiser.get("/program/sessions/day-1-session-2/").text


def test_a_session_stays_within_its_edition(organiser, day):
    elsewhere = make_day(make_conference(slug="2028"))
    bees = session_named("Bees")

    response = save_session(organiser, bees, day=elsewhere.pk)

    assert "day" in response.context["adminform"].form.errors


def test_a_new_session_has_a_name_that_no_other_ever_had(organiser, day):
    Session.objects.get(title="Cats").delete()

    save_day(organiser, day, {"number": "", "title": "Dogs"}, initial=0)

    dogs = session_named("Dogs")
    assert dogs.number == 3
    assert dogs.slug not in ("day-1-session-3", "")
    assert organiser.get("/program/sessions/day-1-session-3/").status_code == 404
    page = organiser.get(f"/program/sessions/{dogs.slug}/")
    assert "<title>Dogs (" in page.text
    assert f"/share/{dogs.slug}.png" in page.text
    assert organiser.get(f"/share/{dogs.slug}.png").status_code == 200


# --- Places


@pytest.mark.parametrize(
    ("title", "place", "expected"),
    [
        ("Cats", 1, ["Cats", "Ants", "Bees"]),
        ("Ants", 3, ["Bees", "Cats", "Ants"]),
        ("Ants", 99, ["Bees", "Cats", "Ants"]),
        ("Bees", "", ["Ants", "Bees", "Cats"]),
    ],
)
def test_a_place_that_is_typed_makes_the_others_make_room(organiser, day, title, place, expected):
    response = save_session(organiser, session_named(title), number=place)

    assert response.status_code == 302
    assert order(day) == list(enumerate(expected, 1))


@pytest.mark.parametrize("place", ["0", "1000", "-1", "first"])
def test_a_place_that_is_none_is_an_error_at_its_field(organiser, day, place):
    response = save_session(organiser, session_named("Ants"), number=place, title="x" * 301)

    assert response.status_code == 200
    assert response.context["adminform"].form.errors["number"] == ["Write a number from 1 to 999."]


def test_two_new_sessions_of_one_number_follow_each_other(organiser, day):
    rows = [{"number": 2, "title": "Dogs"}, {"number": 2, "title": "Eels"}]

    save_day(organiser, day, *rows, initial=0)

    assert sorted(title for _number, title in order(day)) == ["Ants", "Bees", "Cats", "Dogs", "Eels"]
    assert [number for number, _title in order(day)] == [1, 2, 3, 4, 5]


def test_sessions_are_sorted_by_time(organiser, day):
    arrange(day, {session_named("Cats").pk: 1, session_named("Bees").pk: 2})
    make_session(day, 4, title="Break")
    arrange(day, {session_named("Break").pk: 2})
    url = reverse("admin:conference_day_change", args=[day.pk])

    organiser.post(url, {"CHANGE_FORM-action": "sort_sessions", "_selected_action": day.pk})
    drafts.publish(day.conference, now=NOW)

    # What has no time stays behind the session that it followed.
    assert order(day) == [(1, "Ants"), (2, "Bees"), (3, "Cats"), (4, "Break")]


def test_a_full_day_is_put_into_order(day):
    for number in range(4, 60):
        make_session(day, number, title=f"T{number}")
    last = session_named("T59")

    arrange(day, {last.pk: 1})

    assert order(day)[:3] == [(1, "T59"), (2, "Ants"), (3, "Bees")]
    assert [number for number, _title in order(day)] == list(range(1, 60))


def test_room_is_made_as_far_as_the_next_gap(day):
    make_session(day, 7, title="Dogs")

    make_room(day, 2)

    assert order(day) == [(1, "Ants"), (3, "Bees"), (4, "Cats"), (7, "Dogs")]


# --- Program files


def test_a_file_finds_its_sessions_wherever_organisers_put_them():
    conference = load(PXP_2023).conference
    first, second = Day.objects.for_edition(conference)[:2]
    one = Session.objects.for_day(first).order_by("number")[0]
    arrange(first, {one.pk: 3})
    before = order(first)

    again = load(PXP_2023)
    load(changed(PXP_2023, f'"{one.title}"', '"A better title"'))

    assert again.is_nothing
    assert order(first) == [(number, title.replace(one.title, "A better title")) for number, title in before]
    assert Session.objects.for_day(second).count() == 3


def test_a_file_brings_a_session_beside_one_that_organisers_made():
    conference = load(PXP_2023).conference
    first = Day.objects.for_edition(conference)[0]
    typed = Session.objects.create(day=first, number=4, title="Typed")
    third = PXP_2023[PXP_2023.index("      - number: 3\n") : PXP_2023.index("  - number: 2\n    title")]

    load(changed(PXP_2023, third, third + '      - {number: 4, title: "From the file"}\n'))

    typed.refresh_from_db()
    assert order(first)[3:] == [(4, "From the file"), (5, "Typed")]
