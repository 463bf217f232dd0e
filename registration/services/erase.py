"""Deleting a person at once and everywhere; only counts remain."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from conference.models import Day
from registration.models import ErasedCount, Erasure, Farewell, Merge, Registrant, Registration
from registration.models.history import entries_about

from .lost_link import take_back_mails
from .places import fill


def erase(registrant: Registrant, *, now: datetime, tell: bool = False) -> None:
    """Delete a person with their days, answers, needs and mails, and what the admin's history says of them.

    Mails that wait are deleted with them, so nobody writes to them any more, not even a calendar cancellation; with
    `tell`, one last mail to a verified address says that the data is gone. Their places go to the first in line. What
    stays are counts per day, and a row id that keeps backups from restoring them. Sends a mail to each person who moves
    up.
    """
    while not _erase(registrant, now=now, tell=tell):
        pass  # they took another day in the meantime


def _erase(registrant: Registrant, *, now: datetime, tell: bool) -> bool:
    """Erase the person and return True, or change nothing and return False if they have a day that is not locked."""
    with transaction.atomic():
        rows = Registration.objects.for_person(registrant)
        days = list(Day.objects.with_ids(rows.values("day_id")).locked())
        # This keeps others from queueing one more mail to them or about them in between.
        registrant = Registrant.objects.only_row(registrant).locked().first()
        if registrant is None:
            return True  # a second click
        if not {row.day_id for row in rows} <= {day.pk for day in days}:
            return False
        if tell and registrant.is_verified and not registrant.is_undeliverable:
            Farewell.objects.create(email=registrant.email, language=registrant.language, asked_at=now)
        for row in rows:
            _count(row)
        # A backup from before two sign-ups were put together has a row of each.
        gone = [registrant.public_id, *Merge.objects.into(registrant).values_list("public_id", flat=True)]
        Erasure.objects.bulk_create(Erasure(public_id=public_id, erased_at=now) for public_id in gone)
        entries_about(registrant).delete()
        take_back_mails(registrant, now=now)
        Registrant.objects.only_row(registrant).delete()
        for day in days:
            fill(day, now=now)
    return True


def _count(registration: Registration) -> None:
    """Add a deleted registration to its day's counts."""
    ErasedCount.objects.get_or_create(day_id=registration.day_id, status=registration.status)
    rows = ErasedCount.objects.for_day(registration.day_id).filter(status=registration.status)
    rows.update(people=F("people") + 1, came=F("came") + int(registration.attended_at is not None))
