"""Reminders before each day, to people who have a place and want to be reminded.

Three marks a day, each set or switched off by the organisers: first (a week before), second (a day), last (an hour).
A worker that was away writes what still makes sense: a mark counts until the next one is due. All instants are UTC.
"""

from datetime import timedelta

from django.db import transaction

from conference.models import Day
from registration.letters import outbox
from registration.models import Registrant, Registration, Reminder
from registration.status import ReminderKind

from .one_by_one import one_by_one

# Days that start within this time of each other share one mail at the first mark.
ONE_MAIL_FOR = timedelta(days=6)


def remind(*, now, limit=100):
    """Write the reminders that are due at the UTC instant `now`, for up to `limit` registrations.

    Nobody is reminded of a day that they joined after its mark. Somebody with several days gets one mail at the
    first mark, not one a day. Returns how many mails were queued.
    """
    due = []
    for day in Day.objects.starting_within(now, now + longest_lead()).with_conference():
        for kind, due_at, ends_at in marks(day):
            if due_at <= now < ends_at:
                rows = Registration.objects.for_day(day).to_remind(kind, joined_by=due_at)[: limit - len(due)]
                due += [(row, kind, due_at, ends_at) for row in rows]
    return sum(one_by_one(due, lambda each: _remind(*each, now)))


def marks(day):
    """The reminders of one day that are switched on: (kind, when it is due, until when it makes sense), in order."""
    conference = day.conference
    leads = [
        (ReminderKind.FIRST, timedelta(days=conference.first_reminder_days or 0)),
        (ReminderKind.SECOND, timedelta(days=conference.second_reminder_days or 0)),
        (ReminderKind.LAST, timedelta(minutes=conference.last_reminder_minutes or 0)),
    ]
    due = sorted(((day.starts_at - lead, kind) for kind, lead in leads if lead))
    ends = [due_at for due_at, _kind in due[1:]] + [day.starts_at]
    return [(kind, due_at, ends_at) for (due_at, kind), ends_at in zip(due, ends, strict=True)]


def longest_lead():
    """How long before a day a reminder may be due at most."""
    return timedelta(days=60)


def set_reminders(registrant, *, wanted, now):
    """Remind this person of their days, or never again. Sends nothing; waiting reminders are taken back."""
    with transaction.atomic():
        Registrant.objects.only_row(registrant).update(reminders=wanted)
        if not wanted:
            outbox.take_back_reminders(registrant, now=now)


def _remind(registration, kind, due_at, ends_at, now):
    """Write one mail, unless another worker did. Returns whether it was written."""
    with transaction.atomic():
        registrant = Registrant.objects.only_row(registration.registrant).locked().get()
        rows = list(_in_one_mail(registrant, registration, kind, due_at))
        if registration.pk not in {row.pk for row in rows} or not registrant.reminders:
            return False
        Reminder.objects.bulk_create(Reminder(registration=row, kind=kind, at=now) for row in rows)
        outbox.queue_reminder(registrant, rows, now=now, expires_at=ends_at)
    return True


def _in_one_mail(registrant, registration, kind, due_at):
    rows = Registration.objects.of(registrant).to_remind(kind, joined_by=due_at)
    if kind != ReminderKind.FIRST:
        return rows.with_id(registration.pk)
    starts_at = registration.day.starts_at
    return rows.on_days_starting(starts_at, starts_at + ONE_MAIL_FOR)
