"""What organisers do for a person who wrote or phoned: add them, or move them to another day."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from conference.models import Conference, Day
from registration.letters import outbox
from registration.models import Registrant, Registration
from registration.models.registrations import live_statuses
from registration.status import CancelledBy, Status

from .days import verify
from .errors import AlreadyOnDay, NotConfirmed, RegistrationClosed
from .places import fill, get_or_create_pending, seat, set_status
from .sign_up import Person, find_or_create, put_on_days


def add_by_organiser(
    conference: Conference, *, person: Person, days: Collection[Day], now: datetime
) -> tuple[Registrant, list[Registration]]:
    """Put a `Person` on days of an edition because they asked an organiser to; on the waiting list of a full one.

    The organiser vouches for the address, so nobody has to confirm it. The row of a person who had not confirmed says
    that an organiser added them. A person known with this address and name gets the new days; once their address is
    verified, their details stay. Sign-up may be closed, but no day may be over or called off.

    Returns (registrant, registrations made or seated by this call, in the order of the days). Raises
    RegistrationClosed. Sends the confirmation and each day's invite; nothing when they were on all the days already.
    """
    with transaction.atomic():
        days = list(Day.objects.with_ids([day.pk for day in days]).with_conference().locked())
        if not all(day.is_to_come(now) for day in days):
            raise RegistrationClosed
        registrant, _is_new = find_or_create(conference, person, now)
        if not registrant.is_verified:
            registrant.is_added_by_organiser = True
            registrant.save(update_fields=["is_added_by_organiser"])
            verify(registrant, now)
        seated = (_seat_unless_on(registrant, day, now) for day in sorted(days, key=lambda day: day.number))
        rows = [row for row in seated if row is not None]
        if rows:
            outbox.queue_confirmation(registrant, rows, now=now)
    return registrant, rows


def invite_by_organiser(
    conference: Conference, *, person: Person, days: Collection[Day], now: datetime
) -> tuple[Registrant, list[Registration]]:
    """Sign a `Person` up for days because they asked an organiser to; they confirm by mail, and have no place before.

    Sign-up may be closed, but no day may be over or called off. A person known with this address and name is asked
    about the new days; once their address is verified, their details stay.

    Returns (registrant, registrations made by this call, in the order of the days). Raises RegistrationClosed. Sends
    the mail that asks to confirm; nothing when nothing is left to confirm.
    """
    with transaction.atomic():
        days = list(Day.objects.with_ids([day.pk for day in days]).with_conference().locked())
        if not all(day.is_to_come(now) for day in days):
            raise RegistrationClosed
        registrant, is_new = find_or_create(conference, person, now)
        if is_new:
            registrant.is_added_by_organiser = True
            registrant.save(update_fields=["is_added_by_organiser"])
        statuses = dict(live_statuses.rows(registrant))
        rows = put_on_days(registrant, days, statuses, now=now)
        if rows or Status.PENDING in statuses.values():
            outbox.queue_please_confirm(registrant, now=now, asks=True)
    return registrant, rows


def move_to_day(registration: Registration, day: Day, *, now: datetime) -> Registration:
    """Take a person off one day and put them on another of the same edition, in one step.

    A person with a place keeps one, even over the other day's capacity: nobody loses a place because an organiser moves
    them. Others get a place if one is free, or the end of the other day's waiting list. The first in line of the
    day they leave moves up.

    Returns the new registration. Raises AlreadyOnDay; RegistrationClosed when the new day is over or called off or of
    another edition, or the old registration has ended; NotConfirmed while the person has not confirmed it. Sends the
    cancellation of the old day as an organiser's `cancel` does, and the invite of the new one.
    """
    with transaction.atomic():
        ids = [registration.day_id, day.pk]
        days = {row.pk: row for row in Day.objects.with_ids(ids).with_conference().locked()}
        old, new = days[registration.day_id], days[day.pk]
        registrant = Registrant.objects.only_row(registration.registrant).with_conference().locked().get()
        row = Registration.objects.only_row(registration).with_people().get()
        if row.is_pending:
            raise NotConfirmed
        if not row.is_live or not new.is_to_come(now) or new.conference_id != old.conference_id:
            raise RegistrationClosed
        had_place = row.is_confirmed
        there = get_or_create_pending(registrant, new, now=now)
        row.registrant = registrant
        set_status(row, Status.CANCELLED, now=now, cancelled_by=CancelledBy.ORGANISER)
        outbox.queue_cancel(row, now=now)
        fill(old, now=now)
        if had_place:
            set_status(there, Status.CONFIRMED, now=now)
        else:
            seat(there, now=now)
        if there.is_confirmed:
            outbox.queue_invite(there, now=now)
        else:
            outbox.queue_confirmation(registrant, [there], now=now)
    return there


def _seat_unless_on(registrant: Registrant, day: Day, now: datetime) -> Registration | None:
    """Return the person's registration for a locked day, seated by this call, or None if they were on it already."""
    try:
        row = get_or_create_pending(registrant, day, now=now)
    except AlreadyOnDay:
        return None
    seat(row, now=now)
    return row
