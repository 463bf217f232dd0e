"""A forwarded mail is not the whole account: data, needs and deletion come through the mailbox once more."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import connection
from icalendar import Calendar

from registration import links
from registration.abuse.caps import MAILS_BY_A_PERSON
from registration.models import AccessRequest, Farewell, OutboxMessage, Registrant, Registration
from registration.models.history import note
from registration.services.address import renew_links
from registration.services.corrections import correct_details
from registration.services.erase import erase
from registration.services.farewells import empty_the_log, send_farewells
from registration.services.person import set_calendar_mails
from tests.factories import NOW, make_confirmed, make_day, make_pending, make_program, make_staff, the_registration
from tests.letters import letter_of
from tests.support.mail import Mailbox

pytestmark = pytest.mark.django_db

NEED = "my oxygen cylinder"
UPDATE = "We will email you an update for your calendar."


@pytest.fixture
def day():
    return make_program(days=1, sessions=0).days.get()


@pytest.fixture
def ada(day):
    return make_confirmed(day, needs=NEED)


def my(registrant, page=""):
    return f"/my/{links.token('my', registrant)}/{page}"


def private(registrant, page="", now=NOW):
    return f"/private/{links.private_token(registrant, now=now)}/{page}"


# --- What a forwarded link opens -------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["", "data/", "delete/", "needs/", "needs/told/", "details/", "address/", "new-link/"])
def test_no_page_behind_the_link_of_everyday_mails_shows_what_someone_needs(page, client, ada):
    assert "oxygen" not in client.get(my(ada, page)).text
    assert "oxygen" not in client.post(my(ada, page)).text
    assert "oxygen" not in client.post(my(ada, page), {"needs": "", "take-back": "1", "action": "data"}).text


def test_nothing_is_deleted_or_handed_out_behind_it(client, ada):
    for page in ("data/", "delete/", "needs/told/"):
        response = client.post(my(ada, page))

        assert response["Location"] == f"{my(ada, page)}?done=sent"
        assert "Check your email." in client.get(response["Location"]).text
    assert Registrant.objects.get() == ada
    assert AccessRequest.objects.get().words == NEED


def test_the_mail_has_a_button_that_works_for_a_day(client, ada, smtp_server, transactional_db):
    mailbox = Mailbox(smtp_server, ada.email)
    mailbox.new()
    client.post(my(ada, "data/"))

    [mail] = mailbox.new()

    assert mail["Subject"] == "Your data at PxP"
    text = mail.get_body(("plain",)).get_content()
    [link] = {line for line in text.split() if "/private/" in line}
    address = link.removeprefix("http://testserver")
    assert NEED in client.get(address).text
    with time_machine.travel(NOW + timedelta(hours=23)):
        assert client.get(address).status_code == 200
    with time_machine.travel(NOW + timedelta(hours=24, minutes=1)):
        assert client.get(address).status_code == 404


def test_nobody_is_flooded_with_these_mails(client, ada):
    before = OutboxMessage.objects.newest_key()

    answers = [client.post(my(ada, "data/"))["Location"].rpartition("=")[2] for _ in range(MAILS_BY_A_PERSON.most + 2)]

    most = MAILS_BY_A_PERSON.most - 1  # they signed up today, which sent one
    assert answers == ["sent"] * most + ["enough"] * 3
    assert OutboxMessage.objects.after(before).count() == most


def test_a_need_is_taken_back_there(client, ada):
    request = AccessRequest.objects.get()

    client.post(private(ada), {"take-back": request.pk})

    assert not AccessRequest.objects.exists()


def test_links_in_an_answer_lead_there(client, ada):
    AccessRequest.objects.update(answer="See <https://example.org/a?b=1&c=2>.\nOr write to team@example.org.")

    page = client.get(private(ada)).text

    assert 'href="https://example.org/a?b=1&amp;c=2"' in page
    assert 'href="mailto:team@example.org"' in page
    assert "See &lt;<a" in page
    assert ".<br>Or write" in page


@pytest.mark.parametrize("change", ["new link", "new address"])
def test_the_private_link_ends_with_the_others(change, client, ada):
    address = private(ada)

    if change == "new link":
        renew_links(ada, now=NOW)
    else:
        correct_details(ada, details={"email": "new@example.org"}, now=NOW)

    assert client.get(address).status_code == 404


def test_a_private_link_cannot_be_made_to_last_longer(client, ada):
    token = links.private_token(ada, now=NOW - timedelta(hours=25))
    fresh = links.private_token(ada, now=NOW)

    assert client.get(f"/private/{token}/").status_code == 404
    assert client.get(f"/private/{token[:-6]}{fresh[-6:]}/").status_code == 404


# --- Deleted, and told so --------------------------------------------------------------------------------------------


def test_pages_of_deleting_promise_the_one_last_mail_that_leaves(client, ada):
    asked = client.get(private(ada, "delete/")).text
    deleted = client.post(private(ada, "delete/"), follow=True).text

    assert "One last email tells you that it is done." in asked
    assert "After one last email, we will not write to you again about this sign-up." in deleted
    assert Farewell.objects.count() == 1


def test_the_person_is_told_by_mail_and_the_address_forgotten(client, ada, smtp_server):
    client.post(private(ada, "delete/"))
    assert Farewell.objects.get().email == "ada@example.org"

    assert send_farewells(now=NOW) == 1

    [mail] = smtp_server.to("ada@example.org")
    assert "is deleted" in mail.message.get_content()
    assert not Farewell.objects.exists()


def test_who_shares_the_address_reads_that_one_sign_up_is_gone_and_the_others_stay(client, day, ada, smtp_server):
    make_confirmed(day, name="Bob", email=ada.email)
    page = client.get(private(ada, "delete/")).text
    assert "Delete Ada’s data?" in page
    assert "Yes, delete Ada’s data" in page
    assert "<h1>Ada’s data</h1>" in client.get(private(ada)).text

    client.post(private(ada, "delete/"))
    send_farewells(now=NOW)

    [mail] = smtp_server.to(ada.email)
    words = mail.message.get_content()
    assert mail.message["Subject"] == "One sign-up is deleted"
    assert "Other sign-ups with this address, of other people or for other years, stay as they are." in words
    assert "forgotten this address" not in words


def test_an_address_that_nobody_verified_or_that_is_dead_is_told_nothing(day):
    eve, bob = make_pending(day, name="Eve"), make_confirmed(day, name="Bob")
    Registrant.objects.only_row(bob).update(undeliverable_at=NOW)

    erase(eve, now=NOW, tell=True)
    erase(bob, now=NOW, tell=True)

    assert not Farewell.objects.exists()


def test_a_mail_that_cannot_be_sent_forgets_the_address_after_a_day(ada, smtp_server):
    smtp_server.stop()
    erase(ada, now=NOW, tell=True)

    assert send_farewells(now=NOW) == 0
    send_farewells(now=NOW + timedelta(days=1, seconds=1))

    assert not Farewell.objects.exists()


def test_a_mail_that_is_refused_holds_up_no_other_and_is_given_up(day, smtp_server):
    no_domain = "eve@" + 64 * "é" + ".example"
    for email in (no_domain, "bob@example.org", "ada@example.org"):
        Farewell.objects.create(email=email, language="en", asked_at=NOW)
    smtp_server.answers["RCPT"] = ["550 5.1.1 No such mailbox"]

    assert send_farewells(now=NOW) == 3

    assert len(smtp_server.received) == len(smtp_server.to("ada@example.org")) == 1
    assert not Farewell.objects.exists()


@pytest.mark.parametrize("command", ["RCPT", "END"])
def test_a_mail_that_is_put_off_waits_longer_each_time_and_holds_up_no_other(command, day, smtp_server):
    for email in ("bob@example.org", "ada@example.org"):
        Farewell.objects.create(email=email, language="en", asked_at=NOW)
    smtp_server.answers[command] = ["451 4.7.1 Later", "250 ok", "451 4.7.1 Later"]

    first = send_farewells(now=NOW)
    too_soon = send_farewells(now=NOW + timedelta(seconds=9))
    again = send_farewells(now=NOW + timedelta(seconds=10))
    still_too_soon = send_farewells(now=NOW + timedelta(seconds=29))
    at_last = send_farewells(now=NOW + timedelta(seconds=30))

    assert (first, too_soon, again, still_too_soon, at_last) == (1, 0, 0, 0, 1)
    assert [mail.recipient for mail in smtp_server.received] == ["ada@example.org", "bob@example.org"]


@pytest.mark.sqlite_only
@pytest.mark.django_db(transaction=True)
def test_who_is_erased_leaves_the_file_and_the_log(day):
    person = make_confirmed(
        day, name="Zanzibarine Quux", email="quux@rare-domain.example", needs="a rarely worded need"
    )
    file = Path(connection.settings_dict["NAME"])
    marks = (b"Zanzibarine", b"rare-domain", b"rarely worded")

    erase(person, now=NOW)
    empty_the_log()

    for path in file.parent.glob(f"{file.name}*"):
        assert [mark for mark in marks if mark in path.read_bytes()] == [], path


# --- An organiser changes the address --------------------------------------------------------------------------------


def test_the_old_address_is_told_and_the_new_one_shows_no_needs_until_they_are_written_again(client, ada):
    note(make_staff(), AccessRequest.objects.get(), "State: Arranged")
    before = OutboxMessage.objects.newest_key()

    correct_details(ada, details={"email": "new@example.org"}, now=NOW)

    told = OutboxMessage.objects.after(before).for_address("ada@example.org").get()
    assert told.kind == "note"
    ada.refresh_from_db()
    assert "oxygen" not in client.get(private(ada)).text
    data = client.get(private(ada, "data/")).json()
    assert "oxygen" not in json.dumps(data)
    assert data["what_organisers_changed"] == []
    assert AccessRequest.objects.get().words == NEED  # the Access team reads it as before
    client.post(my(ada, "needs/"), {"needs": NEED, "consent": "on"})
    assert NEED in client.get(private(ada)).text
    assert client.get(private(ada, "data/")).json()["what_organisers_changed"][0]["what"] == "State: Arranged"
    assert AccessRequest.objects.count() == 1


def test_an_address_that_nobody_verified_is_told_nothing_when_it_changes(day):
    eve = make_pending(day, name="Eve")

    correct_details(eve, details={"email": "new@example.org"}, now=NOW)

    assert not OutboxMessage.objects.queued().for_address("eve@example.org").exists()


# --- A new link ------------------------------------------------------------------------------------------------------


def test_an_old_door_asks_for_the_new_link(client, ada, day):
    old = f"/join/{links.join_token(the_registration(ada, day))}/"
    assert client.get(old).status_code == 200

    renew_links(ada, now=NOW)

    page = client.get(old)
    assert page.status_code == 404
    assert "You have a newer link. Use the one in our latest email." in page.text
    assert page.text.count("latest email") == 1  # said once
    assert client.post(old).status_code == 404
    new = f"/join/{links.join_token(the_registration(ada, day))}/"
    assert client.get(new).status_code == 200


def test_a_new_link_rewrites_the_entries_that_lead_to_a_door(client, ada, day):
    set_calendar_mails(ada, wanted=False)  # they stay in the calendar all the same
    assert UPDATE in client.get(my(ada, "new-link/")).text

    client.post(my(ada, "new-link/"))

    link, invite = OutboxMessage.objects.queued().order_by("pk")
    assert link.letter == "link"
    registration = the_registration(Registrant.objects.get(), day)
    (part,) = [part for part in letter_of(invite).walk() if part.get_content_type() == "text/calendar"]
    entry = Calendar.from_ical(part.get_payload(decode=True)).events[0]
    assert (entry["UID"], entry["SEQUENCE"]) == (str(registration.invite_uid), 1)
    assert entry["URL"] == links.join_url(registration)


def test_a_new_link_rewrites_nothing_that_is_over_or_in_no_calendar(client, ada, day):
    grace = make_confirmed(make_day(day.conference, 2), name="Grace", email="grace@example.org")
    Registration.objects.for_person(grace).update(is_invited=False)
    OutboxMessage.objects.all().delete()

    for person, now in ((grace, NOW), (ada, day.ends_at)):
        with time_machine.travel(now, tick=False):
            assert UPDATE not in client.get(my(person, "new-link/")).text
            client.post(my(person, "new-link/"))

    assert {row.letter for row in OutboxMessage.objects.all()} == {"link"}


def test_doors_in_calendars_stay_open_through_a_new_address_of_ones_own(client, ada, day):
    door = f"/join/{links.join_token(the_registration(ada, day))}/"

    correct_details(ada, details={"name": "Ada Lovelace"}, now=NOW)

    assert client.get(door).status_code == 200
