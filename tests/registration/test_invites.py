"""Invites as two independent parsers read them: the law of calendars, and hostile words."""

from datetime import UTC, datetime, timedelta

import icalendar
import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st

from conference import calendars
from conference.models import Conference, Day
from registration import links
from registration.letters import invites
from registration.models import Registrant, Registration
from tests.factories import FIRST_DAY, NOW, make_conference, make_confirmed, make_day, make_session, the_registration

HOSTILE = [
    'Quotes "x", commas, semicolons; colons: and \\ backslashes\\n',
    "Emoji 🧑‍🔬 and accents é ø",
    "שלום עולם مرحبا",
    "long " * 60,
    "短" * 300,
    "two\nlines",
]


def unsaved(**fields):
    """A confirmed registration that needs no database, for tests of pure functions."""
    conference = Conference(slug="2027", name="PxP 2027", short_name="PxP")
    day = Day(
        conference=conference,
        number=2,
        title=fields.pop("title", "Trailblaze new approaches"),
        summary=fields.pop("summary", "The how."),
        starts_at=FIRST_DAY,
        ends_at=FIRST_DAY + timedelta(hours=3),
    )
    person = Registrant(conference=conference, name=fields.pop("name", "Ada"), email="ada@example.org", time_zone="UTC")
    person.neutral_titles = fields.pop("neutral", False)
    return Registration(registrant=person, day=day, status="confirmed", **fields)


def lines(content):
    assert content.endswith(b"\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    return content[:-2].split(b"\r\n")


def events(content):
    return icalendar.Calendar.from_ical(content).walk("VEVENT")


def test_request_says_what_the_law_asks():
    row = unsaved(invite_sequence=2)

    invite = invites.request(row, now=NOW)

    book = icalendar.Calendar.from_ical(invite.content)
    (event,) = book.walk("VEVENT")
    assert invite.method == book["METHOD"] == "REQUEST"
    assert (book["VERSION"], book["CALSCALE"]) == ("2.0", "GREGORIAN")
    assert event["UID"] == str(row.invite_uid)
    assert event["SEQUENCE"] == 2
    assert event["DTSTART"].dt == FIRST_DAY
    assert event["DTEND"].dt == FIRST_DAY + timedelta(hours=3)
    assert event["DTSTAMP"].dt == event["LAST-MODIFIED"].dt == NOW
    assert event["SUMMARY"] == "PxP Day 2: Trailblaze new approaches"
    assert event["LOCATION"] == event["URL"] == links.join_url(row)
    assert (event["STATUS"], event["TRANSP"]) == ("CONFIRMED", "OPAQUE")
    assert event["ORGANIZER"] == "mailto:hello@pxp.example.org"
    assert event["ORGANIZER"].params["CN"] == "PxP"
    assert event["ATTENDEE"] == "mailto:ada@example.org"
    assert dict(event["ATTENDEE"].params) == {
        "CN": "Ada", "ROLE": "REQ-PARTICIPANT", "PARTSTAT": "ACCEPTED", "RSVP": "FALSE",
    }  # fmt: skip
    assert event["DESCRIPTION"].splitlines()[-3:] == [
        f"Join: {links.join_url(row)}",
        "To change your days, use the link to your page in our emails.",
        "Replying “No” here does not cancel your place.",
    ]
    assert b"VALARM" not in invite.content
    assert b"VTIMEZONE" not in invite.content
    assert b"DTSTART:20270912T190000Z" in invite.content
    assert b"/my/" not in invite.content


def test_cancel_keeps_uid_people_and_the_times_that_are_in_the_calendar():
    row = unsaved(invite_sequence=1, invited_starts_at=FIRST_DAY, invited_ends_at=FIRST_DAY + timedelta(hours=3))
    row.day.starts_at += timedelta(hours=1)

    invite = invites.cancel(row, now=NOW)

    (event,) = events(invite.content)
    assert invite.method == "CANCEL"
    assert b"METHOD:CANCEL\r\n" in invite.content
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == (str(row.invite_uid), 1, "CANCELLED")
    assert event["ATTENDEE"] == "mailto:ada@example.org"
    assert event["DTSTART"].dt == FIRST_DAY


def test_neutral_invite_names_no_subject():
    content = invites.request(unsaved(neutral=True), now=NOW).content

    assert events(content)[0]["SUMMARY"] == "PxP Day 2"
    assert b"Trailblaze" not in content
    assert b"The how" not in content


def test_title_to_be_announced_leaves_the_days_name():
    assert events(invites.request(unsaved(title=""), now=NOW).content)[0]["SUMMARY"] == "PxP Day 2"


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_come_back_equal_from_two_parsers(words):
    content = invites.request(unsaved(title=words, summary=words, name=words), now=NOW).content

    clean = " ".join(words.split())
    (event,) = events(content)
    other = vobject.readOne(content.decode()).vevent
    assert event["SUMMARY"] == other.summary.value
    assert event["SUMMARY"].replace("\u2068", "").replace("\u2069", "") == f"PxP Day 2: {clean}"  # without isolates
    assert event["DESCRIPTION"] == other.description.value
    assert event["DESCRIPTION"].startswith(words.strip() if "\n" in words else clean)
    assert event["ATTENDEE"].params["CN"] == " ".join(clean.replace('"', " ").split())
    assert event["DTSTART"].dt == other.dtstart.value == FIRST_DAY
    assert max(len(line) for line in lines(content)) <= 75


NEW_EMOJI, FLAG_OF_SCOTLAND = "\U0001fae9", "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"


@pytest.mark.parametrize("words", [f"Ada {NEW_EMOJI}", f"Ada {FLAG_OF_SCOTLAND}", "Pa\u00adtient", "\u061cآدا\u200c"])
def test_signs_that_are_no_control_characters_come_through(words):
    (event,) = events(invites.request(unsaved(title=words, summary=words, name=words), now=NOW).content)

    assert words in event["SUMMARY"]
    assert event["DESCRIPTION"].startswith(words)
    assert event["ATTENDEE"].params["CN"] == words


@given(name=st.text(max_size=200), title=st.text(max_size=200), summary=st.text(max_size=400))
def test_any_text_stays_one_event_of_short_lines(name, title, summary):
    content = invites.request(unsaved(name=name, title=title, summary=summary), now=NOW).content

    (event,) = events(content)
    other = vobject.readOne(content.decode()).vevent
    assert event["SUMMARY"] == other.summary.value
    assert event["DESCRIPTION"] == other.description.value
    assert max(len(line) for line in lines(content)) <= 75
    assert [line for line in lines(content) if line.startswith((b"BEGIN:", b"END:"))] == [
        b"BEGIN:VCALENDAR", b"BEGIN:VEVENT", b"END:VEVENT", b"END:VCALENDAR",
    ]  # fmt: skip
    assert content.count(b"\r\nMETHOD:") == 1
    assert content.count(b"\r\nATTENDEE") == 1


@pytest.mark.parametrize("address", ["ada+pxp@example.org", "o'brien@example.org", "ada@bücher.example"])
def test_attendee_is_the_address_that_the_mail_goes_to(address):
    row = unsaved()
    row.registrant.email = address

    (event,) = events(invites.request(row, now=NOW).content)

    assert event["ATTENDEE"] == f"mailto:{address}".replace("bücher", "xn--bcher-kva")


def test_same_input_gives_same_bytes():
    row = unsaved()

    assert invites.request(row, now=NOW) == invites.request(row, now=NOW)


def test_day_file_is_published_with_an_alarm_last_and_nobody_invited():
    content = calendars.day_calendar(unsaved().day, url="https://pxp.example.org/program/day-2/", now=NOW)

    book = icalendar.Calendar.from_ical(content)
    (event,) = book.walk("VEVENT")
    (alarm,) = book.walk("VALARM")
    assert book["METHOD"] == "PUBLISH"
    assert event["UID"] == "2027-day-2@testserver"
    assert event["ORGANIZER"] == "mailto:hello@pxp.example.org"
    assert "ATTENDEE" not in event
    assert alarm["TRIGGER"].dt == timedelta(minutes=-30)
    assert content.endswith(b"END:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")


def test_called_off_day_is_cancelled_in_its_file():
    day = unsaved().day
    day.called_off_at = NOW

    content = calendars.day_calendar(day, url="https://x.example/", now=NOW)
    assert events(content)[0]["STATUS"] == "CANCELLED"
    assert b"VALARM" not in content


def test_links_for_calendars_on_the_web_carry_the_instants():
    day = unsaved(title="Me & you").day

    google = calendars.google_link(day, url="https://x.example/?a=1&b=2")
    outlook = calendars.outlook_link(day, url="https://x.example/?a=1&b=2")

    assert "dates=20270912T190000Z%2F20270912T220000Z" in google
    assert "text=PxP+Day+2%3A+Me+%26+you" in google
    assert "startdt=2027-09-12T19%3A00%3A00Z" in outlook
    assert "%3Fa%3D1%26b%3D2" in google
    assert "%3Fa%3D1%26b%3D2" in outlook


@pytest.mark.django_db
def test_program_file_has_sessions_with_a_time_and_whole_days_for_the_rest(django_assert_num_queries):
    conference = make_conference()
    first, second = make_day(conference, 1), make_day(conference, 2)
    make_session(first, 1, starts_at=FIRST_DAY, ends_at=FIRST_DAY + timedelta(hours=1))
    make_session(first, 2)
    make_session(second, 1)
    days = list(Day.objects.for_edition(conference).with_program())

    with django_assert_num_queries(0):
        content = calendars.program_calendar(
            conference, days, url_of=lambda what: f"https://x.example/{what.slug}/", now=NOW
        )

    assert [event["UID"] for event in events(content)] == ["2027-day-1-session-1@testserver", "2027-day-2@testserver"]
    assert [event["URL"] for event in events(content)] == [
        "https://x.example/day-1-session-1/",
        "https://x.example/day-2/",
    ]


@pytest.mark.django_db
def test_feed_has_the_days_with_a_place_and_neither_manage_link_nor_attendee():
    conference = make_conference()
    days = [make_day(conference, number) for number in (1, 2)]
    make_session(days[0], 1, starts_at=FIRST_DAY, ends_at=FIRST_DAY + timedelta(hours=1), title="Topic")
    ada = make_confirmed(*days)
    rows = list(Registration.objects.for_person(ada).with_people().prefetch_related("day__sessions"))

    plain = invites.feed(ada, rows, now=NOW)
    detailed = invites.feed(ada, rows, now=NOW, with_sessions=True)

    assert [event["SUMMARY"] for event in events(plain)] == ["PxP Day 1", "PxP Day 2"]
    assert [event["SUMMARY"] for event in events(detailed)] == ["PxP Day 1: Topic", "PxP Day 2"]
    assert b"/my/" not in plain + detailed
    assert b"ATTENDEE" not in plain + detailed
    assert invites.feed(ada, rows, now=NOW) == plain


@pytest.mark.django_db
def test_days_around_a_clock_change_keep_their_instants():
    conference = make_conference()
    before = make_day(conference, 1, starts_at=datetime(2027, 10, 30, 22, tzinfo=UTC))
    after = make_day(conference, 2, starts_at=datetime(2027, 10, 31, 22, tzinfo=UTC))
    ada = make_confirmed(before, after, time_zone="Europe/Paris", now=NOW)

    starts = [
        events(invites.request(the_registration(ada, day), now=NOW).content)[0]["DTSTART"].dt for day in (before, after)
    ]

    assert starts == [before.starts_at, after.starts_at]
