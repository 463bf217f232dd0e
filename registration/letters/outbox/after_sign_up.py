"""Queues the mails that follow a sign-up: confirmation, reminders, the Access team's answer."""

from collections.abc import Sequence
from datetime import datetime

from registration.mail.rows import new_row, put
from registration.models import AccessRequest, OutboxMessage, Registrant, Registration
from registration.status import Letter, MailKind

from .confirmations import words_row
from .versions import first_version_row, version_row


def queue_confirmation(
    registrant: Registrant,
    registrations: Sequence[Registration],
    *,
    now: datetime,
    are_noted: bool = False,
    is_first: bool = False,
) -> None:
    """Queue the confirmation of some days, and a calendar invite for each that has a place.

    One mail does both when it is about one day alone. Without calendar mails the confirmation goes alone.

    Args:
        registrant: the person, their row locked.
        registrations: the rows to tell about, confirmed or waiting, in the order of the days, with people and days.
        now: a UTC instant.
        are_noted: whether the rows say already that their people hear of them, for the first time.
        is_first: whether the person has had no mail of this kind yet, so none can be waiting.
    """
    for row in registrations:
        row.registrant = registrant
    make_row = first_version_row if are_noted else version_row
    invited = [row for row in registrations if row.is_confirmed and registrant.calendar_mails]
    if invited and len(registrations) == 1:
        put(make_row(invited[0], Letter.CONFIRMATION, MailKind.CONFIRMATION, now=now))
        return
    words = words_row(registrant, registrations, now=now, are_noted=are_noted, is_first=is_first)
    put(words, *(make_row(row, Letter.INVITE, MailKind.INVITE, now=now) for row in invited))


def queue_reminder(
    registrant: Registrant, registrations: Sequence[Registration], *, now: datetime, expires_at: datetime
) -> None:
    """Queue one mail that reminds a person of these days, in their order. It is not sent after `expires_at`, UTC."""
    facts = {"registrations": [row.pk for row in registrations]}
    put(new_row(Letter.REMINDER, MailKind.REMINDER, registrant, now=now, expires_at=expires_at, facts=facts))


def queue_need_answer(access_request: AccessRequest, *, now: datetime) -> OutboxMessage:
    """Queue the Access team's answer to a verified person, in the place of one that has not left. Returns the row.

    `access_request` has its person, locked.
    """
    registrant, facts = access_request.registrant, {"need": access_request.pk}
    older = OutboxMessage.objects.for_person(registrant).filter(letter=Letter.NEED_ANSWER, facts=facts)
    older.not_begun().withdraw(now)
    (row,) = put(new_row(Letter.NEED_ANSWER, MailKind.NOTE, registrant, now=now, facts=facts))
    return row


def take_back_reminders(registrant: Registrant, *, now: datetime) -> int:
    """Take back this person's reminders that have not left. Returns how many."""
    return OutboxMessage.objects.for_person(registrant).of_kind(MailKind.REMINDER).not_begun().withdraw(now)


def drop_expired(*, now: datetime) -> int:
    """Withdraw mails that waited too long to make sense. Returns how many."""
    return OutboxMessage.objects.not_begun().filter(expires_at__lte=now).withdraw(now)
