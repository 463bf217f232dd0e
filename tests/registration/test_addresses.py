"""Mail addresses: which spellings are one address, and which ones no mail of ours can reach."""

import html
import json

import pytest
from django.test import RequestFactory

from registration import links
from registration.addresses import ascii_address, key_of_address
from registration.mail.provider_events import tracking_view
from registration.models import LinkRequest, OutboxMessage, Registrant
from registration.services import address
from registration.services.lost_link import answer_link_requests
from tests.factories import NOW, make_confirmed, make_program, make_staff

pytestmark = pytest.mark.django_db

LETTERS, ASCII = "ada@bücher.example", "ada@xn--bcher-kva.example"
SAID = {"days": ["1"], "country": "GB", "time_zone": "Europe/London"}


@pytest.fixture
def days(db):
    return list(make_program(sessions=0).days.with_conference().order_by("number"))


# --- Domains in letters beyond ASCII ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "spelling",
    [
        LETTERS,
        ASCII,
        "ADA@Bücher.Example",
        "ada@BÜCHER.example",
        "ada@bu\u0308cher.example",
        "ADA@XN--BCHER-KVA.example",
    ],
)
def test_spellings_of_one_address_have_one_key(spelling):
    assert key_of_address(spelling) == key_of_address(LETTERS) == LETTERS
    assert ascii_address(spelling).lower() == ASCII


@pytest.mark.parametrize(
    "text", ["", "ada", "@", "ada@", "ada@.", "ada@xn--", "ada@" + "ü" * 70 + ".example", "\ud800@x"]
)
def test_any_text_has_a_key(text):
    assert key_of_address(text) == key_of_address(f" {text.upper()} ")


def test_both_spellings_of_a_domain_are_one_person(client, days):
    for email in (LETTERS, ASCII):
        assert client.post("/register/", SAID | {"name": "Ada", "email": email}).status_code == 302

    assert Registrant.objects.count() == 1


def test_link_is_found_by_either_spelling(days):
    make_confirmed(days[0], email=LETTERS)
    OutboxMessage.objects.all().delete()

    LinkRequest.objects.create(conference=days[0].conference, email=ASCII, asked_at=NOW)
    answer_link_requests(now=NOW)

    assert [mail.to_email for mail in OutboxMessage.objects.all()] == [ASCII]


def test_report_of_a_provider_finds_the_person_by_the_address_on_the_envelope(days, settings):
    settings.ANYMAIL = {"WEBHOOK_SECRET": "user:secret"}
    make_confirmed(days[0], email=LETTERS)
    bounce = {"RecordType": "Bounce", "Type": "HardBounce", "ID": 1, "MessageID": "1", "Email": ASCII}
    headers = {"Authorization": "Basic dXNlcjpzZWNyZXQ="}

    tracking_view("postmark")(
        RequestFactory().post("/", json.dumps(bounce), content_type="application/json", headers=headers)
    )

    assert Registrant.objects.get().is_undeliverable


def test_sign_up_sends_an_address_five_mails_a_day_in_any_spelling(client, days):
    for number in range(7):
        client.post("/register/", SAID | {"name": f"Ada {number}", "email": (LETTERS, ASCII)[number % 2]})

    assert OutboxMessage.objects.count() == 5


def test_new_address_gets_five_mails_a_day_in_any_spelling(days):
    for number in range(5):
        person = make_confirmed(days[0], name=f"Ada {number}")
        assert address.ask_for_address(person, (LETTERS, ASCII)[number % 2], now=NOW)

    assert not address.ask_for_address(make_confirmed(days[0], name="Bob"), LETTERS, now=NOW)


@pytest.mark.parametrize(("path", "most"), [("/register/", 20), ("/lost-link/", 5)])
def test_tries_are_counted_for_all_spellings_together(client, days, path, most):
    emails = [(LETTERS, ASCII)[number % 2] for number in range(most + 1)]

    answers = [client.post(path, SAID | {"name": "Ada", "email": email}).status_code for email in emails]

    assert answers == [302] * most + [429]


def test_the_same_address_in_ascii_is_no_new_one(client, days):
    ada = make_confirmed(days[0], email=LETTERS)

    response = client.post(f"/my/{links.token('my', ada)}/address/", {"email": ASCII})

    assert response.status_code == 422
    assert "We write to this address already." in response.text


# --- Addresses that no mail of ours can reach ------------------------------------------------------------------------

ACCENT = "We cannot write to an address with “ë” before the @. Use an address with plain letters there: a to z."
LONG_IN_ASCII = "ada@" + ("äöü" * 8 + ".") * 8 + "example"  # 211 characters as typed, 275 on the envelope


@pytest.fixture
def ada(days):
    person = make_confirmed(days[0])
    OutboxMessage.objects.all().delete()
    return person


@pytest.fixture
def forms(client, ada, days):
    """Each page on which somebody types an address: its path, and all else that the form needs."""
    client.force_login(make_staff())
    admin = "/organisers/registration/registrant"
    known = {"time_zone": "America/Toronto", "language": "en", "country": "CA", "name": "Zoë", "_save": "1"}
    return {
        "sign-up": ("/register/", SAID | {"name": "Zoë"}),
        "lost link": ("/lost-link/", {}),
        "new address": (f"/my/{links.token('my', ada)}/address/", {}),
        "added by hand": (f"{admin}/add/", known | {"days": [str(days[0].pk)]}),
        "corrected": (f"{admin}/{ada.pk}/change/", known),
    }


@pytest.mark.parametrize("page", ["sign-up", "lost link", "new address", "added by hand", "corrected"])
@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("zoë@example.org", ACCENT),
        ("ılgaz@example.org", ACCENT.replace("ë", "ı")),  # i without its dot, which Django takes for an i
        (LONG_IN_ASCII, "Make this shorter: it may have 254 characters"),
        (f"ada@{'ü' * 60}.example", "Check your email address. It looks like name@example.org."),
    ],
)
def test_address_that_we_cannot_write_to_is_refused_in_words_and_kept(client, forms, page, typed, words):
    path, rest = forms[page]

    response = client.post(path, rest | {"email": typed})

    assert words in html.unescape(response.text)
    assert f'value="{typed}"' in response.text
    assert "Zoë" in response.text or "name" not in rest
    assert not OutboxMessage.objects.exists()
    assert not LinkRequest.objects.exists()
