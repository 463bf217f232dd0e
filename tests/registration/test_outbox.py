"""What is in the outbox after each thing that can happen, and what a calendar shows once it is sent."""

import itertools
from contextlib import suppress
from datetime import timedelta

import icalendar
import pytest
from django.db import IntegrityError, connection, transaction

from registration.letters import outbox
from registration.mail import leases
from registration.mail.errors import NoLongerTrue
from registration.models import OutboxMessage, Registration
from registration.models.outbox import new_state
from registration.services import day_changes, days
from registration.services.capacity import change_capacity
from registration.status import MAIL_TRANSITIONS, CancelledBy, ImpossibleTransition, MailState
from tests.factories import FIRST_DAY, NOW, make_conference, make_confirmed, make_day, make_pending, the_registration
from tests.letters import letter_of, text_of

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(minutes=5)
HOUR = timedelta(hours=1)


@pytest.fixture
def three_days():
    conference = make_conference()
    return [make_day(conference, number) for number in (1, 2, 3)]


def queued():
    """The kinds of the mails that wait, in order."""
    return [str(kind) for kind in OutboxMessage.objects.queued().order_by("pk").values_list("kind", flat=True)]


def send_all():
    """Pretend that the worker sent everything; return the calendar events in the mails, in order."""
    found = []
    for row in OutboxMessage.objects.queued().order_by("pk"):
        with suppress(NoLongerTrue):
            found += parts_of(row)
        OutboxMessage.objects.only_row(row).update(state=MailState.SENT, finished_at=NOW)
    return [(str(book["METHOD"]), *(book.walk("VEVENT")[0][name] for name in ("SEQUENCE", "UID"))) for book in found]


def parts_of(row):
    message = letter_of(row)
    found = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    return [icalendar.Calendar.from_ical(part.get_payload(decode=True)) for part in found]


def move(day, by, now=LATER):
    """Move a day and let the worker write the mails."""
    day.refresh_from_db()
    day_changes.reschedule(day, starts_at=day.starts_at + by, ends_at=day.ends_at + by, now=now)
    day_changes.tell_news(now=now)
    day.refresh_from_db()


def uid(registrant, day):
    return str(the_registration(registrant, day).invite_uid)


def test_sign_up_twice_leaves_one_please_confirm_with_all_days(three_days):
    make_pending(three_days[0])
    make_pending(three_days[1])

    assert queued() == ["please_confirm"]
    text = text_of(OutboxMessage.objects.queued().get())
    assert "PxP Day 1" in text
    assert "PxP Day 2" in text


def test_known_person_who_asks_for_nothing_new_gets_their_link(three_days):
    make_confirmed(three_days[0])
    send_all()

    make_pending(three_days[0])

    assert queued() == ["link"]


def test_link_mail_names_each_person_at_the_address_once(three_days):
    ada = make_confirmed(three_days[0])
    make_pending(three_days[0], name="Bob", email="ADA@example.org")
    send_all()

    for _ in range(2):
        outbox.queue_link("Ada@Example.org", ada.conference, now=NOW)

    text = text_of(OutboxMessage.objects.queued().get())
    assert "Bob" not in text
    assert "One more person signed up with this address." in text
    assert (text.count("/my/"), text.count("/confirm/")) == (1, 1)
    assert outbox.queue_link("eve@example.org", ada.conference, now=NOW) is None


def test_link_mail_takes_nobody_for_one_more_person_at_their_own_address(three_days):
    ada = make_confirmed(three_days[0])
    make_pending(three_days[1])
    send_all()

    outbox.queue_link("ada@example.org", ada.conference, now=NOW)

    row = OutboxMessage.objects.queued().get()
    text, after = text_of(row), text_of(row, now=FIRST_DAY + timedelta(days=9))
    assert "more person" not in text
    assert "You asked for more days. They count once you confirm them." in text
    assert "There is nothing left to confirm." not in text
    assert text.count("/confirm/") == 1
    assert "Not confirmed yet" not in after
    assert "/my/" in after


def test_confirmation_then_one_invite_a_day(three_days):
    ada = make_confirmed(*three_days[:2])

    assert queued() == ["please_confirm", "confirmation", "invite", "invite"]
    assert send_all() == [("REQUEST", 0, uid(ada, three_days[0])), ("REQUEST", 0, uid(ada, three_days[1]))]
    assert all(row.is_invited for row in Registration.objects.for_person(ada))


def test_nobody_is_invited_to_a_day_they_wait_for():
    conference = make_conference()
    full, free = make_day(conference, 1, capacity=1), make_day(conference, 2)
    make_confirmed(full, name="Bob")
    send_all()

    ada = make_confirmed(full, free)

    assert queued() == ["please_confirm", "confirmation", "invite"]
    assert send_all() == [("REQUEST", 0, uid(ada, free))]


def test_place_that_comes_free_brings_the_invite():
    day = make_day(capacity=1)
    bob, ada = make_confirmed(day, name="Bob"), make_confirmed(day)
    send_all()

    days.cancel(the_registration(bob, day), now=NOW)

    assert queued() == ["cancel", "place"]
    assert send_all() == [("CANCEL", 1, uid(bob, day)), ("REQUEST", 0, uid(ada, day))]


def test_calendar_mails_off_means_words_alone(three_days):
    ada = make_pending(*three_days[:2])
    ada.calendar_mails = False
    ada.save()
    days.confirm(ada, now=NOW)
    send_all()

    move(three_days[0], HOUR)
    days.cancel(the_registration(ada, three_days[1]), now=LATER)
    days.add_day(ada, three_days[2], now=LATER)

    assert queued() == ["update", "cancel", "confirmation"]
    assert send_all() == []


def test_switch_off_after_an_invite_keeps_the_calendar_true(three_days):
    ada = make_confirmed(three_days[0])
    send_all()
    ada.calendar_mails = False
    ada.save()

    days.cancel(the_registration(ada, three_days[0]), now=NOW)

    assert send_all() == [("CANCEL", 1, uid(ada, three_days[0]))]


def test_day_added_sends_its_invite_alone_and_dropped_its_cancel_alone(three_days):
    ada = make_confirmed(three_days[0])
    send_all()

    days.add_day(ada, three_days[2], now=NOW)
    added = send_all()
    days.cancel(the_registration(ada, three_days[2]), now=LATER)
    dropped = send_all()

    assert added == [("REQUEST", 0, uid(ada, three_days[2]))]
    assert dropped == [("CANCEL", 1, uid(ada, three_days[2]))]


def test_day_taken_again_is_a_new_entry(three_days):
    ada = make_confirmed(*three_days[:2])
    send_all()
    old = uid(ada, three_days[1])

    days.cancel(the_registration(ada, three_days[1]), now=NOW)
    days.add_day(ada, three_days[1], now=LATER)

    assert send_all() == [("CANCEL", 1, old), ("REQUEST", 0, uid(ada, three_days[1]))]
    assert uid(ada, three_days[1]) != old


def test_cancel_before_the_invite_left_withdraws_it(three_days):
    ada = make_confirmed(*three_days[:2])

    days.cancel(the_registration(ada, three_days[1]), now=LATER)

    assert queued() == ["please_confirm", "confirmation", "invite"]
    assert "PxP Day 2" not in text_of(OutboxMessage.objects.queued().of_kind("confirmation").get())
    assert send_all() == [("REQUEST", 0, uid(ada, three_days[0]))]
    assert not the_registration(ada, three_days[1]).is_invited


def test_cancel_of_the_only_day_before_anything_left_sends_nothing_about_it(three_days):
    ada = make_confirmed(three_days[0])

    days.cancel(the_registration(ada, three_days[0]), now=LATER)

    assert queued() == ["please_confirm"]


@pytest.mark.parametrize("had_place", [True, False])
def test_person_whom_an_organiser_takes_off_before_anything_left_is_told_in_words(three_days, had_place):
    day = three_days[0]
    day.capacity = 1 if had_place else 0
    day.save()
    ada = make_confirmed(day)
    if not had_place:
        OutboxMessage.objects.update(state=MailState.SENT, finished_at=NOW)
        change_capacity(day, capacity=1, now=NOW)  # they move up; the page and a mail said that they wait

    days.cancel(the_registration(ada, day), now=LATER, by=CancelledBy.ORGANISER)

    row = OutboxMessage.objects.queued().latest("pk")
    assert (queued().count("cancel"), row.sequence) == (1, None)
    assert "The organisers cancelled it." in text_of(row)
    assert send_all() == []


def test_cancel_while_the_invite_is_in_flight_follows_it(three_days):
    ada = make_confirmed(*three_days[:2])
    row = the_registration(ada, three_days[1])
    OutboxMessage.objects.for_registration(row).update(lease="00000000-0000-0000-0000-000000000001")

    days.cancel(row, now=LATER)

    assert send_all()[-2:] == [("REQUEST", 0, str(row.invite_uid)), ("CANCEL", 1, str(row.invite_uid))]


def test_cancel_of_an_unverified_sign_up_writes_nothing(three_days):
    ada = make_pending(three_days[0])

    days.cancel(the_registration(ada, three_days[0]), now=LATER, by=CancelledBy.ORGANISER)

    assert queued() == ["please_confirm"]


def test_move_raises_the_sequence_and_keeps_the_uid(three_days):
    ada = make_confirmed(*three_days[:2])
    send_all()

    move(three_days[1], HOUR)
    first = send_all()
    move(three_days[1], HOUR)

    assert first == [("REQUEST", 1, uid(ada, three_days[1]))]
    assert queued() == ["update"]
    assert send_all() == [("REQUEST", 2, uid(ada, three_days[1]))]


def test_two_quick_moves_leave_one_update_from_what_the_person_knows(three_days):
    ada = make_confirmed(three_days[0])
    send_all()

    move(three_days[0], HOUR)
    move(three_days[0], HOUR)

    row = OutboxMessage.objects.queued().get()
    text = text_of(row)
    assert row.kind == "update"
    assert "It was Sunday 12 September 2027, 3:00 pm to 6:00 pm" in text.splitlines()[0]
    assert "now Sunday 12 September 2027, 5:00 pm to 8:00 pm" in text.splitlines()[0]
    assert send_all() == [("REQUEST", 2, uid(ada, three_days[0]))]


def test_move_and_back_before_the_mail_left_writes_to_nobody(three_days):
    ada = make_confirmed(three_days[0])
    send_all()

    move(three_days[0], HOUR)
    move(three_days[0], -HOUR)

    assert queued() == []
    days.cancel(the_registration(ada, three_days[0]), now=LATER)
    ((method, sequence, entry),) = send_all()
    assert (method, entry) == ("CANCEL", uid(ada, three_days[0]))
    assert sequence > 0


def test_person_who_never_got_the_first_version_gets_the_last_as_an_invite(three_days):
    ada = make_confirmed(*three_days[:2])

    move(three_days[1], HOUR)
    move(three_days[1], HOUR)

    assert queued() == ["please_confirm", "confirmation", "invite", "invite"]
    assert send_all() == [("REQUEST", 0, uid(ada, three_days[0])), ("REQUEST", 2, uid(ada, three_days[1]))]


def test_move_before_a_single_confirmation_left_rewrites_it(three_days):
    ada = make_confirmed(three_days[0])

    move(three_days[0], HOUR)

    assert queued() == ["please_confirm", "confirmation"]
    assert "4:00 pm to 7:00 pm" in text_of(OutboxMessage.objects.queued().latest("pk"))
    assert send_all() == [("REQUEST", 1, uid(ada, three_days[0]))]


def test_called_off_day_takes_itself_out_and_comes_back_as_new(three_days):
    ada = make_confirmed(three_days[0])
    send_all()
    old = uid(ada, three_days[0])

    day_changes.call_off(three_days[0], now=LATER)
    day_changes.tell_news(now=LATER)
    off = send_all()
    day_changes.restore(three_days[0], now=LATER)
    day_changes.tell_news(now=LATER)

    assert off == [("CANCEL", 1, old)]
    assert send_all() == [("REQUEST", 0, uid(ada, three_days[0]))]
    assert uid(ada, three_days[0]) != old


def test_moved_then_dropped_cancels_with_the_times_in_the_calendar(three_days):
    ada = make_confirmed(*three_days[:2])
    send_all()
    start = three_days[1].starts_at

    move(three_days[1], HOUR)
    days.cancel(the_registration(ada, three_days[1]), now=LATER)

    (book,) = parts_of(OutboxMessage.objects.queued().get())
    assert book.walk("VEVENT")[0]["DTSTART"].dt == start
    assert send_all() == [("CANCEL", 2, uid(ada, three_days[1]))]


def test_send_again_keeps_the_version(three_days):
    ada = make_confirmed(*three_days[:2])
    send_all()
    move(three_days[0], HOUR)
    send_all()

    days.send_again(ada, now=LATER)
    days.send_again(ada, now=LATER)

    assert queued() == ["confirmation", "invite", "invite"]
    assert send_all() == [("REQUEST", 1, uid(ada, three_days[0])), ("REQUEST", 0, uid(ada, three_days[1]))]


def test_withdraw_for_takes_back_what_has_not_left(three_days):
    ada = make_confirmed(*three_days[:2])
    make_confirmed(three_days[0], name="Bob")

    count = outbox.withdraw_for(ada, now=LATER)

    assert count == 4
    assert {row.registrant.name for row in OutboxMessage.objects.queued()} == {"Bob"}


def test_try_again_refuses_a_version_that_a_newer_one_replaced(three_days):
    ada = make_confirmed(*three_days[:2])
    row = OutboxMessage.objects.for_registration(the_registration(ada, three_days[1])).get()
    OutboxMessage.objects.only_row(row).update(state=MailState.DEAD, finished_at=NOW)

    days.cancel(the_registration(ada, three_days[1]), now=LATER)

    assert not outbox.try_again(row, now=LATER)


@pytest.mark.parametrize(
    "broken",
    [{"state": "lost"}, {"state": "sent", "finished_at": None}, {"state": "queued", "finished_at": NOW}],
)
def test_database_keeps_states_and_times_together(three_days, broken):
    make_pending(three_days[0])

    with pytest.raises(IntegrityError):
        OutboxMessage.objects.update(**broken)
    connection.needs_rollback = False


@pytest.mark.parametrize(("start", "end"), list(itertools.product(MailState, MailState)))
def test_mail_changes_state_only_as_the_table_says(start, end):
    if end in MAIL_TRANSITIONS[start]:
        assert new_state(end, was=[start], now=NOW)["state"] == end
    else:
        with pytest.raises(ImpossibleTransition):
            new_state(end, was=[start], now=NOW)


def test_mail_that_left_cannot_be_withdrawn(three_days):
    make_pending(three_days[0])
    send_all()

    assert OutboxMessage.objects.all().withdraw(LATER) == 0
    assert [mail.state for mail in OutboxMessage.objects.all()] == [MailState.SENT]


def test_message_id_is_used_once(three_days):
    make_confirmed(*three_days[:2])
    rows = list(OutboxMessage.objects.order_by("pk"))

    assert len({row.message_id for row in rows}) == len(rows)
    assert {row.message_id.partition("@")[2] for row in rows} == {"pxp.example.org"}
    with pytest.raises(IntegrityError):
        OutboxMessage.objects.update(message_id="the-same")
    connection.needs_rollback = False


def test_next_mails_are_read_along_the_index_of_what_is_due(three_days):
    make_confirmed(*three_days)

    with transaction.atomic():
        leases._read_in_order()
        plan = OutboxMessage.objects.due(NOW).urgent().lock_unheld()[:50].explain()

    assert "mail_due" in plan
    assert "Sort" not in plan
    assert "TEMP B-TREE" not in plan


def test_mail_past_its_time_is_not_taken(three_days):
    make_pending(three_days[0])
    OutboxMessage.objects.update(expires_at=LATER)

    assert OutboxMessage.objects.due(NOW).count() == 1
    assert OutboxMessage.objects.due(LATER).count() == 0
