"""Signing up, confirming, dropping, adding: what each leaves in the database and in the outbox."""

import ast
import itertools
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings

from conference.models import Day
from registration.models import AccessRequest, OutboxMessage, Registrant, Registration
from registration.services import day_changes
from registration.services import days as day_service
from registration.services.errors import AlreadyOnDay, RegistrationClosed
from registration.services.lost_link import send_links
from registration.services.places import set_status
from registration.services.sign_up import sign_up
from registration.status import TRANSITIONS, CancelledBy, ImpossibleTransition, MailKind, MailState, NeedState, Status
from tests.factories import (
    FIRST_DAY,
    NOW,
    make_confirmed,
    make_day,
    make_pending,
    make_program,
    person,
    the_registration,
)
from tests.support.at_once import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def conference(db):
    return make_program(sessions=0)


@pytest.fixture
def days(conference):
    return list(conference.days.order_by("number"))


def statuses(registrant):
    return [(row.day.number, row.status) for row in Registration.objects.for_person(registrant)]


def waiting_mails():
    return [(mail.kind, mail.to_email) for mail in OutboxMessage.objects.queued().order_by("pk")]


# --- Sign-up ---------------------------------------------------------------------------------------------------------


def test_sign_up_writes_the_person_a_row_for_each_day_and_one_mail(conference, days):
    typed = person(roles=["patient", "researcher"], role_words="Someone with ideas")

    ada = sign_up(conference, person=typed, days=[days[2], days[0]], now=NOW)

    ada.refresh_from_db()
    assert (ada.name, ada.email, ada.country, ada.time_zone) == ("Ada", "ada@example.org", "CA", "America/Toronto")
    assert (ada.roles, ada.role_words) == (["patient", "researcher"], "Someone with ideas")
    assert (ada.created_at, ada.verified_at) == (NOW, None)
    assert statuses(ada) == [(1, Status.PENDING), (3, Status.PENDING)]
    assert waiting_mails() == [(MailKind.PLEASE_CONFIRM, "ada@example.org")]


def test_sign_up_twice_is_one_person_and_one_waiting_mail(conference, days):
    for _again in range(2):
        ada = make_pending(days[0], needs="A quiet line")

    assert Registrant.objects.count() == 1
    assert statuses(ada) == [(1, Status.PENDING)]
    assert AccessRequest.objects.count() == 1
    assert waiting_mails() == [(MailKind.PLEASE_CONFIRM, "ada@example.org")]


def test_sign_up_again_adds_days_and_takes_the_newest_details_while_unverified(days):
    make_pending(days[0])
    ada = make_pending(days[1], name="ADA", email="Ada@Example.org", time_zone="Asia/Tokyo")

    ada.refresh_from_db()
    assert (ada.name, ada.email, ada.time_zone) == ("ADA", "Ada@Example.org", "Asia/Tokyo")
    assert statuses(ada) == [(1, Status.PENDING), (2, Status.PENDING)]


def test_sign_up_of_a_verified_person_changes_nothing_that_they_told_us(days):
    make_confirmed(days[0])
    ada = make_pending(days[1], name="ada", time_zone="Asia/Tokyo", country="JP", roles=["patient"], needs="More time")

    ada.refresh_from_db()
    assert (ada.name, ada.time_zone, ada.country, ada.roles) == ("Ada", "America/Toronto", "CA", [])
    assert statuses(ada) == [(1, Status.CONFIRMED), (2, Status.PENDING)]
    assert AccessRequest.objects.get().state == NeedState.UNCONFIRMED


def test_sign_up_with_the_same_address_and_another_name_is_another_person(days):
    ada = make_pending(days[0])
    bob = make_pending(days[0], name="Bob", email=ada.email)

    assert ada != bob
    assert Registrant.objects.with_address("ADA@example.org ").count() == 2


def test_sign_up_for_days_they_have_sends_the_link_to_their_page(days):
    ada = make_confirmed(days[0])
    OutboxMessage.objects.all().delete()

    make_pending(days[0])

    assert statuses(ada) == [(1, Status.CONFIRMED)]
    assert waiting_mails() == [(MailKind.LINK, "ada@example.org")]


def test_sign_up_for_a_day_that_is_over_writes_nothing(conference, days):
    later = FIRST_DAY + timedelta(hours=4)

    with pytest.raises(RegistrationClosed):
        sign_up(conference, person=person(), days=days, now=later)

    assert (Registrant.objects.count(), OutboxMessage.objects.count()) == (0, 0)


def test_sign_up_for_a_day_that_was_called_off_a_moment_ago_writes_nothing(conference, days):
    day_changes.call_off(Day.objects.with_ids([days[0].pk]).get(), now=NOW)

    with pytest.raises(RegistrationClosed):
        sign_up(conference, person=person(), days=days, now=NOW)  # as they were when the form was checked

    assert (Registrant.objects.count(), OutboxMessage.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_sign_up_at_once_ends_on_one_person(conference, days):
    people = at_once(*[partial(make_pending, day) for day in (days[0], days[0], days[1], days[2])])

    assert len({person.pk for person in people}) == 1
    assert statuses(Registrant.objects.get()) == [(number, Status.PENDING) for number in (1, 2, 3)]
    assert waiting_mails() == [(MailKind.PLEASE_CONFIRM, "ada@example.org")]


# --- Confirming ------------------------------------------------------------------------------------------------------


def test_confirm_gives_places_and_makes_needs_readable(days):
    ada = make_pending(days[0], days[2], needs="More time")

    rows = day_service.confirm(ada, now=NOW)

    ada.refresh_from_db()
    assert ada.verified_at == NOW
    assert [row.day.number for row in rows] == [1, 3]
    assert statuses(ada) == [(1, Status.CONFIRMED), (3, Status.CONFIRMED)]
    assert AccessRequest.objects.get().state == NeedState.NEW


def test_confirm_again_does_nothing_and_sends_nothing(days):
    ada = make_confirmed(days[0])
    before = OutboxMessage.objects.count()

    rows = day_service.confirm(ada, now=NOW + timedelta(hours=1))

    ada.refresh_from_db()
    assert rows == []
    assert ada.verified_at == NOW
    assert OutboxMessage.objects.count() == before


def test_confirm_leaves_days_that_are_over(days):
    ada = make_pending(*days)

    day_service.confirm(ada, now=days[0].ends_at)

    assert statuses(ada) == [(1, Status.PENDING), (2, Status.CONFIRMED), (3, Status.CONFIRMED)]


@pytest.mark.django_db(transaction=True)
def test_confirm_at_once_confirms_once(days):
    ada = make_pending(*days)

    moved = at_once(*[partial(day_service.confirm, ada, now=NOW)] * 4)

    assert sorted(map(len, moved)) == [0, 0, 0, 3]


@pytest.mark.django_db(transaction=True)
def test_confirm_and_sign_up_and_drop_at_once_never_wait_for_each_other_in_a_circle(days):
    ada = make_confirmed(days[0])
    make_pending(days[1])
    first = the_registration(ada, days[0])

    at_once(
        lambda: day_service.confirm(ada, now=NOW),
        lambda: make_pending(days[2]),
        lambda: day_service.cancel(first, now=NOW),
        lambda: day_service.send_again(ada, now=NOW),
    )

    assert statuses(ada)[0] == (1, Status.CANCELLED)


# --- Dropping and adding ---------------------------------------------------------------------------------------------


def test_cancel_again_does_nothing(days):
    ada = make_confirmed(days[0])
    registration = the_registration(ada, days[0])

    assert day_service.cancel(registration, now=NOW)
    before = OutboxMessage.objects.count()

    assert not day_service.cancel(registration, now=NOW)
    assert OutboxMessage.objects.count() == before


def test_coming_back_makes_a_new_round_with_a_new_calendar_uid(days):
    ada = make_confirmed(days[0])
    first = the_registration(ada, days[0])
    day_service.cancel(first, now=NOW)

    second = day_service.add_day(ada, days[0], now=NOW)

    assert statuses(ada) == [(1, Status.CANCELLED), (1, Status.CONFIRMED)]
    assert second.invite_uid != first.invite_uid


def test_add_day_takes_the_pending_row_that_is_there(days):
    ada = make_confirmed(days[0])
    make_pending(days[1])

    day_service.add_day(ada, days[1], now=NOW)

    assert statuses(ada) == [(1, Status.CONFIRMED), (2, Status.CONFIRMED)]


def test_add_day_they_are_on_says_so(days):
    ada = make_confirmed(days[0])

    with pytest.raises(AlreadyOnDay):
        day_service.add_day(ada, days[0], now=NOW)


def test_add_day_that_is_over_says_so(days):
    ada = make_confirmed(days[1])

    with pytest.raises(RegistrationClosed):
        day_service.add_day(ada, days[0], now=days[0].ends_at)

    assert statuses(ada) == [(2, Status.CONFIRMED)]


# --- Statuses --------------------------------------------------------------------------------------------------------


def registration_in(status):
    """A registration that the services brought to `status`."""
    if status == Status.WAITLISTED:
        day = make_day(capacity=0)
        return the_registration(make_confirmed(day), day)
    day = make_day()
    if status == Status.PENDING:
        return the_registration(make_pending(day), day)
    ada = make_confirmed(day)
    if status == Status.CANCELLED:
        day_service.cancel(the_registration(ada, day), now=NOW)
    return the_registration(ada, day)


@pytest.mark.parametrize(("start", "end"), list(itertools.product(Status, Status)))
def test_status_moves_only_as_the_table_says(start, end):
    registration = registration_in(start)
    assert registration.status == start

    by = CancelledBy.PERSON if end == Status.CANCELLED else ""
    if end in TRANSITIONS[start]:
        set_status(registration, end, now=NOW, cancelled_by=by)
    else:
        with pytest.raises(ImpossibleTransition):
            set_status(registration, end, now=NOW, cancelled_by=by)

    registration.refresh_from_db()
    assert registration.status == (end if end in TRANSITIONS[start] else start)


# --- Links again -----------------------------------------------------------------------------------------------------


def test_send_links_writes_to_the_unverified_the_only_mail_they_may_get(conference, days):
    make_pending(days[0])
    OutboxMessage.objects.all().delete()

    send_links(conference, " ADA@example.org", now=NOW)

    assert waiting_mails() == [(MailKind.PLEASE_CONFIRM, "ada@example.org")]


def test_send_links_names_everybody_at_a_verified_address_in_one_mail(conference, days):
    make_confirmed(days[0])
    make_pending(days[0], name="Bob", email="ada@example.org")
    OutboxMessage.objects.all().delete()

    send_links(conference, "ada@example.org", now=NOW)

    assert waiting_mails() == [(MailKind.LINK, "ada@example.org")]


def test_send_links_to_an_unknown_address_sends_nothing(conference):
    send_links(conference, "eve@example.org", now=NOW)

    assert OutboxMessage.objects.filter(state=MailState.QUEUED).count() == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [("Zoë", "Zoe\u0308"), ("ADA  of Bath ", "ada of bath"), ("ΐ" * 200, "ΐ" * 200 + " "), ("Straße", "STRASSE")],
)
def test_two_spellings_of_a_name_are_one_person(one, other):
    day = make_day()

    make_pending(day, name=one, email="ada@example.org")
    make_pending(day, name=other, email="ADA@example.org")

    assert Registrant.objects.count() == 1


# --- One way to a status ---------------------------------------------------------------------------------------------


WRITERS = {"Registration", "OutboxMessage", "create", "update", "get_or_create", "update_or_create"}


def files_that_write(column, enum, *, is_shared=False):
    """Return the files of registration/ that set `column`.

    In dicts only values that name `enum` count; with `is_shared` everywhere, since other tables have such a column too.
    """
    folder = Path(settings.BASE_DIR) / "registration"
    return {
        file.relative_to(folder).as_posix()
        for file in folder.rglob("*.py")
        if "migrations" not in file.parts
        and any(
            ast.unparse(value).startswith(f"{enum}.") or not (is_shared or is_in_dict)
            for value, is_in_dict in values_set(ast.parse(file.read_text()), column)
        )
    }


def values_set(tree, column):
    """Yield (the node of a value given to `column`, whether that is within a dict)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and any(getattr(target, "attr", "") == column for target in node.targets):
            yield node.value, False
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in WRITERS:
            yield from ((keyword.value, False) for keyword in node.keywords if keyword.arg == column)
        if isinstance(node, ast.Dict):
            pairs = zip(node.keys, node.values, strict=True)
            yield from ((value, True) for key, value in pairs if getattr(key, "value", "") == column)


def test_only_places_gives_a_registration_its_status():
    # `erase` counts the statuses of people who are gone: ErasedCount, not Registration. `samples` saves nobody.
    assert files_that_write("status", "Status") == {"services/places.py", "services/erase.py", "letters/samples.py"}


def test_only_new_state_gives_a_mail_its_state():
    # In `new_state` the value is an argument: no file names one.
    assert files_that_write("state", "MailState", is_shared=True) == set()


def test_only_change_state_gives_a_people_file_its_state():
    assert files_that_write("state", "PeopleFileState", is_shared=True) == set()
