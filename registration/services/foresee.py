"""Previews an organiser's act: who will get a mail, and what it will say. Changes and sends nothing.

The database counts: there may be 10,000 people. The mails of three of them are rendered by the worker's own code
(`letters.writing.compose`), from the rows that the act will put into the outbox.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, Sum, prefetch_related_objects

from conference.models import Day
from registration.letters import outbox
from registration.letters.previews import Preview, as_preview, ghost_of
from registration.letters.wording import use_words
from registration.letters.writing import Loaded, compose
from registration.mail.rows import new_row
from registration.models import Registrant, Registration
from registration.models.letter_texts import all_words
from registration.models.registrants import RegistrantQuerySet
from registration.models.registrations import RegistrationQuerySet
from registration.status import CancelledBy, Letter, MailKind, Status

from .broadcasts.reach import SAMPLE, most_different
from .places import copy_on_day, copy_with_end, copy_with_place, free_for_newcomers, next_round

# Makes one person's letters, from copies of the person and the affected registrations.
Foresee = Callable[[Registrant, list[Registration]], list[Loaded]]


@dataclass(frozen=True)
class Recipients:
    """The people who get a mail because of an act, and what they read."""

    people: int = 0
    mails: int = 0
    undeliverable: int = 0  # of the people: their address does not work
    moving_up: int = 0  # further people, who get a place from the waiting list and a mail
    sample: list[Registrant] = field(default_factory=list)  # the first of the people, at most SAMPLE
    letters: list[list[Preview]] = field(default_factory=list)  # the mails of up to three of them


def foresee_confirming(rows: RegistrationQuerySet, *, now: datetime, with_people: bool) -> Recipients:
    """Foresee `confirm_by_organiser` for each of some registrations that have no place yet, of days to come.

    `with_people` asks for the sample and the letters, here and below.
    """

    def foresee(person: Registrant, theirs: list[Registration]) -> list[Loaded]:
        person.verified_at = person.verified_at or now
        theirs = [copy_with_place(row) for row in theirs]
        if not person.calendar_mails:
            return [_words(Letter.CONFIRMATION, person, theirs, now=now)]
        return [_entry(Letter.CONFIRMATION, row, now=now) for row in theirs]

    has_entry = Q(registrant__calendar_mails=True)  # without, one mail tells of all their days
    mails = Count("pk", filter=has_entry) + Count("registrant", distinct=True, filter=~has_entry)
    return _recipients(rows, foresee, mails=mails, with_people=with_people)


def foresee_cancelling(rows: RegistrationQuerySet, *, now: datetime, with_people: bool) -> Recipients:
    """Foresee `cancel` by an organiser for each of some live registrations."""

    def foresee(_person: Registrant, theirs: list[Registration]) -> list[Loaded]:
        return [_ending(row, CancelledBy.ORGANISER, now=now) for row in theirs]

    found = _recipients(rows.told_when_cancelled(), foresee, with_people=with_people)
    return replace(found, moving_up=count_moving_up(rows, now=now))


def foresee_sending_again(people: RegistrantQuerySet, *, now: datetime, with_people: bool) -> Recipients:
    """Foresee `send_all_again` for each of some people `to_send_again`."""
    rows = Registration.objects.filter(registrant__in=people.order_by().values("pk")).not_over(now)
    rows = rows.with_states((Status.CONFIRMED, Status.PENDING))

    def foresee(person: Registrant, theirs: list[Registration]) -> list[Loaded]:
        places = [row for row in theirs if row.is_confirmed]
        if not places:
            pending = [row for row in theirs if not row.day.is_called_off]
            asked = _words(Letter.PLEASE_CONFIRM, person, pending, now=now)
            asked.waiting, asked.number_waiting = person, 1
            return [asked]
        if not person.calendar_mails:
            return [_words(Letter.CONFIRMATION, person, places, now=now)]
        if len(places) == 1:
            return [_entry(Letter.CONFIRMATION, places[0], now=now)]
        entries = [_entry(Letter.INVITE, row, now=now) for row in places]
        return [_words(Letter.CONFIRMATION, person, places, now=now), *entries]

    # Each gets one mail, and those with several days an invite of each.
    entries = rows.confirmed().filter(registrant__calendar_mails=True).order_by()
    several = entries.values("registrant").annotate(days=Count("pk")).filter(days__gt=1)
    invites = several.aggregate(all=Sum("days"))["all"] or 0
    found = _recipients(rows, foresee, with_people=with_people)
    return replace(found, mails=found.people + invites)


def foresee_calling_off(days: Sequence[Day], *, why: str = "", now: datetime, with_people: bool) -> Recipients:
    """Foresee `call_off` for some days that take place, with an organiser's sentence for their people."""

    def foresee(_person: Registrant, theirs: list[Registration]) -> list[Loaded]:
        return [_ending(row, CancelledBy.DAY, now=now, why=why) for row in theirs]

    rows = Registration.objects.on_days(days).told_of_end()
    return _recipients(rows, foresee, with_people=with_people)


def foresee_restoring(days: Sequence[Day], *, why: str = "", now: datetime, with_people: bool) -> Recipients:
    """Foresee `restore` for some days that are called off, with an organiser's sentence for their people."""

    rows = Registration.objects.ended_with(days).told_of_return()
    up = _keys_moving_up(days) if rows.waited_only().exists() else set()

    def foresee(person: Registrant, theirs: list[Registration]) -> list[Loaded]:
        letters = []
        for ended in theirs:
            row = next_round(ended)
            row.registrant, row.day = person, ended.day
            if ended.pk in up:
                row = copy_with_place(row)
            has_entry = row.is_confirmed and person.calendar_mails
            letter = (_entry if has_entry else _about)(Letter.RESTORED, row, now=now, why=why)
            if ended.pk in up:
                letter.row.facts["is_new"] = True
            letters.append(letter)
        return letters

    return _recipients(rows, foresee, with_people=with_people)


def foresee_moving(rows: RegistrationQuerySet, day: Day, *, now: datetime, with_people: bool) -> Recipients:
    """Foresee `move_to_day` for each of some registrations with a place or in line, to another day of their edition."""
    moved = find_movable(rows, day)
    seated = cache(lambda: _first_seated(moved, day))

    def foresee(person: Registrant, theirs: list[Registration]) -> list[Loaded]:
        old = theirs[0]  # the others find the person on the day already
        new = copy_on_day(old, day, has_place=old.is_confirmed or old.pk in seated(), now=now)
        if new.is_confirmed and person.calendar_mails:
            after = _entry(Letter.INVITE, new, now=now)
        else:
            after = _words(Letter.CONFIRMATION, person, [new], now=now)
        return [_ending(old, CancelledBy.ORGANISER, now=now), after]

    found = _recipients(moved, foresee, with_people=with_people, other_day=day)
    if found.mails > found.people:  # some are on several days; lists show what came last first
        lasts = moved.order_by().values("registrant").annotate(last=Max("pk"))
        moved = Registration.objects.with_ids(lasts.values("last"))
    return replace(found, mails=2 * found.people, moving_up=count_moving_up(moved, now=now))


def find_movable(rows: RegistrationQuerySet, day: Day) -> RegistrationQuerySet:
    """Return those of some registrations that `move_to_day` moves: their people are not on that day yet."""
    there = Registration.objects.for_day(day).with_states((Status.CONFIRMED, Status.WAITLISTED))
    return rows.filter(~Exists(there.filter(registrant=OuterRef("registrant"))))


def _recipients(
    rows: RegistrationQuerySet,
    foresee: Foresee,
    *,
    with_people: bool,
    mails: Any = None,
    other_day: Day | None = None,
) -> Recipients:
    """Return the people of some registrations and the letters of three of them.

    There is a mail for each registration, or as many as the aggregate `mails` says. `other_day` is in them too.
    """
    dead = Q(registrant__undeliverable_at__isnull=False)
    number = rows.order_by().aggregate(
        people=Count("registrant", distinct=True),
        mails=Count("pk") if mails is None else mails,
        undeliverable=Count("registrant", distinct=True, filter=dead),
    )
    if not with_people or not number["people"]:
        return Recipients(**number)
    people = Registrant.objects.with_registrations(rows).with_conference().with_shared_addresses()
    sample = list(people.order_by("pk")[:SAMPLE])
    readers = most_different(sample)
    of_readers: dict[int, list[Registration]] = {person.pk: [] for person in readers}
    theirs = list(rows.filter(registrant__in=readers).with_people())  # in the order in which the act comes to them
    prefetch_related_objects([row.day for row in theirs] + ([other_day] if other_day else []), "announced_dates")
    for row in theirs:
        of_readers[row.registrant_id].append(row)
    with use_words(all_words()):
        letters = [_letters_of(person, of_readers[person.pk], foresee) for person in readers]
    return Recipients(**number, sample=sample, letters=letters)


def _letters_of(person: Registrant, rows: list[Registration], foresee: Foresee) -> list[Preview]:
    """Return the mails to one person, with links that open nothing."""
    ghost, copies = ghost_of(person, rows)
    return [as_preview(compose(one, now=one.row.created_at), person) for one in foresee(ghost, copies)]


def _first_seated(rows: RegistrationQuerySet, day: Day) -> Collection[int]:
    """Return the keys of those rows, in their order, for which a day has a place."""
    return set(rows.values_list("pk", flat=True)[: free_for_newcomers(day)])


def _keys_moving_up(days: Sequence[Day]) -> Collection[int]:
    """Return the keys of registrations that waited, and have a place as soon as days take place after all."""
    found: set[int] = set()
    for day in days:
        ended = Registration.objects.ended_with([day])
        waiting = ended.waited_only().in_queue_order().values_list("pk", flat=True)
        found |= set(waiting[: max(0, day.capacity - ended.had_a_place().count())] if day.has_capacity else waiting)
    return found


def count_moving_up(leaving: RegistrationQuerySet, *, now: datetime) -> int:
    """How many people get a place from the waiting lists once some live registrations have ended."""
    go = leaving.order_by().values_list("day", "status").annotate(n=Count("pk"))
    gone = {(day, status): number for day, status, number in go}
    # Their keys, not the query for them: PostgreSQL may run that again for each of 10,000 rows.
    rows = Registration.objects.on_days({day for day, _status in gone}).taking_place().not_over(now)
    states = (
        rows.with_states((Status.CONFIRMED, Status.WAITLISTED)).order_by().values_list("day", "day__capacity", "status")
    )
    left: dict[tuple[int, int | None], dict[str, int]] = {}
    for day, capacity, status, number in states.annotate(n=Count("pk")):
        left.setdefault((day, capacity), {})[status] = number - gone.get((day, status), 0)
    up = 0
    for (_day, capacity), of_day in left.items():
        waiting, taken = of_day.get(Status.WAITLISTED, 0), of_day.get(Status.CONFIRMED, 0)
        up += waiting if capacity is None else min(waiting, max(0, capacity - taken))
    return up


def _ending(row: Registration, by: CancelledBy, *, now: datetime, why: str = "") -> Loaded:
    """Return the mail that says that a registration has ended."""
    row = copy_with_end(row, now=now, by=by)
    row.invite_sequence += row.is_invited
    return (_entry if row.is_invited else _about)(Letter.CANCEL, row, now=now, why=why)


def _entry(letter: Letter, row: Registration, *, now: datetime, why: str = "") -> Loaded:
    """Return the mail about one day that carries its calendar entry."""
    return Loaded(outbox.row_with_entry(letter, MailKind.NOTE, row, now=now), why=why)


def _about(letter: Letter, row: Registration, *, now: datetime, why: str = "") -> Loaded:
    """Return the mail about one day in words alone."""
    return Loaded(outbox.row_in_words(letter, MailKind.NOTE, row, now=now), why=why)


def _words(letter: Letter, person: Registrant, rows: list[Registration], *, now: datetime) -> Loaded:
    """Return the mail about several days at once."""
    return Loaded(new_row(letter, MailKind.NOTE, person, now=now), registrations=rows)
