"""A day that moves, is called off or comes back: each person hears of it once, and hears the last state."""

from contextlib import suppress
from datetime import timedelta

import pytest

from conference.models import Day, ProgramChange
from registration.letters.writing import write_letter
from registration.mail.errors import NoLongerTrue
from registration.models import OutboxMessage, Registration
from registration.services import day_changes, days
from registration.status import CancelledBy, MailKind, Status
from tests.factories import NOW, make_confirmed, make_day, make_pending, the_registration

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def deliver():
    """Let every waiting mail leave, as a worker would, without a server."""
    OutboxMessage.objects.queued().update(state="sent", finished_at=NOW)


def tell():
    """Let the worker tell, when nothing can be taken back any more."""
    while day_changes.tell_news(now=NOW + 2 * HOUR):
        pass


def kinds_waiting(registrant):
    return list(OutboxMessage.objects.queued().for_person(registrant).order_by("pk").values_list("kind", flat=True))


def move_by(day, by):
    day = Day.objects.get(pk=day.pk)
    return day_changes.reschedule(day, starts_at=day.starts_at + by, ends_at=day.ends_at + by, now=NOW)


def test_moved_day_writes_one_update_to_each_confirmed_person():
    day = make_day(capacity=2)
    ada, bob = make_confirmed(day), make_confirmed(day, name="Bob")
    waiting, pending = make_confirmed(day, name="Eve"), make_pending(day, name="Grace")
    deliver()

    told = move_by(day, HOUR)
    tell()

    assert told == 2
    assert [kinds_waiting(person) for person in (ada, bob, waiting, pending)] == [
        [MailKind.UPDATE],
        [MailKind.UPDATE],
        [],
        [],
    ]
    row = the_registration(ada, day)
    assert (row.invite_sequence, row.invited_starts_at) == (1, day.starts_at + HOUR)


def test_two_quick_moves_leave_one_update():
    day = make_day()
    ada = make_confirmed(day)
    deliver()

    move_by(day, HOUR)
    move_by(day, HOUR)
    tell()

    assert kinds_waiting(ada) == [MailKind.UPDATE]
    assert the_registration(ada, day).invited_starts_at == day.starts_at + 2 * HOUR


def test_move_taken_back_before_anybody_was_told_writes_nothing():
    day = make_day()
    ada = make_confirmed(day)
    deliver()

    move_by(day, HOUR)
    move_by(day, -HOUR)
    tell()

    assert kinds_waiting(ada) == []
    assert the_registration(ada, day).invite_sequence == 0


def test_move_before_the_first_invite_left_sends_only_the_last_version():
    day = make_day()
    ada = make_confirmed(day)

    move_by(day, HOUR)
    tell()

    row = the_registration(ada, day)
    assert row.invited_starts_at == day.starts_at + HOUR
    waiting = OutboxMessage.objects.queued().for_person(ada).exclude(kind=MailKind.PLEASE_CONFIRM)
    assert len(waiting) == 1


def test_same_time_again_changes_nothing():
    day = make_day()
    make_confirmed(day)

    assert move_by(day, 0 * HOUR) == 0


def test_called_off_day_cancels_everybody_and_says_who_did():
    day = make_day(capacity=1)
    ada, bob = make_confirmed(day), make_confirmed(day, name="Bob")
    eve = make_pending(day, name="Eve")
    deliver()

    told = day_changes.call_off(day, now=NOW)
    tell()

    rows = [the_registration(person, day) for person in (ada, bob, eve)]
    assert told == 2
    assert {(row.status, row.cancelled_by) for row in rows} == {(Status.CANCELLED, CancelledBy.DAY)}
    assert (kinds_waiting(ada), kinds_waiting(eve)) == ([MailKind.CANCEL], [])
    assert len(kinds_waiting(bob)) == 1


def test_calling_off_twice_writes_once():
    day = make_day()
    make_confirmed(day)
    deliver()
    day_changes.call_off(day, now=NOW)

    assert day_changes.call_off(day, now=NOW + HOUR) == 0
    assert Day.objects.get().called_off_at == NOW


def test_restored_day_brings_everybody_back_where_they_were_with_a_new_uid():
    day = make_day(capacity=1)
    ada, bob = make_confirmed(day), make_confirmed(day, name="Bob")
    eve = make_pending(day, name="Eve")
    deliver()
    before = the_registration(ada, day)
    day_changes.call_off(day, now=NOW)
    tell()
    deliver()

    told = day_changes.restore(day, now=NOW + HOUR)
    tell()

    after = the_registration(ada, day)
    assert told == 2
    assert [the_registration(person, day).status for person in (ada, bob, eve)] == [
        Status.CONFIRMED,
        Status.WAITLISTED,
        Status.PENDING,
    ]
    assert (after.invite_sequence, after.is_invited) == (0, True)
    assert after.invite_uid != before.invite_uid
    assert kinds_waiting(ada) == [MailKind.INVITE]
    assert kinds_waiting(eve) == []


@pytest.mark.parametrize("is_told", [False, True])
def test_restored_day_asks_who_was_never_asked_to_confirm(is_told):
    day = make_day()
    other = make_day(day.conference, 2)
    asked, ada, both = make_pending(day, name="Eve"), make_pending(day), make_pending(day, other, name="Bob")
    OutboxMessage.objects.for_person(asked).update(state="sent", finished_at=NOW)
    day_changes.call_off(day, now=NOW)
    for row in OutboxMessage.objects.queued():
        with suppress(NoLongerTrue):
            write_letter(row, now=NOW)  # to Bob, about the other day
            OutboxMessage.objects.only_row(row).update(state="sent", finished_at=NOW)
    OutboxMessage.objects.queued().withdraw(NOW)  # as the worker does
    if is_told:
        tell()

    day_changes.restore(day, now=NOW + HOUR)

    assert [kinds_waiting(person) for person in (asked, ada, both)] == [[], [MailKind.PLEASE_CONFIRM], []]


def test_restored_day_leaves_out_who_had_dropped_it_before():
    day = make_day()
    ada = make_confirmed(day)
    days.cancel(the_registration(ada, day), now=NOW)
    day_changes.call_off(day, now=NOW + HOUR)

    day_changes.restore(day, now=NOW + 2 * HOUR)

    assert Registration.objects.live().count() == 0


def test_person_who_drops_a_moved_day_hears_of_the_end_only():
    day = make_day()
    ada = make_confirmed(day)
    deliver()
    move_by(day, HOUR)
    days.cancel(the_registration(ada, day), now=NOW)

    tell()

    assert kinds_waiting(ada) == [MailKind.CANCEL]


def test_readers_of_the_program_see_each_change_of_a_day():
    day = make_day()

    move_by(day, HOUR)
    day_changes.call_off(day, now=NOW)
    day_changes.call_off(day, now=NOW)
    day_changes.restore(day, now=NOW)

    kinds = ProgramChange.objects.for_day(day).order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["time", "called-off", "restored"]
