"""Queues the mails about a change of address."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from registration import links
from registration.abuse import budget
from registration.mail.rows import new_row, put
from registration.models import OutboxMessage, Registrant, Registration
from registration.status import Letter, MailKind

# A person who changes their address waits for the mail. If it would take longer, the page says so instead.
LONGEST_WAIT = timedelta(hours=1)


def queue_new_address(registrant: Registrant, *, now: datetime) -> OutboxMessage | None:
    """Queue the mail to the address that a person asked for, and one to the current address.

    Anybody can type anybody's address, so both mails count against the budget. Returns the row to the new address, or
    None if it is spent: nothing is queued then. An unsent older mail is withdrawn either way.
    """
    withdraw_new_address(registrant, now=now)
    due_at, _before = budget.may_leave_at(registrant.new_email, now=now)
    if due_at > now + LONGEST_WAIT or budget.is_spent_by(registrant, now=now):
        return None
    put(new_row(Letter.ADDRESS_ASKED, MailKind.NOTE, registrant, now=now))
    budget.charge(registrant, now=now)
    to_email = registrant.new_email
    (mail,) = put(new_row(Letter.ADDRESS, MailKind.ADDRESS, registrant, now=now, to_email=to_email, due_at=due_at))
    budget.spend(to_email, due_at=due_at, mail=mail)
    return mail


def withdraw_new_address(registrant: Registrant, *, now: datetime) -> int:
    """Take back the mail to an address that a person asked for, if it has not left. Returns how many."""
    return OutboxMessage.objects.for_person(registrant).of_kind(MailKind.ADDRESS).not_begun().withdraw(now)


def queue_address_changed(
    registrant: Registrant,
    old_email: str,
    *,
    now: datetime,
    language: str | None = None,
    facts: Mapping[str, Any] | None = None,
) -> OutboxMessage:
    """Queue the last mail to the address that a person had until now. Returns the row.

    It asks for entries in a calendar there to be deleted, since no update reaches them. `language` and `facts`
    (`MergeFacts`) are those of the reader there, if it was the person's second sign-up: those entries get a CANCEL.
    """
    of_reader = dict(facts or {"has_entries": _has_entries(registrant, old_email, now=now)})
    mail = new_row(
        Letter.ADDRESS_CHANGED,
        MailKind.NOTE,
        registrant,
        now=now,
        to_email=old_email,
        language=language,
        facts=of_reader,
    )
    put(mail)
    return mail


def _has_entries(registrant: Registrant, email: str, *, now: datetime) -> bool:
    """Whether mails to an address brought entries of days that a person is on, and that are still to come."""
    days = Registration.objects.for_person(registrant).to_hear_of().not_over(now)
    return OutboxMessage.objects.filter(registration__in=days).for_address(email).with_entry().possibly_sent().exists()


def queue_private_link(registrant: Registrant, *, now: datetime) -> None:
    """Queue the mail with the link to all that we hold about a person. It expires after a day."""
    put(new_row(Letter.PRIVATE, MailKind.NOTE, registrant, now=now, expires_at=now + links.PRIVATE_FOR))
