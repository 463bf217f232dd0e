"""Who may open what: a table of (address, who, answer) that has every address of the site in it.

Ada has a place on Day 1, Bob waits for it, Eve signed up for nothing and tries with what she can find; organisers are
logged in. An address that is not in the table fails the first test here: add it, with what each of them must get.
"""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from registration import links
from tests.factories import make_confirmed, make_program, the_registration

WHO = ("anonymous", "ada", "bob", "eve", "organiser")

EVERYBODY = dict.fromkeys(WHO, 200)
# A page of one person opens for the key that was made for it, and for nothing else.
# It opens with what one has just typed oneself; any other address leads to the page that knows nothing.
NOBODY = dict.fromkeys(WHO, 302)
ITS_OWNER = {"anonymous": 404, "ada": 200, "bob": 200, "eve": 404, "organiser": 404}

ANSWERS = {
    "healthz": EVERYBODY,
    "readyz": EVERYBODY,
    "sitemap": EVERYBODY,
    "robots": EVERYBODY,
    "security-txt": EVERYBODY,
    "manifest": EVERYBODY,
    "service-worker": EVERYBODY,
    "picture": dict.fromkeys(WHO, 404),  # this one is nobody's (tests/conference/test_portraits.py)
    "preview": dict.fromkeys(WHO, 404),  # a draft opens for a key that is signed (tests/conference/test_drafts.py)
    "conference:home": EVERYBODY,
    "conference:program": EVERYBODY,
    "conference:changes": EVERYBODY,
    "conference:my-plan": EVERYBODY,
    "conference:my-plan-ics": EVERYBODY,
    "conference:day": EVERYBODY,
    "conference:session": EVERYBODY,
    "conference:speakers": EVERYBODY,
    "conference:speaker": EVERYBODY,
    "conference:how-to-join": EVERYBODY,
    "conference:easy-read": EVERYBODY,
    "conference:easy-read-program": EVERYBODY,
    "conference:easy-read-how-to-join": EVERYBODY,
    "conference:new-here": EVERYBODY,
    "conference:glossary": EVERYBODY,
    "conference:partners": EVERYBODY,
    "conference:share": EVERYBODY,
    "conference:accessibility": EVERYBODY,
    "conference:accessibility-criteria": EVERYBODY,
    "conference:privacy": EVERYBODY,
    "conference:patients-included": EVERYBODY,
    "conference:contact": EVERYBODY,
    "conference:reading": EVERYBODY,
    "conference:time-zone": EVERYBODY,
    "conference:places": EVERYBODY,
    "conference:offline": EVERYBODY,
    "conference:program-ics": EVERYBODY,
    "conference:program-json": EVERYBODY,
    "conference:program-xml": EVERYBODY,
    "conference:day-ics": EVERYBODY,
    "conference:session-ics": EVERYBODY,
    "sign-up:sign-up": EVERYBODY,
    "sign-up:sign-up-all": EVERYBODY,
    "sign-up:sign-up-day": EVERYBODY,
    "sign-up:thanks": EVERYBODY,
    "sign-up:thanks-to": NOBODY,
    "sign-up:lost-link": EVERYBODY,
    "sign-up:lost-link-sent": dict.fromkeys(WHO, 302),
    "registration:confirm": ITS_OWNER,
    "registration:my": ITS_OWNER,
    "registration:my-details": ITS_OWNER,
    "registration:my-needs": ITS_OWNER,
    "registration:my-answers": ITS_OWNER,
    "registration:my-calendar": ITS_OWNER,
    "registration:my-address": ITS_OWNER,
    "registration:my-new-link": ITS_OWNER,
    "registration:address": ITS_OWNER,
    "sign-up:new-link": EVERYBODY,
    "registration:my-data": ITS_OWNER,
    "registration:my-delete": ITS_OWNER,
    "registration:my-needs-told": ITS_OWNER,
    "registration:private": ITS_OWNER,
    "registration:private-data": ITS_OWNER,
    "registration:private-delete": ITS_OWNER,
    "sign-up:deleted": EVERYBODY,
    "registration:join": ITS_OWNER,
    "registration:calendar": ITS_OWNER,
    "registration:calendar-day": ITS_OWNER | {"bob": 404},  # he only waits for the day
    "registration:unsubscribe": ITS_OWNER,
    "registration:unsubscribe-news": ITS_OWNER,
}

# Pages about an organiser's own account: closed to others, and some lead on to the password or to another step first.
ON_TO_LOGIN = dict.fromkeys(WHO, 302)
ACCOUNTS = {
    "account_login": EVERYBODY | {"organiser": 302},
    "account_logout": ON_TO_LOGIN | {"organiser": 405},
    "account_reauthenticate": ON_TO_LOGIN | {"organiser": 200},
    "organisers-kept-words": ON_TO_LOGIN,
    "organisers-clock": ON_TO_LOGIN | {"organiser": 200},
    "mfa_index": ON_TO_LOGIN | {"organiser": 200},
    "mfa_authenticate": ON_TO_LOGIN,
    "mfa_reauthenticate": ON_TO_LOGIN,
    "mfa_activate_totp": ON_TO_LOGIN,
    "mfa_deactivate_totp": ON_TO_LOGIN | {"organiser": 404},
    "mfa_view_recovery_codes": ON_TO_LOGIN | {"organiser": 404},
    "mfa_generate_recovery_codes": ON_TO_LOGIN,
    "mfa_download_recovery_codes": ON_TO_LOGIN | {"organiser": 404},
    "mfa_list_webauthn": ON_TO_LOGIN | {"organiser": 200},
    "mfa_add_webauthn": ON_TO_LOGIN,
    "mfa_reauthenticate_webauthn": ON_TO_LOGIN,
    "mfa_remove_webauthn": ON_TO_LOGIN,
    "mfa_edit_webauthn": ON_TO_LOGIN,
    "admin_password_reset": EVERYBODY,
    "password_reset_done": EVERYBODY,
    "password_reset_complete": EVERYBODY,
    "password_reset_confirm": EVERYBODY,
    "organisers-invitation": EVERYBODY,
}
ANSWERS |= ACCOUNTS

# Parts of an address beside a key: {URL name: parts}.
PARTS = {
    "conference:day": {"number": 1},
    "conference:day-ics": {"number": 1},
    "conference:session": {"slug": "day-1-session-1"},
    "conference:session-ics": {"slug": "day-1-session-1"},
    "conference:speaker": {"slug": "grace"},
    "conference:share": {"name": "home"},
    "picture": {"key": "0" * 32, "side": 96},
    "preview": {"key": "a-guess", "path": "program/"},
    "registration:calendar-day": {"number": 1},
    "sign-up:sign-up-day": {"number": 1},
    "sign-up:thanks-to": {"token": "x"},
    "sign-up:lost-link-sent": {"token": "x"},
    "mfa_remove_webauthn": {"pk": 1},
    "mfa_edit_webauthn": {"pk": 1},
    "password_reset_confirm": {"uidb64": "MQ", "token": "a-guess"},
    "organisers-invitation": {"uidb64": "MQ", "token": "a-guess"},
}
QUERIES = {"conference:my-plan-ics": "?pick=day-1-session-1"}
PURPOSES = ("confirm", "my", "calendar", "join", "unsubscribe", "address", "private")
# Pages of one person that open for the key of another page, by URL name.
OF_MY_PAGE = ("data", "delete", "details", "needs", "needs-told", "answers", "calendar", "address", "new-link")
KEY_OF = {f"my-{page}": "my" for page in OF_MY_PAGE} | dict.fromkeys(("private-data", "private-delete"), "private")
KEY_OF |= {"unsubscribe-news": "unsubscribe", "calendar-day": "calendar"}


class Cast:
    """The people of the table, and the keys that each of them has."""

    def __init__(self):
        self.conference = make_program(days=1, sessions=1)
        self.day = self.conference.days.get()
        self.day.capacity = 1
        self.day.save()
        self.ada = make_confirmed(self.day, name="Ada")
        self.bob = make_confirmed(self.day, name="Bob")
        # The one who may see most; without a password, because making one takes long.
        self.organiser = User.objects.create(username="organiser", is_staff=True, is_superuser=True)

    def browser_of(self, who):
        """Return a browser as `who` uses it: only organisers are known to the site by a session."""
        client = Client()
        if who == "organiser":
            client.force_login(self.organiser)
        return client

    def key(self, who, purpose):
        """Return the key that `who` has for `purpose`; for others the best that Eve can do: one of Ada's others."""
        if who in ("ada", "bob"):
            return self.keys_of(getattr(self, who))[purpose]
        others = {other: key for other, key in self.keys_of(self.ada).items() if other != purpose}
        return others["my"] if "my" in others else others["join"]

    def keys_of(self, person):
        keys = {purpose: links.token(purpose, person) for purpose in PURPOSES if purpose not in ("join", "private")}
        keys["private"] = links.private_token(person, now=timezone.now())
        return keys | {"join": links.join_token(the_registration(person, self.day))}

    def address(self, name, who):
        """Return what `who` types to open the URL `name`."""
        page = name.rpartition(":")[2]
        purpose = KEY_OF.get(page, page)
        key = {"token": self.key(who, purpose)} if purpose in PURPOSES else {}
        return reverse(name, kwargs=PARTS.get(name, {}) | key) + QUERIES.get(name, "")


@pytest.fixture
def cast(db):
    return Cast()


def names_in(resolver, namespace=""):
    """Return the full name of each URL pattern; the admin's own are one entry, "admin:*"."""
    names = []
    for pattern in resolver.url_patterns:
        if not hasattr(pattern, "url_patterns"):
            names.append(f"{namespace}{pattern.name}")
        elif pattern.app_name == "admin":
            names.append("admin:*")
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            names += names_in(pattern, inner)
    return names


def admin_routes(resolver, prefix="/"):
    """Return an address for each pattern of the admin, with plausible parts filled in."""
    routes = []
    for pattern in resolver.url_patterns:
        route = prefix + getattr(pattern.pattern, "_route", "x/")
        if hasattr(pattern, "url_patterns"):
            routes += admin_routes(pattern, route)
        else:
            routes.append(route)
    return [re.sub("<[^>]+>", "1", route) for route in routes]


def test_every_address_is_in_the_table():
    names = {name.replace("edition:", "conference:") for name in names_in(get_resolver())}

    assert names == {*ANSWERS, "admin:*"}


@pytest.mark.parametrize("name", ANSWERS)
def test_address_answers_as_the_table_says(cast, name):
    responses = {who: cast.browser_of(who).get(cast.address(name, who)) for who in WHO}

    assert {who: response.status_code for who, response in responses.items()} == ANSWERS[name]
    for who, response in responses.items():
        assert_names_nobody_else(response, who)


@pytest.mark.parametrize("name", [name for name in ANSWERS if name.startswith("conference:")])
def test_address_under_a_year_answers_the_same(client, cast, name):
    parts = {"year": cast.conference.slug} | PARTS.get(name, {})
    address = reverse(name.replace("conference:", "edition:"), kwargs=parts) + QUERIES.get(name, "")

    assert client.get(address).status_code == 200


@pytest.mark.parametrize("name", [name for name, answers in ANSWERS.items() if answers == ITS_OWNER])
def test_nobody_acts_on_the_page_of_another(cast, name):
    before = [(row.pk, row.status) for row in cast.day.registrations.all()]

    for who in ("anonymous", "eve", "organiser"):
        response = cast.browser_of(who).post(cast.address(name, who), {"action": "drop", "day": "1"})
        assert response.status_code in (404, 405)
        assert_names_nobody_else(response, who)

    assert [(row.pk, row.status) for row in cast.day.registrations.all()] == before


def test_only_people_with_a_place_get_into_the_meeting(cast):
    now = timezone.now()
    cast.conference.days.update(
        starts_at=now, ends_at=now + timedelta(hours=3), meeting_url="https://meeting.example.org/"
    )

    responses = {who: cast.browser_of(who).post(cast.address("registration:join", who)) for who in WHO}

    assert {who: response.status_code for who, response in responses.items()} == ITS_OWNER | {"ada": 303, "bob": 409}
    for who, response in responses.items():
        assert_names_nobody_else(response, who)
        assert ("meeting.example.org" in f"{response.headers}{response.content}") == (who == "ada")


def test_organisers_pages_are_closed_to_all_others(cast):
    patterns = [inner for outer in get_resolver().url_patterns for inner in getattr(outer, "url_patterns", [outer])]
    admin = next(pattern for pattern in patterns if getattr(pattern, "app_name", "") == "admin")
    routes = [f"/organisers{route}" for route in admin_routes(admin)]
    client = cast.browser_of("ada")  # who has a place, and no session

    answers = {route: client.get(route) for route in routes if route != "/organisers/login/"}

    assert len(answers) > 30
    for route, response in answers.items():
        assert response.status_code in (302, 404), route
        if response.status_code == 302:
            assert response.url.startswith("/organisers/"), route
        assert_names_nobody_else(response, "anonymous")


def assert_names_nobody_else(response, who):
    """No answer holds the name or address of someone whom the one who asks is not."""
    text = response.content.decode(errors="replace")
    for name in ("Ada", "Bob"):
        if who != name.lower():
            assert f">{name}<" not in text
            assert f"{name.lower()}@example.org" not in text
