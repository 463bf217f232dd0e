"""Changing a person's address, and renewing their links on request."""

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef

from registration.addresses import key_of_address
from registration.letters import outbox
from registration.models import OutboxMessage, Registrant, Registration
from registration.status import Letter

from .days import hold_days, rewrite_entries, send_everything
from .errors import AlreadySignedUp
from .lost_link import take_back_mails


def ask_for_address(registrant: Registrant, email: str, *, now: datetime) -> bool:
    """Save the new address of a verified person, until someone who reads mail there confirms it.

    It does not check whether another person has it already: nobody may find that out by typing addresses. Sends one
    mail to the new address and one to the old one. Returns False, and changes nothing, after too many in a day: an
    earlier request and its mail stay.
    """
    with transaction.atomic():
        row = _lock(registrant)
        row.new_email = email
        if outbox.queue_new_address(row, now=now) is None:
            transaction.set_rollback(True)  # the mail of an earlier request was withdrawn
            return False
        row.save(update_fields=["new_email"])
    return True


def forget_new_address(registrant: Registrant, *, now: datetime) -> None:
    """Cancel the change of address: the unconfirmed one is deleted. Sends nothing."""
    with transaction.atomic():
        row = _lock(registrant)
        row.new_email = ""
        row.save(update_fields=["new_email"])
        outbox.withdraw_new_address(row, now=now)


def take_new_address(registrant: Registrant, *, now: datetime) -> bool:
    """Make `registrant.new_email` the person's address: someone who reads mail there pressed the button.

    Returns whether this call did it; the links to the person's pages are then renewed. Raises AlreadySignedUp when
    there is a person with this name at that address. Sends everything to the new address, with invites in the same
    version, and one last mail to the old one.
    """
    with transaction.atomic():
        days = hold_days(registrant)
        row = _lock(registrant)
        if not row.new_email or row.new_email != registrant.new_email:
            return False
        old_email = row.email
        replace_address(row, row.new_email, follow=(Letter.BROADCAST, Letter.NEED_ANSWER), now=now)
        save_person(row)
        if not send_everything(row, days=days, now=now, with_waiting=True):
            outbox.queue_page_link(row, now=now)
        outbox.queue_address_changed(row, old_email, now=now)
    return True


def renew_links(registrant: Registrant, *, now: datetime) -> None:
    """Revoke the links to a person's page, calendar and doors, which others may have.

    Sends a mail with the new one, and the entries of their calendar again: each leads to a door.
    """
    with transaction.atomic():
        days = hold_days(registrant)
        row = _lock(registrant)
        _end_links(row)
        row.door_link_version += 1
        row.save(update_fields=["page_link_version", "calendar_link_version", "door_link_version"])
        outbox.queue_page_link(row, now=now)
        rewrite_entries(row, days=days, now=now)


def replace_address(row: Registrant, email: str, *, follow: Collection[Letter], now: datetime) -> None:
    """Write another address into a locked person's row, which the caller saves (`save_person`).

    Unsent mails to the old one are withdrawn, and all links are revoked: readers of the old address must learn nothing
    more. Mails whose letter is in `follow`, which nothing else tells the person, go to the new address, and so do those
    that say that a day has ended. The calendar there has no entries, unless they had that address before.
    """
    outbox.put_endings_in_words(row, now=now)
    take_back_mails(row, keep=(*follow, Letter.CANCEL), now=now)
    outbox.send_to(row, email, now=now)
    were_there = OutboxMessage.objects.for_registration(OuterRef("pk")).for_address(email).with_entry().possibly_sent()
    Registration.objects.for_person(row).to_hear_of().update(is_invited=Exists(were_there))
    row.email, row.email_key = email, key_of_address(email)
    row.new_email, row.undeliverable_at, row.undeliverable_reason = "", None, ""
    _end_links(row)


def save_person(row: Registrant) -> None:
    """Save a person's whole row. Raises AlreadySignedUp when another row has this name and address."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise AlreadySignedUp from None


def _end_links(row: Registrant) -> None:
    row.page_link_version += 1
    row.calendar_link_version += 1


def _lock(registrant: Registrant) -> Registrant:
    return Registrant.objects.only_row(registrant).with_conference().locked().get()
