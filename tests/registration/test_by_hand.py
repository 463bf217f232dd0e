"""Organisers add someone who wrote or phoned, and move people to another day."""

import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import ADDITION, LogEntry
from django.urls import reverse
from django.utils import timezone

from conference.models import Day
from registration import links
from registration.admin import person_add_form
from registration.models import AccessRequest, OutboxMessage, PlannedAct, Registrant, Registration
from registration.services import planned_acts
from registration.services.by_hand import add_by_organiser, invite_by_organiser, move_to_day
from registration.services.day_changes import call_off
from registration.services.days import cancel, confirm
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
from tests.letters import text_of
from tests.support.admin import messages_of

pytestmark = pytest.mark.django_db

ADD = "admin:registration_registrant_add"
REGISTRATIONS = "admin:registration_registration_changelist"


@pytest.fixture
def days():
    return list(Day.objects.for_edition(make_program(sessions=1)))


def add(days, name="Ada", now=NOW, **fields):
    return add_by_organiser(days[0].conference, person=person(name, **fields), days=days, now=now)


def invite(days, name="Ada", now=NOW, **fields):
    return invite_by_organiser(days[0].conference, person=person(name, **fields), days=days, now=now)


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


def test_someone_added_by_hand_is_in_at_once_and_marked(days):
    ada, rows = add(days[:2])

    assert (ada.is_verified, ada.is_added_by_organiser) == (True, True)
    assert [(row.day.number, row.status) for row in rows] == [(1, Status.CONFIRMED), (2, Status.CONFIRMED)]
    assert kinds() == [MailKind.CONFIRMATION, MailKind.INVITE, MailKind.INVITE]


def test_adding_again_changes_nothing_and_sends_nothing(days):
    ada, _rows = add(days[:1])

    again, rows = add(days[:1], country="FR")

    assert (again.pk, again.country, rows) == (ada.pk, "CA", [])
    assert kinds() == [MailKind.CONFIRMATION]


def test_someone_known_gets_the_new_day_and_is_not_marked(days):
    ada = make_confirmed(days[0])

    again, rows = add(days[:2])

    assert again.pk == ada.pk
    assert not again.is_added_by_organiser
    assert [row.day.number for row in rows] == [2]


def test_adding_vouches_for_someone_who_did_not_confirm(days):
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


def test_someone_invited_by_hand_has_a_place_once_they_confirm(days):
    days[0].sign_up_closes_at = NOW
    days[0].save()

    ada, rows = invite(days[:2])
    assert (ada.is_verified, ada.is_added_by_organiser) == (False, True)
    assert [(row.day.number, row.status) for row in rows] == [(1, Status.PENDING), (2, Status.PENDING)]
    assert kinds() == [MailKind.PLEASE_CONFIRM]
    confirm(ada, now=NOW)

    assert the_registration(ada, days[0]).is_confirmed


def test_inviting_someone_known_asks_about_the_new_day_alone(days):
    ada = make_confirmed(days[0])
    before = all_sent()

    again, rows = invite(days[:2], country="FR")
    assert (again.pk, again.country, again.is_added_by_organiser) == (ada.pk, "CA", False)
    assert [row.day.number for row in rows] == [2]
    assert kinds(before) == [MailKind.PLEASE_CONFIRM]
    confirm(ada, now=NOW)
    before = all_sent()

    assert invite(days[:2])[1] == []
    assert kinds(before) == []


def test_inviting_again_asks_again_and_vouches_for_nobody(days):
    ada = make_pending(days[0])
    before = all_sent()

    again, rows = invite(days[:1])

    assert (again.is_verified, again.is_added_by_organiser, rows) == (False, False, [])
    assert (again.pk, kinds(before)) == (ada.pk, [MailKind.PLEASE_CONFIRM])


def test_nobody_is_invited_to_a_day_that_is_over_or_called_off(days):
    call_off(days[1], now=NOW)

    for day, now in ((days[1], NOW), (days[2], days[2].ends_at)):
        with pytest.raises(RegistrationClosed):
            invite([day], now=now)
    assert not Registrant.objects.exists()


def typed(*days, **fields):
    everyday = {"name": "Zoë Søn", "email": "zoe@example.org", "country": "JP", "time_zone": "", "_save": "Add person…"}
    return everyday | {"confirmed_by": "organiser", "days": [day.pk for day in days]} | fields


def ask(client, data):
    """Press “Add person…”. Return the page, which asks, and what its button sends beside the form."""
    page = client.post(reverse(ADD), data)
    name, value = page.context["yes"]
    return page, data | {name: value}


def words_of(page):
    return " ".join(page.text.split()).replace("&#x27;", "'")


def test_an_organiser_adds_someone_on_a_page_that_first_says_who_gets_which_mails(organiser, days):
    empty = organiser.get(reverse(ADD))
    page, yes = ask(organiser, typed(days[0], days[2]))
    assert not Registrant.objects.exists()
    assert not OutboxMessage.objects.exists()
    response = organiser.post(reverse(ADD), yes)

    zoe = Registrant.objects.get()
    assert "For a person who wrote or phoned." in empty.text
    assert re.findall(r'<input type="submit" value="([^"]+)"', empty.text) == ["Add person…"]
    assert page.context["questions"] == [
        "Day 1: they get a place.",
        "Day 3: they get a place.",
        "zoe@example.org gets 3 mails: Confirmation and 2 × Calendar invite.",
    ]
    assert "Nothing is saved yet. Add Zoë Søn, and send 3 mails?" in words_of(page)
    assert "> Add and send 3 mails </button>" in words_of(page)
    assert words_of(page).index("<button disabled hidden>") < words_of(page).index("Add and send 3 mails")
    [[letter]] = page.context["mail_question"].readers.letters
    assert "PxP Day 1" in letter.text
    assert "Day 3" in letter.text
    assert (zoe.name, zoe.email, zoe.time_zone, zoe.is_added_by_organiser) == (
        "Zoë Søn",
        "zoe@example.org",
        "Asia/Tokyo",
        True,
    )
    assert (response.status_code, kinds()) == (302, [MailKind.CONFIRMATION, MailKind.INVITE, MailKind.INVITE])
    assert messages_of(response)[0] == "Day 1: Confirmed, Day 3: Confirmed. 3 mails are queued."
    own_page = organiser.get(reverse("admin:registration_registrant_change", args=[zoe.pk])).text
    assert "Added by an organiser" in own_page
    erase(zoe, now=NOW)
    assert not LogEntry.objects.exists()


def test_adding_someone_who_is_there_says_so(organiser, days):
    organiser.post(reverse(ADD), ask(organiser, typed(days[0]))[1])

    response = organiser.post(reverse(ADD), typed(days[0]))

    assert messages_of(response)[-1] == "They were already on all these days. No mail is queued."
    assert response["Location"] == reverse("admin:registration_registrant_change", args=[Registrant.objects.get().pk])
    assert LogEntry.objects.filter(action_flag=ADDITION).count() == 1


def test_person_whose_place_nobody_knows_is_added_and_reads_utc(organiser, days):
    organiser.post(reverse(ADD), ask(organiser, typed(days[0], country=""))[1])

    added = Registrant.objects.get()
    assert (added.name, added.country, added.time_zone) == ("Zoë Søn", "", "")
    assert "UTC" in text_of(OutboxMessage.objects.get())


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"name": " "}, {"name": ["Enter a name."]}),
        ({"email": "zoe"}, {"email": ["The @ is missing. Enter the whole email address, like name@example.org."]}),
        ({"days": []}, {"days": ["Choose at least one day."]}),
        ({"days": ["0"]}, {"days": ["Choose from these days."]}),
        ({"confirmed_by": ""}, {"confirmed_by": ["Choose how the person is confirmed."]}),
        ({"time_zone": "Mars"}, {"time_zone": ["Choose a city."]}),
        ({"country": "CA"}, {"time_zone": ["Choose the city too: Canada has more than one time zone."]}),
        ({"country": "BV"}, {"time_zone": ["Choose the city too."]}),
    ],
)
def test_a_slip_is_said_in_words_and_nothing_is_lost(fields, errors, organiser, days):
    response = organiser.post(reverse(ADD), typed(days[0]) | fields)

    assert response.context["adminform"].form.errors == errors
    assert 'value="Zoë Søn"' in response.text or "name" in fields
    assert 'value="zoe@example.org"' in response.text or "email" in fields
    assert re.search(f'value="{days[0].pk}"[^>]* checked', response.text) or "days" in fields
    assert '<option value="JP" selected>' in response.text or "country" in fields
    assert re.search('value="organiser"[^>]* checked', response.text) or "confirmed_by" in fields
    assert not Registrant.objects.exists()


def test_a_place_is_chosen_by_its_name(organiser, days):
    empty = organiser.get(reverse(ADD))
    page = organiser.post(reverse(ADD), typed(days[0], country="CA"))
    organiser.post(reverse(ADD), ask(organiser, typed(days[0], country="", time_zone="America/Vancouver"))[1])

    assert re.search('<option value="America/Vancouver">\\s*Vancouver, Canada', empty.text)
    assert "Choose their city" in empty.text
    assert "America/Toronto" not in re.sub(r'value="[^"]*"', "", empty.text)
    assert page.text.index('<optgroup label="Canada">') < page.text.index('<optgroup label="Other cities">')
    zoe = Registrant.objects.get()
    assert (zoe.country, zoe.time_zone) == ("CA", "America/Vancouver")


def test_the_form_says_which_days_are_those_of_a_draft(organiser, days):
    make_day(make_conference(slug="2028", is_published=False), starts_at=days[0].starts_at + timedelta(days=364))

    empty = words_of(organiser.get(reverse(ADD)))

    assert "PxP 2028, Day 1: in a draft. Nobody else can see this conference yet." in empty
    assert "PxP 2027, Day 1: in a draft" not in empty


def test_the_form_says_which_days_are_full_and_the_question_what_happens_then(organiser, days):
    set_capacity(days[0], 0)
    set_capacity(days[1], 0)
    make_confirmed(days[0], name="Bob")
    make_confirmed(days[0], name="Cleo")

    empty = organiser.get(reverse(ADD))
    page, yes = ask(organiser, typed(*days[:2]))
    response = organiser.post(reverse(ADD), yes)

    assert "PxP 2027, Day 1: full, and 2 people wait. They go on its waiting list." in words_of(empty)
    assert "PxP 2027, Day 2: full. They go on its waiting list." in words_of(empty)
    assert "Day 3: full" not in empty.text
    assert page.context["questions"][:2] == [
        "Day 1 is full: they go on its waiting list, as number 3.",
        "Day 2 is full: they go on its waiting list, as number 1.",
    ]
    assert messages_of(response)[0] == "Day 1: On the waiting list, Day 2: On the waiting list. 1 mail is queued."


def test_the_person_may_confirm_by_mail(organiser, days):
    set_capacity(days[1], 0)

    page, yes = ask(organiser, typed(*days[:2], confirmed_by="person"))
    response = organiser.post(reverse(ADD), yes)

    assert page.context["questions"] == [
        "Day 1: they get a place once they confirm by mail, if there is one by then.",
        "Day 2 is full: they go on its waiting list once they confirm by mail.",
        "zoe@example.org gets 1 mail: Please confirm.",
    ]
    assert "> Add and send 1 mail </button>" in words_of(page)
    assert "confirm" in page.context["mail_question"].readers.letters[0][0].subject.lower()
    assert response.status_code == 302
    assert not Registrant.objects.get().is_verified
    assert kinds() == [MailKind.PLEASE_CONFIRM]


def test_whoever_is_here_already_is_said_to_be(organiser, days):
    make_confirmed(days[0], name="Zoë Søn", email="zoe@example.org")

    page, _yes = ask(organiser, typed(days[0], days[1]))

    assert page.context["questions"][:2] == ["Zoë Søn is here already, with this address.", "Day 2: they get a place."]


def test_another_address_or_a_place_that_is_gone_is_asked_about_again(organiser, days):
    set_capacity(days[0], 1)
    _page, yes = ask(organiser, typed(days[0]))

    other = organiser.post(reverse(ADD), yes | {"email": "zoe.son@example.org"})
    make_confirmed(days[0], name="Bob")
    gone = organiser.post(reverse(ADD), yes)

    assert other.context["questions"][1] == "zoe.son@example.org gets 1 mail: Confirmation."
    assert gone.context["questions"][0] == "Day 1 is full: they go on its waiting list, as number 1."
    assert not Registrant.objects.filter(name="Zoë Søn").exists()


def test_a_preview_has_no_link_that_opens_someones_page(organiser, days):
    ada = make_confirmed(days[0])

    page, _yes = ask(organiser, typed(days[1], name="Ada", email="ada@example.org"))

    [[letter]] = page.context["mail_question"].readers.letters
    assert links.token("my", ada) not in letter.html + letter.text


def test_a_day_that_ends_meanwhile_keeps_all_that_was_typed(organiser, days, monkeypatch):
    monkeypatch.setattr(person_add_form, "days_to_come", lambda found, now: list(found))
    call_off(days[0], now=NOW)

    page = organiser.post(reverse(ADD), typed(days[0]))

    assert page.context["adminform"].form.non_field_errors() == [
        "Nothing was saved: one of these days has just ended or was called off."
    ]
    assert 'value="Zoë Søn"' in page.text
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
    ada, bob, eve = make_confirmed(days[0]), make_confirmed(*days[:2], name="Bob"), make_confirmed(days[0], name="Eve")
    rows = [the_registration(registrant, days[0]) for registrant in (ada, bob, eve)]
    all_sent()

    first = choose(organiser, *rows)
    page = choose(organiser, *rows, to_day=days[1].pk)
    assert the_registration(ada, days[0]).is_confirmed
    response = choose(organiser, *rows, post="yes", to_day=days[1].pk, number=3)

    assert (page.context["title"], page.context["button"]) == ("Move 2 people to Day 2?", "Yes, move 2 people")
    assert page.context["sentences"][0] == (
        "This moves 2 people. Each gets a mail that takes the old day out of the calendar, and one with the new day."
    )
    assert page.context["mail_summary"].readers.names == "Ada and Eve."  # Bob is on Day 2 already
    assert first.context["choices"][2] == [(days[1].pk, "Day 2: Theme 2"), (days[2].pk, "Day 3: Theme 3")]
    assert "you can take it back" in messages_of(response)[0]
    PlannedAct.objects.update(due_at=NOW)
    while planned_acts.carry_on(now=NOW):
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
