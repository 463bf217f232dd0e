"""Reminders before each day, to people who have a place and want to be reminded.

An edition has a mark for each reminder: a time before each day. Organisers add and remove marks. After a pause a worker
sends only reminders that still make sense: a mark counts until the next one is due. All instants are UTC.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from conference.models import Conference, Day
from registration.letters import outbox
from registration.models import Registrant, Registration, Reminder, ReminderMark
from registration.models.registrations import RegistrationQuerySet
from registration.models.reminders import LONGEST, USUAL

from .run_each import run_each

# Days that start within this time of each other share one mail at a mark that is days away.
ONE_MAIL_FOR = timedelta(days=6)


def set_usual_marks(conference: Conference) -> None:
    """Give a new edition the usual marks: a week, a day and an hour before each day. Sends nothing."""
    ReminderMark.objects.bulk_create(ReminderMark(conference=conference, minutes_before=minutes) for minutes in USUAL)


def remind(*, now: datetime, limit: int = 100) -> int:
    """Write the reminders that are due at the UTC instant `now`, for up to `limit` registrations.

    Nobody is reminded of a day that they joined after its mark. A person with several days gets one mail at a mark
    that is days away, not one a day. Returns how many mails were queued.
    """
    due: list[tuple[Registration, ReminderMark, datetime, datetime]] = []
    marks_by_edition: dict[int, list[ReminderMark]] = {}
    for day in Day.objects.starting_within(now, now + timedelta(minutes=LONGEST)).with_conference():
        edition = day.conference
        if edition.pk not in marks_by_edition:
            marks_by_edition[edition.pk] = list(ReminderMark.objects.for_edition(edition))
        for mark, due_at, ends_at in spans(marks_by_edition[edition.pk], day):
            if due_at <= now < ends_at:
                rows = mark.due_rows(Registration.objects.for_day(day), joined_by=due_at)[: limit - len(due)]
                due += [(row, mark, due_at, ends_at) for row in rows]
    return sum(run_each(due, lambda each: _remind(*each, now)))


def spans(marks: Iterable[ReminderMark], day: Day) -> list[tuple[ReminderMark, datetime, datetime]]:
    """Return when each mark of a day counts: (mark, when it is due, until when it makes sense), in UTC, in order."""
    due = [(mark, day.starts_at - mark.lead) for mark in marks]
    ends = [*(due_at for _mark, due_at in due[1:]), day.starts_at]
    return [(mark, due_at, ends_at) for (mark, due_at), ends_at in zip(due, ends, strict=False)]


def set_reminders(registrant: Registrant, *, wanted: bool, now: datetime) -> None:
    """Turn this person's reminders on or off. Sends nothing; off also takes back those that wait."""
    with transaction.atomic():
        Registrant.objects.only_row(registrant).update(reminders=wanted)
        if not wanted:
            outbox.take_back_reminders(registrant, now=now)


def _remind(registration: Registration, mark: ReminderMark, due_at: datetime, ends_at: datetime, now: datetime) -> bool:
    """Write one mail, unless another worker did. Returns whether it was written."""
    with transaction.atomic():
        registrant = Registrant.objects.only_row(registration.registrant).locked().get()
        rows = list(_in_one_mail(registrant, registration, mark, due_at))
        if registration.pk not in {row.pk for row in rows} or not registrant.reminders:
            return False
        Reminder.objects.bulk_create(
            Reminder(registration=row, minutes_before=mark.minutes_before, starts_at=row.day.starts_at, at=now)
            for row in rows
        )
        outbox.queue_reminder(registrant, rows, now=now, expires_at=ends_at)
    return True


def _in_one_mail(
    registrant: Registrant, registration: Registration, mark: ReminderMark, due_at: datetime
) -> RegistrationQuerySet:
    rows = mark.due_rows(Registration.objects.for_person(registrant), joined_by=due_at)
    if not mark.is_shared:
        return rows.with_id(registration.pk)
    starts_at = registration.day.starts_at
    return rows.filter(day__starts_at__range=(starts_at, starts_at + ONE_MAIL_FOR))
