"""The page after signing up: it shows the address, takes another one, and its own address tells nobody anything."""

import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.test import override_settings
from django.utils import timezone

from registration.abuse.caps import MAILS_FROM_A_NETWORK, MAILS_TO_A_MAILBOX, SIGN_UP_MAILS_TO_A_MAILBOX
from registration.forms import receipt as receipts
from registration.forms.receipt import BadReceipt, Receipt, open_receipt
from registration.models import AccessRequest, LinkRequest, OutboxMessage, Pace, Question, Registrant, Registration
from registration.models.history import note
from registration.services.days import confirm
from registration.services.lost_link import answer_link_requests
from registration.services.sign_up import Person
from registration.status import MailState
from tests.factories import NOW, make_confirmed, make_program, make_staff

pytestmark = pytest.mark.django_db

TYPED = {"name": "Maureen Tan", "email": "maureen@example.ogr", "days": ["1", "3"], "time_zone": "Asia/Tokyo"}
RIGHT = "maureen@example.org"


@pytest.fixture
def days(db):
    return list(make_program(sessions=0).days.with_conference().order_by("number"))


@pytest.fixture
def sent(client, days):
    """The address of the page after Maureen signed up with a slip in her address."""
    question = Question.objects.create(conference=days[0].conference, label="Which language?", is_required=True)
    answer = {f"question_{question.pk}": "French"}
    return client.post("/register/day-1/", TYPED | answer | {"needs": "More time"})["Location"]


def person(**fields):
    return Person(**{"name": "Ada", "email": "ada@example.org"} | fields)


def test_page_shows_the_address_and_may_be_opened_again(client, sent):
    pages = [client.get(sent) for _time in range(2)]

    assert [page.status_code for page in pages] == [200, 200]
    assert all(TYPED["email"] in page.text.replace("<wbr>", "") for page in pages)
    assert "no-store" in pages[0]["Cache-Control"]
    assert pages[0]["X-Robots-Tag"] == "noindex, nofollow"
    assert 'rel="canonical"' not in pages[0].text


def test_its_address_says_nothing_of_the_person(sent):
    # No shorter ones: among random letters one of three comes up by chance.
    for words in ("maureen", "example", "tokyo", "more time"):
        assert words not in sent.lower().replace("register/thanks/", "")


def test_history_forgets_the_slip_too(client, sent):
    note(make_staff(), Registrant.objects.get(), "Sent the mails again")

    client.post(sent, {"email": RIGHT})

    assert not LogEntry.objects.exists()


def test_changing_the_address_keeps_everything_and_forgets_the_slip(client, sent):
    response = client.post(sent, {"email": RIGHT})

    assert response.status_code == 302
    maureen = Registrant.objects.get()
    assert (maureen.email, maureen.name, maureen.time_zone) == (RIGHT, "Maureen Tan", "Asia/Tokyo")
    assert [row.day.number for row in Registration.objects.for_person(maureen)] == [1, 3]
    assert AccessRequest.objects.get().words == "More time"
    assert [answer.values for answer in maureen.answers.all()] == [["French"]]
    assert [mail.to_email for mail in OutboxMessage.objects.queued()] == [RIGHT]
    assert RIGHT in client.get(response["Location"]).text.replace("<wbr>", "")


def test_changing_the_address_counts_for_the_network_that_asks(client, sent):
    before = Pace.objects.get(name=MAILS_FROM_A_NETWORK.name).free_at

    client.post(sent, {"email": RIGHT})

    assert Pace.objects.get(name=MAILS_FROM_A_NETWORK.name).free_at > before


def test_another_mistake_is_said_and_kept(client, sent):
    response = client.post(sent, {"email": "maureen"})

    assert response.status_code == 422
    assert "The @ is missing" in response.text
    assert 'value="maureen"' in response.text
    assert Registrant.objects.get().email == TYPED["email"]


def test_a_person_who_confirmed_meanwhile_is_not_forgotten(client, sent):
    confirm(Registrant.objects.get(), now=NOW)

    client.post(sent, {"email": RIGHT})

    assert sorted(row.email for row in Registrant.objects.all()) == [TYPED["email"], RIGHT]


def test_a_person_who_was_there_before_is_not_forgotten(client, days):
    victim = client.post("/register/", TYPED | {"days": ["2"]})
    eve = client.post("/register/", TYPED)["Location"]

    client.post(eve, {"email": "eve@example.org"})

    assert victim.status_code == 302
    assert Registrant.objects.filter(email=TYPED["email"]).exists()


def test_pressing_again_asks_for_the_mail_once_more(client, sent):
    response = client.post(sent, {"again": "1"})

    assert response.status_code == 200
    assert LinkRequest.objects.get().email == TYPED["email"]


def test_pressing_again_and_again_sends_no_more_than_a_mailbox_may_get(client, sent):
    for _press in range(12):
        client.post(sent, {"again": "1"})
        answer_link_requests(now=timezone.now())

    mails = OutboxMessage.objects.for_address(TYPED["email"]).exclude(state=MailState.WITHDRAWN)
    assert mails.count() <= MAILS_TO_A_MAILBOX.most


@pytest.mark.parametrize("token", ["x", "gAAAAABx", "é", "A" * 200])
def test_wrong_address_leads_to_the_page_that_knows_nothing(client, days, token):
    response = client.get(f"/register/thanks/{token}/")

    assert (response.status_code, response["Location"]) == (302, "/register/thanks/")
    assert "Check your email" in client.get(response["Location"]).text


def test_receipt_opens_as_it_was_sealed():
    told = Receipt(person(carer_name="Bób & \u200c"), [1, 3], NOW, "More\ntime", {7: ["a", "b"]})

    assert open_receipt(told.seal()) == told


def test_receipt_ends_after_some_hours(machine_clock):
    sealed = Receipt(person(), [1], NOW).seal()
    machine_clock.shift(timedelta(seconds=receipts.VALID_FOR + 60))

    with pytest.raises(BadReceipt):
        open_receipt(sealed)


def test_receipt_opens_with_an_older_key():
    with override_settings(SECRET_KEY="an older one"):
        sealed = Receipt(person(), [1], NOW).seal()

    with pytest.raises(BadReceipt):
        open_receipt(sealed)
    with override_settings(SECRET_KEY_FALLBACKS=["an older one"]):
        assert open_receipt(sealed).email == "ada@example.org"


def test_receipt_too_long_for_an_address_is_none(client, days):
    words = "".join(chr(0x4E00 + number * 7 % 20000) for number in range(9000))

    response = client.post("/register/", TYPED | {"needs": words})

    assert (response.status_code, response["Location"]) == (302, "/register/thanks/")


SENDING, ENOUGH = "We are sending it to", "We have sent enough emails to this address for today."


def sign_up_in_turn(client, email, number):
    """Sign up so many people at one address, each after the mail of the one before left. Return the page of each."""
    pages = []
    for person_number in range(number):
        address = client.post("/register/", TYPED | {"name": f"Name {person_number}", "email": email})["Location"]
        OutboxMessage.objects.due(timezone.now()).update(state=MailState.SENT, finished_at=timezone.now())
        pages.append((address, client.get(address).text))
    return pages


def says(page):
    return [words in page for words in (SENDING, ENOUGH)]


def test_only_a_form_whose_mail_is_held_back_hears_that_the_address_got_enough(client, days):
    *sent, (_address, held) = sign_up_in_turn(client, "family@example.org", SIGN_UP_MAILS_TO_A_MAILBOX.most + 1)

    assert [says(page) for _address, page in sent] == [[True, False]] * SIGN_UP_MAILS_TO_A_MAILBOX.most
    assert says(held) == [False, True]
    assert "family<wbr>@example.org" in held


def test_page_at_the_cap_is_the_same_for_an_address_that_is_in_use(client, days):
    make_confirmed(days[0], email="knownone@example.org", now=NOW - timedelta(days=30))
    texts = []

    for mailbox in ("knownone", "othersxx"):
        pages = sign_up_in_turn(client, f"{mailbox}@example.org", SIGN_UP_MAILS_TO_A_MAILBOX.most + 1)
        texts.append([page.replace(address.split("/")[3], "").replace(mailbox, "") for address, page in pages])

    assert texts[0] == texts[1]


def test_again_where_no_mail_may_leave_promises_none(client, days):
    address, _page = sign_up_in_turn(client, "family@example.org", SIGN_UP_MAILS_TO_A_MAILBOX.most)[-1]

    first = client.post(address, {"again": "1"})
    answer_link_requests(now=timezone.now())
    second = client.post(address, {"again": "1"})

    assert (first.status_code, says(first.text)) == (200, [True, False])
    assert (second.status_code, says(second.text)) == (429, [False, True])
    assert second.text.count(ENOUGH) == 1


def test_wrong_new_address_does_not_hide_that_the_mail_waits(client, days):
    address, _page = sign_up_in_turn(client, "family@example.org", SIGN_UP_MAILS_TO_A_MAILBOX.most + 1)[-1]

    response = client.post(address, {"email": "family"})

    assert (response.status_code, says(response.text)) == (422, [False, True])


@pytest.mark.parametrize(
    ("email", "name"),
    [
        ("ada@gmail.com", "Gmail"),
        ("ada@GMAIL.com", "Gmail"),
        ("ada@hotmail.co.uk", "Outlook"),
        ("ada@example.org", None),
        ("ada@notgmail.com", None),
    ],
)
def test_address_tells_which_program_opens_its_mail(email, name):
    program = Receipt(person(email=email), [1], NOW).mail_program

    assert (program and program[0]) == name


def test_page_offers_the_program(client, days):
    page = client.get(client.post("/register/", TYPED | {"email": "ada@gmail.com"})["Location"]).text

    assert re.search(r'<a class="button" href="https://mail.google.com/">\s*Open Gmail\s*</a>', page)
