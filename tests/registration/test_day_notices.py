"""What is done with a day waits for ten minutes if several people hear of it, and until then can be taken back."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from conference.models import Day
from registration.letters.writing import write_letter
from registration.mail.errors import NoLongerTrue, NotYet
from registration.models import DayNotice, OutboxMessage, PlannedAct, Registrant, Registration
from registration.services import day_changes, planned_acts
from registration.services.capacity import change_capacity
from registration.services.days import confirm_by_organiser, send_again
from registration.services.person import set_calendar_mails
from registration.services.reminders import remind
from registration.status import Act, Letter, MailState, News, Status
from tests.factories import NOW, make_confirmed, make_pending, make_program, make_staff, the_registration

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
SOON = NOW + timedelta(minutes=9)
THEN = NOW + day_changes.TELL_AFTER
WHY = "Two of our speakers live where it would be 4 in the morning."


@pytest.fixture
def organiser():
    return make_staff()


@pytest.fixture
def day():
    """A day with two people on it, one who waits and one who has not confirmed; all their mails have left."""
    day = make_program(days=1, sessions=1).days.get()
    day.capacity = 2
    day.save()
    for name in ("Ada", "Bob", "Cleo"):
        make_confirmed(day, name=name)
    make_pending(day, name="Eve")
    OutboxMessage.objects.update(state=MailState.SENT, finished_at=NOW)
    return Day.objects.with_conference().get()


def moved(day, organiser, *, hours=1, now=NOW):
    day = Day.objects.get(pk=day.pk)
    times = {"starts_at": day.starts_at + hours * HOUR, "ends_at": day.ends_at + hours * HOUR}
    day_changes.reschedule(day, **times, now=now, user=organiser, why=WHY)


def told(now=THEN):
    """Let the worker tell; return the letters that wait now, in order."""
    day_changes.tell_news(now=now)
    return list(OutboxMessage.objects.queued().order_by("registrant__name", "pk"))


def states(day):
    rows = Registration.objects.for_day(day).live().order_by("registrant__name")
    return [(row.registrant.name, row.status) for row in rows]


BEFORE = [("Ada", "confirmed"), ("Bob", "confirmed"), ("Cleo", "waitlisted"), ("Eve", "pending")]


def test_move_is_told_after_ten_minutes_with_its_reason(day, organiser):
    moved(day, organiser)

    assert told(SOON) == []
    letters = told()

    assert [(row.registrant.name, row.letter) for row in letters] == [("Ada", Letter.UPDATE), ("Bob", Letter.UPDATE)]
    message = write_letter(letters[0], now=THEN)
    assert WHY in message.body
    assert f'<p class="note" dir="auto">{WHY}</p>' in message.alternatives[0].content


def test_each_deed_with_a_day_can_be_taken_back_and_nobody_hears(day, organiser):
    begins = day.starts_at
    moved(day, organiser)
    moved(day, organiser, now=NOW + timedelta(minutes=1))
    first, second = DayNotice.objects.order_by("pk")
    with pytest.raises(day_changes.TooLate):
        day_changes.take_back(first, user=organiser, now=SOON)  # only the newest
    day_changes.take_back(second, user=organiser, now=SOON)
    day_changes.take_back(first, user=organiser, now=SOON)
    day.refresh_from_db()
    assert day.starts_at == begins

    day_changes.call_off(day, now=NOW, user=organiser)
    assert states(day) == []
    day_changes.take_back(DayNotice.objects.last(), user=organiser, now=SOON)

    assert states(day) == BEFORE
    assert Registration.objects.count() == 4  # the same rounds, with the same calendar entries
    assert told(THEN + HOUR) == []
    day.refresh_from_db()
    assert not day.is_called_off


def test_calling_off_is_told_and_what_brings_it_back_can_be_taken_back(day, organiser):
    day_changes.call_off(day, now=NOW, user=organiser, why=WHY)
    letters = told()
    assert [(row.registrant.name, row.letter) for row in letters] == [
        ("Ada", Letter.CANCEL), ("Bob", Letter.CANCEL), ("Cleo", Letter.CANCEL),
    ]  # fmt: skip
    assert WHY in write_letter(letters[2], now=THEN).body
    OutboxMessage.objects.update(state=MailState.SENT, finished_at=THEN)

    day_changes.restore(day, now=THEN, user=organiser)
    assert states(day) == BEFORE
    day_changes.take_back(DayNotice.objects.last(), user=organiser, now=THEN + timedelta(minutes=5))
    assert states(day) == []
    assert told(THEN + HOUR) == []

    day_changes.restore(day, now=THEN + HOUR, user=organiser)
    with pytest.raises(day_changes.TooLate):
        day_changes.take_back(DayNotice.objects.last(), user=organiser, now=THEN + 2 * HOUR)
    assert [row.letter for row in told(THEN + 2 * HOUR)] == [Letter.RESTORED] * 3


def test_who_knew_another_time_still_hears_it_when_calling_off_is_taken_back(day, organiser):
    moved(day, organiser)
    day_changes.call_off(day, now=NOW, user=organiser)

    day_changes.take_back(DayNotice.objects.last(), user=organiser, now=SOON)

    assert [row.letter for row in told()] == [Letter.UPDATE, Letter.UPDATE]


def test_opposite_act_leaves_nothing_waiting_of_what_nobody_will_hear(day, organiser):
    day_changes.call_off(day, now=NOW, user=organiser)
    day_changes.restore(day, now=NOW + timedelta(minutes=1), user=organiser)

    assert not DayNotice.objects.open_to_take_back(SOON).exists()
    assert told() == []

    day_changes.call_off(day, now=THEN, user=organiser)
    assert len(told(THEN + HOUR)) == 3
    OutboxMessage.objects.update(state=MailState.SENT, finished_at=THEN + HOUR)
    day_changes.restore(day, now=THEN + HOUR, user=organiser)
    day_changes.call_off(day, now=THEN + HOUR, user=organiser)

    assert not DayNotice.objects.open_to_take_back(THEN + HOUR).exists()
    assert told(THEN + 2 * HOUR) == []


def test_move_can_be_taken_back_once_the_day_that_was_called_off_is_back(day, organiser):
    begins = day.starts_at
    moved(day, organiser)
    day_changes.call_off(day, now=NOW, user=organiser)
    day_changes.restore(day, now=NOW, user=organiser)

    day_changes.take_back(DayNotice.objects.open_to_take_back(SOON).get(), user=organiser, now=SOON)

    day.refresh_from_db()
    assert day.starts_at == begins
    assert told() == []


def test_only_the_newest_news_of_a_day_is_offered_to_take_back(day, organiser, client):
    moved(day, organiser, now=timezone.now())
    moved(day, organiser, now=timezone.now())
    change_capacity(day, capacity=5, now=timezone.now(), user=organiser)
    client.force_login(organiser)

    rows = client.get(reverse("admin:waiting")).context["rows"]

    assert [key for key, *_rest in rows] == [f"day-{DayNotice.objects.with_this_news(News.MOVED).last().pk}"]


def test_who_got_a_place_meanwhile_hears_that_the_move_was_taken_back(day, organiser):
    moved(day, organiser)
    (eve,) = confirm_by_organiser(Registration.objects.pending().get(), now=NOW)
    OutboxMessage.objects.update(state=MailState.SENT, finished_at=NOW)

    day_changes.take_back(DayNotice.objects.last(), user=organiser, now=SOON)

    assert [(row.registrant, row.letter) for row in told(SOON)] == [(eve.registrant, Letter.UPDATE)]


def test_one_person_hears_at_once():
    day = make_program(days=1, sessions=1).days.get()
    ada = make_confirmed(day)
    OutboxMessage.objects.update(state=MailState.SENT, finished_at=NOW)

    moved(day, None)

    assert [row.registrant for row in told(NOW)] == [ada]


def test_reminders_are_not_sent_twice_because_a_mistake_was_taken_back(day, organiser):
    soon = day.starts_at - timedelta(days=6)
    remind(now=soon)
    OutboxMessage.objects.update(state=MailState.SENT, finished_at=soon)

    day_changes.call_off(day, now=soon, user=organiser)
    day_changes.take_back(DayNotice.objects.last(), user=organiser, now=soon)

    assert remind(now=soon) == 0


def test_act_on_many_begins_later_and_can_be_taken_back(day, organiser):
    unplaced = Registration.objects.for_day(day).exclude(status=Status.CONFIRMED)
    rows = [the_registration(row.registrant, day) for row in unplaced]
    first = planned_acts.plan(Act.CONFIRM, rows, user=organiser, now=NOW, due_at=THEN)
    assert planned_acts.carry_on(now=SOON) == 0
    assert planned_acts.take_back(first, user=organiser, now=SOON)
    assert not planned_acts.take_back(first, user=organiser, now=SOON)
    assert planned_acts.carry_on(now=THEN) == 0
    assert not PlannedAct.objects.exists()

    second = planned_acts.plan(Act.CONFIRM, rows, user=organiser, now=NOW, due_at=THEN)
    planned_acts.carry_on(now=THEN)

    assert not planned_acts.take_back(second, user=organiser, now=THEN)
    assert {status for _name, status in states(day)} == {Status.CONFIRMED}
    assert not Registration.objects.with_this_news(News.MOVED).exists()


# --- What is on its way when a day changes ---------------------------------------------------------------------------


def called_off_and_told(day, organiser):
    day_changes.call_off(day, now=NOW, user=organiser)
    told()
    OutboxMessage.objects.update(state=MailState.SENT, finished_at=THEN)


def test_who_moves_up_on_a_restored_day_hears_of_both_in_one_mail(day, organiser):
    called_off_and_told(day, organiser)
    Day.objects.update(capacity=3)

    day_changes.restore(day, now=THEN, user=organiser)
    letters = [(row.registrant.name, row.letter) for row in told(THEN + HOUR)]
    bob, cleo = (write_letter(row, now=THEN + HOUR).body for row in OutboxMessage.objects.queued().order_by("pk")[1:])

    assert letters == [("Ada", Letter.RESTORED), ("Bob", Letter.RESTORED), ("Cleo", Letter.RESTORED)]
    assert "You have your place again." in bob
    assert "Good news: a place is free, and it is yours." in cleo
    assert "again" not in cleo.partition("Change your days")[0]


def test_carer_hears_of_a_restored_day_what_it_means_for_the_person(day, organiser):
    Registrant.objects.filter(name__in=["Bob", "Cleo"]).update(carer_name="Eve")
    called_off_and_told(day, organiser)

    day_changes.restore(day, now=THEN, user=organiser)
    bob, cleo = (write_letter(row, now=THEN + HOUR).body for row in told(THEN + HOUR)[1:])

    assert "Bob has a place again." in bob
    assert "Cleo is on the waiting list again." in cleo


def test_who_never_heard_of_their_place_before_the_day_was_called_off_gets_it_as_news(day, organiser):
    change_capacity(day, capacity=3, now=NOW)  # Cleo moves up, and the day is called off before the mail leaves
    called_off_and_told(day, organiser)

    day_changes.restore(day, now=THEN, user=organiser)
    ada, _bob, cleo = (write_letter(row, now=THEN + HOUR).body for row in told(THEN + HOUR))

    assert "You have your place again." in ada
    assert "Good news: a place is free, and it is yours." in cleo


def test_who_moves_up_on_a_restored_day_still_hears_so_when_the_day_moves_before_the_mail_leaves(day, organiser):
    called_off_and_told(day, organiser)
    Day.objects.update(capacity=3)
    day_changes.restore(day, now=THEN, user=organiser)
    told(THEN + HOUR)
    moved(day, organiser, now=THEN + HOUR)

    _ada, _bob, cleo = (write_letter(row, now=THEN + 2 * HOUR).body for row in told(THEN + 2 * HOUR))

    assert "Good news: a place is free, and it is yours." in cleo


@pytest.mark.parametrize("takes_invites", [True, False])
def test_restored_day_that_is_called_off_again_gives_nobody_a_place(takes_invites, day, organiser):
    Registrant.objects.update(calendar_mails=takes_invites)
    called_off_and_told(day, organiser)
    Day.objects.update(capacity=3)

    day_changes.restore(day, now=THEN, user=organiser)
    bob = Registrant.objects.named("Bob").get()
    send_again(bob, now=THEN)
    day_changes.call_off(day, now=THEN + timedelta(minutes=1), user=organiser)
    told(THEN + HOUR)

    assert true_letters(THEN + HOUR) == []


@pytest.mark.parametrize("what", ["confirmation", "reminder"])
def test_mail_about_days_waits_until_news_of_them_is_final(what, organiser):
    first, second = make_program(days=2, sessions=0).days.all()
    ada, bob = make_confirmed(first, second), make_confirmed(first, second, name="Bob")
    OutboxMessage.objects.exclude(registrant=ada).update(state=MailState.SENT, finished_at=NOW)
    OutboxMessage.objects.exclude(kind=what).update(state=MailState.SENT, finished_at=NOW)
    now = NOW
    if what == "reminder":
        now = first.starts_at - timedelta(days=6)
        remind(now=now)
        OutboxMessage.objects.for_person(bob).update(state=MailState.SENT, finished_at=NOW)
    moved(first, organiser, now=now)

    assert true_letters(now) == ["not yet"]
    day_changes.take_back(DayNotice.objects.last(), user=organiser, now=now)
    day_changes.tell_news(now=now)
    assert true_letters(now) == [what]

    for day in (first, second):
        day_changes.call_off(Day.objects.get(pk=day.pk), now=now, user=organiser)
    assert true_letters(now) == ["not yet"]


def true_letters(now):
    """Return the letters of mails that wait; "not yet" for one that must wait still; nothing for one no longer true."""
    found = []
    for row in OutboxMessage.objects.queued().order_by("pk"):
        try:
            write_letter(row, now=now)
        except NotYet:
            found.append("not yet")
        except NoLongerTrue:
            continue
        else:
            found.append(row.letter)
    return found


def test_entry_of_who_takes_no_more_invites_still_moves_when_they_ask_for_their_mails_in_between(day, organiser):
    ada = Registrant.objects.named("Ada").get()
    set_calendar_mails(ada, wanted=False)

    moved(day, organiser)
    send_again(ada, now=SOON)
    letters = [row for row in told() if row.registrant == ada]

    assert [(row.letter, row.sequence) for row in letters] == [(Letter.CONFIRMATION, None), (Letter.UPDATE, 1)]
