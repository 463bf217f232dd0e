"""An organiser's change of a day has its turn, however many people hold the day one after the other."""

import time
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread

import pytest
from django.db import connection, transaction
from django.urls import reverse

from conference import drafts, rules
from conference.models import Day, Draft
from conference.program_file import Plain, check
from conference.program_formats import export_program
from conference.program_loading import apply
from registration.models import OutboxMessage, Registrant, Registration
from registration.services import address, day_changes, days, foreseen, organisers
from registration.status import MailState
from tests.factories import NOW, make_confirmed, make_day, make_pending, make_program, make_staff

pytestmark = [pytest.mark.postgresql_only, pytest.mark.django_db(transaction=True)]


def wait_for_waiting(number):
    """Wait until so many transactions wait for a lock, at most three seconds."""
    end = time.monotonic() + 3
    with connection.cursor() as cursor:
        while time.monotonic() < end:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0] >= number:
                return
            time.sleep(0.01)


def test_people_who_come_later_wait_behind_an_organiser_who_changes_the_day():
    day, order, is_held, let_go = make_day(), [], Event(), Event()

    def take(name, hold):
        with transaction.atomic():
            hold()
            order.append(name)
            is_held.set()
            let_go.wait(10)
        connection.close()

    threads = [
        Thread(target=take, args=("first person", lambda: Day.objects.shared([day.pk]))),
        Thread(target=take, args=("organiser", lambda: Day.objects.locked_in_turn(day.pk))),
        Thread(target=take, args=("second person", lambda: Day.objects.shared([day.pk]))),
    ]
    threads[0].start()
    assert is_held.wait(10)
    for number in (1, 2):
        threads[number].start()
        wait_for_waiting(number)
    let_go.set()
    for thread in threads:
        thread.join()

    assert order == ["first person", "organiser", "second person"]


def called_off_meanwhile(day):
    """Call the day off by another organiser, in a transaction that ends once someone waits for it."""
    return another_waits_for(lambda: day_changes.call_off(day, now=NOW))


@contextmanager
def another_waits_for(act):
    """Do something in another transaction, which ends once someone waits for it."""
    is_done, let_go = Event(), Event()

    def hold():
        with transaction.atomic():
            act()
            is_done.set()
            let_go.wait(10)
        connection.close()

    def release():
        wait_for_waiting(1)
        let_go.set()
        connection.close()

    threads = [Thread(target=hold), Thread(target=release)]
    threads[0].start()
    assert is_done.wait(10)
    threads[1].start()
    yield
    for thread in threads:
        thread.join()


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
    """Return the function, before whose first call someone signs up and has to wait; and a list for what came of it."""
    came = []

    def signed_up():
        try:
            came.append(make_pending(*days))
        except Exception as fault:
            came.append(fault)
        connection.close()

    thread = Thread(target=signed_up)

    def called(*args, **kwargs):
        if thread.ident is None:  # an earlier call has not started it
            thread.start()
            wait_for_waiting(1)
        return function(*args, **kwargs)

    return called, came


def wait_for(came):
    end = time.monotonic() + 10
    while not came and time.monotonic() < end:
        time.sleep(0.01)
    return came


def test_who_signs_up_while_an_organiser_presses_a_button_of_the_day_is_not_in_its_way(client, monkeypatch):
    conference = make_program(days=1, sessions=1)
    day = conference.days.with_conference().get()
    client.force_login(make_staff())
    later, came = sign_up_before(foreseen.foresee_calling_off, [day])
    monkeypatch.setattr(foreseen, "foresee_calling_off", later)

    url = reverse("admin:conference_day_change", args=[day.pk])
    pressed = {"CHANGE_FORM-action": "call_days_off", "_selected_action": day.pk, "post": "yes", "number": 1}
    page = client.post(url, pressed)

    assert page.status_code == 302
    assert Day.objects.get().is_called_off
    assert [type(fault).__name__ for fault in wait_for(came)] == ["RegistrationClosed"]


def test_who_signs_up_while_a_file_with_the_program_is_loaded_is_not_in_its_way(monkeypatch):
    conference = make_program(days=1, sessions=1)
    day = conference.days.with_conference().get()
    told = export_program(conference)
    told["days"][0]["starts_at"] = "2027-09-12T18:00Z"
    later, came = sign_up_before(rules.findings_now, [day])
    monkeypatch.setattr(rules, "findings_now", later)

    apply(check(Plain(told, {})), now=NOW, move_day=day_changes.reschedule)

    assert [person.name for person in wait_for(came)] == ["Ada"]


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
            organisers.correct_details(ada, details={"email": "new@example.org"}, now=NOW)

    row = Registration.objects.get()
    assert (row.invite_sequence, row.invited_starts_at) == (1, day.starts_at + by)
