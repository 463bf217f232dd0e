"""Forms without cookies: where one may come from, by what browsers old and new say of it."""

import re

import pytest
from django.test import Client

from pxp.origin import comes_from_elsewhere
from registration import links
from registration.models import Registrant, Registration
from tests.factories import make_confirmed, make_pending, make_program

TYPED = {"name": "Ada", "email": "ada@example.org", "days": ["1", "3"], "country": "JP", "time_zone": ""}
OURS = "https://pxp.example.org"


@pytest.fixture
def days(db):
    return list(make_program(sessions=0).days.with_conference().order_by("number"))


@pytest.fixture
def browser():
    """A browser with cookies off, to which no check is lenient."""
    return Client(enforce_csrf_checks=True)


# --- The rule ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, False),
        ({"Sec-Fetch-Site": "none"}, False),
        ({"Sec-Fetch-Site": "same-site"}, True),
        ({"Sec-Fetch-Site": "cross-site"}, True),
        ({"Sec-Fetch-Site": "nonsense"}, True),
        # Fetch metadata is believed before the Origin: "null" comes from pages without a referrer, and from proxies.
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": OURS}, True),
        # Browsers of before 2023, and any browser by http.
        ({"Origin": OURS}, False),
        ({"Origin": "https://PXP.example.org:443"}, False),
        ({"Origin": "http://pxp.example.org"}, True),
        ({"Origin": "https://pxp.example.org:8443"}, True),
        ({"Origin": "https://evil.example"}, True),
        ({"Origin": "https://pxp.example.org.evil.example"}, True),
        ({"Origin": "null"}, True),
        ({"Origin": ""}, True),
        ({"Origin": "https://[::1"}, True),
        ({"Origin": "file://"}, True),
        # A proxy that rewrites the Host changes nothing; nor does a page elsewhere that names our host.
        ({"Origin": OURS, "Host": "10.0.0.7:8000"}, False),
        ({"Origin": "http://10.0.0.7:8000", "Host": "10.0.0.7:8000"}, True),
        # Very old browsers, mail programs, mail providers: they send neither, and no page can leave both out.
        ({}, False),
        ({"Referer": "https://evil.example/"}, False),
    ],
)
def test_headers_say_where_a_form_comes_from(settings, headers, expected):
    settings.SITE_URL = OURS

    assert comes_from_elsewhere(headers) is expected


# --- Without cookies --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/register/", "/register/day-1/", "/lost-link/"])
def test_form_sets_no_cookie_and_holds_no_token(browser, days, path):
    form = browser.get(path)

    assert not form.cookies
    assert "csrf" not in form.text
    assert form["Cache-Control"] == "public, max-age=60"
    assert form["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("headers", [{}, {"Origin": "http://testserver"}, {"Sec-Fetch-Site": "same-origin"}])
def test_person_signs_up_confirms_and_comes_with_cookies_off(browser, days, headers):
    assert browser.post("/register/", TYPED, headers=headers).status_code == 302
    ada = Registrant.objects.get()
    assert browser.post(f"/confirm/{links.token('confirm', ada)}/", headers=headers).status_code == 302
    assert Registration.objects.confirmed().count() == 2

    my = f"/my/{links.token('my', ada)}/"
    assert "csrf" not in browser.get(my).text
    assert browser.post(my, {"action": "drop", "day": "1"}, headers=headers).status_code == 302
    assert Registration.objects.confirmed().count() == 1
    assert browser.post(f"{my}delete/", headers=headers).status_code == 302
    assert not browser.cookies


def test_same_form_for_everybody_within_a_minute(browser, days):
    first = browser.get("/register/", headers={"Accept-Language": "fr-CA"})
    second = browser.get("/register/", headers={"Accept-Language": "ja"})

    assert first.content == second.content
    assert first["ETag"] == second["ETag"]


def test_answer_to_a_form_is_kept_by_nobody_else(browser, days):
    assert browser.post("/register/", TYPED | {"name": ""})["Cache-Control"] == "private, no-cache"


# --- From elsewhere ---------------------------------------------------------------------------------------------------

FOREIGN = [{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}, {"Origin": "https://evil.example"}]


@pytest.mark.parametrize("headers", FOREIGN)
def test_foreign_page_that_signs_someone_up_shows_them_the_form_instead(browser, days, headers):
    refused = browser.post("/register/day-2/", TYPED | {"needs": "More time"}, headers=headers)

    assert refused.status_code == 403
    assert "This seems to come from another website." in refused.text
    form = refused.context["form"]
    assert (form["name"].value(), form["days"].value(), form["needs"].value()) == ("Ada", ["1", "3"], "More time")
    assert Registrant.objects.count() == 0

    again = browser.post("/register/day-2/", TYPED, headers={"Sec-Fetch-Site": "same-origin"})

    assert again.status_code == 302
    assert Registrant.objects.count() == 1


@pytest.mark.parametrize("headers", FOREIGN)
def test_foreign_page_confirms_nobody(browser, days, headers):
    ada = make_pending(days[0])

    refused = browser.post(f"/confirm/{links.token('confirm', ada)}/", {"x": 'a"b'}, headers=headers)

    assert refused.status_code == 403
    assert '<input type="hidden" name="x" value="a&quot;b">' in refused.text
    assert not Registration.objects.confirmed().exists()


def test_foreign_page_opens_no_door(browser, days):
    row = make_confirmed(days[0]).registrations.get()

    assert browser.post(f"/join/{links.join_token(row)}/", headers=FOREIGN[0]).status_code == 403


def test_mail_program_s_page_ends_reminders(browser, days):
    """RFC 8058: the unguessable address is the proof, and some mail programs send from a page of theirs."""
    ada = make_confirmed(days[0])

    ended = browser.post(
        f"/unsubscribe/{links.token('unsubscribe', ada)}/", {"List-Unsubscribe": "One-Click"}, headers=FOREIGN[0]
    )

    assert ended.status_code == 200
    ada.refresh_from_db()
    assert ada.reminders is False


# --- Organisers -------------------------------------------------------------------------------------------------------


def log_in(browser, headers):
    page = browser.get("/organisers/login/").text
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    typed = {"csrfmiddlewaretoken": token, "username": "eve", "password": "secret"}
    return browser.post("/organisers/login/", typed, headers=headers)


@pytest.mark.django_db
def test_organisers_form_needs_its_token_and_our_own_page(browser):
    without = browser.post("/organisers/login/", {"username": "eve", "password": "secret"})

    assert without.status_code == 403
    assert "secret" not in without.text
    assert "Please go back and try once more" in without.text
    assert log_in(browser, {"Sec-Fetch-Site": "same-origin"}).status_code == 200
    assert log_in(browser, FOREIGN[0]).status_code == 403
    assert log_in(browser, {"Sec-Fetch-Site": "same-site"}).status_code == 403
