"""The pictures of the days: what they show in every zone, and how four of them look as text."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from conference.clock import Span, canonical_zone, common_zones, hours_from_midnight
from conference.models import Day
from conference.pictures.day_pictures import PLACES, DaysPicture, HoursBar, hours_needed, one_moment, week_around
from conference.templatetags.when_tags import picture_of

STARTS = datetime(2027, 9, 12, 19, tzinfo=UTC)  # a Sunday
HOUR = timedelta(hours=1)
NOW = datetime(2027, 8, 31, 12, tzinfo=UTC)
PICTURES = Path(__file__).parent / "pictures"


def make_days(starts_at=STARTS, count=3):
    """Days that are in no database: pictures need none."""
    starts = [starts_at + timedelta(days=n) for n in range(count)]
    return [Day(number=n, starts_at=at, ends_at=at + 3 * HOUR) for n, at in enumerate(starts, 1)]


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
    assert [time for _x, time, _side in bar.ticks] == ["00:00", "06:00", "12:00", "18:00", "00:00", "06:00"]
    assert bar.nights == [("0%", "23.33%"), ("73.33%", "26.67%")]
    assert bar.working_hours == []  # a Sunday


def test_working_hours_follow_the_weekend_of_the_place():
    sunday = [bar_in(name, STARTS - 10 * HOUR) for name in ("Europe/London", "Asia/Riyadh")]

    assert [len(bar.working_hours) for bar in sunday] == [0, 1]


def test_words_stand_where_the_span_leaves_room():
    tokyo, kathmandu = bar_in("Asia/Tokyo"), bar_in("Asia/Kathmandu")

    assert tokyo.labels == [("8.333%", "Night", True), ("54.17%", "Work", False)]
    assert [word for _x, word, _dark in kathmandu.labels] == ["Night", "Work"]


@given(
    zone=st.sampled_from(common_zones()),
    quarters=st.integers(0, 366 * 24 * 4),
    minutes=st.integers(5, 40 * 60),
)
def test_nothing_lies_outside_a_bar_and_no_word_under_the_span(zone, quarters, minutes):
    starts_at = STARTS + timedelta(minutes=15 * quarters)
    bar = HoursBar(Span(starts_at, starts_at + timedelta(minutes=minutes), ZoneInfo(zone)))

    places = [*bar.nights, *bar.working_hours, bar.event]
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


def test_bars_that_stand_below_each_other_are_equally_long():
    # Azores: Day 2 is after the change to winter time, and ends an hour earlier on the clock.
    azores = DaysPicture(make_days(datetime(2027, 10, 30, 22, 30, tzinfo=UTC)), ZoneInfo("Atlantic/Azores"), NOW)

    assert [row.span.hours_words for row in azores.rows] == [
        "22:30 until 00:30 (UTC−1) the next day, Sunday 31 October",
        "21:30 until 00:30 the next day, Monday 1 November",
        "21:30 until 00:30 the next day, Tuesday 2 November",
    ]
    assert {row.bar.length for row in azores.rows} == {30}
    assert not azores.is_regular


def test_days_alike_for_sleep_and_work_are_regular():
    regular = {
        name: DaysPicture(make_days(), ZoneInfo(name), NOW).is_regular for name in ("Asia/Tokyo", "America/Toronto")
    }

    assert regular == {
        "Asia/Tokyo": True,
        "America/Toronto": False,
    }  # in Toronto Day 1 is a Sunday, the others workdays


def test_week_has_the_days_in_its_middle():
    week = DaysPicture(make_days(), ZoneInfo("Asia/Tokyo"), datetime(2027, 9, 10, 16, tzinfo=UTC)).week

    assert [(cell.weekday, cell.day_of_month, cell.numbers, cell.is_today) for cell in week] == [
        ("Sat", 11, (), True),
        ("Sun", 12, (), False),
        ("Mon", 13, (1,), False),
        ("Tue", 14, (2,), False),
        ("Wed", 15, (3,), False),
        ("Thu", 16, (), False),
        ("Fri", 17, (), False),
    ]


@pytest.mark.parametrize(("days", "cells"), [([], 0), ([0], 7), ([0, 6], 7), ([0, 7], 14), ([0, 13], 14), ([0, 14], 0)])
def test_week_grows_by_weeks_and_gives_up_on_a_month(days, cells):
    tokyo = ZoneInfo("Asia/Tokyo")
    spans = [(n, Span(STARTS + timedelta(days=n), STARTS + timedelta(days=n) + HOUR, tokyo)) for n in days]

    assert len(week_around(spans, NOW)) == cells


def test_week_names_the_month_that_begins_in_it():
    week = DaysPicture(make_days(datetime(2027, 9, 30, 12, tzinfo=UTC)), ZoneInfo("UTC"), NOW).week

    assert [cell.month for cell in week] == ["", "", "", "Oct", "", "", ""]


def test_next_day_is_the_one_that_is_on_or_to_come():
    days = make_days()

    found = [DaysPicture(days, ZoneInfo("UTC"), STARTS + later).next for later in (HOUR, 3 * HOUR, 60 * HOUR)]

    assert [row and row.day.number for row in found] == [1, 2, None]


def test_one_moment_has_two_dates():
    moment = one_moment(STARTS)

    assert [(on, [f"{here.place} {here.time}" for here in places]) for on, places in moment] == [
        (
            date(2027, 9, 12),
            [
                "Vancouver 12:00 pm",
                "Toronto 3:00 pm",
                "Sao Paulo 16:00",
                "London 20:00",
                "Lagos 20:00",
                "Paris 21:00",
                "Nairobi 22:00",
            ],
        ),
        (
            date(2027, 9, 13),
            ["Kolkata 12:30 am", "Singapore 3:00 am", "Tokyo 04:00", "Sydney 5:00 am", "Auckland 7:00 am"],
        ),
    ]


def test_places_bear_the_names_of_today():
    assert [canonical_zone(name).key for name in PLACES] == list(PLACES)


@pytest.mark.parametrize("zone_name", ["America/Toronto", "Asia/Riyadh", "Asia/Kathmandu", "Asia/Tokyo"])
def test_picture_and_its_words_are_as_read_and_approved(zone_name):
    approved = PICTURES / f"{zone_name.rpartition('/')[2].lower()}.html"

    drawn = render_to_string(
        "conference/partials/when/days.html", picture_of(make_days(), ZoneInfo(zone_name), NOW, told=False)
    )

    assert "\n".join(line.strip() for line in drawn.splitlines() if line.strip()) + "\n" == approved.read_text(
        encoding="utf-8"
    )


def test_compact_picture_draws_one_bar_and_names_every_day():
    drawn = render_to_string(
        "conference/partials/when/days.html",
        picture_of(make_days(), ZoneInfo("Asia/Tokyo"), NOW, compact=True, told=False),
    )

    assert drawn.count("<svg") == 1
    assert "The same hours: Day 2 (Tuesday 14 September) and Day 3 (Wednesday 15 September)." in drawn


def test_compact_picture_of_one_day_names_no_others():
    drawn = render_to_string(
        "conference/partials/when/days.html",
        picture_of(make_days(count=1), ZoneInfo("Asia/Tokyo"), NOW, compact=True, told=False),
    )

    assert drawn.count("<svg") == 1
    assert "The same hours" not in drawn


def test_picture_during_a_day_says_until_when():
    drawn = render_to_string(
        "conference/partials/when/days.html",
        picture_of(make_days(), ZoneInfo("Asia/Tokyo"), STARTS + HOUR, told=False),
    )

    assert "<strong>Day 1 is on now</strong>, until 07:00 in Tokyo." in drawn
