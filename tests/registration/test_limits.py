"""Limits count across processes, name nobody, and say when to try again."""

from datetime import timedelta

import pytest
from django.test import RequestFactory

from registration.abuse import limits
from registration.models import AttemptCount
from tests.factories import NOW
from tests.support.at_once import at_once

pytestmark = pytest.mark.django_db
LIMIT = limits.Limit("test", most=2, minutes=10)


def test_limit_stops_the_try_after_the_last_allowed_one():
    limits.count(LIMIT, "ada", now=NOW)
    limits.count(LIMIT, "ada", now=NOW)

    with pytest.raises(limits.TooManyTries) as stop:
        limits.count(LIMIT, "ada", now=NOW + timedelta(minutes=3))

    assert stop.value.minutes == 7


def test_limit_starts_again_with_the_next_window():
    for minute in (0, 1, 10, 11):
        limits.count(LIMIT, "ada", now=NOW + timedelta(minutes=minute))

    assert list(AttemptCount.objects.order_by("pk").values_list("count", flat=True)) == [2, 2]


def test_try_that_began_before_the_window_and_came_late_counts_in_its_own():
    for minute in (0, 10, 9):
        tries = limits.count(LIMIT, "ada", now=NOW + timedelta(minutes=minute))

    assert tries == 2
    assert sorted(AttemptCount.objects.values_list("count", flat=True)) == [1, 2]


def test_limit_counts_each_key_by_itself():
    for key in ("ada", "ada", "bob", "bob"):
        limits.count(LIMIT, key, now=NOW)

    assert AttemptCount.objects.count() == 2


def test_counts_do_not_name_the_key():
    limits.count(LIMIT, "ada@example.org", now=NOW)

    row = AttemptCount.objects.values().get()
    assert "ada" not in str(row)


@pytest.mark.django_db(transaction=True)
def test_limit_holds_for_tries_at_the_same_moment():
    def attempt():
        try:
            limits.count(LIMIT, "ada", now=NOW)
        except limits.TooManyTries:
            return "stopped"
        return "counted"

    outcomes = at_once(*[attempt] * 8)

    assert AttemptCount.objects.get().count == 8
    assert outcomes.count("counted") <= LIMIT.most


@pytest.mark.parametrize(
    ("proxies", "forwarded", "network"),
    [
        (0, "203.0.113.9", "127.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.7, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.7, 203.0.113.9", "198.51.100.7"),
        (2, "203.0.113.9", "127.0.0.1"),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (1, "::ffff:203.0.113.9", "203.0.113.9"),
        (1, "203.0.113.9:51234", "203.0.113.9"),
        (1, "[2001:db8:1:2::6]:51234", "2001:db8:1:2::/64"),
        (1, "[2001:db8:1:2::6]", "2001:db8:1:2::/64"),
        (1, "fe80::1%eth0", "fe80::/64"),
        (1, "::1", "::/64"),
        (1, "nonsense", "unknown"),
    ],
)
def test_network_is_what_the_trusted_proxies_say(settings, proxies, forwarded, network):
    settings.PROXY_COUNT = proxies
    request = RequestFactory().get("/", HTTP_X_FORWARDED_FOR=forwarded)

    assert limits.network_of(request) == network
