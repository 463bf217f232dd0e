"""What search engines read: events that schema.org knows, with all they must have, and nothing that is secret."""

import json
import re
from datetime import UTC, timedelta, timezone

import pytest
from django.utils import translation

from conference.models import Conference, Day, Session
from conference.site import structured_data
from conference.site.edition import Edition
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

SITE = "http://testserver"
NASTY = "</script><script>alert(1)</script> & \u2028 “Zoë”"


def make_full(**fields):
    """Make an edition in which all that an event can say is known."""
    fields = {"cost": "free", "tagline": "Partnering", "supported_by": "A fund", "sign_up_opens_at": NOW} | fields
    conference = make_conference(**fields)
    day = make_day(conference, title="Boost your skills", summary="How.", meeting_url="https://zoom.example.org/secret")
    speaker = make_speaker(conference, affiliation="A patients’ group")
    times = {"starts_at": FIRST_DAY, "ends_at": FIRST_DAY + timedelta(minutes=50)}
    make_appearance(make_session(day, 1, summary="One line.", **times), speaker)
    make_session(day, 2, title="")
    return conference


def seen(now=NOW):
    """The edition at `/`, its days with their program, and the sessions of the first with their people."""
    current = Conference.objects.current(now)
    days = list(Day.objects.for_edition(current).with_conference().with_program())
    sessions = list(Session.objects.for_edition(current).with_people())
    return Edition(current, current, now), days, sessions


def all_events():
    edition, days, sessions = seen()
    events = [structured_data.conference_event(edition, days)]
    events += [structured_data.day_event(edition, day) for day in days]
    events += [structured_data.session_event(edition, session) for session in sessions]
    return [json.loads(structured_data.as_script(event)) for event in events]


def events_within(data):
    """Every Event in the data, whatever it lies in."""
    if isinstance(data, list):
        return [event for item in data for event in events_within(item)]
    if not isinstance(data, dict):
        return []
    inner = [event for value in data.values() for event in events_within(value)]
    return ([data] if data.get("@type") == "Event" else []) + inner


@pytest.mark.sqlite_only
def test_schema_org_knows_all_that_is_said(schema_org):
    make_full()
    called_off = make_day(make_conference(slug="2028"), called_off_at=NOW)

    edition, _days, _sessions = seen()
    cancelled = json.loads(structured_data.as_script(structured_data.day_event(edition, called_off)))

    assert schema_org([*all_events(), cancelled]) == []


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    "wrong",
    [{"nome": "PxP"}, {"eventStatus": "https://schema.org/Cancelled"}, {"offers": {"@type": "Offer", "prize": 0}}],
)
def test_checker_of_schema_org_finds_what_is_wrong(schema_org, wrong):
    event = {"@context": "https://schema.org", "@type": "Event", "name": "PxP"} | wrong

    assert len(schema_org([event])) == 1


def test_each_event_has_what_search_engines_ask_for():
    make_full()

    for event in events_within(all_events()):
        assert {"name", "startDate", "location"} <= event.keys()
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", event["startDate"])
        assert event["location"] == {"@type": "VirtualLocation", "url": event["url"]}
        assert event["url"].startswith(f"{SITE}/")


def test_session_says_all_that_is_known_of_it():
    make_full()
    edition, _days, sessions = seen()

    event = structured_data.session_event(edition, sessions[0])

    assert event == {
        "@type": "Event",
        "name": "PxP Day 1: Topic 1",
        "description": "One line.",
        "url": f"{SITE}/program/sessions/day-1-session-1/",
        "image": f"{SITE}/share/day-1-session-1.png",
        "startDate": "2027-09-12T19:00:00Z",
        "endDate": "2027-09-12T19:50:00Z",
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/OnlineEventAttendanceMode",
        "location": {"@type": "VirtualLocation", "url": f"{SITE}/program/sessions/day-1-session-1/"},
        "organizer": {"@type": "Organization", "name": "PxP", "url": f"{SITE}/"},
        "inLanguage": "en",
        "isAccessibleForFree": True,
        "sponsor": {"@type": "Organization", "name": "A fund"},
        "offers": {
            "@type": "Offer",
            "url": f"{SITE}/register/day-1/",
            "price": 0,
            "priceCurrency": "USD",
            "validFrom": "2027-09-01T12:00:00Z",
        },
        "superEvent": {
            "@type": "Event",
            "name": "PxP Day 1: Boost your skills",
            "url": f"{SITE}/program/day-1/",
            "startDate": "2027-09-12T19:00:00Z",
            "endDate": "2027-09-12T22:00:00Z",
            "eventStatus": "https://schema.org/EventScheduled",
            "eventAttendanceMode": "https://schema.org/OnlineEventAttendanceMode",
            "location": {"@type": "VirtualLocation", "url": f"{SITE}/program/day-1/"},
            "offers": {
                "@type": "Offer",
                "url": f"{SITE}/register/day-1/",
                "price": 0,
                "priceCurrency": "USD",
                "validFrom": "2027-09-01T12:00:00Z",
            },
        },
        "performer": [
            {
                "@type": "Person",
                "name": "Grace",
                "url": f"{SITE}/speakers/grace/",
                "affiliation": {"@type": "Organization", "name": "A patients’ group"},
            }
        ],
    }


def test_session_without_a_time_has_its_day_s():
    make_full()
    edition, _days, sessions = seen()

    event = structured_data.session_event(edition, sessions[1])

    assert (event["name"], event["startDate"]) == ("PxP Day 1: Session 2", "2027-09-12T19:00:00Z")
    assert "performer" not in event


def test_conference_holds_its_days_and_lasts_from_the_first_to_the_last():
    conference = make_full()
    make_day(conference, 2)
    edition, days, _sessions = seen()

    event = structured_data.conference_event(edition, days)

    assert (event["startDate"], event["endDate"]) == ("2027-09-12T19:00:00Z", "2027-09-13T22:00:00Z")
    assert [day["name"] for day in event["subEvent"]] == ["PxP Day 1: Boost your skills", "PxP Day 2"]


def test_conference_begins_with_the_first_day_that_takes_place():
    conference = make_full()
    make_day(conference, 2)
    make_day(conference, 3, called_off_at=NOW)
    conference.days.filter(number=1).update(called_off_at=NOW)
    edition, days, _sessions = seen()

    event = structured_data.conference_event(edition, days)

    assert (event["startDate"], event["endDate"]) == ("2027-09-13T19:00:00Z", "2027-09-13T22:00:00Z")
    assert len(event["subEvent"]) == 3


def test_day_that_is_over_or_closed_offers_nothing_while_others_do():
    conference = make_full()
    make_day(conference, 2)
    make_day(conference, 3, sign_up_closes_at=NOW)
    edition, days, _sessions = seen(now=FIRST_DAY + timedelta(hours=4))

    events = [structured_data.day_event(edition, day) for day in days]

    assert ["offers" in event for event in events] == [False, True, False]
    assert "offers" in structured_data.conference_event(edition, days)


def test_conference_offers_nothing_once_sign_up_has_closed():
    make_full(sign_up_closes_at=NOW + timedelta(hours=1))
    edition, days, sessions = seen(now=NOW + timedelta(hours=2))

    assert "offers" not in structured_data.conference_event(edition, days)
    assert "offers" not in structured_data.session_event(edition, sessions[0])


def test_conference_without_days_is_no_event(client):
    make_conference()
    edition, days, _sessions = seen()

    assert structured_data.conference_event(edition, days) is None
    assert "ld+json" not in client.get("/").text


def test_times_are_in_utc_whatever_zone_they_come_in():
    conference = make_full()
    edition, days, _sessions = seen()
    days[0].starts_at = FIRST_DAY.astimezone(timezone(timedelta(hours=9))).replace(microsecond=5)

    assert structured_data.day_event(edition, days[0])["startDate"] == "2027-09-12T19:00:00Z"
    assert conference.days.get().starts_at.tzinfo == UTC


def test_day_that_is_called_off_is_cancelled_and_offers_nothing():
    conference = make_full()
    conference.days.update(called_off_at=NOW)
    edition, days, sessions = seen()

    events = [
        structured_data.conference_event(edition, days),
        structured_data.day_event(edition, days[0]),
        structured_data.session_event(edition, sessions[0]),
    ]

    assert {event["eventStatus"] for event in events} == {"https://schema.org/EventCancelled"}
    assert not any("offers" in event for event in events)


def test_what_is_over_offers_nothing():
    make_full()
    edition, days, _sessions = seen(now=FIRST_DAY + timedelta(days=9))

    assert "offers" not in structured_data.day_event(edition, days[0])


@pytest.mark.parametrize(("cost", "free"), [("free", True), ("Free.", True), ("", False), ("10 dollars", False)])
def test_only_what_organisers_call_free_is_free(cost, free):
    make_full(cost=cost)
    edition, days, _sessions = seen()

    event = structured_data.day_event(edition, days[0])

    assert ("isAccessibleForFree" in event, "offers" in event) == (free, free)


def test_no_word_can_end_the_data_block_and_all_come_through():
    text = structured_data.as_script({"name": NASTY})

    assert not set("<>&\u2028") & set(text)
    assert json.loads(text) == {"@context": "https://schema.org", "name": NASTY}


@pytest.mark.parametrize("path", ["/", "/program/day-1/", "/program/sessions/day-1-session-1/"])
def test_page_carries_its_event_and_not_the_address_of_the_meeting(client, path):
    conference = make_full(name=f"PxP {NASTY}")
    conference.days.update(title=NASTY)
    Session.objects.for_edition(conference).update(title=NASTY)

    html = client.get(path).text

    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
    assert len(blocks) == 1
    assert json.loads(blocks[0])["url"] == f"{SITE}{path}"
    assert NASTY in json.dumps(json.loads(blocks[0]), ensure_ascii=False)
    assert "zoom.example.org" not in html


def test_conference_is_in_the_same_language_on_all_pages():
    make_full()

    with translation.override("fr"):
        assert {event["inLanguage"] for event in all_events()} == {"en"}
