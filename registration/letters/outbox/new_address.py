"""Queues the mails about a change of address."""

from datetime import timedelta

from registration import links
from registration.abuse import budget
from registration.letters import new_address
from registration.mail.rows import put
from registration.models import OutboxMessage
from registration.status import MailKind

# Whoever asks for a new address waits for the mail. Where it would take longer, the page says so instead.
LONGEST_WAIT = timedelta(hours=1)


def queue_new_address(registrant, *, now):
    """Queue the mail to the address that a person asked for, and tell the one that counts until then.

    Anybody can type anybody's address, so both mails count against the budget. Returns the row to the new address, or
    None where it is spent: nothing is queued then. An unsent older one is withdrawn.
    """
    withdraw_new_address(registrant, now=now)
    due_at, _before = budget.may_leave_at(registrant.new_email, now=now)
    if due_at > now + LONGEST_WAIT or budget.is_spent_by(registrant, now=now):
        return None
    put(new_address.address_asked(registrant), now=now, registrant=registrant)
    budget.charge(registrant, now=now)
    mail = put(new_address.please_confirm_address(registrant), now=now, registrant=registrant, due_at=due_at)
    budget.spend(registrant.new_email, due_at=due_at, mail=mail)
    return mail


def withdraw_new_address(registrant, *, now):
    """Take back the mail to an address that a person asked for, if it has not left. Returns how many."""
    return OutboxMessage.objects.to(registrant).of_kind(MailKind.ADDRESS).not_begun().withdraw(now)


def queue_address_changed(registrant, old_email, *, now):
    """Queue the last mail to the address that a person had until now."""
    return put(new_address.address_changed(registrant, old_email), now=now, registrant=registrant)


def queue_private_link(registrant, *, now):
    """Queue the mail with the link to all that we hold about a person. It is of no use after a day."""
    message = new_address.private_link(registrant, now=now)
    return put(message, now=now, registrant=registrant, expires_at=now + links.PRIVATE_FOR)
