"""Taking, dropping and confirming days."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction

from conference.models import Day
from registration.abuse import budget
from registration.letters import outbox
from registration.models import Registrant, Registration
from registration.models.access import accept_needs
from registration.models.registrants import locked_person, note_verified
from registration.models.registrations import RegistrationQuerySet, pending_day_keys, pending_days
from registration.status import CancelledBy, Status

from .errors import RegistrationClosed
from .places import fill, get_or_create_pending, seat, seat_all, set_status


def confirm(registrant: Registrant, *, days: Collection[Day] | None = None, now: datetime) -> list[Registration]:
    """Verify a person's address and give them a place on their pending days, or one on the waiting list.

    `days` are the numbers of the days that the person read when they pressed; None is all that are pending. A day that
    was asked for since waits for another press.

    Returns the registrations that this call moved, in the order of the days; none when it is repeated, and
    then nothing is sent. Days that are over or called off stay as they are. Sends the confirmation, which also
    says where they wait, and one calendar invite for each day with a place (one mail when it is one day).
    """
    with transaction.atomic():
        registrant, rows = _lock_days_and_person(
            registrant, pending_day_keys.words(registrant), partial(pending_days.rows, registrant)
        )
        is_new = not registrant.is_verified
        verify(registrant, now)
        rows = [row for row in rows if row.day.is_to_come(now)]
        rows = [row for row in rows if days is None or row.day.number in days]
        seat_all(rows, now=now)
        outbox.withdraw_held_question(registrant, now=now)
        if rows:
            outbox.queue_confirmation(registrant, rows, now=now, are_noted=True, is_first=is_new)
    return rows


def confirm_by_organiser(registration: Registration, *, now: datetime) -> list[Registration]:
    """Give one person a place by hand, even over the capacity or past the waiting list: organisers may.

    The organiser vouches for the address, so it counts as verified. Repeating it does nothing. Returns the
    registrations confirmed. Sends the confirmation and the day's invite.
    """
    with transaction.atomic():
        rows = Registration.objects.only_row(registration).filter(status__in=(Status.PENDING, Status.WAITLISTED))
        registrant, rows = _lock_days_of(registration.registrant, rows)
        if rows:
            verify(registrant, now)
        for row in rows:
            set_status(row, Status.CONFIRMED, now=now)
        if rows:
            outbox.queue_confirmation(registrant, rows, now=now)
    return rows


def cancel(registration: Registration, *, now: datetime, by: CancelledBy = CancelledBy.PERSON) -> bool:
    """Take a person off a day, by themselves or (`by`) by an organiser.

    Returns whether this call cancelled it: repeating it does nothing and sends nothing. Sends a calendar
    CANCEL if an invite for the day was sent (RFC 5546 §3.2.5). An invite that has not left yet is withdrawn
    instead, and what an organiser cancelled is said in words.
    """
    with transaction.atomic():
        registrant, rows = _lock_days_of(registration.registrant, Registration.objects.only_row(registration).live())
        for row in rows:
            set_status(row, Status.CANCELLED, now=now, cancelled_by=by)
            outbox.queue_cancel(row, now=now)
            fill(row.day, now=now)
        if by == CancelledBy.PERSON:
            budget.charge(registrant, now=now)
    return bool(rows)


def add_day(registrant: Registrant, day: Day, *, now: datetime) -> Registration:
    """Put a verified person on one more day at once, or on its waiting list when it is full.

    Returns the registration. Raises AlreadyOnDay, RegistrationClosed. Sends that day's invite alone, or the mail
    that says what waiting means.
    """
    with transaction.atomic():
        day = Day.objects.with_ids([day.pk]).with_conference().locked().get()
        if not day.sign_up_is_open(now):
            raise RegistrationClosed
        registrant = Registrant.objects.only_row(registrant).locked().get()
        row = get_or_create_pending(registrant, day, now=now)
        seat(row, now=now)
        if row.is_confirmed:
            outbox.queue_invite(row, now=now)
        else:
            outbox.queue_confirmation(registrant, [row], now=now)
        budget.charge(registrant, now=now)
    return row


def send_again(registrant: Registrant, *, now: datetime) -> int:
    """Send the confirmation and the current invites once more because the person's page asks for it.

    Mails over the budget leave later. Returns how many days.
    """
    with transaction.atomic():
        count = send_everything(registrant, days=hold_days(registrant), now=now)
        budget.charge(registrant, now=now)
    return count


def hold_days(registrant: Registrant) -> set[int]:
    """Hold the days on which a person has a place, waits or has yet to hear news as they are; return their keys.

    Call it inside a transaction, before you lock the person, for `send_everything`. Nobody changes an entry for these
    days meanwhile, or writes to the person about them.
    """
    rows = Registration.objects.for_person(registrant).to_hear_of().order_by()
    return {day.pk for day in Day.objects.shared(rows.values("day_id").query.sql_with_params())}


def send_everything(registrant: Registrant, *, days: Collection[int], now: datetime, with_waiting: bool = False) -> int:
    """Send the confirmation and the current invite of every confirmed day that is held, by the keys in `days`.

    With `with_waiting` the confirmation also names the days for which they wait. The invites keep their UID and
    SEQUENCE, so calendars do not see a new version. Days that are over are left out. Returns how many days.
    """
    registrant = Registrant.objects.only_row(registrant).locked().get()
    states = (Status.CONFIRMED, Status.WAITLISTED) if with_waiting else (Status.CONFIRMED,)
    rows = Registration.objects.for_person(registrant).with_states(states).with_people()
    rows = [row for row in rows if row.day_id in days and not row.day.has_ended(now)]
    if rows:
        outbox.queue_confirmation(registrant, rows, now=now)
    return len(rows)


def rewrite_entries(registrant: Registrant, *, days: Collection[int], now: datetime) -> int:
    """Send each entry that the person's calendar may have again, as it is from the UTC instant `now` on.

    Of the days that are held, by the keys in `days`, but not those that are over. SEQUENCE is raised by one (RFC 5546
    §3.2.2.1). A person who no longer takes invites gets them too. Returns how many days.
    """
    rows = Registration.objects.for_person(registrant).with_entries(now).with_people()
    rows = [row for row in rows if row.day_id in days]
    for row in rows:
        outbox.queue_rewritten(row, now=now)
    return len(rows)


def verify(registrant: Registrant, now: datetime) -> None:
    """Verify the person's address, and accept the needs they sent with it."""
    if not registrant.is_verified:
        registrant.verified_at = now
        note_verified.update(registrant, now)
    accept_needs.update(registrant, now)


def _lock_days_of(registrant: Registrant, rows: RegistrationQuerySet) -> tuple[Registrant, list[Registration]]:
    """Return what `_lock_days_and_person` does, for any rows of a person."""
    rows = rows.for_person(registrant)
    return _lock_days_and_person(
        registrant, rows.order_by().values("day_id").query.sql_with_params(), lambda: list(rows)
    )


def _lock_days_and_person(
    registrant: Registrant, day_keys: tuple[str, Sequence[Any]], read: Callable[[], list[Registration]]
) -> tuple[Registrant, list[Registration]]:
    """Lock some days of a person, then the person; return the person and what `read` returns under these locks.

    `day_keys` is the (SQL, parameters) that finds the keys of the days. A row for one more day may appear between the
    two locks. It is left out: nobody may seat it without its day's lock.
    """
    days = {day.pk: day for day in Day.objects.held_for_places(day_keys)}
    locked = locked_person.get(registrant)
    locked.conference = registrant.conference
    found = [row for row in read() if row.day_id in days]
    for row in found:
        row.registrant, row.day = locked, days[row.day_id]
        row.day.conference = locked.conference
    return locked, found
