"""Adding many people at once: a batch of a file in one transaction, with a few statements for all of them."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from conference.models import Day
from conference.models.days import DayQuerySet
from registration.models import FilePerson, PeopleFile, Registrant, Registration
from registration.services.days import verify
from registration.services.places import seat_in_order

from .fingerprint import fingerprint_of_person
from .plan import Planned, Wanted, key_of_person, mails_of, plan_people


def add_people(
    file: PeopleFile, wanted: Sequence[Wanted], *, days: Collection[int], is_verified: bool, now: datetime
) -> Counter:
    """Put the people of some rows on their days, and note for the file what of it is new. Writes to nobody.

    With `is_verified` their addresses count as confirmed: they get places, or the end of the waiting list of a full
    day. Otherwise they have days to confirm, without a place. A person who is here already with this name and address
    keeps their details and gets the new days; days that they cancelled themselves stay cancelled.

    Args:
        file: whose rows they are.
        wanted: the good rows.
        days: keys of days of the edition; those that are over or called off at the UTC instant `now` are left out.
        is_verified: see above.

    Returns how many are "new", "known" (with new days), "same" and "mails" (that writing to them makes). Raises
    IntegrityError if one of them signed up at this very moment: call it again.
    """
    with transaction.atomic():
        open_days = _lock_open(Day.objects.for_edition(file.conference_id).with_ids(days), now)
        plans = plan_people(file.conference, wanted, days=open_days, is_verified=is_verified, locks=True)
        counts = Counter(_outcome(plan) for plan in plans)
        changing = [plan for plan in plans if plan.changes]
        was_verified = {plan.wanted.row for plan in changing if plan.registrant and plan.registrant.is_verified}
        _make_people(file, [plan for plan in changing if plan.is_new], is_verified, now)
        if is_verified:
            _vouch_for([plan for plan in changing if not plan.is_new], now)
        _make_registrations(changing, now)
        if is_verified:
            for day in open_days.values():
                rows = [row for plan in changing for row in plan.rows if row.day_id == day.pk]
                seat_in_order(day, rows, now=now)
        _note(file, changing, was_verified)
        for plan in changing:
            states = Counter(row.is_confirmed for row in plan.rows)
            counts["mails"] += mails_of(states[True], states[False], is_verified=is_verified)
    return counts


def _lock_open(days: DayQuerySet, now: datetime) -> dict[int, Day]:
    """Lock these days; return {key: day} of those that are neither over nor called off."""
    locked = days.with_conference().locked()
    return {day.pk: day for day in locked if day.is_to_come(now)}


def _outcome(plan: Planned) -> str:
    if plan.again:
        return "again"
    if not plan.changes:
        return "same"
    return "new" if plan.is_new else "known"


def _make_people(file: PeopleFile, plans: Sequence[Planned], is_verified: bool, now: datetime) -> None:
    rows = []
    for plan in plans:
        email_key, name_key = key_of_person(plan.wanted.person)
        row = Registrant(
            conference=file.conference,
            email_key=email_key,
            name_key=name_key,
            is_added_by_organiser=True,
            created_at=now,
            verified_at=now if is_verified else None,
            **asdict(plan.wanted.person),
        )
        rows.append(row)
    for plan, row in zip(plans, Registrant.objects.bulk_create(rows), strict=True):
        plan.registrant = row


def _vouch_for(plans: Sequence[Planned], now: datetime) -> None:
    for plan in plans:
        if plan.registrant and not plan.registrant.is_verified:
            plan.registrant.is_added_by_organiser = True
            plan.registrant.save(update_fields=["is_added_by_organiser"])
            verify(plan.registrant, now)


def _make_registrations(plans: Sequence[Planned], now: datetime) -> None:
    for plan in plans:
        days = sorted(plan.add, key=lambda day: day.number)
        plan.made = [Registration(registrant=plan.registrant, day=day, created_at=now) for day in days]
    Registration.objects.bulk_create(row for plan in plans for row in plan.made)


def _note(file: PeopleFile, plans: Sequence[Planned], was_verified: Collection[int]) -> None:
    """Keep what is the file's, together with what earlier rows of it brought of the same people."""
    people = [plan.registrant for plan in plans if plan.registrant]
    earlier = {row.registrant_id: row for row in FilePerson.objects.for_file(file).filter(registrant__in=people)}
    new = []
    for plan in plans:
        if plan.registrant is None:
            continue
        row = earlier.get(plan.registrant.pk)
        if row is None:
            row = FilePerson(
                file=file,
                registrant=plan.registrant,
                is_new=plan.is_new,
                was_verified=plan.wanted.row in was_verified,
            )
            new.append(row)
        row.made = [*row.made, *(one.pk for one in plan.made)]
        row.seated = [*row.seated, *(one.pk for one in plan.seat)]
        row.mark = fingerprint_of_person(plan.registrant)
    FilePerson.objects.bulk_create(new)
    FilePerson.objects.bulk_update(earlier.values(), ["made", "seated", "mark"])
