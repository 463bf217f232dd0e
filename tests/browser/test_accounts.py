"""Logging in, second factor and recovery in real Chromium: under our security policy, and usable by everybody."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import expect

from conference.models import Day
from registration.groups import ACCESS_TEAM, LEADS, ORGANISERS
from tests.factories import make_program, make_staff

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite_only, pytest.mark.timeout(300)]

PASSWORD = "four words of nobody"


@pytest.fixture
def organiser():
    return make_staff(ORGANISERS, ACCESS_TEAM, LEADS, password=PASSWORD)


def log_in(page, site):
    page.goto(f"{site}/organisers/login/")
    page.get_by_label("Username").fill("organiser")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


def code_of(secret, steps=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def set_up_app(page, site):
    page.goto(site + reverse("mfa_index"))
    page.get_by_role("link", name="Set up an app").click()
    expect(page.get_by_role("img", name="Picture of the key, to scan").locator("svg")).to_be_visible()
    secret = page.locator("code.secret").inner_text()
    page.get_by_label("code").fill(code_of(secret))
    page.get_by_role("button", name="Switch it on").click()
    expect(page.get_by_role("heading", level=1, name="Your recovery codes")).to_be_visible()
    return secret, page.locator(".codes code").all_inner_texts()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_an_app_and_its_recovery_codes_let_in(script, new_page, site, organiser, axe):
    page = new_page(width=390, script=script)
    log_in(page, site)
    expect(page).to_have_title("Today | PxP organisers")
    _secret, codes = set_up_app(page, site)
    assert len(codes) == 10

    other = new_page(width=390, script=script)
    log_in(other, site)
    expect(other.get_by_role("heading", level=1, name="Second factor")).to_be_visible()
    other.get_by_label("Code").fill("000000")
    other.get_by_role("button", name="Log in").click()
    expect(other.get_by_text("Incorrect code.")).to_be_visible()
    other.get_by_label("Code").fill(codes[0])
    other.get_by_role("button", name="Log in").click()

    expect(other).to_have_title("Today | PxP organisers")


def test_a_passkey_lets_in(new_page, site, organiser):
    page = new_page()
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options | {"automaticPresenceSimulation": True}})
    site = site.replace("127.0.0.1", "localhost")  # browsers give passkeys to names alone
    log_in(page, site)
    page.goto(site + reverse("mfa_add_webauthn"))
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", level=1, name="Your recovery codes")).to_be_visible()

    page.context.clear_cookies()
    log_in(page, site)
    page.get_by_role("button", name="Use a passkey").click()

    expect(page).to_have_title("Today | PxP organisers")


def test_pages_of_accounts_are_usable_by_everybody(new_page, site, organiser, axe):
    page = new_page(width=320, dark=True)
    faults = {}
    for name in ("admin_password_reset", "password_reset_done", "password_reset_complete"):
        page.goto(site + reverse(name))
        faults[name] = axe(page)
    log_in(page, site)
    page.goto(site + reverse("mfa_activate_totp"))
    faults["set up"] = axe(page)
    set_up_app(page, site)
    faults["codes"] = axe(page)
    for name in ("mfa_index", "mfa_deactivate_totp", "mfa_generate_recovery_codes", "mfa_add_webauthn"):
        page.goto(site + reverse(name))
        faults[name] = axe(page)
    for name in ("account_reauthenticate", "mfa_reauthenticate"):
        page.goto(site + reverse(name))
        faults[name] = axe(page)
    page.goto(site + reverse("admin:auth_user_changelist"))
    faults["accounts"] = axe(page)
    page.goto(site + reverse("admin:admin_logentry_changelist"))
    faults["history"] = axe(page)
    other = new_page(width=320)
    log_in(other, site)
    faults["second factor"] = axe(other)

    assert {name: found for name, found in faults.items() if found} == {}


def test_words_typed_while_the_session_ended_are_saved_after_the_login(new_page, site, organiser):
    day = Day.objects.for_edition(make_program(days=1)).get()
    page = new_page(script=False)
    log_in(page, site)
    page.goto(site + reverse("admin:conference_day_change", args=[day.pk]))
    page.locator("#id_title").fill("A new title")
    page.locator("#id_summary").fill("  First line\n\n    second, with blanks before it")
    page.context.clear_cookies(name=re.compile("session"))

    page.get_by_role("button", name="Fix now: publish what I just typed").click()
    expect(page.get_by_text("your words are kept")).to_be_visible()
    page.get_by_label("Username").fill("organiser")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("button", name="Send it now").click()

    expect(page.locator(".messagelist .success")).to_be_visible()
    day.refresh_from_db()
    assert day.title == "A new title"
    assert day.summary.replace("\r\n", "\n").strip() == "First line\n\n    second, with blanks before it"
    assert User.objects.get().is_active
