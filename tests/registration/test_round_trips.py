"""Five independent parsers read each kind of calendar, in 40 zones and with hostile words: same instants, same text."""

from datetime import UTC, datetime, timedelta

import icalendar
import pytest
import vobject

from conference import calendars
from conference.clock import common_zones
from conference.models import Conference, Day
from registration.letters import invites
from registration.models import Registrant, Registration
from tests.factories import NOW
from tests.support.libical import read_event
from tests.support.node import parse_calendars

pytestmark = pytest.mark.sqlite_only

HOSTILE = [
    # Not "\\n" as typed: node-ical takes the escaped backslash and the letter for a line break. The others do not.
    'He said "no", twice; then: C:\\path and \\\\',
    "🧑‍🦽🏳️‍🌈 emoji",
    "مرحبا بالعالم",
    "שלום, עולם; \u200fכן\u200e",
    "三百字" * 100,
    "x" * 300,
    "first line\nsecond line",
    "END:VEVENT\r\nBEGIN:VEVENT",
    "caret ^n ^' ^^",
    ",x;" * 60,  # a fold may come between a backslash and what it escapes
    "x" + "\\\\" * 90,  # and does in icalendar 7.3.0 (_foldline), which takes the second of two for the first
    "O'Brien & Søn, Ζωή; Ünal",
]
ZONES = common_zones()[:40]


def registrations():
    """A registration for each of 40 zones, each with other words and another time of year."""
    conference = Conference(slug="2027", name="PxP 2027", short_name="PxP")
    for number, zone in enumerate(ZONES):
        words = HOSTILE[number % len(HOSTILE)]
        starts_at = datetime(2027, 3, 1, 1, 30, tzinfo=UTC) + timedelta(days=7 * number, hours=number % 24)
        day = Day(
            conference=conference,
            number=number % 3 + 1,
            title=" ".join(words.split()),
            summary=words,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=3),
        )
        person = Registrant(conference=conference, name=words, email="ada@example.org", time_zone=zone)
        yield Registration(
            registrant=person,
            day=day,
            status="confirmed",
            invited_starts_at=day.starts_at,
            invited_ends_at=day.ends_at,
        )


def request(row):
    return invites.request(row, now=NOW).content


def update(row):
    row.invite_sequence = 3
    return request(row)


def cancel(row):
    row.invite_sequence = 4
    return invites.cancel(row, now=NOW).content


def publish(row):
    return calendars.day_calendar(row.day, url="https://pxp.example.org/program/day-1/", now=NOW)


def by_icalendar(files):
    for data in files:
        (event,) = icalendar.Calendar.from_ical(data).walk("VEVENT")
        yield (
            str(event["SUMMARY"]),
            str(event["DESCRIPTION"]),
            event["DTSTART"].dt,
            event["DTEND"].dt,
            str(event["UID"]),
        )


def by_vobject(files):
    for data in files:
        event = vobject.readOne(data.decode()).vevent
        yield (
            event.summary.value,
            event.description.value,
            event.dtstart.value.astimezone(UTC),
            event.dtend.value.astimezone(UTC),
            event.uid.value,
        )


def by_libical(files):
    for data in files:
        event = read_event(data)
        yield event["summary"], event["description"], event["start"], event["end"], event["uid"]


def by_ical_js(files):
    for book in parse_calendars("ical.js", files):
        (event,) = [component for component in book[2] if component[0] == "vevent"]
        values = {name: value for name, _parameters, _kind, value, *_ in event[1]}
        start, end = (datetime.fromisoformat(values[name]) for name in ("dtstart", "dtend"))
        yield values["summary"], values["description"], start, end, values["uid"]


def by_node_ical(files):
    for book in parse_calendars("node-ical", files):
        (event,) = [entry for entry in book.values() if entry.get("type") == "VEVENT"]
        start, end = (datetime.fromisoformat(event[name]) for name in ("start", "end"))
        yield event["summary"], event["description"], start, end, event["uid"]


READERS = [by_icalendar, by_vobject, by_libical, by_ical_js, by_node_ical]


@pytest.mark.parametrize("write", [request, update, cancel, publish], ids=lambda write: write.__name__)
def test_five_parsers_read_the_same_event(write):
    rows = list(registrations())
    files = [write(row) for row in rows]

    readings = [list(read(files)) for read in READERS]

    for row, *read in zip(rows, *readings, strict=True):
        first = read[0]
        assert first[2:4] == (row.day.starts_at, row.day.ends_at)
        assert row.day.title in first[0]
        assert read == [first] * len(READERS)


@pytest.mark.parametrize("write", [request, update, cancel, publish], ids=lambda write: write.__name__)
def test_no_line_is_longer_than_75_octets_and_each_file_has_one_event(write):
    for row in registrations():
        data = write(row)

        assert max(map(len, data.split(b"\r\n"))) <= 75
        assert data.count(b"\r\nBEGIN:VEVENT\r\n") == 1
        data.decode()  # no character is cut in two across a fold that stays
