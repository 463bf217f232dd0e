"""An organiser's change of a day has its turn, however many people hold the day one after the other."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event, Thread

import pytest
from django.db import transaction
from django.urls import reverse

from conference import drafts, rules
from conference.models import Day, Draft
from conference.program_file import Plain, check
from conference.program_formats import export_program
from conference.program_loading import apply
from registration.models import OutboxMessage, Registrant, Registration
from registration.services import address, corrections, day_changes, days, foresee
from registration.services.errors import RegistrationClosed
from registration.status import MailState
from tests.factories import NOW, make_confirmed, make_day, make_pending, make_program, make_staff
from tests.support.at_once import PATIENCE, another_waits_for, own_connection, wait_for_waiting, wait_until

pytestmark = [pytest.mark.postgresql_only, pytest.mark.django_db(transaction=True)]


def test_people_who_come_later_wait_behind_an_organiser_who_changes_the_day():
    day, order, is_held, let_go = make_day(), [], Event(), Event()

    def take(name, hold):
        with own_connection(), transaction.atomic():
            hold()
            order.append(name)
            is_held.set()
            assert let_go.wait(2 * PATIENCE)

    with ThreadPoolExecutor(3) as threads:
        came = [threads.submit(take, "first person", lambda: Day.objects.shared([day.pk]))]
        wait_until(is_held.is_set, "the first person")
        came += [threads.submit(take, "organiser", lambda: Day.objects.locked_in_turn(day.pk))]
        wait_for_waiting(1)
        came += [threads.submit(take, "second person", lambda: Day.objects.shared([day.pk]))]
        wait_for_waiting(2)
        let_go.set()
        for thread in came:
            thread.result()

    assert order == ["first person", "organiser", "second person"]


def called_off_meanwhile(day):
    """Call the day off by another organiser, in a transaction that ends once someone waits for it."""
    return another_waits_for(lambda: day_changes.call_off(day, now=NOW))


def change_in_draft(conference, user, **fields):
    with drafts.edit_draft(conference, user=user, now=NOW):
        Day.objects.for_edition(conference).update(**fields)


def test_publishing_leaves_a_day_called_off_that_was_called_off_meanwhile():
    conference = make_program(days=1, sessions=1)
    day = conference.days.get()
    make_confirmed(day)
    by = timedelta(hours=1)
    change_in_draft(conference, make_staff(), starts_at=day.starts_at + by, ends_at=day.ends_at + by)

    with called_off_meanwhile(day):
        drafts.publish(conference, now=NOW, move_day=day_changes.reschedule)

    day.refresh_from_db()
    assert day.is_called_off


def test_draft_holds_nothing_of_what_others_did_with_a_day_meanwhile():
    conference, user = make_program(days=1, sessions=1), make_staff()
    change_in_draft(conference, user, title="New")

    with called_off_meanwhile(conference.days.get()):
        change_in_draft(conference, user, title="Newer")

    assert [change["fields"] for change in Draft.objects.get().changes] == [{"title": "Newer"}]


def sign_up_before(function, days):
    """Return the function, before whose first call someone signs up and has to wait; and one that says what came of it.

    The second one returns the person who is signed up in the end, or the fault.
    """
    came = []

    def signed_up():
        try:
            with own_connection():
                came.append(make_pending(*days))
        except Exception as fault:
            came.append(fault)

    thread = Thread(target=signed_up)

    def called(*args, **kwargs):
        if thread.ident is None:  # an earlier call has not started it
            thread.start()
            wait_for_waiting(1)
        return function(*args, **kwargs)

    def came_of_it():
        thread.join(PATIENCE)
        return came[0]

    return called, came_of_it


def test_who_signs_up_while_an_organiser_presses_a_button_of_the_day_is_not_in_its_way(client, monkeypatch):
    conference = make_program(days=1, sessions=1)
    day = conference.days.with_conference().get()
    client.force_login(make_staff())
    later, came = sign_up_before(foresee.foresee_calling_off, [day])
    monkeypatch.setattr(foresee, "foresee_calling_off", later)

    url = reverse("admin:conference_day_change", args=[day.pk])
    pressed = {"CHANGE_FORM-action": "call_days_off", "_selected_action": day.pk, "post": "yes", "number": 1}
    page = client.post(url, pressed)

    assert page.status_code == 302
    assert Day.objects.get().is_called_off
    assert type(came()) is RegistrationClosed


def test_who_signs_up_while_a_file_with_the_program_is_loaded_is_not_in_its_way(monkeypatch):
    conference = make_program(days=1, sessions=1)
    day = conference.days.with_conference().get()
    told = export_program(conference)
    told["days"][0]["starts_at"] = "2027-09-12T18:00Z"
    later, came = sign_up_before(rules.findings_now, [day])
    monkeypatch.setattr(rules, "findings_now", later)

    apply(check(Plain(told, {})), now=NOW, move_day=day_changes.reschedule)

    assert came().name == "Ada"


@pytest.mark.parametrize("act", ["send again", "new address", "corrected"])
def test_mails_sent_again_while_a_new_time_is_told_do_not_undo_the_newer_version(act):
    conference = make_program(days=1, sessions=1)
    day = conference.days.get()
    ada = make_confirmed(day)
    OutboxMessage.objects.update(state=MailState.SENT, finished_at=NOW)
    Registrant.objects.update(new_email="new@example.org")
    ada.refresh_from_db()
    by = timedelta(hours=1)

    def tell_new_time():
        day_changes.reschedule(day, starts_at=day.starts_at + by, ends_at=day.ends_at + by, now=NOW)
        day_changes.tell_news(now=NOW)

    with another_waits_for(tell_new_time):
        if act == "send again":
            days.send_again(ada, now=NOW)
        elif act == "new address":
            address.take_new_address(ada, now=NOW)
        else:
            corrections.correct_details(ada, details={"email": "new@example.org"}, now=NOW)

    row = Registration.objects.get()
    assert (row.invite_sequence, row.invited_starts_at) == (1, day.starts_at + by)
