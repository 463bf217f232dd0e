"""Times in words, in every zone of the zone database."""

import zoneinfo
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest
from babel import Locale
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from conference.clock import (
    Span,
    UnknownZone,
    canonical_zone,
    clock_words,
    common_zones,
    countries,
    country_name,
    date_words,
    offset_words,
    place_name,
    range_words,
    short_date_words,
    utc_span,
    zone_choices,
    zone_label,
    zones_of,
)

pytestmark = pytest.mark.sqlite_only
DAY_STARTS = datetime(2028, 9, 12, 19, tzinfo=UTC)
DAY_ENDS = datetime(2028, 9, 12, 22, tzinfo=UTC)
ZONES = sorted({canonical_zone(name).key for name in zoneinfo.available_timezones() - {"Factory", "EST", "MST"}})


def day_in(zone_name):
    return Span(DAY_STARTS, DAY_ENDS, canonical_zone(zone_name))


@pytest.mark.parametrize(
    ("zone_name", "sentence"),
    [
        ("Asia/Tokyo", "Wednesday 13 September 2028, 04:00 to 07:00, Tokyo time (UTC+9)"),
        ("UTC", "Tuesday 12 September 2028, 19:00 to 22:00, UTC"),
        ("Etc/GMT+5", "Tuesday 12 September 2028, 14:00 to 17:00, UTC−5"),
        ("Africa/Accra", "Tuesday 12 September 2028, 7:00 pm to 10:00 pm, Accra time (UTC+0)"),
        ("Europe/London", "Tuesday 12 September 2028, 20:00 to 23:00, London time (UTC+1)"),
        ("Europe/Paris", "Tuesday 12 September 2028, 21:00 to midnight, Paris time (UTC+2)"),
        (
            "Africa/Nairobi",
            "Tuesday 12 September 2028, 22:00 until 01:00 the next day, Wednesday 13 September, Nairobi time (UTC+3)",
        ),
        (
            "Asia/Kathmandu",
            "Wednesday 13 September 2028, 00:45 to 03:45, late on Tuesday night, Kathmandu time (UTC+5:45)",
        ),
        ("America/St_Johns", "Tuesday 12 September 2028, 4:30 pm to 7:30 pm, St. John’s time (UTC−2:30)"),
        ("America/Argentina/Buenos_Aires", "Tuesday 12 September 2028, 4:00 pm to 7:00 pm, Buenos Aires time (UTC−3)"),
        ("Pacific/Chatham", "Wednesday 13 September 2028, 7:45 am to 10:45 am, Chatham time (UTC+12:45)"),
        ("Pacific/Kiritimati", "Wednesday 13 September 2028, 9:00 am to noon, Kiritimati time (UTC+14)"),
        ("Pacific/Pago_Pago", "Tuesday 12 September 2028, 8:00 am to 11:00 am, Pago Pago time (UTC−11)"),
    ],
)
def test_sentence_says_weekday_date_times_and_zone(zone_name, sentence):
    assert day_in(zone_name).sentence() == sentence


@pytest.mark.parametrize(
    ("language", "zone_name", "hour", "words"),
    [
        ("en", "America/Vancouver", 19, "Sunday 12 September, noon"),
        ("en", "Asia/Kolkata", 18.5, "late on Sunday night (midnight on Monday 13 September)"),
        ("en", "Europe/Paris", 10, "Sunday 12 September, 12:00"),
        ("en", "UTC", 12, "Sunday 12 September, 12:00"),
        ("es", "America/Mexico_City", 18, "domingo, 12 de septiembre, 12:00\u00a0p.m."),
    ],
)
def test_noon_and_midnight_have_a_name_where_12_pm_and_12_am_would_be_guessed_at(language, zone_name, hour, words):
    starts_at = datetime(2027, 9, 12, tzinfo=UTC) + timedelta(hours=hour)

    with translation.override(language):
        assert Span(starts_at, starts_at + timedelta(hours=3), canonical_zone(zone_name)).moment_words == words


def test_span_of_more_than_a_night_names_the_date_it_ends():
    span = utc_span(DAY_STARTS, DAY_ENDS + timedelta(days=2))

    assert span.hours_words == "19:00 until 22:00 on Thursday 14 September"


def test_span_over_a_clock_change_says_the_new_offset():
    paris = canonical_zone("Europe/Paris")

    span = Span(datetime(2027, 10, 31, 0, 15, tzinfo=UTC), datetime(2027, 10, 31, 1, 10, tzinfo=UTC), paris)

    assert (
        span.sentence()
        == "Sunday 31 October 2027, 02:15 (UTC+2) to 02:10 (UTC+1), late on Saturday night, Paris time (UTC+2)"
    )


@pytest.mark.parametrize(
    ("zone_name", "start", "hours"),
    [
        ("America/Toronto", datetime(2027, 11, 7, 5, 30, tzinfo=UTC), "1:30 am (UTC−4) to 2:00 am (UTC−5)"),
        ("America/Toronto", datetime(2027, 11, 7, 6, 30, tzinfo=UTC), "1:30 am (UTC−5) to 3:00 am"),
        ("America/Toronto", datetime(2027, 11, 7, 4, 15, tzinfo=UTC), "12:15 am to 1:45 am (UTC−4)"),
        ("America/Toronto", datetime(2027, 3, 14, 6, 30, tzinfo=UTC), "1:30 am to 4:00 am (UTC−4)"),
        ("America/Havana", datetime(2027, 11, 7, 3, 30, tzinfo=UTC), "11:30 pm to midnight (UTC−5)"),
        ("Australia/Lord_Howe", datetime(2027, 4, 3, 14, 30, tzinfo=UTC), "1:30 am (UTC+11) to 2:30 am (UTC+10:30)"),
    ],
)
def test_an_hour_that_clocks_show_twice_says_which_of_the_two_it_is(zone_name, start, hours):
    span = Span(start, start + timedelta(minutes=90), canonical_zone(zone_name))

    assert span.hours_words == hours
    assert span.moment_words.count("UTC") == hours.partition(" to ")[0].count("UTC")


@pytest.mark.parametrize("zone_name", ZONES)
def test_local_times_lead_back_to_the_same_instants(zone_name):
    span = day_in(zone_name)

    assert (span.start.astimezone(UTC), span.end.astimezone(UTC)) == (DAY_STARTS, DAY_ENDS)
    assert span.minutes == 180
    assert span.date in {date(2028, 9, 12), date(2028, 9, 13)}
    assert place_name(zone_name)
    assert canonical_zone(zone_name.upper()).key == zone_name


@given(minutes_later=st.integers(0, 13 * 366 * 24 * 60), zone=st.sampled_from(ZONES))
def test_words_for_the_offset_lead_back_to_the_instant(minutes_later, zone):
    instant = datetime(2023, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes_later)
    local = instant.astimezone(canonical_zone(zone))

    sign, (hours, _colon, minutes) = offset_words(local)[3], offset_words(local)[4:].partition(":")
    offset = timedelta(hours=int(hours), minutes=int(minutes or 0)) * (-1 if sign == "−" else 1)

    assert local.replace(tzinfo=UTC) - offset == instant


def test_zone_files_are_the_package_s_and_know_2027():
    # Debian 2025b still ends summer time in British Columbia, which was abolished in 2026.
    vancouver = datetime(2027, 12, 1, 12, tzinfo=canonical_zone("America/Vancouver"))

    assert zoneinfo.TZPATH == ()
    assert offset_words(vancouver) == "UTC−7"


@pytest.mark.parametrize(
    ("old", "today"),
    [
        ("Asia/Calcutta", "Asia/Kolkata"),
        ("Etc/GMT 12", "Etc/GMT+12"),
        ("America/New York", "America/New_York"),
        ("asia/katmandu", "Asia/Kathmandu"),
        ("Europe/Kiev", "Europe/Kyiv"),
        ("America/Montreal", "America/Toronto"),
        ("US/Eastern", "America/New_York"),
        ("EST5EDT", "America/New_York"),
        ("Iceland", "Atlantic/Reykjavik"),
        ("Europe/Stockholm", "Europe/Stockholm"),
        ("Etc/GMT", "UTC"),
        ("zulu", "UTC"),
        ("  Europe/Paris ", "Europe/Paris"),
    ],
)
def test_old_names_lead_to_the_zone_of_today(old, today):
    assert canonical_zone(old) == ZoneInfo(today)


def test_every_old_name_keeps_its_clock():
    for name in zoneinfo.available_timezones() - {"Factory", "EST", "MST"}:
        old, today = ZoneInfo(name), canonical_zone(name)
        for instant in (DAY_STARTS, DAY_STARTS + timedelta(days=120)):
            assert instant.astimezone(old).utcoffset() == instant.astimezone(today).utcoffset()


@pytest.mark.parametrize(
    "name", ["", "Mars/Base", "../../etc/passwd", "Factory", "Europe/Paris\0", None, "EST", "mst", "a" * 10_000]
)
def test_unknown_zone_is_refused(name):
    with pytest.raises(UnknownZone):
        canonical_zone(name)


def test_label_follows_summer_and_winter():
    toronto = canonical_zone("America/Toronto")

    labels = [zone_label(toronto, datetime(2028, month, 1, tzinfo=UTC)) for month in (1, 7)]

    assert labels == ["Toronto time (UTC−5)", "Toronto time (UTC−4)"]


def test_countries_are_sorted_as_people_look_them_up():
    names = [name for _code, name in countries()]

    assert names[:3] == ["Afghanistan", "Åland Islands", "Albania"]
    assert len(countries()) == 257
    assert country_name("CI") == "Côte d’Ivoire"
    assert country_name("XX") == ""


def test_every_territory_of_cldr_has_a_name_and_a_clock():
    no_territory = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}  # unions, the rest of an ocean, and names for tests
    in_cldr = {code for code in Locale("en").territories if len(code) == 2} - no_territory

    assert set(dict(countries())) == in_cldr
    assert {code for code in in_cldr if not zones_of(code)} == {"BV", "HM"}  # nobody lives there
    assert (country_name("XK"), zones_of("XK")) == ("Kosovo", ["Europe/Skopje"])


def test_no_choice_of_a_zone_is_an_abbreviation():
    offered = {name for code, _name in countries() for name in zones_of(code)} | set(common_zones())

    assert {name for name in offered if "/" not in name} == {"UTC"}


def test_almost_every_country_has_exactly_one_zone():
    assert sum(len(zones_of(code)) == 1 for code, _name in countries()) >= 215


def test_every_zone_of_a_country_is_a_canonical_one():
    for code, _name in countries():
        assert [canonical_zone(name).key for name in zones_of(code)] == zones_of(code)


@pytest.mark.parametrize("month", range(1, 13))
def test_short_list_covers_every_offset_in_use(month):
    at = datetime(2027, month, 15, tzinfo=UTC)
    rows = (files("tzdata") / "zoneinfo" / "zone.tab").read_text().splitlines()
    in_use = {row.split("\t")[2] for row in rows if not row.startswith("#")}

    def offsets(names):
        return {at.astimezone(ZoneInfo(name)).utcoffset() for name in names}

    assert offsets(in_use) <= offsets(common_zones())
    assert len(common_zones()) <= 70


def test_choices_name_place_and_offset():
    choices = zone_choices(["Asia/Tokyo", "UTC"], DAY_STARTS)

    assert choices == [("Asia/Tokyo", "Tokyo (UTC+9)"), ("UTC", "UTC")]


def test_words_of_single_dates_and_times():
    assert date_words(date(2028, 9, 13)) == "Wednesday 13 September 2028"
    assert clock_words(DAY_STARTS) == "19:00"


@pytest.mark.parametrize(
    ("language", "zone_name", "words"),
    [
        ("en", "America/Toronto", "3:00 pm"),
        ("en", "Asia/Kolkata", "12:30 am"),
        ("en", "Europe/Paris", "21:00"),
        ("en", "Asia/Tokyo", "04:00"),
        ("en", "UTC", "19:00"),
        ("en", "Etc/GMT+5", "14:00"),
        ("fr", "America/Toronto", "15\u00a0h\u00a000"),
        ("es", "America/Mexico_City", "1:00\u00a0p.m."),
        ("es", "Europe/Madrid", "21:00"),
        ("ar", "Africa/Cairo", "10:00\u00a0م"),
    ],
)
def test_hours_are_said_as_people_do_there(language, zone_name, words):
    at = datetime(2027, 9, 12, 19, tzinfo=UTC).astimezone(canonical_zone(zone_name))

    with translation.override(language):
        assert clock_words(at) == words


def test_french_counts_the_first_of_a_month_as_first():
    first, third = date(2027, 9, 1), date(2027, 9, 3)

    with translation.override("fr"):
        said = [date_words(first), short_date_words(first), date_words(date(2027, 9, 11))]
        ranges = [range_words(first, third, year=True), range_words(date(2027, 8, 31), first)]

    assert said == ["mercredi 1er septembre 2027", "mercredi 1er septembre", "samedi 11 septembre 2027"]
    assert ranges == ["1er au 3 septembre 2027", "31 août au 1er septembre"]
