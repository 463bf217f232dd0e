"""Signing somebody else up: whose name, who reads the mails, and several people at one address."""

import email
from email import policy

import pytest

from registration import links
from registration.models import OutboxMessage, Registrant
from registration.services.days import confirm
from tests.factories import NOW, make_confirmed, make_program

pytestmark = pytest.mark.django_db

TYPED = {"name": "Ada", "email": "bob@example.org", "days": ["1"], "country": "JP", "time_zone": "Asia/Tokyo"}


@pytest.fixture
def days(db):
    return list(make_program(sessions=0).days.with_conference().order_by("number"))


def text(response):
    return response.content.decode()


def newest_mail():
    row = OutboxMessage.objects.newest_first().first()
    return email.message_from_bytes(bytes(row.raw), policy=policy.default)


def words_of(mail):
    return mail.get_body(("plain",)).get_content()


def test_form_asks_who_comes_and_takes_me_for_granted(client, days):
    page = text(client.get("/register/"))

    assert "I am registering somebody else" in page
    assert "Several people can share one address" in page


def test_somebody_else_is_signed_up_and_the_carer_is_written_to(client, days):
    response = client.post("/register/", TYPED | {"whom": "other", "carer_name": "Bob"})

    assert response.status_code == 302
    person = Registrant.objects.get()
    assert (person.name, person.carer_name) == ("Ada", "Bob")
    mail = newest_mail()
    assert mail["To"] == "Bob <bob@example.org>"
    assert "Hello Bob," in words_of(mail)
    assert "This mail is about Ada, whom you signed up." in words_of(mail)
    assert "each person has a page and mails of their own" in words_of(mail).replace("\n", " ")


def test_form_without_the_new_fields_works_as_before(client, days):
    assert client.post("/register/", TYPED).status_code == 302
    assert Registrant.objects.get().carer_name == ""


def test_name_of_the_carer_alone_is_enough(client, days):
    assert client.post("/register/", TYPED | {"carer_name": "Bob"}).status_code == 302
    assert Registrant.objects.get().carer_name == "Bob"


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"whom": "other"}, "Write your own name, or choose “I come myself”."),
        ({"whom": "me", "carer_name": "Bob"}, "Do you register somebody else?"),
        ({"whom": "x"}, "Choose from the list only."),
    ],
)
def test_answers_that_do_not_fit_are_said_and_kept(client, days, typed, error):
    response = client.post("/register/", TYPED | typed)

    assert response.status_code == 422
    assert error in text(response)
    assert f'value="{typed.get("carer_name", "")}"' in text(response) or "carer_name" not in typed
    assert not Registrant.objects.exists()


def test_carer_for_two_people_has_a_page_for_each(client, days):
    for name in ("Ada", "Eve"):
        client.post("/register/", TYPED | {"name": name, "whom": "other", "carer_name": "Bob"})
    people = list(Registrant.objects.order_by("pk"))
    for person in people:
        confirm(person, now=NOW)

    pages = [text(client.get(f"/my/{links.token('my', person)}/")) for person in people]

    assert "Hello, Bob. This page is about Ada, whom you signed up." in pages[0]
    assert "Hello, Bob. This page is about Eve, whom you signed up." in pages[1]


def test_carer_of_a_known_person_cannot_be_changed_with_the_form(client, days):
    ada = make_confirmed(days[0], email="bob@example.org")

    client.post("/register/", TYPED | {"whom": "other", "carer_name": "Eve", "days": ["2"]})

    ada.refresh_from_db()
    assert ada.carer_name == ""
