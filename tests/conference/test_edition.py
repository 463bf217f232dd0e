"""Which edition an address shows, where its links lead, and in whose time zone."""

from datetime import UTC, datetime, timedelta

import pytest
from django.http import Http404
from django.test import RequestFactory

from conference.site.context_processors import edition as page_context
from conference.site.edition import find_edition, in_zone
from tests.factories import (
    FIRST_DAY,
    NOW,
    make_appearance,
    make_conference,
    make_day,
    make_session,
    make_speaker,
)

pytestmark = pytest.mark.django_db
LATER = FIRST_DAY + timedelta(days=30)


def shown(path="/", year=None, now=NOW):
    request = RequestFactory().get(path)
    find_edition(request, year, now)
    return request


def make_two_editions():
    past = make_conference(slug="2025")
    make_day(past, starts_at=datetime(2025, 9, 9, 19, tzinfo=UTC))
    coming = make_conference(slug="2027")
    make_day(coming)
    return past, coming


def test_edition_at_the_root_is_the_next_to_end():
    _past, coming = make_two_editions()

    request = shown()

    assert (request.conference, request.edition.is_current, request.edition.is_past) == (coming, True, False)


def test_edition_at_the_root_stays_after_its_end_until_another_is_published():
    _past, coming = make_two_editions()

    request = shown(now=LATER)

    assert (request.conference, request.edition.is_past, request.edition.takes_sign_ups) == (coming, True, False)


def test_edition_without_days_does_not_push_the_last_one_away():
    _past, coming = make_two_editions()
    make_conference(slug="2028")

    request = shown(now=LATER)

    assert request.conference == coming


def test_edition_of_a_year_is_past_and_leads_to_the_current_one():
    past, _coming = make_two_editions()

    edition = shown(year="2025").edition

    assert edition.conference == past
    assert (edition.is_current, edition.is_past, edition.takes_sign_ups) == (False, True, False)
    assert edition.url("program") == "/2025/program/"
    assert edition.for_current().url("program") == "/program/"


@pytest.mark.parametrize("year", ["2026", "2999"])
def test_edition_of_a_year_that_never_was_is_not_found(year):
    make_two_editions()

    with pytest.raises(Http404):
        shown(year=year)


def test_edition_that_is_not_published_is_not_found():
    make_two_editions()
    make_day(make_conference(slug="2026", is_published=False), starts_at=NOW)

    with pytest.raises(Http404):
        shown(year="2026")


def test_edition_is_not_found_where_nothing_is_published():
    make_conference(is_published=False)

    with pytest.raises(Http404):
        shown()


def test_links_of_the_current_edition_name_no_year_even_under_its_year():
    make_two_editions()
    edition = shown(year="2027").edition

    assert edition.url("home") == "/"
    assert edition.url("speakers") == "/speakers/"


def test_links_keep_the_zone_and_lasting_ones_do_not():
    make_two_editions()
    edition = shown("/?tz=asia/calcutta", year="2025").edition
    session = make_session(edition.conference.days.get())

    assert edition.url("session", session) == "/2025/program/sessions/day-1-session-1/?tz=Asia/Kolkata"
    assert edition.lasting_url("session", session) == "/2025/program/sessions/day-1-session-1/"
    assert edition.url("sign-up-day", session.day) == "/register/day-1/?tz=Asia/Kolkata"
    assert in_zone("/x/", edition.zone) == "/x/?tz=Asia/Kolkata"


@pytest.mark.parametrize("asked", ["Mars/Olympus", "../../etc/passwd", "\x00", "Europe/"])
def test_zone_that_is_none_is_remembered_as_asked(asked):
    make_two_editions()

    request = RequestFactory().get("/", {"tz": asked})
    find_edition(request, None, NOW)

    assert request.visitor_zone is None
    assert request.edition.wrong_zone == asked.strip()


@pytest.mark.parametrize(
    ("path", "lasting"),
    [
        ("/program/?tz=Asia/Tokyo", "http://testserver/program/"),
        ("/2027/program/day-1/", "http://testserver/program/day-1/"),
        ("/2025/", "http://testserver/2025/"),
    ],
)
def test_canonical_url_is_one_for_each_page(client, path, lasting):
    make_two_editions()

    response = client.get(path)

    assert response.context["canonical_url"] == lasting


def test_page_context_is_empty_where_no_edition_is_shown():
    request = RequestFactory().get("/organisers/")
    request.resolver_match = None

    shown = page_context(request)

    assert {
        name: shown[name] for name in ("edition", "conference", "visitor_zone", "canonical_url", "has_no_program")
    } == {
        "edition": None,
        "conference": None,
        "visitor_zone": None,
        "canonical_url": "",
        "has_no_program": False,
    }


def test_edition_is_over_with_the_last_day_that_takes_place():
    conference = make_conference()
    day = make_day(conference, 1)
    make_day(conference, 2, called_off_at=NOW)

    assert not shown(now=day.ends_at).edition.is_past
    assert shown(now=day.ends_at + timedelta(seconds=1)).edition.is_past


def test_edition_whose_days_are_all_called_off_stays_until_the_last_would_have_ended():
    conference = make_conference()
    days = [make_day(conference, number, called_off_at=NOW) for number in (1, 2)]

    assert not shown(now=days[1].ends_at).edition.is_past
    assert shown(now=days[1].ends_at + timedelta(seconds=1)).edition.is_past


def test_next_edition_is_at_the_root_once_the_last_day_that_takes_place_is_over():
    conference = make_conference()
    day = make_day(conference, 1)
    make_day(conference, 2, starts_at=LATER, called_off_at=NOW)
    following = make_conference(slug="2028")
    make_day(following, starts_at=LATER + timedelta(days=300))

    assert shown(now=day.ends_at + timedelta(seconds=1)).conference == following


def test_address_of_last_year_that_this_year_does_not_have_leads_there(client):
    past, _coming = make_two_editions()
    day = make_day(past, 2, starts_at=datetime(2025, 9, 10, 19, tzinfo=UTC))
    make_appearance(make_session(day, slug="global-voices"), make_speaker(past))

    answers = {
        path: client.get(path).get("Location")
        for path in (
            "/program/day-2/",
            "/program/day-2.ics",
            "/fr/program/day-2/?tz=Asia/Tokyo",
            "/program/sessions/global-voices/",
            "/program/sessions/global-voices.ics",
            "/speakers/grace/",
            "/program/day-1/",
        )
    }

    assert answers == {
        "/program/day-2/": "/2025/program/day-2/",
        "/program/day-2.ics": "/2025/program/day-2.ics",
        "/fr/program/day-2/?tz=Asia/Tokyo": "/fr/2025/program/day-2/?tz=Asia/Tokyo",
        "/program/sessions/global-voices/": "/2025/program/sessions/global-voices/",
        "/program/sessions/global-voices.ics": "/2025/program/sessions/global-voices.ics",
        "/speakers/grace/": "/2025/speakers/grace/",
        "/program/day-1/": None,
    }


@pytest.mark.parametrize("path", ["/program/day-3/", "/2027/program/day-2/", "/speakers/eve/"])
def test_address_that_no_edition_has_stays_on_this_years_page(client, path):
    past, _coming = make_two_editions()
    make_day(past, 2, starts_at=datetime(2025, 9, 10, 19, tzinfo=UTC))

    answer = client.get(path)

    assert answer.status_code == 404
    assert 'href="/program/"' in answer.text
