"""What the public pages answer to "when is it for me?"."""

import re
from datetime import timedelta
from html import unescape

import pytest

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
def test_without_a_zone_one_moment_shows_its_two_dates(client, path):
    first = make_days()[0]

    words = words_of(client, path)

    assert "Everybody joins at the same moment. When Day 1 starts, clocks show this:" in words
    assert f"{short(first)} Vancouver 12:00 pm" in words
    assert f"{short(first, 9)} Kolkata 12:30 am" in words


@pytest.mark.django_db
def test_with_a_zone_every_day_is_said_and_drawn(client):
    days = make_days()

    html = client.get("/program/?tz=Asia/Tokyo").content.decode()
    words = words_of(client, "/program/?tz=Asia/Tokyo")

    assert html.count('<svg class="hours"') == 3
    for day in days:
        assert f"{day.label}. {short(day, 9)}, 04:00 to 07:00. That is at night." in words
    assert f"Announced as {short(days[0])} for Europe. That is {days[1].starts_at:%A} for you." in words


@pytest.mark.django_db
def test_day_that_is_called_off_is_not_drawn(client):
    days = make_days()
    days[0].called_off_at = NOW
    days[0].save()

    words = words_of(client, "/program/?tz=Asia/Tokyo")

    assert "Day 2 is in " in words
    assert "Day 1. " not in words
    assert 'class="hours"' not in client.get("/program/day-1/?tz=Asia/Tokyo").content.decode()


@pytest.mark.django_db
def test_what_is_over_is_not_drawn(client):
    make_days(starts_at=FIRST_DAY.replace(year=2024))

    pages = [
        client.get(path).content.decode() for path in ("/", "/program/", "/?tz=Asia/Tokyo", "/program/day-1/?tz=UTC")
    ]

    assert not [
        page for page in pages if 'class="hours"' in page or 'class="moment' in page or "How long until" in page
    ]


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
def test_countdown_of_the_home_page_holds_on_every_clock(client):
    starts_at = NOW + timedelta(hours=30, minutes=30)
    make_days(1, starts_at=starts_at)

    words = words_of(client, "/")

    assert "How long until then In 30 hours" in words
