"""The picture of a day's hours: what it shows in every zone."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from conference.clock import Span, canonical_zone, common_zones, hours_from_midnight
from conference.pictures.day_pictures import HoursBar, hours_needed

pytestmark = pytest.mark.sqlite_only

STARTS = datetime(2027, 9, 12, 19, tzinfo=UTC)  # a Sunday
HOUR = timedelta(hours=1)


def bar_in(zone_name, starts_at=STARTS, hours=3, number=1):
    return HoursBar(Span(starts_at, starts_at + hours * HOUR, canonical_zone(zone_name)), number)


def percent(text):
    return float(text.removesuffix("%"))


@pytest.mark.parametrize(
    ("zone_name", "length", "event"),
    [
        ("Pacific/Honolulu", 24, ("37.5%", "12.5%")),
        ("America/St_Johns", 24, ("68.75%", "12.5%")),
        ("UTC", 24, ("79.17%", "12.5%")),
        ("Europe/Paris", 24, ("87.5%", "12.5%")),
        ("Africa/Nairobi", 30, ("73.33%", "10%")),
        ("Asia/Kathmandu", 24, ("3.125%", "12.5%")),
        ("Asia/Tokyo", 24, ("16.67%", "12.5%")),
        ("Pacific/Chatham", 24, ("32.29%", "12.5%")),
        ("Pacific/Kiritimati", 24, ("37.5%", "12.5%")),
    ],
)
def test_bar_shows_the_hours_of_the_local_day(zone_name, length, event):
    bar = bar_in(zone_name)

    assert (bar.length, bar.event) == (length, event)


def test_bar_that_goes_past_midnight_shows_the_midnight_and_the_next_morning():
    bar = bar_in("Africa/Nairobi")

    assert bar.midnights == ["80%"]
    assert [time for _x, time, _side in bar.ticks] == ["00:00", "12:00", "00:00"]
    assert bar.nights == [("0%", "23.33%"), ("73.33%", "26.67%")]


def test_words_stand_where_the_span_leaves_room():
    tokyo, kathmandu = bar_in("Asia/Tokyo"), bar_in("Asia/Kathmandu")

    assert tokyo.labels == [("8.333%", "Night", True)]
    assert kathmandu.labels == []  # 3¼ hours are as wide as the word on a small phone


@pytest.mark.parametrize(
    ("language", "zone_name", "hours"),
    [
        ("en", "Asia/Kolkata", ["12 am", "6 am", "12 pm", "6 pm", "12 am"]),
        ("en", "Europe/Paris", ["00:00", "06:00", "12:00", "18:00", "24:00"]),
        ("fr", "America/Toronto", ["00 h 00", "06 h 00", "12 h 00", "18 h 00", "24 h 00"]),
        ("es", "America/Bogota", ["12 a. m.", "6 a. m.", "12 p. m.", "6 p. m.", "12 a. m."]),
        ("ar", "Asia/Riyadh", ["12 ص", "6 ص", "12 م", "6 م", "12 ص"]),
    ],
)
def test_bar_has_the_hours_as_its_reader_says_them(language, zone_name, hours):
    with translation.override(language):
        ticks = bar_in(zone_name, STARTS.replace(hour=13)).ticks

    assert [re.sub(r"\s", " ", time) for _x, time, _side in ticks] == hours


@given(
    zone=st.sampled_from(common_zones()),
    quarters=st.integers(0, 366 * 24 * 4),
    minutes=st.integers(5, 40 * 60),
)
def test_nothing_lies_outside_a_bar_and_no_word_under_the_span(zone, quarters, minutes):
    starts_at = STARTS + timedelta(minutes=15 * quarters)
    bar = HoursBar(Span(starts_at, starts_at + timedelta(minutes=minutes), ZoneInfo(zone)))

    places = [*bar.nights, bar.event]
    start, width = map(percent, bar.event)

    assert all(percent(x) >= 0 and percent(x) + percent(w) <= 100.05 for x, w in places)
    assert not any(start < percent(x) < start + width for x, _word, _dark in bar.labels)
    assert bar.length % 6 == 0


def test_bar_over_a_clock_change_is_as_long_as_what_passes():
    # Paris: from 02:15 summer time to 02:10 winter time, 55 minutes later.
    span = Span(
        datetime(2027, 10, 31, 0, 15, tzinfo=UTC), datetime(2027, 10, 31, 1, 10, tzinfo=UTC), ZoneInfo("Europe/Paris")
    )

    assert hours_from_midnight(span) == (2.25, 2.25 + 55 / 60)
    assert hours_needed(span) == 24


@pytest.mark.parametrize(
    ("zone_name", "touches"),
    [
        ("America/Toronto", False),
        ("Europe/Paris", True),
        ("Asia/Kathmandu", True),
        ("Asia/Tokyo", True),
        ("UTC", False),
    ],
)
def test_bar_knows_whether_it_touches_the_night(zone_name, touches):
    assert bar_in(zone_name).touches_night == touches


def test_hours_run_from_the_right_where_one_reads_from_there():
    ltr = bar_in("Asia/Tokyo")
    with translation.override("ar"):
        rtl = bar_in("Asia/Tokyo")

        event, ticks = rtl.event, rtl.ticks

    start, width = map(percent, ltr.event)
    assert tuple(map(percent, event)) == pytest.approx((100 - start - width, width), abs=0.01)
    assert [(position, time) for position, time, _side in ticks][:2] == [("100%", "00:00"), ("75%", "06:00")]
