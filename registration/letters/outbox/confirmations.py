"""The confirmation of several days, in words: written anew when something in it changes before it leaves."""

from registration.letters import days
from registration.mail.rows import put
from registration.models import OutboxMessage, Registration
from registration.status import MailKind


def queue_words(registrant, registrations, *, now):
    """Queue a confirmation without a calendar part. It takes the place of one that has not left yet.

    Then it tells about all the person's days: what the older one had to say is not lost.
    """
    if _withdraw(registrant, now):
        registrations = _rows(registrant)
    put(days.confirmation(registrant, registrations), now=now, registrant=registrant)
    for row in registrations:
        # Without an invite they know the day's time from here, and hear when it changes.
        if row.is_confirmed and not registrant.calendar_mails:
            row.invited_starts_at, row.invited_ends_at = row.day.starts_at, row.day.ends_at
            row.save(update_fields=["invited_starts_at", "invited_ends_at"])


def refresh(registrant, *, now):
    """Write the waiting confirmation anew, after a day in it was dropped or moved. Returns whether there was one."""
    if not _withdraw(registrant, now):
        return False
    rows = _rows(registrant)
    if rows:
        queue_words(registrant, rows, now=now)
    return True


def _withdraw(registrant, now):
    waiting = OutboxMessage.objects.to(registrant).about(None).of_kind(MailKind.CONFIRMATION)
    return bool(waiting.not_begun().withdraw(now))


def _rows(registrant):
    rows = Registration.objects.of(registrant).live().with_people()
    return [row for row in rows if not row.is_pending and not row.day.is_called_off]
