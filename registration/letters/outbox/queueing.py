"""Queues the mails around a sign-up: please confirm, confirmation, reminders, the Access team's answer."""

from datetime import timedelta

from registration.letters import needs, reminders, sign_up
from registration.mail.rows import put
from registration.models import OutboxMessage, Registration
from registration.status import MailKind

from .confirmations import queue_words
from .page_links import link_waits, queue_page_link
from .versions import queue_version

# Mails of one kind that an address gets at most in a day because somebody typed it into a form.
MOST_A_DAY = 5


def queue_please_confirm(registrant, *, now):
    """Queue the mail that asks a person to confirm their pending days. An unsent older one is withdrawn.

    Somebody verified who asked for nothing new gets the link to their page instead: the form gives everybody the
    same answer, and this is the mail that it promised. Returns the row, or None if there is nothing to write about.
    """
    rows = list(Registration.objects.of(registrant).pending().with_people())
    if rows:
        OutboxMessage.objects.to(registrant).of_kind(MailKind.PLEASE_CONFIRM).not_begun().withdraw(now)
        if not _was_written_to(registrant, MailKind.PLEASE_CONFIRM, now):
            return put(sign_up.please_confirm(registrant, rows), now=now, registrant=registrant)
    elif registrant.is_verified and (link_waits(registrant) or not _was_written_to(registrant, MailKind.LINK, now)):
        return queue_page_link(registrant, now=now)
    return None


def _was_written_to(registrant, kind, now):
    """Whether this person has such a mail that they did not answer yet, or their address had enough today.

    Anybody can type anybody's address, so nobody gets more than one unanswered mail an hour and five a day. The mail
    they have does for whatever was asked since: its button confirms all days.
    """
    sent = OutboxMessage.objects.of_kind(kind).not_withdrawn()
    if sent.to_address(registrant.email).queued_since(now - timedelta(days=1)).count() >= MOST_A_DAY:
        return True
    newest = sent.to(registrant).queued_since(now - timedelta(hours=1)).newest_first().first()
    answered_at = max(filter(None, [registrant.verified_at, _newest_answer(registrant)]), default=None)
    return newest is not None and (answered_at is None or answered_at < newest.created_at)


def _newest_answer(registrant):
    return Registration.objects.of(registrant).newest_answer()


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
