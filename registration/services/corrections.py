"""What organisers correct in a person's row, and sending a person their mails once more."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction

from registration.addresses import key_of_address, key_of_name
from registration.letters import outbox
from registration.models import AccessRequest, Registrant, Registration
from registration.models.details import columns_for_organisers
from registration.status import Letter

from .address import replace_address, save_person
from .days import hold_days, send_everything

# Columns that organisers may correct in a person's row.
MAY_CORRECT = [*columns_for_organisers(), "calendar_mails", "neutral_titles"]


def correct_details(registrant: Registrant, *, details: dict[str, Any], now: datetime) -> bool:
    """Change what a person told us, because they asked an organiser to.

    `details` maps names from `MAY_CORRECT` to new values. A new address ends the links that went to the old one, and
    unsent mails to the old one are withdrawn: readers of the old address must learn only that it changed.
    What the person needs is not shown at the new address until they write it again. Then the person is sent everything
    there, as by `send_all_again`, with the days they wait for, and one last mail goes to the old address. Otherwise
    sends nothing.

    Returns whether the address changed. Raises AlreadySignedUp when another row has this name and address.
    """
    unknown = set(details) - set(MAY_CORRECT)
    if unknown:
        raise ValueError(f"Not for organisers to change: {sorted(unknown)}")
    with transaction.atomic():
        days = hold_days(registrant)
        row = Registrant.objects.only_row(registrant).locked().get()
        email = details.get("email", row.email)
        has_new_address = key_of_address(email) != row.email_key
        old_email = row.email if row.is_verified and not row.is_undeliverable else ""
        if has_new_address:
            # Not the Access team's answer: nobody has shown yet that the new address is theirs.
            replace_address(row, email, follow=(Letter.BROADCAST,), now=now)
            AccessRequest.objects.for_person(row).update(is_hidden=True)
        for name, value in details.items():
            setattr(row, name, value)
        row.name_key = key_of_name(row.name)
        save_person(row)
        if has_new_address:
            _send_all(row, days, now, with_waiting=True)
        if has_new_address and old_email:
            outbox.queue_address_changed(row, old_email, now=now)
    return has_new_address


def send_all_again(registrant: Registrant, *, now: datetime) -> bool:
    """Send a person their mails again: confirmation and invites, or the mail that asks them to confirm.

    Days that are over are left out. Returns whether there was anything to send.
    """
    with transaction.atomic():
        return _send_all(registrant, hold_days(registrant), now)


def _send_all(registrant: Registrant, days: Collection[int], now: datetime, *, with_waiting: bool = False) -> bool:
    if send_everything(registrant, days=days, now=now, with_waiting=with_waiting):
        return True
    registrant = Registrant.objects.only_row(registrant).locked().get()
    pending = Registration.objects.for_person(registrant).pending().with_people()
    if all(row.day.has_ended(now) for row in pending):
        return False
    outbox.queue_please_confirm(registrant, now=now)
    return True
