"""Several people at one address: what one of them does takes nothing from the mail that the others wait for."""

from datetime import timedelta

import pytest

from registration import links
from registration.letters import days as letters
from registration.mail.leases import take
from registration.models import LinkRequest, OutboxMessage, Registrant
from registration.services import address, corrections
from registration.services.erase import erase
from registration.services.lost_link import answer_link_requests, send_links
from registration.status import MailKind, MailState
from tests.factories import NOW, make_confirmed, make_pending, make_program, the_registration
from tests.letters import letter_of
from tests.support.at_once import another_waits_for

pytestmark = pytest.mark.django_db

SHARED = "two@example.org"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def days(db):
    return list(make_program(sessions=0).days.with_conference().order_by("number"))


@pytest.fixture
def pair(days):
    """Bob and Ada, who share an address. A mail with both links waits; it is with Ada, who came last."""
    people = [make_confirmed(days[0], name=name, email=SHARED) for name in ("Bob", "Ada")]
    OutboxMessage.objects.all().delete()
    send_links(days[0].conference, SHARED, now=NOW)
    return people


def link_mails():
    """The words of the mails with links that wait."""
    answer_link_requests(now=NOW)
    rows = OutboxMessage.objects.of_kind(MailKind.LINK).queued().order_by("pk")
    mails = [letter_of(row) for row in rows]
    return [mail.get_body(("plain",)).get_content() for mail in mails]


def test_each_button_of_a_mail_with_several_links_names_its_person(pair):
    (words,) = link_mails()

    for person in pair:
        assert f"{person.name}’s days:\r\n{links.my_url(person)}" in words
    assert "My days" not in words


def test_mail_with_the_link_of_one_person_speaks_of_one_link_and_of_nothing_to_do(days):
    ada = make_confirmed(days[0], email=SHARED)
    OutboxMessage.objects.all().delete()
    send_links(days[0].conference, SHARED, now=NOW)

    (words,) = link_mails()

    assert f"My days:\r\n{links.my_url(ada)}" in words
    assert "There is nothing left to confirm. This link is private. Please do not share it." in " ".join(words.split())
    assert "these links" not in words


def test_mail_with_one_link_names_the_person_to_a_carer(days):
    make_confirmed(days[0], email=SHARED, carer_name="Bob")
    OutboxMessage.objects.all().delete()
    send_links(days[0].conference, SHARED, now=NOW)

    (words,) = link_mails()

    assert "Ada’s days:" in words
    assert "My days" not in words


@pytest.mark.parametrize(
    ("letter", "subject"),
    [
        ("confirmation", "Ada has a place: PxP Day 1, Sunday 12 September, 3:00 pm"),
        ("invite", "Ada’s calendar invite: PxP Day 1, Sunday 12 September, 3:00 pm"),
        ("place", "Ada has a place: PxP Day 1, Sunday 12 September, 3:00 pm"),
        ("update", "Ada’s day has changed: PxP Day 1, Sunday 12 September, 3:00 pm"),
        ("restored", "Ada’s day is back on: PxP Day 1, Sunday 12 September, 3:00 pm"),
        ("cancel", "Ada is no longer signed up for PxP Day 1, Sunday 12 September, 3:00 pm"),
    ],
)
def test_subject_names_the_person_in_its_sentence(pair, days, letter, subject):
    _bob, ada = pair
    registration = the_registration(ada, days[0])
    write = {
        "confirmation": lambda: letters.write_confirmation(ada, [registration]),
        "invite": lambda: letters.write_invite(registration, None),
        "place": lambda: letters.write_place(registration, None),
        "update": lambda: letters.write_change(registration, None, was=(days[0].starts_at, days[0].ends_at)),
        "restored": lambda: letters.write_restored(registration, None),
        "cancel": lambda: letters.write_cancellation(registration, None),
    }

    assert write[letter]().subject == subject


@pytest.mark.parametrize("gone", [0, 1])
def test_the_others_get_their_links_after_one_is_deleted(pair, gone):
    erased, other = pair[gone], pair[1 - gone]

    erase(erased, now=NOW)

    (words,) = link_mails()
    assert links.my_url(other) in words
    assert erased.name not in words


def test_the_others_get_their_links_also_if_the_mail_was_on_its_way(pair):
    bob, ada = pair
    take(now=NOW, lease_for=MINUTE)

    erase(ada, now=NOW)

    (words,) = link_mails()
    assert links.my_url(bob) in words


def test_nobody_is_written_to_where_nobody_is_left(days):
    ada = make_confirmed(days[0], email=SHARED)
    send_links(days[0].conference, SHARED, now=NOW)

    erase(ada, now=NOW)

    assert not LinkRequest.objects.exists()


def test_nobody_gets_links_that_were_not_asked_for(pair):
    OutboxMessage.objects.all().delete()

    erase(pair[0], now=NOW)

    assert link_mails() == []


def test_mail_of_another_year_stays(pair):
    last_year = make_program(slug="2026", days=1, sessions=0)
    eve = make_confirmed(last_year.days.with_conference().get(), name="Eve", email=SHARED)
    OutboxMessage.objects.all().delete()
    send_links(last_year, SHARED, now=NOW)

    erase(pair[0], now=NOW)

    (words,) = link_mails()
    assert links.my_url(eve) in words


def test_the_others_get_their_links_after_one_has_another_address(pair):
    bob, ada = pair
    address.ask_for_address(ada, "ada@new.example.org", now=NOW)
    ada.refresh_from_db()

    address.take_new_address(ada, now=NOW)

    words = next(words for words in link_mails() if links.my_url(bob) in words)
    assert "Ada" not in words


def test_the_others_get_their_links_after_an_organiser_corrects_one_address(pair):
    bob, ada = pair

    corrections.correct_details(ada, details={"email": "ada@new.example.org"}, now=NOW)

    words = next(words for words in link_mails() if links.my_url(bob) in words)
    assert "Ada" not in words


@pytest.mark.parametrize("which", [0, 1])
def test_the_others_get_their_links_after_one_takes_a_new_one(pair, which):
    who = pair[which]

    address.renew_links(who, now=NOW)

    who.refresh_from_db()
    (words,) = link_mails()
    assert all(links.my_url(person) in words for person in Registrant.objects.all())


def test_the_others_get_their_links_after_one_signs_up_for_nothing_new(pair, days):
    make_pending(days[0], name="Ada", email=SHARED)

    (words,) = link_mails()
    assert all(links.my_url(person) in words for person in pair)


def test_mail_that_was_given_up_names_nobody_who_is_deleted(pair):
    bob, ada = pair
    OutboxMessage.objects.update(registrant=bob, state=MailState.DEAD, finished_at=NOW)

    erase(ada, now=NOW)

    assert set(OutboxMessage.objects.values_list("state", flat=True)) == {MailState.WITHDRAWN}


@pytest.mark.django_db(transaction=True)
def test_no_mail_names_someone_who_is_deleted_while_it_is_written(pair):
    bob, ada = pair
    OutboxMessage.objects.all().delete()

    with another_waits_for(lambda: send_links(ada.conference, SHARED, now=NOW)):
        erase(ada, now=NOW)

    (words,) = link_mails()
    assert links.my_url(bob) in words
    assert "Ada" not in words


def test_link_to_a_page_of_last_year_is_sent_once_the_next_conference_is_public(client, days, machine_clock):
    ada = make_confirmed(days[0], email=SHARED)
    next_year = make_program(slug="2028", days=1, sessions=0)
    next_year.days.update(starts_at=NOW + timedelta(days=365), ends_at=NOW + timedelta(days=366))
    bob = make_confirmed(next_year.days.with_conference().get(), name="Bob")
    machine_clock.move_to(days[-1].ends_at + MINUTE)

    for email in (ada.email, bob.email, "nobody@example.org"):
        client.post("/lost-link/", {"email": email})

    of_ada, of_bob = link_mails()
    assert links.my_url(ada) in of_ada
    assert links.my_url(bob) in of_bob
    assert "PxP 2027" in of_ada
    assert "PxP 2028" in of_bob


def test_link_to_a_page_of_last_year_goes_to_no_address_that_nobody_verified(client, days, machine_clock):
    make_pending(days[0], email=SHARED)
    OutboxMessage.objects.all().delete()
    next_year = make_program(slug="2028", days=1, sessions=0)
    next_year.days.update(starts_at=NOW + timedelta(days=365), ends_at=NOW + timedelta(days=366))
    machine_clock.move_to(days[-1].ends_at + MINUTE)

    client.post("/lost-link/", {"email": SHARED})

    assert link_mails() == []
    assert not OutboxMessage.objects.exists()
