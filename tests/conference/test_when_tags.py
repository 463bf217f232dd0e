"""What the public pages answer to "when is it for me?"."""

import re
from datetime import date, timedelta
from html import unescape

import pytest

from conference.clock import dates_words
from tests.factories import FIRST_DAY, NOW, make_announced_date, make_conference, make_day, make_session


def make_days(count=3, starts_at=FIRST_DAY, **fields):
    conference = make_conference(slug=str(starts_at.year))
    days = [make_day(conference, n, starts_at=starts_at + timedelta(days=n - 1), **fields) for n in range(1, count + 1)]
    for day in days:
        make_announced_date(day, "Europe", date=day.starts_at.date())
        make_announced_date(day, "Asia and Oceania", position=1)
    return days


def words_of(client, path):
    """Return a page's own words, one blank between two of them."""
    html = client.get(path).content.decode()
    words = re.sub(r"<[^>]*>", " ", html[html.index("<main") :])
    return re.sub(r" ([.,:])", r"\1", " ".join(unescape(words).split()))


def short(day, zone_offset=0):
    return f"{day.starts_at + timedelta(hours=zone_offset):%A %-d September}"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/program/"])
def test_without_a_zone_the_dates_of_both_regions_are_said_and_utc_once(client, path):
    make_days()

    words = words_of(client, path)

    if path == "/":  # the program says each day's two dates instead
        assert "12 to 14 September 2027 in Europe 13 to 15 September 2027 in Asia and Oceania" in words
    assert words.count("12 to 14 September, 19:00 to 22:00 UTC each day") == 1
    assert "See the times where you are" in words


@pytest.mark.django_db
def test_hours_in_utc_of_an_only_day_have_its_date_where_a_region_was_told_another(client):
    make_days(1)

    words = words_of(client, "/")

    assert "12 September 2027 in Europe 13 September 2027 in Asia and Oceania 12 September, 19:00 to 22:00 UTC" in words


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/easy-read/"])
def test_dates_of_a_region_that_was_told_some_of_the_days_are_not_said_as_all_of_them(client, path):
    days = make_days()
    days[2].announced_dates.filter(region="Asia and Oceania").delete()

    words = words_of(client, path)

    assert "14 September" in words
    assert "Asia and Oceania" not in words.partition("The days")[0]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/?tz=Africa/Accra", "/program/?tz=Africa/Accra"])
def test_days_with_time_between_them_are_not_one_span_of_dates(client, path):
    days = make_days()
    days[1].starts_at += timedelta(days=7)
    days[1].ends_at += timedelta(days=7)
    days[1].save()
    days[1].announced_dates.all().delete()
    days[2].called_off_at = NOW
    days[2].save()

    assert "12 September and 20 September 2027" in words_of(client, path)


def test_words_for_dates_join_what_follows_each_other():
    new_year = [date(2027, 12, 30), date(2027, 12, 31), date(2028, 1, 1), date(2028, 1, 8)]

    assert dates_words([date(2027, 9, 13), date(2027, 9, 12)]) == "12 to 13 September"
    assert dates_words([date(2028, 2, 28), date(2028, 2, 29), date(2028, 3, 1)]) == "28 February to 1 March"
    assert dates_words(new_year, year=True) == "30 December 2027 to 1 January 2028 and 8 January 2028"
    assert dates_words([date(2027, 12, 30), date(2028, 1, 8)], year=True) == "30 December 2027 and 8 January 2028"


@pytest.mark.django_db
def test_cities_lead_to_the_page_in_their_time(client):
    make_days()

    html = client.get("/").text

    assert '<a href="?tz=Asia/Tokyo">Tokyo</a>' in html
    assert "Another city" in html


@pytest.mark.django_db
def test_with_a_zone_the_dates_are_the_visitors_and_the_hours_said_once(client):
    days = make_days()

    words = words_of(client, "/program/?tz=Asia/Tokyo")

    assert "13 to 15 September 2027 04:00 to 07:00 each day in Tokyo. Change" in words
    for day in days:
        assert f"{short(day, 9)}, 04:00" in words


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("zone", "touches"),
    [("America/Toronto", False), ("Europe/London", True), ("Asia/Kolkata", True), ("Asia/Tokyo", True), ("UTC", False)],
)
def test_hours_of_a_day_are_drawn_where_they_touch_the_night(client, zone, touches):
    make_days(1)

    html = client.get(f"/program/day-1/?tz={zone}").text

    assert ('class="hours"' in html) == touches
    assert "Work" not in html


@pytest.mark.django_db
def test_day_that_is_called_off_is_not_drawn(client):
    days = make_days()
    days[0].called_off_at = NOW
    days[0].save()

    assert 'class="hours"' not in client.get("/program/day-1/?tz=Asia/Tokyo").text
    assert "14 to 15 September 2027" in words_of(client, "/program/?tz=Asia/Tokyo")


@pytest.mark.django_db
def test_what_is_over_is_not_drawn(client):
    make_days(starts_at=FIRST_DAY.replace(year=2024))

    pages = [client.get(path).text for path in ("/", "/program/", "/?tz=Asia/Tokyo", "/program/day-1/?tz=Asia/Tokyo")]

    assert not [page for page in pages if 'class="hours"' in page]


@pytest.mark.django_db
def test_edition_without_days_has_no_picture(client):
    make_conference()

    assert client.get("/").status_code == 200
    assert client.get("/program/?tz=Asia/Tokyo").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/program/day-1/", "/program/sessions/day-1-session-1/"])
def test_session_over_midnight_is_said_in_words(client, path):
    day = make_days(1)[0]
    starts_at = day.starts_at + timedelta(hours=1, minutes=30)
    make_session(day, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=50))

    words = words_of(client, f"{path}?tz=Europe/Athens")

    assert f"11:30 pm until 12:20 am the next day, {short(day, 24)}" in words


@pytest.mark.django_db
def test_home_says_when_the_next_day_starts_once_it_is_near(client):
    make_days(1, starts_at=NOW + timedelta(hours=30, minutes=30))

    assert "Day 1 starts" not in words_of(client, "/")
