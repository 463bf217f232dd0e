"""How far away a day is, and what other regions were told: in words, in many zones."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.clock import (
    Span,
    canonical_zone,
    common_zones,
    elsewhere_words,
    place_words,
    region_words,
    reminder_words,
    until_words,
    until_words_anywhere,
    weekday_words,
)

pytestmark = pytest.mark.sqlite_only

STARTS = datetime(2027, 9, 12, 19, tzinfo=UTC)  # a Sunday
ENDS = STARTS + timedelta(hours=3)
HOUR = timedelta(hours=1)


def day_in(zone_name, days_later=0, hours=3):
    starts_at = STARTS + timedelta(days=days_later)
    return Span(starts_at, starts_at + hours * HOUR, canonical_zone(zone_name))


MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("before", "zone_name", "words"),
    [
        (timedelta(days=12), "Asia/Tokyo", "in 12 days"),
        (timedelta(days=2), "Asia/Tokyo", "in 2 days"),
        (timedelta(hours=24), "Asia/Tokyo", "tomorrow"),
        (timedelta(hours=23), "America/Toronto", "tomorrow"),
        (timedelta(hours=12), "Asia/Tokyo", "tomorrow"),  # 16:00 there
        (timedelta(hours=11, minutes=59), "Asia/Tokyo", "in 11 hours"),
        (timedelta(hours=14), "America/Toronto", "in 14 hours"),  # 01:00 of the same day
        (timedelta(hours=5), "Asia/Tokyo", "in 5 hours"),  # 23:00 of the day before
        (HOUR, "Asia/Kolkata", "in 1 hour"),  # 23:30 of the day before
        (timedelta(hours=16), "Asia/Kolkata", "in 16 hours"),  # 00:30 on Monday is Sunday's night
        (timedelta(hours=26), "Asia/Kolkata", "tomorrow"),  # 22:30 on Saturday
        (HOUR - timedelta(seconds=1), "America/Toronto", "in 59 minutes"),
        (timedelta(seconds=5), "America/Toronto", "in 1 minute"),
        (timedelta(0), "UTC", "now"),
        (-2 * HOUR, "UTC", "now"),
        (-3 * HOUR, "UTC", ""),
    ],
)
def test_words_are_closer_the_nearer_it_is_and_tomorrow_is_a_night_away(before, zone_name, words):
    assert until_words(day_in(zone_name), STARTS - before) == words


@given(zone=st.sampled_from(common_zones()), minutes=st.integers(1, 12 * 60 - 1))
def test_what_is_within_twelve_hours_is_never_tomorrow(zone, minutes):
    span = day_in(zone)

    assert until_words(span, STARTS - minutes * MINUTE).startswith("in ")
    assert "tomorrow" not in reminder_words(span, STARTS - minutes * MINUTE)


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (timedelta(days=12, hours=23), "in 12 days"),
        (timedelta(days=2), "in 2 days"),
        (timedelta(hours=47, minutes=59), "in 47 hours"),
        (timedelta(hours=1), "in 1 hour"),
        (timedelta(minutes=59), "in 59 minutes"),
        (timedelta(seconds=90), "in 1 minute"),
        (timedelta(0), "now"),
        (-3 * HOUR, ""),
    ],
)
def test_without_a_zone_the_words_hold_everywhere(before, words):
    assert until_words_anywhere(day_in("UTC"), STARTS - before) == words


def test_clocks_that_change_before_the_day_do_not_change_the_count():
    # Paris sets its clocks back in the night before: 25 hours pass from 20:00 to 20:00.
    paris = canonical_zone("Europe/Paris")
    span = Span(datetime(2027, 10, 31, 19, tzinfo=UTC), datetime(2027, 10, 31, 22, tzinfo=UTC), paris)

    assert until_words(span, datetime(2027, 10, 30, 18, tzinfo=UTC)) == "tomorrow"


@pytest.mark.parametrize(
    ("name", "words"), [("Asia/Tokyo", "in Tokyo"), ("UTC", "UTC"), ("Etc/GMT+5", "UTC−5"), ("Zulu", "UTC")]
)
def test_place_of_a_clock(name, words):
    assert place_words(canonical_zone(name), STARTS) == words


@pytest.mark.parametrize(
    ("zone_name", "before", "words"),
    [
        ("America/Toronto", 7 * 24 * HOUR, "in 7 days, Sunday 12 September, 3:00 pm"),
        ("America/Toronto", 24 * HOUR - MINUTE, "tomorrow, 3:00 pm"),
        ("America/Toronto", HOUR, "in 1 hour, today at 3:00 pm"),
        ("Europe/Paris", HOUR, "in 1 hour, tonight at 21:00"),
        ("Asia/Kolkata", 7 * 24 * HOUR, "in 7 days, late on Sunday night (12:30 am on Monday 13 September)"),
        ("Asia/Kolkata", 26 * HOUR, "tomorrow, late on Sunday night (12:30 am on Monday 13 September)"),
        ("Asia/Kolkata", HOUR, "in 1 hour, tonight at 12:30 am"),
        ("Asia/Kolkata", MINUTE, "in 1 minute, tonight at 12:30 am"),
        ("Asia/Tokyo", 6 * HOUR, "in 6 hours, at 04:00"),
        ("Asia/Tokyo", HOUR, "in 1 hour, today at 04:00"),
    ],
)
def test_reminder_says_how_near_it_is_and_the_hour(zone_name, before, words):
    assert reminder_words(day_in(zone_name), STARTS - before) == words


@pytest.mark.parametrize(
    ("zone_name", "words"),
    [
        ("America/Toronto", "Sunday 12 September, 3:00 pm to 6:00 pm"),
        ("Asia/Kolkata", "late on Sunday night (12:30 am to 3:30 am on Monday 13 September)"),
        ("Asia/Riyadh", "Sunday 12 September, 10:00 pm until 1:00 am the next day, Monday 13 September"),
    ],
)
def test_times_say_the_end_too(zone_name, words):
    assert day_in(zone_name).times_words == words


@pytest.mark.parametrize(
    ("zone_name", "words"),
    [
        ("America/Toronto", "Sunday 12 September, 3:00 pm"),
        ("Asia/Kolkata", "late on Sunday night (12:30 am on Monday 13 September)"),
        ("Asia/Dhaka", "late on Sunday night (1:00 am on Monday 13 September)"),
        ("Asia/Tokyo", "Monday 13 September, 04:00"),
    ],
)
def test_small_hours_belong_to_the_evening_before(zone_name, words):
    assert day_in(zone_name).moment_words == words


TOLD = [("Europe, Africa, North and South America", date(2027, 9, 12)), ("Asia and Oceania", date(2027, 9, 13))]


def test_nothing_is_said_of_others_who_were_told_the_same_date():
    assert elsewhere_words(day_in("UTC"), TOLD[:1]) == ""
    assert elsewhere_words(day_in("UTC"), []) == ""


def test_dates_told_to_several_regions_are_named_once():
    told = [("Asia", date(2027, 9, 13)), ("Oceania", date(2027, 9, 13)), ("The Moon", date(2027, 9, 14))]

    assert elsewhere_words(day_in("UTC"), told) == (
        "You may see “Monday 13 September” or “Tuesday 14 September” elsewhere. "
        "It is the same event; for you it is Sunday."
    )


def test_weekday_in_words():
    assert weekday_words(date(2027, 9, 13)) == "Monday"


@pytest.mark.parametrize(
    ("region", "language", "words"),
    [
        ("Asia and Oceania", "fr", "Asie et Océanie"),
        ("Asia and Oceania", "es", "Asia y Oceanía"),
        ("Asia and Oceania", "ar", "آسيا وأوقيانوسيا"),
        ("Europe and Africa", "fr", "Europe et Afrique"),
        (
            "Europe, Africa, North and South America",
            "fr",
            "Europe, Afrique, Amérique du Nord et Amérique du Sud",
        ),
        ("europe and  the Americas", "es", "Europa, América del Norte y Sudamérica"),
        ("Europe, Africa, and Latin America", "fr", "Europe, Afrique et Amérique latine"),
        ("Asia, Oceania and our friends", "fr", ""),
        ("North", "fr", ""),
        ("", "fr", ""),
        ("Asia", "no such language", ""),
    ],
)
def test_parts_of_the_world_have_their_name_in_each_language(region, language, words):
    assert region_words(region, language) == words
