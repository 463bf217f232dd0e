"""Queues the mails after a sign-up: confirmation, reminders, the Access team's answer."""

from registration.letters import needs, reminders
from registration.mail.rows import put
from registration.models import OutboxMessage
from registration.status import MailKind

from .confirmations import queue_words
from .versions import queue_version


def queue_confirmation(registrant, registrations, *, now):
    """Queue the confirmation of some days, and a calendar invite for each that has a place.

    One mail does both when it is about one day alone. Without calendar mails the confirmation goes alone.

    Args:
        registrant: the person, their row locked.
        registrations: the rows to tell about, confirmed or waiting, in the order of the days, with people and days.
        now: a UTC instant.
    """
    for row in registrations:
        row.registrant = registrant
    invited = [row for row in registrations if row.is_confirmed and registrant.calendar_mails]
    if invited and len(registrations) == 1:
        queue_version(invited[0], MailKind.CONFIRMATION, now=now)
        return
    queue_words(registrant, registrations, now=now)
    for row in invited:
        queue_version(row, MailKind.INVITE, now=now)


def queue_reminder(registrant, registrations, *, now, expires_at):
    """Queue one mail that reminds a person of these days, in their order. It is not sent after `expires_at`, UTC."""
    message = reminders.reminder(registrant, registrations, now=now)
    return put(message, now=now, registrant=registrant, expires_at=expires_at)


def queue_need_answer(access_request, *, now):
    """Queue the Access team's answer to a verified person. `access_request` has its person, locked, and conference."""
    return put(needs.need_answer(access_request), now=now, registrant=access_request.registrant)


def take_back_reminders(registrant, *, now):
    """Take back this person's reminders that have not left. Returns how many."""
    return OutboxMessage.objects.to(registrant).of_kind(MailKind.REMINDER).not_begun().withdraw(now)


def drop_expired(*, now):
    """Take back what waited so long that it makes no sense any more. Returns how many mails."""
    return OutboxMessage.objects.expired(now).withdraw(now)
