"""What organisers do with places: confirm, cancel, send again, move a day, call it off."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from conference.models import Day
from registration.models import OutboxMessage, PlannedAct, Registrant, Registration
from registration.services import day_changes, planned_acts
from registration.services.day_changes import call_off
from registration.services.days import cancel
from registration.status import MailKind, MailState, Status
from tests.factories import NOW, make_confirmed, make_pending, make_program, make_staff, the_registration
from tests.support.admin import act, act_and_agree, act_on_page, messages_of, say_yes

pytestmark = pytest.mark.django_db

REGISTRATIONS = "admin:registration_registration_changelist"
PEOPLE = "admin:registration_registrant_changelist"


@pytest.fixture
def days():
    return list(Day.objects.for_edition(make_program(sessions=1)))


WAITS = re.compile("This happens at .* Until then you can take it back: <a href=")
MAILS_WAIT = re.compile("The mails are sent at .* Until then you can take it back: <a href=")


def let_it_happen():
    """Let the worker do what waited to be taken back."""
    PlannedAct.objects.update(due_at=timezone.now())
    while planned_acts.carry_on(now=timezone.now()):
        pass


def let_people_hear():
    """Let the worker tell what was done with days."""
    while day_changes.tell_news(now=timezone.now() + 2 * day_changes.TELL_AFTER):
        pass


def statuses():
    return [row.status for row in Registration.objects.order_by("pk")]


def test_confirming_says_what_was_done(organiser, days):
    rows = [the_registration(make_pending(days[0], name=name), days[0]) for name in ("Ada", "Bob")]
    rows.append(the_registration(make_confirmed(days[0], name="Eve"), days[0]))
    before = OutboxMessage.objects.newest_key()

    words, page = act(organiser, REGISTRATIONS, "confirm_places", *rows)
    assert (words, OutboxMessage.objects.newest_key()) == ([], before)
    words = say_yes(organiser, reverse(REGISTRATIONS), page)

    assert page.context["sentences"] == [
        "This gives 2 people a place, even if the day is full. Each gets a mail with a calendar invite."
    ]
    assert page.context["mail_summary"].readers.names == "Ada and Bob."
    assert page.context["button"] == "Yes, confirm 2 people"
    assert WAITS.match(words[0])
    assert not OutboxMessage.objects.after(before).exists()
    let_it_happen()
    assert statuses() == [Status.CONFIRMED] * 3
    assert [mail.kind for mail in OutboxMessage.objects.after(before)] == [MailKind.CONFIRMATION] * 2


def test_confirming_again_sends_nothing(organiser, days):
    row = the_registration(make_confirmed(days[0]), days[0])
    before = OutboxMessage.objects.newest_key()

    words, _response = act(organiser, REGISTRATIONS, "confirm_places", row)

    assert words == ["Nothing was changed: there is nobody left to confirm for an upcoming day."]
    assert not OutboxMessage.objects.after(before).exists()


def test_confirming_leaves_what_is_cancelled(organiser, days):
    row = the_registration(make_confirmed(days[0]), days[0])
    cancel(row, now=NOW)

    other = the_registration(make_pending(days[0], name="Bob"), days[0])

    words = act_and_agree(organiser, REGISTRATIONS, "confirm_places", row, other)

    assert words == ["1 confirmed, 1 stays cancelled. 1 mail is queued."]
    assert statuses() == [Status.CANCELLED, Status.CONFIRMED]


def test_confirming_a_person_confirms_all_their_days(organiser, days):
    person = make_pending(*days)

    words = act_and_agree(organiser, PEOPLE, "confirm_places", person)

    assert words[0].startswith("3 confirmed. ")
    assert statuses() == [Status.CONFIRMED] * 3


def test_cancelling_asks_first_and_names_the_mails(organiser, days):
    rows = [
        the_registration(make_confirmed(days[0]), days[0]),
        the_registration(make_confirmed(days[0], name="Bob"), days[0]),
        the_registration(make_pending(days[0], name="Eve"), days[0]),
    ]
    OutboxMessage.objects.queued().update(state=MailState.SENT, finished_at=NOW)

    words, page = act(organiser, REGISTRATIONS, "cancel_places", *rows)

    assert words == []
    assert page.context["sentences"] == [
        "This cancels 3 registrations. Anyone who wants to come back has to sign up again.",
        "2 of them have the day in a calendar. 2 mails go out, which take it out again.",
    ]
    assert statuses() == [Status.CONFIRMED, Status.CONFIRMED, Status.PENDING]

    words = say_yes(organiser, reverse(REGISTRATIONS), page)

    assert WAITS.match(words[0])
    let_it_happen()
    assert statuses() == [Status.CANCELLED] * 3
    assert {row.cancelled_by for row in Registration.objects.all()} == {"organiser"}


def test_cancelling_names_the_mails_to_people_with_nothing_in_a_calendar(organiser, days):
    day = days[0]
    day.capacity = 1
    day.save()
    make_confirmed(day)
    bob = make_confirmed(day, name="Bob")
    row = the_registration(make_pending(day, name="Eve"), day)
    OutboxMessage.objects.queued().update(state=MailState.SENT, finished_at=NOW)

    _words, waiting = act(organiser, REGISTRATIONS, "cancel_places", the_registration(bob, day))
    words = say_yes(organiser, reverse(REGISTRATIONS), waiting)
    _words, pending = act(organiser, REGISTRATIONS, "cancel_places", row)

    assert waiting.context["sentences"][1] == "1 of them has nothing in a calendar, and is told by mail."
    assert words == ["1 cancelled. 1 mail is queued."]
    assert pending.context["sentences"][1] == "None of them has confirmed the address yet. Nobody gets a mail."
    assert say_yes(organiser, reverse(REGISTRATIONS), pending) == ["1 cancelled. No mail is queued."]


def test_cancelling_on_a_full_day_says_that_someone_moves_up(organiser, days):
    day = days[0]
    day.capacity = 1
    day.save()
    row = the_registration(make_confirmed(day), day)
    waiting = make_confirmed(day, name="Bob")

    _words, page = act(organiser, REGISTRATIONS, "cancel_places", row)
    say_yes(organiser, reverse(REGISTRATIONS), page)

    assert page.context["mail_summary"].sentences == [
        "1 person gets a mail.",
        "A place comes free: 1 person moves up from the waiting list, and gets a mail too.",
    ]
    assert the_registration(waiting, day).is_confirmed


def test_cancelling_nothing_says_so(organiser, days):
    row = the_registration(make_confirmed(days[0]), days[0])
    cancel(row, now=NOW)

    words, response = act(organiser, REGISTRATIONS, "cancel_places", row)

    assert words == ["Nothing was changed: there is no place left to cancel."]
    assert response.status_code == 302


def test_cancelling_twice_at_once_is_harmless(organiser, days):
    row = the_registration(make_confirmed(days[0]), days[0])
    _words, page = act(organiser, REGISTRATIONS, "cancel_places", row)
    say_yes(organiser, reverse(REGISTRATIONS), page)

    words = say_yes(organiser, reverse(REGISTRATIONS), page)

    assert words == ["0 cancelled, 1 was cancelled already. No mail is queued."]


def test_sending_again_counts_people_not_rows(organiser, days):
    person = make_confirmed(days[0], days[1])
    rows = list(Registration.objects.for_person(person))
    before = OutboxMessage.objects.newest_key()

    words = act_and_agree(organiser, REGISTRATIONS, "send_again", *rows)

    assert words[0].startswith("Sent again to 1 person. ")
    assert OutboxMessage.objects.after(before).for_person(person).exists()


def test_sending_again_asks_the_unconfirmed_to_confirm(organiser, days):
    person = make_pending(days[0])

    words = act_and_agree(organiser, PEOPLE, "send_again", person)

    assert words == ["Sent again to 1 person. 1 mail is queued."]
    assert OutboxMessage.objects.queued().get().kind == MailKind.PLEASE_CONFIRM


def test_sending_again_to_someone_without_days_sends_nothing(organiser, days):
    person = make_confirmed(days[0])
    cancel(the_registration(person, days[0]), now=NOW)
    before = OutboxMessage.objects.newest_key()

    words, _response = act(organiser, PEOPLE, "send_again", person)

    assert words == ["Nothing was sent: none of them has an upcoming day."]
    assert not OutboxMessage.objects.after(before).exists()


def test_the_actions_are_on_a_registrations_own_page_too(organiser, days):
    row = the_registration(make_pending(days[0]), days[0])
    address = "admin:registration_registration_change"

    _words, page = act_on_page(organiser, address, row, "confirm_places")
    confirmed = say_yes(organiser, reverse(address, args=[row.pk]), page)
    _words, page = act_on_page(organiser, address, row, "cancel_places")
    cancelled = say_yes(organiser, reverse(address, args=[row.pk]), page)

    assert confirmed == ["1 confirmed. 1 mail is queued."]
    assert cancelled[0].startswith("1 cancelled. ")
    assert statuses() == [Status.CANCELLED]


def test_everything_that_fits_a_filter_can_be_cancelled_at_once(organiser, days):
    people = [make_confirmed(days[0], name=name) for name in ("Ada", "Bob", "Eve")]
    row = the_registration(people[0], days[0])

    _words, page = act(organiser, REGISTRATIONS, "cancel_places", row, select_across=1)
    say_yes(organiser, reverse(REGISTRATIONS), page)
    assert statuses() == [Status.CONFIRMED] * 3  # for ten minutes it can be taken back
    planned_acts.carry_on(now=timezone.now() + timedelta(minutes=11))

    assert statuses() == [Status.CANCELLED] * 3


def test_nobody_without_the_right_acts(client, days):
    row = the_registration(make_pending(days[0]), days[0])
    client.force_login(make_staff("no group", username="eve"))

    response = client.post(
        reverse(REGISTRATIONS), {"action": "confirm_places", "_selected_action": [row.pk], "index": 0}
    )

    assert response.status_code == 403
    assert statuses() == [Status.PENDING]


def test_no_field_changes_a_status(organiser, days):
    row = the_registration(make_pending(days[0]), days[0])

    response = organiser.post(
        reverse("admin:registration_registration_change", args=[row.pk]), {"status": "confirmed", "_save": "1"}
    )

    assert response.status_code == 403
    assert statuses() == [Status.PENDING]


# --- Days ------------------------------------------------------------------------------------------------------------


def day_form(day, **changes):
    """What the form of a day sends when nothing but `changes` is typed."""
    unchanged = {
        "conference": day.conference_id,
        "number": day.number,
        "title": day.title,
        "starts_at_0": f"{day.starts_at:%Y-%m-%d}",
        "starts_at_1": f"{day.starts_at:%H:%M:%S}",
        "ends_at_0": f"{day.ends_at:%Y-%m-%d}",
        "ends_at_1": f"{day.ends_at:%H:%M:%S}",
        "capacity": "" if day.capacity is None else day.capacity,
        "announced_dates-TOTAL_FORMS": 0,
        "announced_dates-INITIAL_FORMS": 0,
        "sessions-TOTAL_FORMS": 0,
        "sessions-INITIAL_FORMS": 0,
        "_continue": "1",
    }
    return unchanged | changes


def save_day(client, day, **changes):
    """Send the form of a day. Return (messages, response)."""
    response = client.post(reverse("admin:conference_day_change", args=[day.pk]), day_form(day, **changes))
    return messages_of(response), response


def save_day_with_yes(client, day, **changes):
    """Send the form of a day, and again with a yes to what the page asks."""
    _messages, asked = save_day(client, day, **changes)
    name, value = asked.context["yes"]
    return save_day(client, day, **changes, **{name: value})


def test_a_new_time_is_refused_until_someone_says_yes_to_the_mails(organiser, days):
    make_confirmed(days[0])
    make_confirmed(days[0], name="Bob")

    words, response = save_day(organiser, days[0], starts_at_1="18:00:00", title="New words")

    assert response.context["questions"] == [
        "Day 1 was: Sunday 12 September 2027, 19:00 to 22:00, UTC. It will be: Sunday 12 September 2027, "
        "18:00 to 22:00, UTC.",
        "2 people get a mail with the new time.",
    ]
    assert response.context["adminform"].form["title"].value() == "New words"
    asked = response.context["mail_question"]
    assert (asked.number, asked.readers.names) == (2, "Ada and Bob.")
    assert [letter.subject for (letter,) in asked.readers.letters] == [
        "Changed: PxP Day 1, Sunday 12 September, 2:00 pm"
    ] * 2
    assert words == []
    assert Day.objects.with_ids([days[0].pk]).get().starts_at == days[0].starts_at
    assert not Registration.objects.with_news().exists()


def test_a_new_time_writes_to_everybody_on_the_day(organiser, days):
    make_confirmed(days[0])
    make_confirmed(days[0], name="Bob")

    words, _response = save_day_with_yes(organiser, days[0], starts_at_1="18:00:00", title="New words")

    day = Day.objects.with_ids([days[0].pk]).get()
    assert words[0] == "2 people get a mail with the new time."
    assert (day.starts_at, day.title) == (datetime(2027, 9, 12, 18, tzinfo=UTC), "New words")
    assert Registration.objects.with_news().count() == 2


def test_the_address_of_the_meeting_can_be_set_and_writes_to_nobody(organiser, days):
    make_confirmed(days[0])
    before = OutboxMessage.objects.count()

    _words, response = save_day(organiser, days[0], meeting_url="https://meeting.example.org/j/1")

    assert response.status_code == 302
    assert Day.objects.with_ids([days[0].pk]).get().meeting_url == "https://meeting.example.org/j/1"
    assert OutboxMessage.objects.count() == before


def test_a_new_time_of_a_day_without_people_needs_no_yes(organiser, days):
    make_pending(days[0])

    words, response = save_day(organiser, days[0], starts_at_1="18:00:00")

    assert response.status_code == 302
    assert len(words) == 1
    assert Day.objects.with_ids([days[0].pk]).get().starts_at == datetime(2027, 9, 12, 18, tzinfo=UTC)


def test_new_words_write_to_nobody(organiser, days):
    make_confirmed(days[0])
    before = OutboxMessage.objects.newest_key()

    _words, response = save_day(organiser, days[0], title="New words")

    assert response.status_code == 302
    assert not Registration.objects.with_news().exists()
    assert not OutboxMessage.objects.after(before).exists()


def test_more_places_go_to_the_first_in_line(organiser, days):
    day = days[0]
    day.capacity = 1
    day.save()
    make_confirmed(day)
    waiting = make_confirmed(day, name="Bob")
    assert the_registration(waiting, day).is_waitlisted

    before = OutboxMessage.objects.newest_key()

    words, asked = save_day(organiser, day, capacity=2)
    assert (words, asked.context["mail_question"].number) == ([], 1)
    assert the_registration(waiting, day).is_waitlisted
    assert not OutboxMessage.objects.after(before).exists()
    words, _response = save_day_with_yes(organiser, day, capacity=2)

    assert words[0] == "1 person moves up from the waiting list."
    assert the_registration(waiting, day).is_confirmed
    assert Day.objects.with_ids([day.pk]).get().capacity == 2


def test_calling_a_day_off_asks_first_and_can_be_taken_back(organiser, days):
    person = make_confirmed(days[0])
    address = "admin:conference_day_change"

    _words, page = act_on_page(organiser, address, days[0], "call_days_off")
    assert page.context["sentences"] == [
        "You are about to call off: PxP 2027, Day 1.",
        "1 person loses a place, and gets a mail that takes the day out of the calendar.",
        "The site says that the day does not take place. You can take this back later.",
    ]
    assert page.context["button"] == "Call off and write to 1 person"
    assert the_registration(person, days[0]).is_confirmed

    off = say_yes(organiser, reverse(address, args=[days[0].pk]), page)
    assert off == ["PxP 2027, Day 1 called off. 1 person gets a mail."]
    assert the_registration(person, days[0]).is_cancelled
    let_people_hear()

    _words, page = act_on_page(organiser, address, days[0], "restore_days")
    back = say_yes(organiser, reverse(address, args=[days[0].pk]), page)
    assert back == ["PxP 2027, Day 1 takes place after all. 1 person gets a mail."]
    assert the_registration(person, days[0]).is_confirmed


def test_calling_off_and_back_name_everybody_who_gets_a_mail(organiser, days):
    day, address = days[0], "admin:conference_day_change"
    day.capacity = 1
    day.save()
    for name in ("Ada", "Bob", "Eve"):
        make_confirmed(day, name=name)
    make_pending(day, name="Zoe")

    _words, page = act_on_page(organiser, address, day, "call_days_off")
    off = say_yes(organiser, reverse(address, args=[day.pk]), page)
    let_people_hear()
    _words, page_back = act_on_page(organiser, address, day, "restore_days")
    back = say_yes(organiser, reverse(address, args=[day.pk]), page_back)

    assert page.context["sentences"][1:3] == [
        "1 person loses a place, and gets a mail that takes the day out of the calendar.",
        "2 people on the waiting list get a note.",
    ]
    assert page.context["button"] == "Call off and write to 3 people"
    assert page_back.context["button"] == "Let it take place and write to 3 people"
    assert off[0] == "PxP 2027, Day 1 called off. 3 people get a mail."
    assert MAILS_WAIT.match(off[1])
    assert page_back.context["sentences"][1:] == [
        "Everyone who had a place gets it back, with a mail and a new calendar invite.",
        "This writes to 3 people.",
    ]
    assert back[0] == "PxP 2027, Day 1 takes place after all. 3 people get a mail."


def test_calling_off_asks_again_once_more_people_would_get_a_mail_than_the_button_named(organiser, days):
    make_confirmed(days[0])
    address = "admin:conference_day_change"
    _words, page = act_on_page(organiser, address, days[0], "call_days_off")
    make_confirmed(days[0], name="Bob")

    said = say_yes(organiser, reverse(address, args=[days[0].pk]), page)

    assert said == []
    assert not Day.objects.with_ids([days[0].pk]).get().is_called_off


def test_calling_off_a_day_without_people_names_nobody(organiser, days):
    make_pending(days[0])

    _words, page = act_on_page(organiser, "admin:conference_day_change", days[0], "call_days_off")

    assert page.context["sentences"][1] == "Nobody has a place."
    assert page.context["button"] == "Yes, call off"


def test_bringing_a_day_back_before_anybody_heard_says_that_nobody_gets_a_mail(organiser, days):
    make_confirmed(days[0])
    make_confirmed(days[0], name="Bob")
    address = "admin:conference_day_change"
    _words, page = act_on_page(organiser, address, days[0], "call_days_off")
    say_yes(organiser, reverse(address, args=[days[0].pk]), page)

    _words, page = act_on_page(organiser, address, days[0], "restore_days")
    back = say_yes(organiser, reverse(address, args=[days[0].pk]), page)

    assert page.context["sentences"][1:] == ["Everyone who had a place gets it back.", "Nobody gets a mail."]
    assert back == ["PxP 2027, Day 1 takes place after all. Nobody gets a mail."]


def test_the_page_of_a_day_has_the_one_button_of_two_opposites_that_does_something(organiser, days):
    call_off(days[0], now=NOW)

    pages = [organiser.get(reverse("admin:conference_day_change", args=[day.pk])) for day in days[:2]]

    opposites = {"call_days_off", "restore_days"}
    shown = [opposites & {name for name, _words in page.context["own_actions"]} for page in pages]
    assert shown == [{"restore_days"}, {"call_days_off"}]


def test_calling_off_what_is_off_says_so(organiser, days):
    call_off(days[0], now=NOW)

    again, _response = act_on_page(organiser, "admin:conference_day_change", days[0], "call_days_off")
    other, _response = act_on_page(organiser, "admin:conference_day_change", days[1], "restore_days")

    assert again == ["Nothing was changed: this has been called off already."]
    assert other == ["Nothing was changed: this is not called off."]


def test_a_day_that_people_signed_up_for_is_not_deleted(organiser, days):
    make_confirmed(days[0])
    make_confirmed(days[0], name="Bob")
    url = reverse("admin:conference_day_delete", args=[days[0].pk])

    page = organiser.get(url)
    organiser.post(url, {"post": "yes"})

    assert (
        "“PxP 2027, Day 1” cannot be deleted. 1 session and 2 registrations belong to it. "
        "A day that people have signed up for cannot be deleted, so nobody loses their place."
    ) in " ".join(page.text.split()).replace("&#x27;", "'")
    assert "Ada" not in page.text
    assert Day.objects.with_ids([days[0].pk]).exists()


def test_a_person_has_no_page_that_deletes_only_the_row(organiser, days):
    person = make_confirmed(days[0])

    response = organiser.post(reverse("admin:registration_registrant_delete", args=[person.pk]), {"post": "yes"})

    assert response.status_code == 403
    assert Registrant.objects.only_row(person).exists()
