"""Who comes in behind: password, second factor, recovery; what a lost one costs; how long a session lasts."""

import re
import time
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from conference.models import Day
from pxp.accounts.session_store import SessionStore
from registration.groups import ACCESS_TEAM, LEADS, ORGANISERS
from registration.jobs import JOBS
from registration.models import AccountLetter
from registration.services.accounts import AccountMailKind, send_letters, write_to
from tests.factories import NOW, make_confirmed, make_program, make_staff

pytestmark = pytest.mark.django_db

LOGIN = "/organisers/login/"
PASSWORD = "four words of nobody"


@pytest.fixture
def organiser():
    return make_staff(password=PASSWORD, email="organiser@example.org")


@pytest.fixture
def real_site(settings):
    settings.SECOND_FACTOR_IS_NEEDED = True


def log_in(client, username="organiser", password=PASSWORD, **more):
    return client.post(LOGIN, {"username": username, "password": password} | more)


def code_of(secret, steps=0):
    """What an app with this key shows now, or so many half minutes later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def set_up_app(client):
    """Set up an app in a session that is logged in; return its key."""
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    response = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert response["Location"] == reverse("mfa_view_recovery_codes")
    return secret


def recovery_codes(client):
    return client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]


# --- Password --------------------------------------------------------------------------------------------------------


def test_name_and_password_are_enough_on_a_trial(client, organiser):
    response = log_in(client)

    assert response["Location"] == reverse("admin:index")
    assert client.get(reverse("admin:index")).status_code == 200


def test_the_login_leads_on_to_the_page_that_was_asked_for(client, organiser):
    asked = reverse("admin:registration_registrant_changelist")

    assert log_in(client, next=asked)["Location"] == asked
    assert log_in(Client(), next="https://elsewhere.example.org/")["Location"] == reverse("admin:index")


def test_after_too_many_wrong_passwords_the_right_one_waits(client, organiser, caplog):
    answers = [log_in(client, password="wrong").status_code for _ in range(9)]

    refused = log_in(client)

    assert answers == [200] * 8 + [429]
    assert refused.status_code == 429
    assert "Too many tries. Try again in" in refused.text
    with time_machine.travel(NOW + timedelta(minutes=16)):
        assert log_in(client).status_code == 302


def test_other_networks_are_not_locked_out_by_it(client, organiser):
    for _ in range(9):
        log_in(client, password="wrong")

    assert log_in(Client(REMOTE_ADDR="198.51.100.7")).status_code == 302


def test_an_account_tried_from_many_networks_waits_until_its_owner_sets_a_new_password(organiser):
    for number in range(60):
        log_in(Client(REMOTE_ADDR=f"198.51.100.{number}"), password="wrong")
    client = Client(REMOTE_ADDR="203.0.113.9")
    assert log_in(client).status_code == 429

    set_password_by_mail(client, organiser, "another four words")

    assert log_in(client, password="another four words").status_code == 302


def test_failures_are_logged_without_a_name(client, organiser, caplog):
    log_in(client, password="wrong")
    log_in(client, username="ada@example.org", password="wrong")
    log_in(client, password="wrong")

    lines = [record.getMessage() for record in caplog.records if record.name == "pxp.accounts.tries"]

    assert len(lines) == 3
    assert lines[0] == lines[2] != lines[1]  # the same account is seen to be tried again
    assert not re.search("organiser|ada|127.0.0.1|wrong", "".join(lines).replace("A login failed: account", ""))


# --- Second factor ---------------------------------------------------------------------------------------------------


def test_the_code_of_the_app_is_asked_for_after_the_password(client, organiser):
    log_in(client)
    secret = set_up_app(client)
    other = Client()

    response = log_in(other)

    assert response["Location"] == reverse("mfa_authenticate")
    assert other.get(reverse("admin:index")).status_code == 302
    wrong = other.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert (wrong.status_code, "Incorrect code." in wrong.text) == (200, True)
    right = other.post(reverse("mfa_authenticate"), {"code": code_of(secret, 1)})
    assert right["Location"] == reverse("admin:index")
    assert other.get(reverse("admin:index")).status_code == 200


def test_a_recovery_code_lets_in_once(client, organiser):
    log_in(client)
    set_up_app(client)
    code = recovery_codes(client)[0]
    first, second = Client(), Client()

    log_in(first)
    log_in(second)
    answers = [browser.post(reverse("mfa_authenticate"), {"code": code}).status_code for browser in (first, second)]

    assert answers == [302, 200]


@pytest.mark.parametrize("seconds", [0, 20])
def test_a_code_of_the_app_lets_in_once_whichever_process_gets_it(seconds, client, organiser):
    log_in(client)
    secret = set_up_app(client)
    answers = []

    with time_machine.travel("2027-09-01 10:09:50+00:00", tick=False) as clock:  # counts begin again at 10:10
        code = code_of(secret, 1)
        for spelling in (code, f"{code[:3]} {code[3:]}"):
            cache.clear()  # another process has its own
            browser = Client()
            log_in(browser)
            answers.append(browser.post(reverse("mfa_authenticate"), {"code": spelling}).status_code)
            clock.shift(seconds)

    assert answers == [302, 200]


def test_codes_cannot_be_guessed(client, organiser):
    log_in(client)
    secret = set_up_app(client)
    other = Client()
    log_in(other)

    for number in range(9):
        other.post(reverse("mfa_authenticate"), {"code": f"00000{number}"})
    response = other.post(reverse("mfa_authenticate"), {"code": code_of(secret, 1)})

    assert "Too many tries." in response.text
    assert other.get(reverse("admin:index")).status_code == 302


def test_the_key_of_an_app_is_not_readable_in_the_database_and_survives_a_new_secret_key(client, organiser, settings):
    log_in(client)
    secret = set_up_app(client)
    kept = Authenticator.objects.get(type="totp")
    assert secret not in str(kept.data)

    old = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" + old, [old]

    assert kept.wrap().validate_code(code_of(secret, 1))


@pytest.mark.parametrize("groups", [[ORGANISERS], [ACCESS_TEAM], [LEADS]], ids=str)
def test_a_real_site_asks_accounts_that_see_people_for_a_second_factor_first(groups, client, real_site):
    make_staff(*groups, password=PASSWORD)
    log_in(client)

    response = client.get(reverse("admin:index"), follow=True)

    assert response.redirect_chain == [(reverse("mfa_index"), 302)]
    assert "You see people&#x27;s data here" in response.text
    set_up_app(client)
    assert client.get(reverse("admin:index")).status_code == 200


def test_on_a_real_site_a_superuser_needs_one_too(client, real_site):
    User.objects.create_superuser("root", password=PASSWORD)
    log_in(client, username="root")

    assert client.get(reverse("admin:index"))["Location"] == reverse("mfa_index")


def test_who_sees_nobody_needs_none(client, real_site):
    make_staff("no group", password=PASSWORD)
    log_in(client)

    assert client.get(reverse("admin:index")).status_code == 200


def test_a_session_from_before_shows_the_second_factor_once(client, organiser):
    other = Client()
    log_in(client)
    log_in(other)
    secret = set_up_app(client)

    response = other.get(reverse("admin:index"))

    assert response["Location"].startswith(reverse("mfa_reauthenticate"))
    other.post(reverse("mfa_reauthenticate"), {"code": code_of(secret, 1)})
    assert other.get(reverse("admin:index")).status_code == 200


def test_what_is_done_to_ones_own_second_factor_is_on_record(client, organiser):
    log_in(client)
    set_up_app(client)
    client.post(reverse("mfa_generate_recovery_codes"))
    client.post(reverse("mfa_deactivate_totp"))

    words = list(LogEntry.objects.order_by("pk").values_list("user__username", "object_id", "change_message"))

    assert words == [
        ("organiser", str(organiser.pk), "Set up an app as second factor"),
        ("organiser", str(organiser.pk), "Made new recovery codes"),
        ("organiser", str(organiser.pk), "Switched off the app as second factor"),
    ]
    assert not Authenticator.objects.exists()


# --- A second factor that is lost ------------------------------------------------------------------------------------


@pytest.fixture
def lost(organiser):
    """An organiser whose phone is lost."""
    browser = Client()
    log_in(browser)
    set_up_app(browser)
    LogEntry.objects.all().delete()
    return organiser


def reset_by(client, account, **more):
    data = {"CHANGE_FORM-action": "reset_second_factor", "_selected_action": [account.pk]} | more
    return client.post(reverse("admin:auth_user_change", args=[account.pk]), data)


def test_a_lead_takes_away_a_lost_second_factor_on_record(client, lost):
    client.force_login(make_staff(LEADS, username="lead"))

    page = reset_by(client, lost)
    assert Authenticator.objects.filter(user=lost).exists()
    reset_by(client, lost, post="yes")

    assert page.context["title"] == "Lost second factor"
    assert not Authenticator.objects.filter(user=lost).exists()
    entry = LogEntry.objects.get()
    assert (entry.user.username, entry.object_id, entry.change_message) == (
        "lead",
        str(lost.pk),
        "Removed the second factor",
    )
    assert AccountLetter.objects.get().kind == AccountMailKind.SECOND_FACTOR_RESET
    assert log_in(Client())["Location"] == reverse("admin:index")


def test_organisers_who_do_not_lead_take_none_away_and_see_no_accounts(client, lost):
    client.force_login(make_staff(ORGANISERS, username="other"))

    assert reset_by(client, lost, post="yes").status_code == 403
    assert client.get(reverse("admin:auth_user_changelist")).status_code == 403
    assert client.get(reverse("admin:admin_logentry_changelist")).status_code == 403
    assert Authenticator.objects.filter(user=lost).exists()


def test_a_lead_changes_nothing_else_of_an_account(client, lost):
    client.force_login(make_staff(LEADS, username="lead"))
    address = reverse("admin:auth_user_change", args=[lost.pk])

    page = client.get(address)
    response = client.post(address, {"username": "mine", "is_superuser": "on", "_save": "1"})

    assert "argon2" not in page.text
    assert "pbkdf2" not in page.text
    assert response.status_code == 403


def test_a_command_takes_it_away_too(lost):
    call_command("reset_second_factor", "organiser", verbosity=0)

    assert not Authenticator.objects.filter(user=lost).exists()
    assert LogEntry.objects.get().change_message == "Second factor removed with manage.py on the server"
    with pytest.raises(CommandError, match="no second factor"):
        call_command("reset_second_factor", "organiser")
    with pytest.raises(CommandError, match="no account"):
        call_command("reset_second_factor", "nobody")


def test_leads_read_the_history_and_needs_stay_the_access_teams(client, lost):
    make_confirmed(Day.objects.for_edition(make_program(days=1)).get())
    reset = make_staff(LEADS, username="lead")
    client.force_login(reset)
    reset_by(client, lost, post="yes")

    page = client.get(reverse("admin:admin_logentry_changelist"))

    assert page.status_code == 200
    assert "Removed the second factor" in page.text
    assert page.context["title"] == "What was done"
    kinds = page.context["cl"].filter_specs[-1]
    assert [choice["display"] for choice in kinds.choices(page.context["cl"])] == ["All", "User"]
    one = client.get(reverse("admin:admin_logentry_changelist", query={"kind": kinds.lookup_choices[0][0]}))
    assert len(one.context["cl"].result_list) == 1


# --- A password that is lost -----------------------------------------------------------------------------------------


def set_password_by_mail(client, user, password):
    """Go through the page behind the link of the newest mail to an account."""
    from django.contrib.auth.tokens import default_token_generator
    from django.utils.encoding import force_bytes
    from django.utils.http import urlsafe_base64_encode

    key = urlsafe_base64_encode(force_bytes(user.pk))
    user.refresh_from_db()
    link = reverse("password_reset_confirm", args=[key, default_token_generator.make_token(user)])
    form = client.get(link)
    return client.post(form["Location"], {"new_password1": password, "new_password2": password})


def test_a_lost_password_is_set_anew_by_mail(client, organiser, smtp_server):
    answers = [
        client.post(reverse("admin_password_reset"), {"email": email})["Location"]
        for email in ("Organiser@example.org", "nobody@example.org")
    ]
    assert answers == [reverse("password_reset_done")] * 2
    assert AccountLetter.objects.count() == 1

    assert send_letters(now=timezone.now()) == 1

    [mail] = smtp_server.to("organiser@example.org")
    link = re.search(r"http://testserver(/organisers/password/\S+)", mail.message.get_content())[1]
    form = client.get(link)
    words = "another four words"
    response = client.post(form["Location"], {"new_password1": words, "new_password2": words})
    assert response["Location"] == reverse("password_reset_complete")
    assert log_in(Client(), password=words).status_code == 302
    assert client.get(link).status_code == 200  # the link works once
    assert LogEntry.objects.get().change_message == "Set a new password by mail"
    assert not AccountLetter.objects.exists()


def test_a_pasted_address_is_taken_out_and_a_wrong_one_is_shown_again(client, organiser):
    for pasted in ("Olga <organiser@example.org>", "mailto:organiser@example.org,", " organiser@example.org. "):
        assert client.post(reverse("admin_password_reset"), {"email": pasted}).status_code == 302

    assert AccountLetter.objects.count() == 3
    page = client.post(reverse("admin_password_reset"), {"email": "olga example.org"})
    assert 'value="olga example.org"' in page.text
    assert "Enter one email address, like name@example.org." in page.text


def test_a_new_password_does_not_replace_the_second_factor(lost):
    set_password_by_mail(Client(), lost, "another four words")

    assert log_in(Client(), password="another four words")["Location"] == reverse("mfa_authenticate")


def test_nobody_is_flooded_with_mails_about_passwords(client, organiser):
    answers = [
        client.post(reverse("admin_password_reset"), {"email": "organiser@example.org"}).status_code for _ in range(5)
    ]

    assert answers == [302, 302, 302, 429, 429]
    assert AccountLetter.objects.count() == 3


def test_a_mail_that_the_server_does_not_take_waits_a_day_at_most(organiser, smtp_server):
    smtp_server.stop()
    write_to(organiser, AccountMailKind.NEW_PASSWORD, now=NOW)

    assert send_letters(now=NOW) == 0
    kept = AccountLetter.objects.count()
    send_letters(now=NOW + timedelta(days=1, seconds=1))

    assert (kept, AccountLetter.objects.count()) == (1, 0)


# --- How long a session lasts ----------------------------------------------------------------------------------------


def still_in(client, after):
    with time_machine.travel(NOW + after):
        return client.get(reverse("admin:index")).status_code == 200


def test_a_session_ends_after_three_hours_without_use(client, organiser):
    log_in(client)

    assert still_in(client, timedelta(hours=2, minutes=59))
    assert still_in(client, timedelta(hours=5, minutes=58))
    assert not still_in(client, timedelta(hours=9))


def test_a_session_ends_after_seven_days_of_use(client, organiser):
    log_in(client)
    client.get(reverse("admin:index"))

    assert all(still_in(client, timedelta(hours=2 * number)) for number in range(1, 84))
    assert not still_in(client, timedelta(days=7, minutes=1))


def test_a_session_is_renewed_in_one_statement_and_who_opens_the_page_is_asked_about_in_one(client, organiser):
    client.force_login(organiser)
    client.get("/organisers/")
    with CaptureQueriesContext(connection) as seen:
        client.get("/organisers/")
    plain = [query["sql"] for query in seen]

    with (
        time_machine.travel(timezone.now() + timedelta(hours=2), tick=False),
        CaptureQueriesContext(connection) as seen,
    ):
        client.get("/organisers/")
    renewed = [query["sql"] for query in seen]

    assert len(renewed) == len(plain) + 1
    assert sum("mfa_authenticator" in sql and "time_zone" in sql for sql in plain) == 1


def test_a_session_that_another_browser_ended_is_not_written_again(client, organiser):
    client.force_login(organiser)
    store = SessionStore(client.cookies["sessionid"].value)
    store["words"] = "late"
    Session.objects.all().delete()

    with pytest.raises(UpdateError):
        store.save()

    assert not Session.objects.exists()


def test_no_public_page_reads_or_writes_a_session(client, organiser):
    log_in(client)

    response = client.get("/privacy/")

    assert "sessionid" not in response.cookies


def test_sessions_that_ended_are_deleted_at_night(client, organiser):
    log_in(client)
    [job] = [job for job in JOBS if job.name == "delete sessions that have ended"]

    with time_machine.travel(NOW + timedelta(hours=2)):
        job.run(timezone.now())
        kept = Session.objects.count()
    with time_machine.travel(NOW + timedelta(hours=4)):
        job.run(timezone.now())

    assert (kept, Session.objects.count(), job.every) == (1, 0, timedelta(hours=24))


# --- Words typed when it ended ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("factor", [False, True], ids=["password", "second factor"])
def test_words_typed_while_the_session_ended_come_back_after_the_login(factor, client, organiser):
    day = Day.objects.for_edition(make_program(days=1)).get()
    address = reverse("admin:conference_day_change", args=[day.pk])
    log_in(client)
    secret = set_up_app(client) if factor else ""
    data = {"title": "A new title", "summary": "Words <b>&amp;</b> that took an hour.\n\nAnd a half.", "_continue": "1"}
    Session.objects.all().delete()

    page = client.post(address, data)
    assert "your words are kept" in page.text
    kept = page.context["kept"]
    response = client.post(LOGIN, {"username": "organiser", "password": PASSWORD, "_kept": kept})
    if factor:
        response = client.post(response["Location"], {"code": code_of(secret, 1)})
    shown = client.get(response["Location"])

    assert response["Location"] == reverse("organisers-kept-words")
    assert (shown.context["path"], dict(shown.context["fields"])) == (address, data)
    assert "Words &lt;b&gt;&amp;amp;&lt;/b&gt; that took an hour." in shown.text
    client.post(address, data | {"_kept": "sent"})
    assert client.get(reverse("organisers-kept-words"))["Location"] == reverse("admin:index")


@pytest.mark.parametrize("is_in", [True, False], ids=["logged in again", "logged out"])
def test_words_with_the_token_of_an_older_login_are_kept_too(is_in, organiser, settings):
    browser = Client(enforce_csrf_checks=True, headers={"Sec-Fetch-Site": "same-origin"})
    if is_in:
        browser.force_login(organiser)
    address = reverse("admin:conference_day_add")

    response = browser.post(address, {"title": "A new title", "csrfmiddlewaretoken": "x" * 64})

    if is_in:
        shown = browser.get(response["Location"])
        assert (shown.context["path"], shown.context["fields"]) == (address, [("title", "A new title")])
    else:
        assert "A new title" in response.context["kept"]


def test_words_that_another_site_sent_are_not_kept(organiser):
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example.org"}, {}):
        browser = Client(enforce_csrf_checks=True, headers=headers)
        browser.force_login(organiser)

        response = browser.post(reverse("admin:conference_day_add"), {"title": "Not mine"})

        assert response.status_code == 403
        assert "kept_words" not in browser.session


def test_a_wrong_password_keeps_the_words_too(client, organiser):
    page = client.post(reverse("admin:conference_day_add"), {"title": "A new title"})

    again = client.post(LOGIN, {"username": "organiser", "password": "wrong", "_kept": page.context["kept"]})
    assert "The user name or the password is wrong. Capital letters count in both." in again.text

    assert again.context["kept"] == page.context["kept"]
    assert not Session.objects.exists()


@pytest.mark.parametrize(
    "kept",
    [
        "x",
        "[]",
        '{"path": "https://elsewhere.example.org/", "fields": []}',
        '{"path": "//elsewhere.example.org/organisers/", "fields": []}',
        '{"path": "/my/x/delete/", "fields": []}',
        '{"path": "/organisers/", "fields": 3}',
    ],
)
def test_words_that_are_none_of_ours_are_not_kept(kept, client, organiser):
    response = client.post(LOGIN, {"username": "organiser", "password": PASSWORD, "_kept": kept})

    assert response["Location"] == reverse("admin:index")
