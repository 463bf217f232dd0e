"""Personal links: what opens which page, and what ends it."""

import base64
import itertools
import string

import pytest

from registration import links
from tests.factories import make_confirmed, make_day, make_pending, the_registration

PURPOSES = ["confirm", "my", "calendar"]


@pytest.fixture
def day(db):
    return make_day()


@pytest.fixture
def ada(day):
    return make_confirmed(day)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_token_opens_its_purpose(ada, purpose):
    token = links.token(purpose, ada)

    assert links.registrant_by_token(purpose, token) == ada


@pytest.mark.parametrize(("purpose", "other"), [*itertools.permutations(PURPOSES, 2)])
def test_token_opens_nothing_else(ada, purpose, other):
    token = links.token(purpose, ada)

    with pytest.raises(links.BadToken):
        links.registrant_by_token(other, token)
    with pytest.raises(links.BadToken):
        links.registration_by_join_token(token)


def test_join_token_opens_the_door_of_one_day_alone(ada, day):
    registration = the_registration(ada, day)
    token = links.join_token(registration)

    assert links.registration_by_join_token(token) == registration
    for purpose in PURPOSES:
        with pytest.raises(links.BadToken):
            links.registrant_by_token(purpose, token)


@pytest.mark.parametrize(
    "token", ["", "x", "a" * 43, "=" * 43, "é" * 43, "a" * 10_000, "../etc/passwd", "a b", "\0" * 43]
)
def test_what_is_no_token_opens_nothing(ada, token):
    with pytest.raises(links.BadToken):
        links.registrant_by_token("my", token)
    with pytest.raises(links.BadToken):
        links.registration_by_join_token(token)


def test_every_changed_bit_spoils_the_token(ada):
    raw = base64.urlsafe_b64decode(links.token("my", ada) + "=")

    for bit in range(len(raw) * 8):
        spoilt = bytearray(raw)
        spoilt[bit // 8] ^= 1 << bit % 8
        with pytest.raises(links.BadToken):
            links.registrant_by_token("my", base64.urlsafe_b64encode(bytes(spoilt)).decode().rstrip("="))


def test_token_is_one_path_segment_that_survives_mail(ada):
    token = links.token("my", ada)

    assert len(token) == 43
    assert set(token) <= set(string.ascii_letters + string.digits + "-_")


def test_page_of_an_unverified_person_does_not_open(day):
    ada = make_pending(day)

    assert links.registrant_by_token("confirm", links.token("confirm", ada)) == ada
    for purpose in ("my", "calendar"):
        with pytest.raises(links.BadToken):
            links.registrant_by_token(purpose, links.token(purpose, ada))


@pytest.mark.parametrize(
    ("purpose", "field", "value"),
    [
        ("confirm", "email_key", "other@example.org"),
        ("confirm", "page_link_version", 2),
        ("address", "new_email", "other@example.org"),
        ("my", "page_link_version", 2),
        ("calendar", "calendar_link_version", 2),
    ],
)
def test_token_ends_when_its_link_is_replaced(ada, purpose, field, value):
    token = links.token(purpose, ada)
    setattr(ada, field, value)
    ada.save()

    with pytest.raises(links.BadToken):
        links.registrant_by_token(purpose, token)


def test_tokens_of_an_edition_that_is_taken_off_the_site_stay(ada, day):
    registration = the_registration(ada, day)
    day.conference.is_published = False
    day.conference.save()

    for purpose in PURPOSES:
        assert links.registrant_by_token(purpose, links.token(purpose, ada)) == ada
    assert links.registration_by_join_token(links.join_token(registration)) == registration


def test_token_outlives_a_change_of_key_as_long_as_the_old_one_is_kept(ada, settings):
    token, old_key = links.token("my", ada), settings.SECRET_KEY
    settings.SECRET_KEY = "a-new-key"

    with pytest.raises(links.BadToken):
        links.registrant_by_token("my", token)

    settings.SECRET_KEY_FALLBACKS = [old_key]

    assert links.registrant_by_token("my", token) == ada


def test_urls_are_absolute_on_the_public_site(ada, day, settings):
    settings.SITE_URL = "https://pxp.example.org"

    assert links.my_url(ada) == f"https://pxp.example.org/my/{links.token('my', ada)}/"
    assert links.confirm_url(ada) == f"https://pxp.example.org/confirm/{links.token('confirm', ada)}/"
    registration = the_registration(ada, day)
    assert links.join_url(registration) == f"https://pxp.example.org/join/{links.join_token(registration)}/"
