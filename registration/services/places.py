"""Places on days and waiting lists; the only code that sets a registration's status."""

from collections.abc import Mapping, Sequence
from copy import copy
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Literal

from django.utils.dateparse import parse_datetime

from conference.models import Day, Prepared
from registration.letters import outbox
from registration.models import DayNotice, Registrant, Registration
from registration.models.registrations import RegistrationQuerySet
from registration.status import TRANSITIONS, CancelledBy, News, Status, check_transition

from .errors import AlreadyOnDay

_TIMES = {
    Status.CONFIRMED: "confirmed_at",
    Status.WAITLISTED: "waitlisted_at",
    Status.CANCELLED: "cancelled_at",
}


def set_status(
    registration: Registration, to: Status, *, now: datetime, cancelled_by: CancelledBy | Literal[""] = ""
) -> None:
    """Change a registration's status to `to` at the UTC instant `now` and save it, with who ended it if it ends.

    The caller holds the lock of the day (`Day.objects.locked()`) and queues what the person must hear. Raises
    ImpossibleTransition.
    """
    check_step(registration, to)
    registration.status = to
    setattr(registration, _TIMES[to], _instant(registration.day, to, now))
    registration.cancelled_by = cancelled_by
    if to == Status.CANCELLED:
        registration.news = ""  # a person who cancels need not be told earlier news
    registration.save(update_fields=["status", _TIMES[to], "cancelled_by", "news"])


def check_step(registration: Registration, to: Status) -> None:
    """Raise ImpossibleTransition if a registration cannot change to status `to`."""
    check_transition(TRANSITIONS, Status(registration.status), to)


def end_with_day(rows: RegistrationQuerySet, *, now: datetime, news: str) -> int:
    """End registrations whose day is called off at the UTC instant `now`, in one statement: there may be 10,000.

    `rows` is a QuerySet of live registrations of a locked day, `news` what the worker will tell their people ("" for
    nothing: then nothing of the day reached them, and mails that wait are not sent). Returns how many rows ended. Sends
    nothing itself.
    """
    ended = {"status": Status.CANCELLED, "cancelled_at": now, "cancelled_by": CancelledBy.DAY}
    return rows.update(**ended, news=news, **({} if news else _UNHEARD))


# The columns of a registration of which its person has had no mail.
_UNHEARD = {"is_invited": False, "invited_starts_at": None, "invited_ends_at": None}


def undo_end_with_day(rows: RegistrationQuerySet, day: Day) -> None:
    """Undo the end of registrations that ended with a day, if their people have not been told.

    Not in `status.TRANSITIONS`, since for everyone else nothing happened: invites, reminders and waiting mails stay
    true. People who know another time are still told the new one. In a few statements, like `end_with_day`.
    """
    rows = rows.order_by()
    keys = list(rows.values_list("pk", flat=True))
    back = {"cancelled_at": None, "cancelled_by": "", "news": ""}
    for start in range(0, len(keys), 500):
        part = Registration.objects.with_ids(keys[start : start + 500])
        known = part.had_a_place().invited_to(day.starts_at, day.ends_at)
        known_keys = list(known.values_list("pk", flat=True))
        part.had_a_place().update(status=Status.CONFIRMED, **back | {"news": News.MOVED})
        Registration.objects.with_ids(known_keys).update(news="")
        part.cancelled().waited_only().update(status=Status.WAITLISTED, **back)
        part.cancelled().update(status=Status.PENDING, **back)


def next_round(ended: Registration) -> Registration:
    """Return an unsaved registration in place of one that ended with its day: same person and status, new round."""
    status = Status.PENDING
    if ended.waitlisted_at is not None:
        status = Status.WAITLISTED
    if ended.confirmed_at is not None:
        status = Status.CONFIRMED
    return Registration(
        registrant_id=ended.registrant_id,
        day_id=ended.day_id,
        status=status,
        created_at=ended.created_at,
        confirmed_at=ended.confirmed_at,
        waitlisted_at=ended.waitlisted_at,
        news="" if status == Status.PENDING else News.RESTORED,
    )


def copy_for(row: Registration, registrant: Registrant) -> Registration:
    """Return an unsaved registration of another locked person in the place of a live one, which the caller ends first.

    It has the same status, turn in the queue and attendance, and a calendar entry of its own.
    """
    return Registration(
        registrant=registrant,
        day=row.day,
        status=row.status,
        created_at=row.created_at,
        confirmed_at=row.confirmed_at,
        waitlisted_at=row.waitlisted_at,
        attended_at=row.attended_at,
    )


# The columns of a registration that `set_status` and the mails about its end change.
ENDING = (
    "status",
    "confirmed_at",
    "waitlisted_at",
    "attended_at",
    "cancelled_at",
    "cancelled_by",
    "invite_sequence",
    "is_invited",
    "invited_starts_at",
    "invited_ends_at",
    "news",
)


def undo_end(registration: Registration, was: Mapping[str, Any]) -> None:
    """Restore a registration as it was before it ended, as `ENDING` says; the caller saves it.

    Not in `status.TRANSITIONS`, like `undo_end_with_day`. On a day that was called off since, it ended with the day.
    """
    day = registration.day
    for name in ENDING:
        value = was[name]
        if name.endswith("_at") and isinstance(value, str):
            value = parse_datetime(value)
        setattr(registration, name, value)
    if day.is_called_off:
        registration.status, registration.news = Status.CANCELLED, ""
        registration.cancelled_by, registration.cancelled_at = CancelledBy.DAY, day.called_off_at
    elif registration.is_confirmed and not registration.news:
        knows = (registration.invited_starts_at, registration.invited_ends_at) == (day.starts_at, day.ends_at)
        registration.news = "" if knows else News.MOVED


def get_or_create_pending(registrant: Registrant, day: Day, *, now: datetime) -> Registration:
    """Return the registration of a locked person for a locked day that has no place yet: the pending one, or a new one.

    Raises AlreadyOnDay when they have a place or wait for one.
    """
    row = Registration.objects.for_person(registrant).for_day(day).live().first()
    if row is None:
        row = Registration.objects.create(registrant=registrant, day=day, created_at=now)
    elif not row.is_pending:
        raise AlreadyOnDay
    row.registrant, row.day = registrant, day
    return row


def seat(registration: Registration, *, now: datetime) -> None:
    """Give a pending registration a place, or the end of the waiting list when the day is full.

    A newcomer never overtakes the list: a free place that people wait for is not free. The caller holds the
    day's lock, and queues the mail to the person.
    """
    set_status(registration, _status_for(registration.day), now=now)


def seat_all(registrations: list[Registration], *, now: datetime) -> None:
    """Do as `seat` for one person's `pending_days`, of which they have heard nothing yet.

    One statement writes all that get a place, and that they are told of it: with an invite, or in words if they take no
    calendar mails. The caller queues the mails (`outbox.queue_confirmation`, with `are_noted`).
    """
    for row in registrations:
        check_step(row, to := _status_for(row.day, has_line=row.has_line))
        row.status = to
        setattr(row, _TIMES[to], _instant(row.day, to, now))
    if seated := [row for row in registrations if row.is_confirmed]:
        is_invited = seated[0].registrant.calendar_mails
        for row in seated:
            row.is_invited, row.invited_starts_at, row.invited_ends_at = is_invited, row.day.starts_at, row.day.ends_at
        _seating(len(seated)).update(now, is_invited, *[row.pk for row in seated])
    for row in registrations:
        if row.is_waitlisted:
            Registration.objects.only_row(row).update(status=Status.WAITLISTED, waitlisted_at=row.waitlisted_at)


@cache
def _seating(number: int) -> Prepared:
    """Return the statement that seats so many registrations. Its values: the UTC instant, `is_invited`, their keys."""

    def seat(now: Any, is_invited: Any, *keys: Any) -> tuple[RegistrationQuerySet, dict[str, Any]]:
        rows = Registration.objects.filter(pk__in=keys)
        given = {"status": Status.CONFIRMED, "confirmed_at": now, "is_invited": is_invited}
        return rows, given | rows.times_of_day()

    return Prepared(seat, number + 2)


def seat_in_order(day: Day, registrations: Sequence[Registration], *, now: datetime) -> None:
    """Do as `seat` for many people's pending registrations of one locked day, in their order. A few statements.

    Nobody has heard of them; the caller says who will.
    """
    free = free_for_newcomers(day)
    for rows, to in ((registrations[:free], Status.CONFIRMED), (registrations[free:], Status.WAITLISTED)):
        if not rows:
            continue
        at = _instant(day, to, now)
        for row in rows:
            check_step(row, to)
            row.status = to
            setattr(row, _TIMES[to], at)
        Registration.objects.only_rows(rows).update(status=to, **{_TIMES[to]: at})


def _instant(day: Day, to: Status, now: datetime) -> datetime:
    """When a step is made: `now`, but never before those who wait already, even if the machine's clock went back."""
    last = Registration.objects.for_day(day).last_turn() if to == Status.WAITLISTED else None
    return now if last is None or last < now else last + timedelta(microseconds=1)


def free_for_newcomers(day: Day, *, has_line: bool | None = None) -> int:
    """How many people a day can take behind its waiting list. Without the day's lock it is a guess.

    `has_line` is whether people wait, if that is known. They may wait on a day without a limit too: for ten minutes an
    organiser can take back that it has none.
    """
    if has_line is None:
        has_line = Registration.objects.for_day(day).waitlisted().exists()
    return 0 if has_line else _free_places(day, day.capacity)


def return_to_pending(rows: RegistrationQuerySet) -> None:
    """Let registrations wait for their people to confirm again, of whose seats nobody heard.

    Not in `status.TRANSITIONS`, like `undo_end_with_day`: for everyone else nothing happened. The caller holds the
    days' locks, and fills the places.
    """
    rows.update(status=Status.PENDING, confirmed_at=None, waitlisted_at=None, **_UNHEARD)


def _status_for(day: Day, *, has_line: bool | None = None) -> Literal[Status.CONFIRMED, Status.WAITLISTED]:
    """The status of a newcomer on a locked day."""
    return Status.CONFIRMED if free_for_newcomers(day, has_line=has_line) else Status.WAITLISTED


def fill(day: Day, *, now: datetime) -> list[Registration]:
    """Give each free place of a day to the first in line. The caller holds the day's lock.

    Call it whenever a place may have come free: a person left, the capacity was raised. Places that an organiser added
    and can still take back (`services.capacity`) are not given yet. Nothing happens on a day that is over or called
    off. Returns the registrations that moved up. Sends each of them a mail with the invite.
    """
    moved = first_in_line(day, now=now)
    if moved and (held := DayNotice.objects.more_places_of(day)):
        moved = moved[: _free_places(day, held.was_capacity)]
    give_places(moved, now=now)
    return moved


def first_in_line(day: Day, *, now: datetime, most: int | None = None) -> list[Registration]:
    """Those whose turn it is, as many as a day has free places, in order; `most` of them at most.

    Nobody on a day that is over or called off. Without the day's lock it is a guess.
    """
    if not day.is_to_come(now):
        return []
    waiting = Registration.objects.for_day(day).waitlisted().in_queue_order().with_people()
    free = _free_places(day, day.capacity)
    return list(waiting[: free if most is None else min(free, most)])


def copy_with_place(registration: Registration) -> Registration:
    """Return an unsaved copy of a registration that waits, as it is with a place: for a look at what comes of it."""
    row = copy(registration)
    check_step(row, Status.CONFIRMED)
    row.status = Status.CONFIRMED
    return row


def copy_with_end(registration: Registration, *, now: datetime, by: CancelledBy) -> Registration:
    """Return an unsaved copy of a registration as it is once it has ended: for a look at what comes of it."""
    row = copy(registration)
    check_step(row, Status.CANCELLED)
    row.status, row.cancelled_at, row.cancelled_by = Status.CANCELLED, now, by
    return row


def copy_on_day(registration: Registration, day: Day, *, has_place: bool, now: datetime) -> Registration:
    """Return an unsaved registration of the same person for another day, with a place or in line: for a look at it."""
    status = Status.CONFIRMED if has_place else Status.WAITLISTED
    return Registration(registrant=registration.registrant, day=day, created_at=now, status=status)


def give_places(registrations: Sequence[Registration], *, now: datetime) -> None:
    """Move people up from the waiting list of a locked day. Sends each of them a mail with the invite.

    People who have not heard yet that the day takes place after all hear of both in one mail (`outbox.queue_restored`).
    """
    for registration in registrations:
        set_status(registration, Status.CONFIRMED, now=now)
        if registration.news != News.RESTORED:
            outbox.queue_place(registration, now=now)


# "No limit" as a number of places: more people than any day has.
_NO_LIMIT = 1_000_000


def _free_places(day: Day, capacity: int | None) -> int:
    """How many of so many places of a locked day nobody holds. Never below zero: there may be fewer than are taken."""
    if capacity is None:
        return _NO_LIMIT
    return max(0, capacity - Registration.objects.for_day(day).holding_places().count())
