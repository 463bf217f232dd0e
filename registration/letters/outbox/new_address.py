"""Queues the mails about a change of address."""

from datetime import timedelta

from registration.letters import new_address
from registration.mail.rows import put
from registration.models import OutboxMessage
from registration.status import MailKind

from .queueing import MOST_A_DAY


def queue_new_address(registrant, *, now):
    """Queue the mail to the address that a person asked for, and tell the one that counts until then.

    Anybody can type anybody's address, so a person sends at most five such mails a day, and an address gets at most
    five. Returns the row to the new address, or None where that was enough. An unsent older one is withdrawn.
    """
    withdraw_new_address(registrant, now=now)
    asked = OutboxMessage.objects.of_kind(MailKind.ADDRESS).not_withdrawn().queued_since(now - timedelta(days=1))
    if max(asked.to(registrant).count(), asked.to_address(registrant.new_email).count()) >= MOST_A_DAY:
        return None
    put(new_address.address_asked(registrant), now=now, registrant=registrant)
    return put(new_address.please_confirm_address(registrant), now=now, registrant=registrant)


def withdraw_new_address(registrant, *, now):
    """Take back the mail to an address that a person asked for, if it has not left. Returns how many."""
    return OutboxMessage.objects.to(registrant).of_kind(MailKind.ADDRESS).not_begun().withdraw(now)


def queue_address_changed(registrant, old_email, *, now):
    """Queue the last mail to the address that a person had until now."""
    return put(new_address.address_changed(registrant, old_email), now=now, registrant=registrant)
