"""Organisers add somebody who wrote or phoned, and move people to another day."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from conference.models import Day
from registration.models import AccessRequest, OutboxMessage, PlannedAct, Registrant, Registration
from registration.services import many
from registration.services.by_hand import add_by_organiser, move_to_day
from registration.services.day_changes import call_off
from registration.services.days import cancel
from registration.services.erase import erase
from registration.services.errors import AlreadyOnDay, NotConfirmed, RegistrationClosed
from registration.status import CancelledBy, MailKind, MailState, NeedState, Status
from tests.factories import (
    NOW,
    make_conference,
    make_confirmed,
    make_day,
    make_pending,
    make_program,
    make_staff,
    person,
    the_registration,
)
from tests.support.admin import messages_of

pytestmark = pytest.mark.django_db

ADD = "admin:registration_registrant_add"
REGISTRATIONS = "admin:registration_registration_changelist"


@pytest.fixture
def days():
    return list(Day.objects.for_edition(make_program(sessions=1)))


def add(days, name="Ada", now=NOW, **fields):
    return add_by_organiser(days[0].conference, person=person(name, **fields), days=days, now=now)


def kinds(since=0):
    return [mail.kind for mail in OutboxMessage.objects.after(since).order_by("pk") if mail.state != "withdrawn"]


def set_capacity(day, capacity):
    day.capacity = capacity
    day.save()


def all_sent():
    """Let the worker have sent all that waits. Return the newest mail's key."""
    OutboxMessage.objects.queued().update(state=MailState.SENT, finished_at=NOW)
    return OutboxMessage.objects.newest_key()


# --- Adding ----------------------------------------------------------------------------------------------------------


def test_somebody_added_by_hand_is_in_at_once_and_marked(days):
    ada, rows = add(days[:2])

    assert (ada.is_verified, ada.is_added_by_organiser) == (True, True)
    assert [(row.day.number, row.status) for row in rows] == [(1, Status.CONFIRMED), (2, Status.CONFIRMED)]
    assert kinds() == [MailKind.CONFIRMATION, MailKind.INVITE, MailKind.INVITE]


def test_adding_again_changes_nothing_and_sends_nothing(days):
    ada, _rows = add(days[:1])

    again, rows = add(days[:1], country="FR")

    assert (again.pk, again.country, rows) == (ada.pk, "CA", [])
    assert kinds() == [MailKind.CONFIRMATION]


def test_somebody_known_gets_the_new_day_and_is_not_marked(days):
    ada = make_confirmed(days[0])

    again, rows = add(days[:2])

    assert again.pk == ada.pk
    assert not again.is_added_by_organiser
    assert [row.day.number for row in rows] == [2]


def test_adding_vouches_for_somebody_who_did_not_confirm(days):
    make_pending(days[0], needs="A quiet line")

    ada, rows = add(days[:1])

    assert (ada.is_verified, ada.is_added_by_organiser) == (True, True)
    assert [row.status for row in rows] == [Status.CONFIRMED]
    assert AccessRequest.objects.for_person(ada).get().state == NeedState.NEW
    assert Registration.objects.count() == 1


def test_a_full_day_puts_them_on_the_waiting_list(days):
    set_capacity(days[0], 0)

    _ada, rows = add(days[:1])

    assert [row.status for row in rows] == [Status.WAITLISTED]
    assert kinds() == [MailKind.CONFIRMATION]


def test_sign_up_may_be_closed_but_the_day_must_be_to_come(days):
    days[0].sign_up_closes_at = NOW
    days[0].save()
    call_off(days[1], now=NOW)

    assert add(days[:1])[1]
    for day, now in ((days[1], NOW), (days[2], days[2].ends_at)):
        with pytest.raises(RegistrationClosed):
            add([day], name="Bob", now=now)
    assert not Registrant.objects.filter(name="Bob").exists()


def typed(*days, **fields):
    everyday = {"name": "Zoë Søn", "email": "zoe@example.org", "country": "JP", "time_zone": ""}
    return everyday | {"days": [day.pk for day in days]} | fields


def test_an_organiser_adds_somebody_on_a_page(organiser, days):
    page = organiser.get(reverse(ADD))
    response = organiser.post(reverse(ADD), typed(days[0], days[2]))

    zoe = Registrant.objects.get()
    assert "For a person who wrote or phoned." in page.text
    assert (zoe.name, zoe.email, zoe.time_zone, zoe.is_added_by_organiser) == (
        "Zoë Søn",
        "zoe@example.org",
        "Asia/Tokyo",
        True,
    )
    assert messages_of(response)[0] == "Day 1: Confirmed, Day 3: Confirmed. 3 mails are queued."
    own_page = organiser.get(reverse("admin:registration_registrant_change", args=[zoe.pk])).text
    assert "Added by an organiser" in own_page
    erase(zoe, now=NOW)
    assert not LogEntry.objects.exists()


def test_adding_somebody_who_is_there_says_so(organiser, days):
    organiser.post(reverse(ADD), typed(days[0]))

    response = organiser.post(reverse(ADD), typed(days[0]))

    assert "They were on all these days already. No mail is queued." in messages_of(response)
    assert Registrant.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"name": " "}, {"name": ["Enter a name."]}),
        ({"email": "zoe"}, {"email": ["The @ is missing. Enter the whole email address, like name@example.org."]}),
        ({"days": []}, {"days": ["Choose at least one day."]}),
        ({"days": ["0"]}, {"days": ["Choose from these days."]}),
        ({"time_zone": "Mars"}, {"time_zone": ["Enter the name of a time zone, like America/Toronto."]}),
        (
            {"country": "CA"},
            {"time_zone": ["Choose a country with one time zone, or enter the name of the zone."]},
        ),
    ],
)
def test_a_slip_is_said_in_words_and_nothing_is_lost(fields, errors, organiser, days):
    response = organiser.post(reverse(ADD), typed(days[0]) | fields)

    assert response.context["adminform"].form.errors == errors
    assert 'value="Zoë Søn"' in response.text or "name" in fields
    assert not Registrant.objects.exists()


def test_days_of_two_conferences_are_refused(organiser, days):
    other = make_day(make_conference(slug="2028"), starts_at=days[0].starts_at)

    response = organiser.post(reverse(ADD), typed(days[0], other))

    assert response.context["adminform"].form.errors["days"] == ["Choose days of one conference only."]


# --- Moving ----------------------------------------------------------------------------------------------------------


def test_moving_takes_them_off_one_day_and_puts_them_on_the_other(days):
    ada = make_confirmed(days[0])
    before = all_sent()

    row = move_to_day(the_registration(ada, days[0]), days[1], now=NOW)

    old = the_registration(ada, days[0])
    assert (old.status, old.cancelled_by) == (Status.CANCELLED, CancelledBy.ORGANISER)
    assert (row.day, row.status) == (days[1], Status.CONFIRMED)
    assert kinds(before) == [MailKind.CANCEL, MailKind.INVITE]


def test_who_has_a_place_keeps_one_and_the_first_in_line_moves_up(days):
    set_capacity(days[0], 1)
    set_capacity(days[1], 0)
    ada, bob = make_confirmed(days[0]), make_confirmed(days[0], name="Bob")

    row = move_to_day(the_registration(ada, days[0]), days[1], now=NOW)

    assert row.is_confirmed
    assert the_registration(bob, days[0]).is_confirmed


@pytest.mark.parametrize(("capacity", "status"), [(None, Status.CONFIRMED), (0, Status.WAITLISTED)])
def test_who_waited_gets_what_is_there(capacity, status, days):
    set_capacity(days[0], 0)
    set_capacity(days[1], capacity)
    bob = make_confirmed(days[0], name="Bob")

    row = move_to_day(the_registration(bob, days[0]), days[1], now=NOW)

    assert row.status == status


def test_moving_is_refused_where_it_makes_no_sense(days):
    ada, bob = make_confirmed(days[0], days[1]), make_pending(days[0], name="Bob")
    other = make_day(make_conference(slug="2028"), starts_at=days[0].starts_at)
    call_off(days[2], now=NOW)
    first = the_registration(ada, days[0])
    before = all_sent()

    for row, day, error in (
        (first, days[1], AlreadyOnDay),
        (first, days[0], AlreadyOnDay),
        (first, days[2], RegistrationClosed),
        (first, other, RegistrationClosed),
        (the_registration(bob, days[0]), days[1], NotConfirmed),
    ):
        with pytest.raises(error):
            move_to_day(row, day, now=NOW)
    cancel(the_registration(ada, days[1]), now=NOW)
    with pytest.raises(RegistrationClosed):
        move_to_day(the_registration(ada, days[1]), days[0], now=NOW)

    assert the_registration(ada, days[0]).is_confirmed
    assert kinds(before) == [MailKind.CANCEL]


def choose(client, *rows, **more):
    data = {"action": "move_places", "_selected_action": [row.pk for row in rows], "index": 0} | more
    return client.post(reverse(REGISTRATIONS), data)


def test_an_organiser_moves_people_after_a_question(organiser, days):
    ada, bob = make_confirmed(days[0]), make_confirmed(*days[:2], name="Bob")
    rows = [the_registration(registrant, days[0]) for registrant in (ada, bob)]
    all_sent()

    page = choose(organiser, *rows)
    assert the_registration(ada, days[0]).is_confirmed
    response = choose(organiser, *rows, post="yes", to_day=days[1].pk, number=2)

    assert page.context["button"] == "Yes, move 2 people"
    assert page.context["sentences"][0] == (
        "This moves 2 people. Each gets a mail that takes the old day out of the calendar, and one with the new day."
    )
    assert page.context["choices"][2] == [(days[1].pk, "Day 2: Theme 2"), (days[2].pk, "Day 3: Theme 3")]
    assert "you can take it back" in messages_of(response)[0]
    PlannedAct.objects.update(due_at=NOW)
    while many.carry_on(now=NOW):
        pass
    assert the_registration(ada, days[1]).is_confirmed
    assert the_registration(bob, days[0]).is_confirmed


def test_moving_nobody_or_to_nowhere_says_so(organiser, days):
    row = the_registration(make_pending(days[0]), days[0])
    other = make_day(make_conference(slug="2028"), starts_at=days[0].starts_at)
    alone = the_registration(make_confirmed(other, name="Bob"), other)

    assert messages_of(choose(organiser, row)) == [
        "Nothing was moved. Tick people who have a place or are on a waiting list, all of one conference."
    ]
    assert messages_of(choose(organiser, alone)) == ["Nothing was moved: there is no other upcoming day."]


def test_a_day_that_was_not_offered_asks_again(organiser, days):
    row = the_registration(make_confirmed(days[0]), days[0])

    page = choose(organiser, row, post="yes", to_day=days[0].pk)

    assert page.context["title"] == "Move to another day"
    assert [str(message) for message in page.context["messages"]] == ["Choose a day."]
    assert the_registration(row.registrant, days[0]).is_confirmed


def test_nobody_without_the_right_adds_or_moves(client, days):
    row = the_registration(make_confirmed(days[0], now=timezone.now()), days[0])
    client.force_login(make_staff("Access team"))

    assert client.get(reverse(ADD)).status_code == 403
    assert client.post(reverse(ADD), typed(days[0])).status_code == 403
    assert choose(client, row, post="yes", to_day=days[1].pk).status_code == 403
    assert Registrant.objects.count() == 1
