"""What organisers do to many people: asked once with the number, on record, and not while they wait."""

import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from conference.models import Day
from registration.models import OutboxMessage, PlannedAct, Registrant, Registration
from registration.models.history import note
from registration.services import planned_acts
from registration.services.erase import erase
from registration.services.files.columns import choices
from registration.status import Act, Status
from tests.factories import NOW, make_confirmed, make_pending, make_program, make_staff, the_registration

pytestmark = pytest.mark.django_db

REGISTRATIONS = "admin:registration_registration_changelist"
PEOPLE = "admin:registration_registrant_changelist"


@pytest.fixture
def days():
    return list(Day.objects.for_edition(make_program(sessions=1)))


@pytest.fixture
def user():
    return make_staff()


@pytest.fixture
def organiser(client, user):
    client.force_login(user)
    return client


def choose(client, address, action, *rows, **more):
    data = {"action": action, "_selected_action": [row.pk for row in rows], "index": 0} | more
    return client.post(reverse(address), data)


def entries(row):
    """What the history of a row says: (who, what)."""
    rows = LogEntry.objects.filter(object_id=row.pk, content_type__model=row._meta.model_name).order_by("pk")
    return [(entry.user.username, entry.get_change_message()) for entry in rows]


def test_each_act_on_a_place_writes_one_row(user, days):
    row = the_registration(make_pending(*days), days[0])
    other = the_registration(row.registrant, days[1])

    planned_acts.act_on(Act.CONFIRM, row, user=user, now=NOW)
    planned_acts.act_on(Act.CONFIRM, row, user=user, now=NOW)  # does nothing
    planned_acts.act_on(Act.CANCEL, other, user=user, now=NOW)

    assert entries(row) == [("organiser", "Confirmed for Day 1")]
    assert entries(other) == [("organiser", "Cancelled for Day 2")]


def test_moving_and_sending_again_write_one_row(user, days):
    row = the_registration(make_confirmed(days[0]), days[0])

    planned_acts.act_on(Act.SEND_AGAIN, row.registrant, user=user, now=NOW)
    planned_acts.act_on(Act.MOVE, row, user=user, now=NOW, day=days[1])

    assert entries(row) == [("organiser", "Moved from Day 1 to Day 2")]
    assert entries(row.registrant) == [("organiser", "Mails sent again")]


def test_a_persons_history_tells_what_was_done_to_their_days_and_goes_with_them(organiser, user, days):
    person = make_confirmed(days[0])
    row = the_registration(person, days[0])
    planned_acts.act_on(Act.CANCEL, row, user=user, now=NOW)

    page = organiser.get(reverse("admin:registration_registrant_history", args=[person.pk]))

    assert "Cancelled for Day 1" in page.text
    assert ">Wed 1 Sep 2027, 12:00" in page.text
    erase(person, now=NOW)
    assert not LogEntry.objects.exists()


def test_a_long_history_has_pages(organiser, user, days):
    person = make_confirmed(days[0])
    for number in range(101):
        note(user, person, f"Change {number}.")
    path = reverse("admin:registration_registrant_history", args=[person.pk])

    first, second = organiser.get(path), organiser.get(f"{path}?p=2")

    assert "Page 1 of 2" in first.text
    assert 'href="?p=2"' in first.text
    assert "Change 100." not in first.text
    assert "Change 100." in second.text


@pytest.mark.parametrize("action", ["call_days_off", "restore_days"])
def test_calling_off_and_restoring_write_one_row_of_each_day(action, organiser, days):
    if action == "restore_days":
        choose(organiser, "admin:conference_day_changelist", "call_days_off", days[0], post="yes", number=1)
        LogEntry.objects.all().delete()

    choose(organiser, "admin:conference_day_changelist", action, days[0], post="yes", number=1)

    words = {"call_days_off": "Called off", "restore_days": "Takes place after all"}[action]
    assert entries(days[0]) == [("organiser", words)]


def test_a_download_and_a_deletion_are_on_record_and_name_nobody(organiser, days):
    person = make_confirmed(days[0])
    choose(organiser, PEOPLE, "download_table", person).getvalue()
    address = reverse("admin:registration_registrant_change", args=[person.pk])
    organiser.post(address, {"CHANGE_FORM-action": "erase_person", "_selected_action": [person.pk], "post": "yes"})

    rows = [(entry.object_id, entry.object_repr, entry.change_message) for entry in LogEntry.objects.order_by("pk")]

    columns = ", ".join(str(choice.words) for choice in choices())
    assert rows == [
        (None, "people", f"Downloaded 1 person as a table (CSV): {columns}"),
        (None, "people", "Deleted a person for good, with all days, needs and mails"),
    ]


def test_confirming_leaves_out_days_that_are_over(organiser, days):
    person = make_pending(days[0], days[1])
    Day.objects.filter(pk=days[0].pk).update(starts_at=NOW - timedelta(days=2), ends_at=NOW - timedelta(days=1))

    page = choose(organiser, PEOPLE, "confirm_places", person)
    choose(organiser, PEOPLE, "confirm_places", person, post="yes", number=1)

    assert page.context["sentences"][-1] == "1 registration is left out: its day is over or called off."
    assert the_registration(person, days[0]).status == Status.PENDING
    assert the_registration(person, days[1]).status == Status.CONFIRMED


def test_mails_about_days_that_are_over_are_not_sent_again(organiser, days):
    person = make_confirmed(days[0])
    Day.objects.filter(pk=days[0].pk).update(starts_at=NOW - timedelta(days=2), ends_at=NOW - timedelta(days=1))
    before = OutboxMessage.objects.newest_key()

    response = choose(organiser, PEOPLE, "send_again", person)

    words = [str(message) for message in get_messages(response.wsgi_request)]
    assert words == ["Nothing was sent: none of them has an upcoming day."]
    assert not planned_acts.send_all_again(person, now=NOW)
    assert OutboxMessage.objects.newest_key() == before


def test_more_people_than_the_button_named_are_asked_about_again(organiser, days):
    rows = [the_registration(make_pending(days[0], name=name), days[0]) for name in ("Ada", "Bob")]

    page = choose(organiser, REGISTRATIONS, "confirm_places", *rows, post="yes", number=1)

    assert page.context["button"] == "Yes, confirm 2 people"
    assert {row.status for row in Registration.objects.all()} == {Status.PENDING}


def test_what_several_people_hear_of_waits_and_is_done_by_the_worker(organiser, user, days):
    people = [make_pending(days[0], name=f"Ada {letter}") for letter in "abc"]
    rows = [the_registration(person, days[0]) for person in people]

    response = choose(organiser, REGISTRATIONS, "confirm_places", *rows, post="yes", number=3)

    words = [str(message) for message in get_messages(response.wsgi_request)]
    assert re.match("This happens at .* Until then you can take it back: <a href=", words[0])
    assert planned_acts.carry_on(now=timezone.now()) == 0
    PlannedAct.objects.update(due_at=timezone.now())
    assert {row.status for row in Registration.objects.all()} == {Status.PENDING}
    erase(people[1], now=NOW)  # in the meantime
    done = [planned_acts.carry_on(now=timezone.now(), limit=2) for _ in range(4)]
    assert done == [2, 1, 1, 0]
    assert {row.status for row in Registration.objects.all()} == {Status.CONFIRMED}
    assert LogEntry.objects.filter(user=user, change_message="Confirmed for Day 1").count() == 2
    assert not PlannedAct.objects.exists()


def test_one_row_that_fails_keeps_no_other_waiting(user, days, caplog):
    rows = [the_registration(make_pending(days[0], name=name), days[0]) for name in ("Ada", "Bob")]
    Registrant.objects.filter(name="Ada").update(time_zone="Mars/Olympus")  # its mail cannot be written
    planned = planned_acts.plan(Act.CONFIRM, rows, user=user, now=NOW)

    planned_acts.carry_on(now=NOW)

    planned.refresh_from_db()
    assert planned.keys == []
    assert the_registration(rows[1].registrant, days[0]).is_confirmed


def test_an_act_on_very_many_is_done_in_short_plans_in_its_order(user, days, monkeypatch):
    monkeypatch.setattr(planned_acts, "PORTION", 2)
    rows = [the_registration(make_pending(days[0], name=f"Ada {letter}"), days[0]) for letter in "abcde"]
    planned_acts.plan(Act.CONFIRM, rows, user=user, now=NOW)

    assert planned_acts.carry_on(now=NOW) == 3
    parts = list(PlannedAct.objects.due(NOW).values_list("keys", flat=True))
    while planned_acts.carry_on(now=NOW):
        pass

    assert parts == [[row.pk for row in some] for some in (rows[:2], rows[2:4], rows[4:])]
    assert LogEntry.objects.filter(user=user, change_message="Confirmed for Day 1").count() == 5
    assert not PlannedAct.objects.exists()


@pytest.mark.parametrize("action", ["cancel_places", "send_again"])
def test_what_is_pressed_twice_or_by_two_waits_once(organiser, days, action):
    rows = [the_registration(make_confirmed(days[0], name=name), days[0]) for name in ("Ada", "Bob", "Cleo")]
    asked = choose(organiser, REGISTRATIONS, action, *rows[:2]).context["kept"]
    more = choose(organiser, REGISTRATIONS, action, *rows).context["kept"]

    def press(kept):
        data = {}
        for name, value in kept:
            data.setdefault(name, []).append(value)
        response = organiser.post(reverse(REGISTRATIONS), data | {"post": "yes"})
        return [str(message) for message in get_messages(response.wsgi_request)][-1]

    first, second = press(asked), press(asked)
    organiser.force_login(make_staff(username="grace"))
    third = press(more)

    assert first.startswith("This happens at ")
    assert second.startswith("All of this waits already, so nothing was added. You can take it back: <a href=")
    assert third.startswith("This happens at ")
    planned = PlannedAct.objects.order_by("pk")
    assert [(len(one.keys), one.user.username) for one in planned] == [(2, "organiser"), (1, "grace")]
