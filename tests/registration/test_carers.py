"""Signing someone else up: whose name, who reads the mails, and several people at one address."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from registration import links
from registration.models import OutboxMessage, Registrant
from registration.services.days import confirm
from tests.factories import NOW, make_confirmed, make_program, the_registration
from tests.letters import letter_of

pytestmark = pytest.mark.django_db

TYPED = {"name": "Ada", "email": "bob@example.org", "days": ["1"], "country": "JP", "time_zone": "Asia/Tokyo"}


@pytest.fixture
def days(db):
    return list(make_program(sessions=0).days.with_conference().order_by("number"))


def newest_mail():
    row = OutboxMessage.objects.newest_first().first()
    return letter_of(row)


def words_of(mail):
    return mail.get_body(("plain",)).get_content()


def test_form_has_a_field_for_a_carer(client, days):
    page = client.get("/register/").text

    assert "I’m signing up someone else" in page
    assert "<details open" not in page


def test_someone_else_is_signed_up_and_the_carer_is_written_to(client, days):
    response = client.post("/register/", TYPED | {"carer_name": "Bob"})

    assert response.status_code == 302
    person = Registrant.objects.get()
    assert (person.name, person.carer_name) == ("Ada", "Bob")
    confirm(person, now=NOW)
    mail = newest_mail()
    assert mail["To"] == "Bob <bob@example.org>"
    assert mail["Subject"].startswith("Ada has a place: PxP Day 1, ")
    assert "Hello Bob," in words_of(mail)
    assert "This email is about Ada." in words_of(mail)
    assert "Ada has a place" in words_of(mail)


def test_carer_types_their_own_name_where_everybody_does_and_the_other_name_once(client, days):
    client.post("/register/", TYPED | {"name": "Bob", "attendee_name": "Ada"})

    person = Registrant.objects.get()
    assert (person.name, person.carer_name) == ("Ada", "Bob")


def test_name_of_someone_else_is_open_and_kept_when_there_is_a_mistake(client, days):
    page = client.post("/register/", TYPED | {"name": "", "attendee_name": "..."})

    assert '<details class="more" open' in page.text
    assert page.context["form"].errors["attendee_name"] == ["Enter a name. Any name you like will do."]
    assert 'name="attendee_name" value="..."' in page.text
    assert "The name of the person attending (optional)" not in " ".join(page.text.split())


def test_mail_to_an_address_that_nobody_verified_names_nobody(client, days):
    client.post("/register/", TYPED | {"carer_name": "Bob"})

    mail = newest_mail()
    assert "Ada" not in mail["Subject"] + words_of(mail)
    assert "Bob" not in mail["Subject"] + words_of(mail)
    assert "Sign each person up separately." in words_of(mail)


def test_form_without_a_carer_works(client, days):
    assert client.post("/register/", TYPED).status_code == 302
    assert Registrant.objects.get().carer_name == ""


def carers_pages(client):
    """Sign up Ada and Eve by Bob; return both, confirmed."""
    for name in ("Ada", "Eve"):
        client.post("/register/", TYPED | {"name": name, "carer_name": "Bob"})
    people = list(Registrant.objects.order_by("pk"))
    for person in people:
        confirm(person, now=NOW)
    return people


def test_carers_page_speaks_of_the_person(client, days):
    ada, _eve = carers_pages(client)

    page = client.get(f"/my/{links.token('my', ada)}/").text

    assert "<title>Ada’s days – PxP</title>" in page
    assert "Download Ada’s data" in page
    assert "Delete Ada’s data" in page
    assert "Delete my data" not in page
    assert "<h1>Delete Ada’s data</h1>" in client.get(f"/my/{links.token('my', ada)}/delete/").text
    private = f"/private/{links.private_token(ada, now=NOW)}/"
    assert "Delete Ada’s data" in client.get(private).text
    assert "Yes, delete Ada’s data" in client.get(f"{private}delete/").text


@pytest.mark.parametrize("part", ["needs", "details", "answers", "address", "calendar"])
def test_each_page_behind_a_carers_page_says_whose_it_is(client, days, part):
    ada, _eve = carers_pages(client)
    own = make_confirmed(days[0], name="Bob", email="bob@example.net")

    page = client.get(f"/my/{links.token('my', ada)}/{part}/").text
    bobs = client.get(f"/my/{links.token('my', own)}/{part}/").text

    assert "Ada’s days" in page
    assert "My days" not in page
    assert "My days" in bobs


@pytest.mark.parametrize("part", ["", "calendar/"])
def test_calendar_words_suit_a_carer_too(client, days, part):
    ada = make_confirmed(days[0], name="Ada", carer_name="Bob")

    page = client.get(f"{links.my_url(ada)}{part}").text

    assert "We email you an invite for each day." in page
    assert "your days" not in page


def test_carer_is_not_told_of_a_place_or_a_turn_of_their_own(client, days):
    days[1].capacity = 0
    days[1].save()
    ada = make_confirmed(*days, carer_name="Bob")
    url = f"/my/{links.token('my', ada)}/"

    page = client.get(url).text
    for number in ("1", "3"):
        client.post(url, {"action": "drop", "day": number})
    waits = client.get(url).text
    doors = [client.get(f"/join/{links.join_token(the_registration(ada, day))}/").text for day in days[:2]]

    assert page.count("<b>Has a place</b>") == 2
    assert page.count("<b>On the waiting list</b>") == 1
    assert "<h1>Ada is on the waiting list for Day 2</h1>" in waits
    assert "<h1>Ada is not signed up for Day 1</h1>" in doors[0]
    assert "<h1>Ada is on the waiting list for Day 2</h1>" in doors[1]
    for words in (page, waits, *doors):
        assert "You have a place" not in words
        assert "You are " not in words


def test_carer_is_asked_about_the_day_of_the_person_and_told_whose_turn_it_is(client, days):
    days[1].capacity = 0
    days[1].save()
    ada = make_confirmed(days[1], name="Ada", carer_name="Bob")
    make_confirmed(days[1], name="Eve")

    asked = client.get(f"{links.my_url(ada)}?leave=2").text
    page = client.get(links.my_url(ada)).text
    door = client.get(f"/join/{links.join_token(the_registration(ada, days[1]))}/").text
    mail = words_of(letter_of(OutboxMessage.objects.for_person(ada).newest_first().first()))

    assert "<h1>Cancel Day 2 for Ada?</h1>" in asked
    assert "Others are waiting too. Ada will lose this turn." in asked
    for words in (page, door, mail):
        told = " ".join(words.split())
        assert "When it is Ada’s turn for a free place, we will give it to them and email you." in told
        assert "your turn" not in told


def test_mails_to_a_carer_say_who_waits_and_whose_days_the_button_shows(client, days):
    days[1].capacity = 0
    days[1].save()
    make_confirmed(days[1], name="Ada", carer_name="Bob")
    make_confirmed(days[0], days[2], name="Eve", carer_name="Bob")

    waits, places = (words_of(letter_of(row)) for row in OutboxMessage.objects.of_kind("confirmation").order_by("pk"))

    assert "Ada is on the waiting list" in waits
    assert "You are on the waiting list" not in waits
    assert "Ada’s days:" in waits
    assert "Eve’s days:" in places
    assert "My days" not in waits + places


def test_carer_confirms_a_person_by_name(client, days):
    for name in ("Ada", "Eve"):
        client.post("/register/", TYPED | {"name": name, "carer_name": "Bob"})

    pages = [client.get(links.confirm_url(person)).text for person in Registrant.objects.order_by("pk")]

    assert "<h1>Confirm Ada’s place</h1>" in pages[0]
    assert "You did not sign up Ada? Just close this page." in pages[0]
    assert "Not you?" not in pages[0]
    assert "<h1>Confirm Eve’s place</h1>" in pages[1]
    ada = Registrant.objects.get(name="Ada")
    left = client.post(links.confirm_url(ada), follow=True).text
    assert "<h1>Ada is signed up</h1>" in left
    assert "Ada’s days" in left
    assert "My days" not in left


def test_carer_reads_whose_day_was_cancelled(client, days):
    ada, _eve = carers_pages(client)
    OutboxMessage.objects.queued().update(state="sent", finished_at=NOW)
    url = f"/my/{links.token('my', ada)}/"

    page = client.post(url, {"action": "drop", "day": "1"}, follow=True).text

    assert "Ada is no longer signed up for Day 1." in page
    subject = letter_of(OutboxMessage.objects.of_kind("cancel").get())["Subject"]
    assert subject.strip().partition(", ")[0] == "Ada is no longer signed up for PxP Day 1"


def test_carer_of_a_known_person_cannot_be_changed_with_the_form(client, days):
    ada = make_confirmed(days[0], email="bob@example.org")

    client.post("/register/", TYPED | {"carer_name": "Eve", "days": ["2"]})

    ada.refresh_from_db()
    assert ada.carer_name == ""


@pytest.mark.parametrize(("carer", "words"), [("Bob", "Ada has no place"), ("", "You have no place")])
def test_pages_say_who_has_no_place_once_the_days_are_over(client, days, machine_clock, carer, words):
    ada = make_confirmed(*days, name="Ada", carer_name=carer)
    machine_clock.move_to(days[-1].ends_at + timedelta(days=1))

    for url in (f"{links.my_url(ada)}calendar/", f"{links.my_url(ada)}?done=nothing"):
        assert f"{words} on a day to come." in client.get(url).text


def test_pages_name_the_person_whom_a_carer_reads_about(client, days):
    ada = make_confirmed(days[0], name="Ada", carer_name="Bob", needs="More time")
    my_page, private = links.my_url(ada), f"/private/{links.private_token(ada, now=timezone.now())}/"

    for url, title in [(my_page, "Ada’s days"), (f"{my_page}needs/", "What Ada needs"), (private, "Ada’s data")]:
        html = client.get(url).text
        words = " ".join(re.sub("[\u2066-\u2069]|</?bdi[^>]*>", "", html).split())

        assert f"<title>{title} – PxP</title>" in words
        for wrong in ("My days", "My details", "My data", "What I need", "you told us you need", "your role"):
            assert wrong not in words
