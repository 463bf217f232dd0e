"""A new address counts when its reader says so, and a new link ends the old one."""

from datetime import timedelta

import pytest

from conference.models import Conference
from registration import links
from registration.letters import outbox
from registration.mail.leases import mark_for_retry, mark_refused, mark_sent, take
from registration.models import AccessRequest, OutboxMessage, Registrant
from registration.services import address
from registration.services.corrections import correct_details
from registration.services.day_changes import call_off, reschedule, tell_news
from registration.services.days import add_day, cancel, send_again
from registration.services.errors import AlreadySignedUp
from registration.services.needs import answer_need
from registration.services.person import set_calendar_mails
from registration.status import CancelledBy, Letter, MailFault, MailState, NeedState
from tests.factories import NOW, make_confirmed, make_program, the_registration
from tests.letters import letter_of

pytestmark = pytest.mark.django_db

NEW = "ada@new.example.org"
HOUR = timedelta(hours=1)


@pytest.fixture
def days(db):
    return list(make_program(sessions=0).days.with_conference().order_by("number"))


@pytest.fixture
def ada(days):
    person = make_confirmed(days[0], days[1])
    OutboxMessage.objects.all().delete()
    return person


def path(registrant, page=""):
    return f"/my/{links.token('my', registrant)}/{page}"


def take_path(registrant):
    return f"/address/{links.token('address', registrant)}/"


def asked(registrant, to=NEW):
    assert address.ask_for_address(registrant, to, now=NOW)
    registrant.refresh_from_db()
    return registrant


def sent_to(to):
    rows = OutboxMessage.objects.for_address(to).queued().order_by("pk")
    return [letter_of(row) for row in rows]


def words_of(mail):
    return mail.get_body(("plain",)).get_content()


# --- Asking ----------------------------------------------------------------------------------------------------------


def test_new_address_waits_and_both_are_told(client, ada):
    response = client.post(path(ada, "address/"), {"email": NEW})

    ada.refresh_from_db()
    assert (ada.email, ada.new_email) == ("ada@example.org", NEW)
    page = client.get(response["Location"]).text
    assert "Check your email at the new address." in page
    assert f"{NEW} is not confirmed yet." in page
    (to_new,), (to_old,) = sent_to(NEW), sent_to("ada@example.org")
    assert links.address_url(ada) in words_of(to_new)
    assert links.my_url(ada) not in words_of(to_new)
    assert NEW not in words_of(to_old)
    assert links.my_url(ada) in words_of(to_old)


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("ADA@example.org", "We write to this address already."),
        ("", "Enter your new email"),
        ("ada", "The @ is missing"),
    ],
)
def test_address_with_a_mistake_is_kept_as_typed(client, ada, typed, error):
    response = client.post(path(ada, "address/"), {"email": typed})

    assert response.status_code == 422
    assert error in response.text
    assert f'value="{typed}"' in response.text or not typed
    assert not OutboxMessage.objects.exists()


def test_asking_does_not_tell_who_is_registered(client, ada, days):
    make_confirmed(days[0], email=NEW)  # the same name

    answers = {client.post(path(ada, "address/"), {"email": to}).status_code for to in (NEW, "x@new.example.org")}

    assert answers == {302}


def test_five_such_mails_a_day_are_enough(client, ada):
    for number in range(4):  # the mail that asked them to confirm was the fifth
        assert address.ask_for_address(ada, f"{number}@new.example.org", now=NOW + timedelta(minutes=number))
        OutboxMessage.objects.queued().update(state=MailState.SENT, finished_at=NOW)

    is_sent = address.ask_for_address(ada, "6@new.example.org", now=NOW + timedelta(hours=1))
    next_day = address.ask_for_address(ada, "6@new.example.org", now=NOW + timedelta(hours=25))

    assert (is_sent, next_day) == (False, True)


def test_request_that_is_refused_leaves_the_older_one_and_its_mail(ada):
    asked(ada)
    for number in range(4):  # a stranger signs them up at a third address until it gets no more today
        outbox.queue_link("ada@third.example.org", ada.conference, now=NOW + timedelta(minutes=number), is_link=False)

    is_sent = address.ask_for_address(ada, "ada@third.example.org", now=NOW + timedelta(minutes=5))

    ada.refresh_from_db()
    assert (is_sent, ada.new_email) == (False, NEW)
    assert len(sent_to(NEW)) == 1


def test_old_address_can_be_kept(client, ada):
    asked(ada)
    token = take_path(ada)

    client.post(path(ada, "address/"), {"take-back": "1"})

    ada.refresh_from_db()
    assert ada.new_email == ""
    assert client.get(token).status_code == 404
    assert sent_to(NEW) == []


def test_newer_request_ends_the_older_one(client, ada):
    older = take_path(asked(ada))
    asked(ada, "ada@third.example.org")

    assert client.get(older).status_code == 404
    assert client.get(take_path(ada)).status_code == 200


def test_mail_to_the_new_address_does_not_wait_for_the_old_one(ada):
    asked(ada)
    OutboxMessage.objects.for_address("ada@example.org").update(due_at=NOW + timedelta(hours=4))

    assert [row.to_email for row in OutboxMessage.objects.due(NOW)] == [NEW]


def test_refused_new_address_says_nothing_about_the_old_one(ada):
    asked(ada)
    OutboxMessage.objects.for_address("ada@example.org").delete()
    (row,) = take(now=NOW, lease_for=timedelta(minutes=5))

    mark_refused(row, "550 nobody", now=NOW, is_address=True)

    ada.refresh_from_db()
    assert not ada.is_undeliverable


# --- Taking it -------------------------------------------------------------------------------------------------------


def test_opening_the_link_changes_nothing(client, ada):
    asked(ada)

    response = client.get(take_path(ada))

    assert response.status_code == 200
    assert "Use this address?" in response.text
    assert Registrant.objects.get().email == "ada@example.org"


def test_new_address_counts_and_old_links_end(client, ada, days):
    asked(ada)
    old = [path(ada), f"/confirm/{links.token('confirm', ada)}/", f"/calendar/{links.token('calendar', ada)}.ics"]

    response = client.post(take_path(ada))

    ada.refresh_from_db()
    assert (ada.email, ada.email_key, ada.new_email) == (NEW, NEW, "")
    assert "We now use your new address." in client.get(response["Location"]).text
    assert [client.get(link).status_code for link in old] == [404, 404, 404]


def test_invites_go_on_at_the_new_address(client, ada, days):
    uid = the_registration(ada, days[0]).invite_uid
    asked(ada)

    client.post(take_path(ada))

    assert len(sent_to(NEW)) == 3  # words, and an invite for each day
    calendar = next(part for part in sent_to(NEW)[1].walk() if part.get_filename()).get_content()
    calendar = calendar.decode().replace("\r\n ", "")
    assert f"mailto:{NEW}" in calendar
    assert str(uid) in calendar
    (last,) = sent_to("ada@example.org")
    assert "/my/" not in words_of(last)
    assert NEW not in words_of(last)


@pytest.mark.parametrize("is_dead", [False, True])
def test_answer_of_the_access_team_that_did_not_arrive_follows_to_the_new_address(is_dead, client, days):
    ada = make_confirmed(days[0], needs="Captions, please")
    OutboxMessage.objects.all().delete()
    answer_need(AccessRequest.objects.get(), state=NeedState.ARRANGED, answer="All sessions have them.", now=NOW)
    if is_dead:
        [row] = take(now=NOW, lease_for=timedelta(minutes=1))
        mark_refused(row, "550 nobody", now=NOW, is_address=True)
    asked(ada)

    client.post(take_path(ada))

    answers = [row for row in OutboxMessage.objects.queued() if row.letter == Letter.NEED_ANSWER]
    assert [row.to_email for row in answers] == [NEW]
    assert "All sessions have them." in words_of(letter_of(answers[0]))


def test_mail_that_waited_for_a_full_mailbox_is_due_at_the_new_address(ada, days):
    cancel(the_registration(ada, days[0]), by=CancelledBy.ORGANISER, now=NOW)
    OutboxMessage.objects.queued().exclude(letter=Letter.CANCEL).delete()
    [row] = take(now=NOW, lease_for=timedelta(minutes=1))
    mark_for_retry(row, "452 4.2.2 Mailbox full", now=NOW, fault=MailFault.MAILBOX)

    moved_to_new(ada, "person")

    [row] = OutboxMessage.objects.queued().filter(letter=Letter.CANCEL)
    assert (row.to_email, row.fault, row.due_at) == (NEW, "", NOW)


def test_mails_that_the_old_server_put_off_hold_up_nothing_at_the_new_address(ada, days):
    for day in days[:2]:
        cancel(the_registration(ada, day), by=CancelledBy.ORGANISER, now=NOW)
    OutboxMessage.objects.queued().exclude(letter=Letter.CANCEL).delete()
    [row] = take(now=NOW, lease_for=timedelta(minutes=1))
    mark_for_retry(row, "451 4.7.1 Try again later", now=NOW)

    moved_to_new(ada, "person")

    there = OutboxMessage.objects.for_address(NEW).queued()
    assert there.filter(letter=Letter.CANCEL).count() == 2
    assert not there.filter(due_at__gt=NOW).exists()


def test_second_press_changes_nothing_and_shows_no_link(client, ada):
    link = take_path(asked(ada))
    client.post(link)
    ada.refresh_from_db()
    count = OutboxMessage.objects.count()

    for response in (client.post(link), client.get(link)):
        assert response.status_code == 200
        assert "We now use your new address" in response.text
        assert links.token("my", ada) not in response.text
    assert OutboxMessage.objects.count() == count


def test_someone_without_days_gets_the_new_link(client, ada, days):
    for day in days[:2]:
        client.post(path(ada), {"action": "drop", "day": day.number})
    OutboxMessage.objects.all().delete()
    asked(ada)

    client.post(take_path(ada))

    ada.refresh_from_db()
    assert links.my_url(ada) in words_of(sent_to(NEW)[0])


def test_same_name_at_the_new_address_is_refused_in_words(client, ada, days):
    other = make_confirmed(days[2], email=NEW)
    asked(ada)

    response = client.post(take_path(ada))

    assert response.status_code == 409
    assert "has signed up with ada@new.example.org already" in response.text
    with pytest.raises(AlreadySignedUp):
        address.take_new_address(ada, now=NOW)
    ada.refresh_from_db()
    assert (ada.email, ada.new_email, other.email) == ("ada@example.org", NEW, NEW)


# --- A new link ------------------------------------------------------------------------------------------------------


def test_page_after_a_new_link_is_there_also_while_no_conference_is_public(client, ada):
    Conference.objects.update(is_published=False)

    page = client.post(f"{links.my_url(ada)}new-link/", follow=True)

    assert (page.status_code, page.redirect_chain[-1][0]) == (200, "/new-link/")
    assert "Your new link is on its way" in page.text
    assert "/lost-link/" not in page.text


def test_new_link_ends_the_old_ones_and_is_shown_to_nobody(client, ada):
    old = [path(ada), f"/confirm/{links.token('confirm', ada)}/", f"/calendar/{links.token('calendar', ada)}.ics"]

    question = client.get(path(ada, "new-link/")).text
    response = client.post(path(ada, "new-link/"))

    assert "The old link will stop working at once." in question
    assert response["Location"] == "/new-link/"
    assert client.get("/new-link/").status_code == 200
    assert [client.get(link).status_code for link in old] == [404, 404, 404]
    ada.refresh_from_db()
    mail, *entries = sent_to("ada@example.org")
    assert links.my_url(ada) in words_of(mail)
    assert ["/join/" in words_of(entry) for entry in entries] == [True, True]
    assert client.get(path(ada)).status_code == 200


# --- What the reader of the new address holds, and must hear ---------------------------------------------------------


def moved_to_new(registrant, by):
    """Give a person the new address, as they or an organiser would; return the row."""
    if by == "person":
        address.take_new_address(asked(registrant), now=NOW)
    else:
        correct_details(registrant, details={"email": NEW}, now=NOW)
    registrant.refresh_from_db()
    return registrant


def refuse_all():
    for row in OutboxMessage.objects.queued():
        OutboxMessage.objects.only_row(row).update(state=MailState.DEAD, finished_at=NOW, last_error="550 nobody")


BY = pytest.mark.parametrize("by", ["person", "organiser"])


@BY
@pytest.mark.parametrize("how", ["called off", "by an organiser"])
def test_end_of_a_day_that_did_not_arrive_follows_to_the_new_address_in_words(how, by, ada, days):
    if how == "called off":
        call_off(days[0], now=NOW)
        tell_news(now=NOW)
    else:
        cancel(the_registration(ada, days[0]), now=NOW, by=CancelledBy.ORGANISER)
    refuse_all()

    moved_to_new(ada, by)

    (row,) = OutboxMessage.objects.filter(letter=Letter.CANCEL)
    ended = letter_of(row)
    assert (row.to_email, row.state) == (NEW, MailState.QUEUED)
    assert "Day 1" in words_of(ended)
    assert not any(part.get_filename() for part in ended.walk())  # there is no entry of it in this calendar
    assert "takes the day out of your calendar" not in words_of(ended)


@BY
def test_end_that_the_person_knows_of_does_not_follow(by, ada, days):
    cancel(the_registration(ada, days[0]), now=NOW)
    cancel(the_registration(ada, days[1]), now=NOW, by=CancelledBy.ORGANISER)
    add_day(ada, days[1], now=NOW)
    refuse_all()

    moved_to_new(ada, by)

    assert {row.letter for row in OutboxMessage.objects.for_address(NEW).queued()} == {Letter.CONFIRMATION}


@BY
def test_calendar_of_the_new_address_gets_no_entry_from_who_takes_no_invites(by, ada, days):
    set_calendar_mails(ada, wanted=False)
    moved_to_new(ada, by)
    OutboxMessage.objects.all().delete()

    reschedule(days[0], starts_at=days[0].starts_at + HOUR, ends_at=days[0].ends_at + HOUR, now=NOW)
    call_off(days[1], now=NOW)
    tell_news(now=NOW)

    rows = OutboxMessage.objects.for_address(NEW).order_by("registration__day")
    assert [(row.letter, row.sequence) for row in rows] == [(Letter.UPDATE, None), (Letter.CANCEL, None)]


def test_entry_of_an_address_that_was_theirs_before_still_moves(ada, days):
    send_again(ada, now=NOW)
    OutboxMessage.objects.update(state=MailState.SENT, finished_at=NOW)
    set_calendar_mails(ada, wanted=False)

    for email in ("typo@example.org", "ada@example.org"):
        correct_details(ada, details={"email": email}, now=NOW)
        ada.refresh_from_db()
    OutboxMessage.objects.queued().update(state=MailState.SENT, finished_at=NOW)
    reschedule(days[0], starts_at=days[0].starts_at + HOUR, ends_at=days[0].ends_at + HOUR, now=NOW)
    tell_news(now=NOW)

    assert [(row.letter, row.sequence) for row in OutboxMessage.objects.queued()] == [(Letter.UPDATE, 1)]


@BY
@pytest.mark.parametrize("has_left", [False, True])
def test_last_mail_asks_for_entries_of_the_old_calendar_to_be_deleted(has_left, by, ada, days):
    send_again(ada, now=NOW)
    if has_left:
        OutboxMessage.objects.update(state=MailState.SENT, finished_at=NOW)

    moved_to_new(ada, by)

    (last,) = sent_to("ada@example.org")
    assert ("delete our entries" in words_of(last)) is has_left


def test_last_mail_says_nothing_of_entries_of_days_that_are_over(ada, days):
    send_again(ada, now=NOW)
    OutboxMessage.objects.update(state=MailState.SENT, finished_at=NOW)
    after = max(day.ends_at for day in days[:2])

    address.take_new_address(asked(ada), now=after)

    (last,) = sent_to("ada@example.org")
    assert "delete our entries" not in words_of(last)


@BY
def test_who_waits_is_told_so_at_the_new_address(by, days):
    days[0].capacity = 0
    days[0].save()
    ada = make_confirmed(days[0])
    OutboxMessage.objects.all().delete()

    moved_to_new(ada, by)

    (mail,) = sent_to(NEW)
    assert mail["Subject"] == "You are on the waiting list for PxP Day 1"
    assert links.my_url(ada) in words_of(mail)


def test_mail_to_a_new_address_says_nothing_about_the_old_one(ada):
    OutboxMessage.objects.all().delete()
    Registrant.objects.filter(pk=ada.pk).set_undeliverable("User unknown", NOW)
    asked(Registrant.objects.get())
    (mail,) = [row for row in take(now=NOW, lease_for=HOUR, limit=9) if row.to_email == NEW]
    mark_for_retry(mail, "451 greylisted", now=NOW)
    (mail,) = [row for row in take(now=NOW + HOUR, lease_for=HOUR, limit=9) if row.to_email == NEW]

    assert mark_sent(mail, now=NOW + HOUR)

    assert Registrant.objects.get().is_undeliverable
