"""The confirmation of several days, without an invite: at most one waits for each person, and covers all days."""

from collections.abc import Sequence
from datetime import datetime

from registration.mail.rows import new_row, put
from registration.models import OutboxMessage, Registrant, Registration
from registration.models.outbox import OutboxQuerySet
from registration.status import Letter, MailKind


def queue_words(registrant: Registrant, registrations: Sequence[Registration], *, now: datetime) -> None:
    """Queue a confirmation without a calendar part."""
    put(words_row(registrant, registrations, now=now))


def words_row(
    registrant: Registrant,
    registrations: Sequence[Registration],
    *,
    now: datetime,
    are_noted: bool = False,
    is_first: bool = False,
) -> OutboxMessage:
    """Return the row of such a confirmation, for `put`. It replaces one that has not left, and takes over its days.

    With `is_first` none can wait, so none is looked for. With `are_noted` the registrations are left as they are.
    """
    keys = [row.pk for row in registrations]
    for waiting in [] if is_first else _waiting(registrant).locked():
        keys += [key for key in waiting.facts.get("registrations", []) if key not in keys]
        OutboxMessage.objects.only_row(waiting).withdraw(now)
    for row in [] if are_noted else registrations:
        # Without an invite this mail tells them the day's time, so they must hear when it changes. An entry that they
        # have moves with its own mail.
        if row.is_confirmed and not registrant.calendar_mails and not row.is_invited:
            row.invited_starts_at, row.invited_ends_at = row.day.starts_at, row.day.ends_at
            row.save(update_fields=["invited_starts_at", "invited_ends_at"])
    return new_row(Letter.CONFIRMATION, MailKind.CONFIRMATION, registrant, now=now, facts={"registrations": keys})


def is_still_to_be_told(registration: Registration) -> bool:
    """Whether a confirmation that has not left will tell the person of this day, as it is then."""
    waiting = _waiting(registration.registrant)
    return any(registration.pk in row.facts.get("registrations", [registration.pk]) for row in waiting)


def _waiting(registrant: Registrant) -> OutboxQuerySet:
    mails = OutboxMessage.objects.for_person(registrant).for_registration(None)
    return mails.of_kind(MailKind.CONFIRMATION).not_begun()
