"""Mail addresses: which spellings are one address, and which ones no mail of ours can reach."""

import html
import json
from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.db.models import Q
from django.test import RequestFactory
from django.utils import timezone

from pxp.gate import MOST_FROM_PEOPLE
from registration import links
from registration.addresses import ascii_address, key_of_address, key_of_name
from registration.forms.fields import AddressField
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


def test_mails_are_counted_for_all_spellings_of_an_address_together(client, days):
    for number in range(7):
        client.post("/register/", SAID | {"name": f"Ada {number}", "email": (LETTERS, ASCII)[number % 2]})

    assert OutboxMessage.objects.queued().filter(due_at__lte=timezone.now()).count() == 4


def test_new_address_gets_few_mails_a_day_in_any_spelling(days):
    for number in range(4):
        person = make_confirmed(days[0], name=f"Ada {number}", email=f"ada{number}@example.org")
        assert address.ask_for_address(person, (LETTERS, ASCII)[number % 2], now=NOW)

    assert not address.ask_for_address(make_confirmed(days[0], name="Bob"), LETTERS, now=NOW)


def test_the_same_address_in_ascii_is_no_new_one(client, days):
    ada = make_confirmed(days[0], email=LETTERS)

    response = client.post(f"/my/{links.token('my', ada)}/address/", {"email": ASCII})

    assert response.status_code == 422
    assert "We write to this address already." in response.text


# --- Addresses that no mail of ours can reach ------------------------------------------------------------------------

ACCENT = "We cannot write to an address with “ë” before the @. Use an address with plain letters there: a to z."
LONG_IN_ASCII = "ada" * 20 + "@" + ("äöü" * 8 + ".") * 6 + "example"  # 218 characters as typed, 265 on the envelope


@pytest.fixture
def ada(days):
    person = make_confirmed(days[0])
    OutboxMessage.objects.all().delete()
    return person


@pytest.fixture
def forms(client, ada, days):
    """Each page on which someone types an address: its path, and all else that the form needs."""
    client.force_login(make_staff())
    admin = "/organisers/registration/registrant"
    known = {"time_zone": "America/Toronto", "language": "en", "country": "CA", "name": "Zoë", "_save": "1"}
    return {
        "sign-up": ("/register/", SAID | {"name": "Zoë"}),
        "lost link": ("/lost-link/", {}),
        "new address": (f"/my/{links.token('my', ada)}/address/", {}),
        "added by hand": (f"{admin}/add/", known | {"days": [str(days[0].pk)], "confirmed_by": "organiser"}),
        "corrected": (f"{admin}/{ada.pk}/change/", known),
        "details": (f"/my/{links.token('my', ada)}/details/", known),
    }


def send(client, path, typed):
    """Send a form; where the page asks first, say yes."""
    response = client.post(path, typed)
    name, value = (response.context or {}).get("yes") or ("", "")
    return client.post(path, typed | {name: value}) if value else response


@pytest.mark.parametrize("page", ["sign-up", "lost link", "new address", "added by hand", "corrected"])
@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("zoë@example.org", ACCENT),
        ("ılgaz@example.org", ACCENT.replace("ë", "ı")),  # i without its dot, which Django takes for an i
        (LONG_IN_ASCII, "Make this shorter: it may have 254 characters"),
        (f"ada@{'ü' * 60}.example", "Check your email address. It looks like name@example.org."),
        ("ada@example.org, bob@example.org", "Enter one address only."),
        ("ada..b@example.org", "We cannot write to an address with two dots in a row"),
        ("Ada Byron ada@example.org", "Enter only the email address, without other words."),
        ("ada@example.org Ada Byron", "Enter only the email address, without other words."),
        (f"{'a' * 65}@example.org", "Check your email address. It looks like name@example.org."),
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


# --- Domains belong to the owner whom browsers find (IDNA 2008) ------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "envelope"),
    [
        ("jane@faß.de", "jane@xn--fa-hia.de"),
        ("a@λόγος.gr", "a@xn--oxapnm1c.gr"),
        ("a@ΛΌΓΟΣ.gr", "a@xn--oxapnq6b.gr"),  # in capitals nobody can tell: the usual sigma, as in browsers
        ("a@نامه\u200cای.com", "a@xn--mgba3gch31f060k.com"),
        ("a@ශ්\u200dරී.com", "a@xn--10cl1a0b660p.com"),
        ("a@straße.example。jp", "a@xn--strae-oqa.example.jp"),
    ],
)
def test_domain_in_letters_goes_to_its_own_owner(address, envelope):
    assert ascii_address(address) == envelope


@pytest.mark.parametrize(
    ("one", "other"),
    [("jane@faß.de", "jane@fass.de"), ("a@λόγος.gr", "a@λόγοσ.gr"), ("a@نامه\u200cای.com", "a@نامهای.com")],
)
def test_domains_of_two_owners_are_two_addresses(one, other):
    assert key_of_address(one) == key_of_address(ascii_address(one)) != key_of_address(other)


def test_joiner_in_a_domain_survives_the_form(client, days):
    client.post("/register/", SAID | {"name": "Ada", "email": "a@نامه\u200cای.com\u200e"})

    assert [mail.to_email for mail in OutboxMessage.objects.all()] == ["a@xn--mgba3gch31f060k.com"]


# --- Old addresses of Japan's phones ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "envelope"),
    [
        ("a..b@docomo.ne.jp", '"a..b"@docomo.ne.jp'),
        ("ab.@DoCoMo.ne.jp", '"ab."@DoCoMo.ne.jp'),
        (".a-.-b@ezweb.ne.jp", '".a-.-b"@ezweb.ne.jp'),
        ('"a..b"@docomo.ne.jp', '"a..b"@docomo.ne.jp'),
        ("a.b@docomo.ne.jp", "a.b@docomo.ne.jp"),
    ],
)
@pytest.mark.django_db(transaction=True)
def test_old_phone_address_gets_its_mail(client, days, smtp_server, typed, envelope):
    assert client.post("/register/", SAID | {"name": "Ada", "email": typed}).status_code == 302
    call_command("run_worker", once=True)

    assert [mail.to_email for mail in OutboxMessage.objects.all()] == [envelope]
    assert Registrant.objects.get().email_key == key_of_address(envelope)
    assert [mail.recipient for mail in smtp_server.received] == [envelope]
    assert f"To: {envelope}".encode() in smtp_server.received[0].raw.replace(b"Ada <", b"").replace(b">", b"")


# --- Addresses as they come out of a mail program --------------------------------------------------------------------


@pytest.mark.parametrize(
    "pasted",
    [
        "Jane Doe <a@b.org>",
        "<a@b.org>",
        "mailto:a@b.org",
        "MAILTO:a@b.org?subject=Sign%20me%20up",
        "<mailto:a@b.org>",
        "a@b.org,",
        "a@b.org;",
        "a@b.org.",
        '"a@b.org"',
        "'a@b.org'",
        "“a@b.org”",
        "« a@b.org »",
        "a@b.org (work)",
        '"Doe, Jane" <a@b.org>;',
        "Jane Doe (a@b.org)",
        "Jane Doe [mailto:a@b.org]",
        "a@b.org <mailto:a@b.org>",
        "[a@b.org](mailto:a@b.org)",
        "To: Jane Doe <a@b.org>",
        "E-mail : a@b.org",
        "＜a＠b.org＞",
        "*a@b.org*",
        "a@b.org،",
        "a@b.org؛",
        "a@b.org؟",
        "a@b.org -",
        "a@b.org/",
        "a@b.org |",
        "a@b.org—",
        "- a@b.org",
        "• a@b.org",
        "> a@b.org",
        "➜ Jane <a@b.org>",
        "a@b.org\u3164",
    ],
)
def test_address_is_taken_out_of_what_was_pasted(pasted):
    field = AddressField()

    assert field.clean(pasted) == field.bound_data(pasted, "") == "a@b.org"


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("ada@example。org", "ada@example.org"),
        ("ada。b＠例え。テスト。", "ada.b@例え.テスト"),
        ("o’brien@example.org", "o'brien@example.org"),
        ("‘o‘brien@example.org’", "o'brien@example.org"),
        ("mary\u2011ann@my‐hospital.example", "mary-ann@my-hospital.example"),
        ("mary–ann@my–hospital.example", "mary-ann@my-hospital.example"),
    ],
)
def test_signs_of_keyboards_and_word_processors_become_those_of_addresses(typed, address):
    assert AddressField().clean(typed) == address


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("ada@example. org", "Take the space out of your email address."),
        ("ada@example .org", "Take the space out of your email address."),
        ("ada. b@ example. org", "Take the space out of your email address."),
        ("ada @ example . org", "Take the space out of your email address."),
        ("Ada ada@example. org", "Enter only the email address, without other words."),
        ("ada@example.org. Thanks", "Enter only the email address, without other words."),
    ],
)
def test_space_of_a_phone_is_called_a_space(typed, words):
    with pytest.raises(ValidationError, match=words):
        AddressField().clean(typed)


# How fast: tests/load/long_texts.py
@pytest.mark.parametrize("piece", ["b", "a.", "x@a.", "<a@", "\U0001f3f4", "e\u0301"])
def test_the_longest_text_that_a_form_takes_is_refused(piece):
    text = (piece * MOST_FROM_PEOPLE)[: MOST_FROM_PEOPLE // len(piece.encode())]

    with pytest.raises(ValidationError):
        AddressField().clean(text)


@pytest.mark.parametrize("page", ["sign-up", "lost link", "new address", "added by hand", "corrected"])
@pytest.mark.parametrize("pasted", ['"Doe, Jane" <a@b.org>;', "mailto:a@b.org,"])
def test_each_form_takes_the_address_out_and_shows_it(client, forms, page, pasted):
    path, rest = forms[page]

    shown = client.post(path, rest | {"email": pasted, "name": "", "time_zone": "Mars"})
    taken = send(client, path, rest | {"email": pasted})

    assert 'value="a@b.org"' in shown.text or page in ("lost link", "new address")
    assert taken.status_code == 302
    assert (
        Registrant.objects.filter(Q(email="a@b.org") | Q(new_email="a@b.org")).exists()
        or LinkRequest.objects.filter(email="a@b.org").exists()
    )


@pytest.mark.parametrize(
    "typed",
    [
        "jane doe@example.org",
        "eve@example.org <a@b.org>",
        "Jane <a@b.org>, Bob <b@b.org>",
        "a@b.org b@b.org",
        "https://a@b.org",
        "a@b.org is mine",
    ],
)
def test_unclear_address_is_not_guessed(client, days, typed):
    response = client.post("/register/", SAID | {"name": "Ada", "email": typed})

    assert response.status_code == 422
    assert f'value="{html.escape(typed)}"' in response.text
    assert not Registrant.objects.exists()


# --- Names: one human, however they type it --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Sinéad O’Brien", "SINEAD O'BRIEN"),
        ("O´Brien", "OBrien"),
        ("Zoë", "Zoe"),
        ("Nguyễn Thị Hương", "Nguyen Thi Huong"),
        ("Łukasz", "Lukasz"),
        ("Søren Kjær", "Soren Kjaer"),
        ("Jean‑Paul", "Jean-Paul"),
        ("J.de Boer", "J. de Boer"),
        ("Алёна", "Алена"),
        ("أحمد", "احمد"),
        ("İlgaz", "ilgaz"),
        ("ʻĀina", "Aina"),
        ("Ａｄａ", "Ada"),
        ("Straße", "STRASSE"),
    ],
)
def test_one_human_with_two_spellings_of_a_name_is_one_registrant(client, days, one, other):
    for name in (one, other):
        assert client.post("/register/", SAID | {"name": name, "email": "ada@example.org"}).status_code == 302

    assert Registrant.objects.count() == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("राम", "रमा"), ("かな", "がな"), ("ไก", "ไก่"), ("Ada", "Ida"), ("D'Arcy", "Marcy"), ("A. Boer", "B. Boer")],
)
def test_two_names_are_two_people(one, other):
    assert key_of_name(one) != key_of_name(other)


@pytest.mark.parametrize("name", ["J.de Boer", "D'Arcy.de Silva", "P.Dev Patel", "Ph.D.us", "M.Io", "T.Me Li", "@da"])
def test_name_that_looks_like_a_link_is_taken_everywhere(client, forms, name):
    path, rest = forms["details"]
    assert client.post(path, rest | {"name": name, "carer_name": name}).status_code == 302
    for page, field in (
        ("sign-up", "name"),
        ("sign-up", "carer_name"),
        ("added by hand", "name"),
        ("corrected", "name"),
    ):
        path, rest = forms[page]
        said = rest | {
            "email": f"{page.split()[0]}@example.org",
            "whom": "other" if field == "carer_name" else "me",
            field: name,
        }
        response = send(client, path, said)
        assert response.status_code == 302, (page, response.context["mistakes"])


def test_migration_writes_the_keys_again_and_loses_nobody(days):
    ada, zoe, jose = (make_confirmed(days[0], name=name, email=email) for name, email in OLD)
    Registrant.objects.filter(pk=zoe.pk).update(name_key="zoë", email_key="zoe@fass.de")
    Registrant.objects.filter(pk=jose.pk).update(name_key="josé")
    twin = make_confirmed(days[0], name="Jose", email="jose@example.org")

    migration = import_module("registration.migrations.0015_keys_of_names_and_domains")
    migration.write_keys(apps, connection.schema_editor())

    keys = dict(Registrant.objects.values_list("pk", "name_key"))
    assert keys == {ada.pk: "ada", zoe.pk: "zoe", jose.pk: "josé", twin.pk: "jose"}
    assert Registrant.objects.get(pk=zoe.pk).email_key == "zoe@faß.de"


OLD = [("Ada", "ada@example.org"), ("Zoë", "zoe@faß.de"), ("José", "jose@example.org")]
