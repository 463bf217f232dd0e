"""More places on a day: who gets one is asked first, and can be taken back as long as nobody has heard."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from conference.models import Day, Draft
from registration.admin.recipients import Readers
from registration.models import DayNotice, OutboxMessage, Registration
from registration.services import day_changes
from registration.services.capacity import change_capacity, give_added_places
from registration.services.day_changes import call_off, restore
from registration.services.days import add_day, cancel, confirm
from registration.status import MailKind, MailState
from tests.factories import NOW, make_confirmed, make_day, make_pending, make_program, make_staff, the_registration
from tests.registration.test_admin_places import save_day
from tests.support.admin import messages_of
from tests.support.at_once import at_once

pytestmark = pytest.mark.django_db

SOON = NOW + timedelta(minutes=9)
THEN = NOW + day_changes.TELL_AFTER


@pytest.fixture
def day():
    """A day with one place, on which Ada has it, and Bob, Cleo and Dan wait; all their mails have left."""
    day = make_program(days=1, sessions=1).days.get()
    day.capacity = 1
    day.save()
    for name in ("Ada", "Bob", "Cleo", "Dan"):
        make_confirmed(day, name=name)
    all_sent()
    return Day.objects.with_conference().get()


def all_sent():
    OutboxMessage.objects.update(state=MailState.SENT, finished_at=NOW)


def set_places(day, capacity, now=NOW, user=None):
    return change_capacity(
        Day.objects.get(pk=day.pk), capacity=capacity, now=now, user=user or make_staff("no group", username="grace")
    )


def on(day):
    """Return the names of those with a place, and of those who wait, in order."""
    rows = Registration.objects.for_day(day).with_people().order_by(F("waitlisted_at").asc(nulls_first=True), "pk")
    return [[row.registrant.name for row in rows if getattr(row, name)] for name in ("is_confirmed", "is_waitlisted")]


def written():
    """Return (kind, name) of each mail that waits to be sent."""
    return [(mail.kind, mail.registrant.name) for mail in OutboxMessage.objects.queued().order_by("pk")]


def give(now=THEN):
    while give_added_places(now=now, limit=1):
        pass


# --- Until it is final ---------------------------------------------------------------------------------------------


def test_several_in_line_hear_after_ten_minutes(day):
    moving = set_places(day, 3)
    give(SOON)
    before = (on(day), written())

    give()

    assert moving == 2
    assert before == ([["Ada"], ["Bob", "Cleo", "Dan"]], [])
    assert on(day) == [["Ada", "Bob", "Cleo"], ["Dan"]]
    assert written() == [(MailKind.PLACE, "Bob"), (MailKind.PLACE, "Cleo")]
    assert Day.objects.get().capacity == 3
    give(THEN + timedelta(hours=1))
    assert len(written()) == 2


def test_one_in_line_hears_at_once(day):
    assert set_places(day, 2) == 1

    assert written() == [(MailKind.PLACE, "Bob")]
    assert not DayNotice.objects.exists()


def test_no_limit_lets_all_of_the_line_in(day):
    set_places(day, None)
    newcomer = make_confirmed(day, name="Eve")
    give()

    assert the_registration(newcomer, day).is_confirmed
    assert on(day) == [["Ada", "Bob", "Cleo", "Dan", "Eve"], []]


def test_newcomers_have_no_place_while_it_can_be_taken_back_that_there_is_no_limit(day):
    other = make_day(day.conference, 2)
    set_places(day, None)

    make_confirmed(day, other, name="Eve", now=SOON)
    make_confirmed(day, name="Fay", now=SOON)
    add_day(make_confirmed(other, name="Gus", now=SOON), day, now=SOON)
    day_changes.take_back(DayNotice.objects.get(), user=make_staff(), now=SOON)
    give()

    assert on(day) == [["Ada"], ["Bob", "Cleo", "Dan", "Eve", "Fay", "Gus"]]
    assert on(other) == [["Eve", "Gus"], []]


def test_confirming_costs_the_same_with_a_limit_and_without(day, django_assert_num_queries):
    numbers = []
    for name, capacity in (("Eve", None), ("Fay", 9), ("Gus", 9)):
        Day.objects.update(capacity=capacity)
        Registration.objects.waitlisted().update(status="cancelled", cancelled_at=NOW, cancelled_by="person")
        person = make_pending(Day.objects.with_conference().get(), name=name)
        with django_assert_num_queries(100, exact=False) as queries:
            confirm(person, now=NOW)
        numbers.append(len(queries))

    assert numbers[0] < numbers[1] == numbers[2]


def test_taken_back_nobody_hears_and_the_places_are_as_before(day):
    grace = make_staff()
    set_places(day, 3)

    day_changes.take_back(DayNotice.objects.get(), user=grace, now=SOON)
    give()

    assert (on(day), written()) == ([["Ada"], ["Bob", "Cleo", "Dan"]], [])
    assert Day.objects.get().capacity == 1
    assert LogEntry.objects.get().change_message == "Taken back before anybody heard: more places (from 3 to 1)"


def test_after_ten_minutes_it_is_too_late(day):
    set_places(day, 3)

    with pytest.raises(day_changes.TooLate):
        day_changes.take_back(DayNotice.objects.get(), user=make_staff(), now=THEN)
    give()
    with pytest.raises(day_changes.TooLate):
        day_changes.take_back(DayNotice.objects.get(), user=make_staff(username="alan"), now=SOON)

    assert Day.objects.get().capacity == 3


def test_a_place_that_someone_leaves_is_given_at_once_and_those_added_are_not(day):
    set_places(day, 3)

    cancel(the_registration(person_named("Ada"), day), now=SOON)

    assert on(day) == [["Bob"], ["Cleo", "Dan"]]
    day_changes.take_back(DayNotice.objects.get(), user=make_staff(), now=SOON)
    give()
    assert on(day) == [["Bob"], ["Cleo", "Dan"]]


def test_who_leaves_the_line_makes_room_for_the_next(day):
    set_places(day, 3)

    cancel(the_registration(person_named("Bob"), day), now=SOON)
    give()

    assert on(day) == [["Ada", "Cleo", "Dan"], []]


def test_newcomers_wait_behind_the_line(day):
    set_places(day, 4)

    make_confirmed(day, name="Eve", now=SOON)
    give()

    assert on(day) == [["Ada", "Bob", "Cleo", "Dan"], ["Eve"]]


def test_another_number_counts_instead_of_the_one_that_waits(day):
    grace = make_staff()
    set_places(day, 4, user=grace)
    first = DayNotice.objects.get()

    assert set_places(day, 3, now=SOON, user=grace) == 2
    with pytest.raises(day_changes.TooLate):
        day_changes.take_back(first, user=grace, now=SOON)
    give(THEN)
    assert on(day)[0] == ["Ada"]
    second = DayNotice.objects.exclude(pk=first.pk).get()
    day_changes.take_back(second, user=grace, now=SOON)

    assert Day.objects.get().capacity == 1


def test_fewer_places_than_wait_end_it(day):
    set_places(day, 3)

    assert set_places(day, 1, now=SOON, user=make_staff()) == 0
    give()

    assert (on(day)[0], written()) == (["Ada"], [])
    assert not DayNotice.objects.waiting(SOON).exists()


def test_a_day_called_off_meanwhile_gives_none_until_it_is_back(day):
    grace = make_staff()
    set_places(day, 3)
    call_off(day, now=SOON, user=grace)
    give()
    assert Registration.objects.for_day(day).live().count() == 0

    restore(Day.objects.get(), now=THEN, user=grace)
    give()

    assert on(day) == [["Ada", "Bob", "Cleo"], ["Dan"]]


def test_more_places_take_no_news_of_the_day_back_and_hold_none_up(day):
    grace = make_staff()
    set_places(day, 2, user=grace)
    all_sent()
    times = {"starts_at": day.starts_at + timedelta(hours=1), "ends_at": day.ends_at + timedelta(hours=1)}
    day_changes.reschedule(day, **times, now=NOW, user=grace, why="We slept badly.")
    set_places(day, 4, now=SOON, user=grace)

    day_changes.take_back(DayNotice.objects.get(news="moved"), user=grace, now=SOON)
    assert Day.objects.get().starts_at == day.starts_at
    day_changes.reschedule(day, **times, now=NOW, user=grace, why="We slept badly.")
    day_changes.tell_news(now=THEN)

    assert written() == [(MailKind.UPDATE, "Ada"), (MailKind.UPDATE, "Bob")]
    assert all("notice" in mail.facts for mail in OutboxMessage.objects.queued())
    assert DayNotice.objects.more_places().exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_give_each_place_once(day):
    set_places(day, 3)

    at_once(give, give)

    assert sorted(written()) == [(MailKind.PLACE, "Bob"), (MailKind.PLACE, "Cleo")]


# --- The page ------------------------------------------------------------------------------------------------------


def person_named(name):
    return Registration.objects.with_people().get(registrant__name=name).registrant


def asked_of(response):
    asked = response.context["mail_question"]
    readers = asked.readers or Readers(letters=[])
    return asked.number, readers.names, [letter.reader for (letter,) in readers.letters]


def press(client, day, page, **changes):
    """Press the button that names the number. Return (messages, response)."""
    name, value = page.context["yes"]
    return save_day(client, day, **changes, **{name: value})


def test_the_page_says_how_many_and_who_with_their_mails_before_anybody_is_written_to(organiser, day):
    words, page = save_day(organiser, day, capacity=3, title="New words")

    assert (words, on(day), written()) == ([], [["Ada"], ["Bob", "Cleo", "Dan"]], [])
    assert (Day.objects.get().capacity, Day.objects.get().title) == (1, day.title)
    assert asked_of(page) == (2, "Bob and Cleo.", ["Bob", "Cleo"])
    assert page.context["questions"] == [
        "2 people on the waiting list get a place, and a mail with it.",
        "The mails are sent after ten minutes. Until then you can take it back.",
    ]
    text = " ".join(page.text.split())
    assert "Nothing is saved yet. Save it, and write to 2 people?" in text
    assert "Save and write to 2 people </button>" in text
    assert "Why? One sentence" not in text  # no mail about a place carries it
    assert text.index("<button disabled hidden>") < text.index("Save and write to")
    assert page.context["adminform"].form["title"].value() == "New words"
    assert not LogEntry.objects.exists()

    words, _page = press(organiser, day, page, capacity=3, title="New words")

    assert words[0] == "2 people move up from the waiting list."
    assert "Until then you can take it back: <a href=" in words[1]
    assert (Day.objects.get().capacity, Day.objects.get().title) == (3, "New words")
    assert (on(day)[0], written()) == (["Ada"], [])
    assert "Places (from “1” to “3”)" in LogEntry.objects.get().get_change_message()


def test_it_is_taken_back_on_the_page_of_what_waits(organiser, day):
    _words, page = save_day(organiser, day, capacity=3)
    press(organiser, day, page, capacity=3)
    notice = DayNotice.objects.get()

    listed = organiser.get(reverse("admin:waiting"))
    said = messages_of(organiser.post(reverse("admin:waiting"), {"what": f"day-{notice.pk}"}))

    assert "Day 1: More places" in listed.text
    assert "2 people hear of it." in " ".join(listed.text.split())
    assert said == ["Taken back. Nobody gets a mail."]
    assert Day.objects.get().capacity == 1


@pytest.mark.parametrize("capacity", [0, 1, ""])
def test_places_that_let_nobody_in_are_one_press(organiser, day, capacity):
    for name in ("Bob", "Cleo", "Dan"):
        cancel(the_registration(person_named(name), day), now=NOW)

    _words, response = save_day(organiser, day, capacity=capacity)

    assert response.status_code == 302
    assert Day.objects.get().capacity == (None if capacity == "" else capacity)


def test_fewer_places_ask_nothing(organiser, day):
    _words, response = save_day(organiser, day, capacity=0)

    assert response.status_code == 302


def test_someone_who_leaves_the_line_before_the_press_is_asked_about_again(organiser, day):
    _words, page = save_day(organiser, day, capacity=3)
    cancel(the_registration(person_named("Bob"), day), now=NOW)
    all_sent()

    words, again = press(organiser, day, page, capacity=3)
    assert (words, Day.objects.get().capacity, written()) == ([], 1, [])
    assert asked_of(again) == (2, "Cleo and Dan.", ["Cleo", "Dan"])
    press(organiser, day, again, capacity=3)

    assert DayNotice.objects.get().people == 2


def test_a_line_that_is_empty_by_then_needs_no_yes(organiser, day):
    _words, page = save_day(organiser, day, capacity=3)
    for name in ("Bob", "Cleo", "Dan"):
        cancel(the_registration(person_named(name), day), now=NOW)

    _words, response = press(organiser, day, page, capacity=3)

    assert (response.status_code, Day.objects.get().capacity) == (302, 3)
    assert not DayNotice.objects.exists()


def test_another_organiser_who_was_quicker_is_shown(organiser, day):
    seen = organiser.get(reverse("admin:conference_day_change", args=[day.pk])).context["seen"]
    _words, page = save_day(organiser, day, capacity=3, _seen=seen)
    set_places(day, 2, now=timezone.now())

    _words, answer = press(organiser, day, page, capacity=3, _seen=seen)

    (error,) = answer.context["adminform"].form.errors["capacity"]
    assert error.startswith("In the meantime someone else wrote: “2”.")
    assert Day.objects.get().capacity == 2


@pytest.mark.parametrize("is_published", [True, False])
def test_the_button_of_a_draft_asks_too(organiser, day, is_published):
    day.conference.is_published = is_published
    day.conference.save()
    name = "_draft" if is_published else "_continue"
    buttons = {name: "Save"}

    words, page = save_day(organiser, day, capacity=3, title="Draft title", **buttons)
    assert (words, asked_of(page)[:2], Day.objects.get().capacity) == ([], (2, "Bob and Cleo."), 1)
    assert page.context["yes"][0] == name
    assert not Draft.objects.exclude(changes=[]).exists()
    assert not LogEntry.objects.exists()
    words, _page = press(organiser, day, page, capacity=3, title="Draft title")

    assert "2 people move up from the waiting list." in words
    assert any("Until then you can take it back: <a href=" in sentence for sentence in words)
    now = Day.objects.get()
    assert (now.capacity, now.title) == (3, day.title if is_published else "Draft title")
    assert (on(day)[0], written()) == (["Ada"], [])
    assert "Places (from “1” to “3”)" in LogEntry.objects.get().get_change_message()
    give(timezone.now() + day_changes.TELL_AFTER)
    assert on(day)[0] == ["Ada", "Bob", "Cleo"]


def test_a_new_time_and_more_places_are_one_question_with_one_number(organiser, day):
    _words, page = save_day(organiser, day, capacity=2, starts_at_1="18:00:00")

    assert page.context["mail_question"].number == 2
    assert page.context["questions"][1:] == [
        "1 person gets a mail with the new time.",
        "1 person on the waiting list gets a place, and a mail with it.",
    ]
    assert "Why? One sentence" in page.text
    assert ", 2:00" in page.context["mail_question"].readers.letters[0][0].subject  # in Toronto, at the new time


def test_who_may_see_no_names_sees_the_number(client, day):
    client.force_login(make_staff("Program", username="eve"))

    _words, page = save_day(client, day, capacity=3)

    assert asked_of(page) == (2, "", [])
    assert "Bob" not in page.text


def test_a_long_line_is_named_in_full_on_request(organiser, day):
    for name in ("Eve", "Fay", "Gus"):
        make_confirmed(day, name=name)

    _words, page = save_day(organiser, day, capacity=9)

    assert asked_of(page)[:2] == (6, "Bob, Cleo, Dan, Eve, Fay and 1 more.")
    readers = page.context["mail_question"].readers
    assert [person.name for person in readers.everyone] == ["Bob", "Cleo", "Dan", "Eve", "Fay", "Gus"]
    assert len(readers.letters) == 3


def test_the_first_page_leads_to_the_field_for_places(organiser, day):
    Day.objects.update(starts_at=timezone.now() + timedelta(days=30), ends_at=timezone.now() + timedelta(days=30.1))

    page = organiser.get(reverse("admin:index"))

    url = reverse("admin:conference_day_change", args=[day.pk])
    assert f'href="{url}#id_capacity"' in page.text
    assert 'id="id_capacity"' in organiser.get(url).text
