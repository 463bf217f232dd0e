"""From a finished message to its row in the outbox."""

import uuid

from django.conf import settings

from registration.addresses import ascii_address
from registration.mail.mailboxes import sender_address
from registration.mail.message import to_bytes
from registration.models import OutboxMessage

from .statements import insert


def put(message, *, now, registrant, registration=None, was=None, expires_at=None, due_at=None):
    """Write a message's row, due at the UTC instant `now`, and return it.

    Call it inside the transaction of what the mail is about, with the person's row locked: then the order of the
    rows is the order of the changes. `was` is (start, end) as the person knew them before.
    After `expires_at`, a UTC instant, the mail is not sent any more. A later `due_at` holds it back until then.
    """
    message_id = new_message_id()
    was_starts_at, was_ends_at = was or (None, None)
    row = OutboxMessage(
        registrant=registrant,
        registration=registration,
        kind=message.kind,
        to_email=ascii_address(message.to_email),
        subject=message.subject[:300],
        message_id=message_id,
        raw=to_bytes(message, from_email=settings.DEFAULT_FROM_EMAIL, message_id=message_id, date=now),
        created_at=now,
        due_at=due_at or now,
        is_held_back=due_at is not None and due_at > now,
        expires_at=expires_at,
        # Where the last mail was refused for good, this one may show that the address works again.
        last_error=registrant.undeliverable_reason if message.to_email == registrant.email else "",
        was_starts_at=was_starts_at,
        was_ends_at=was_ends_at,
    )
    insert(row)
    return row


def new_message_id():
    """Return a Message-ID that nobody has used (RFC 5322 §3.6.4), without the angle brackets."""
    return f"{uuid.uuid4().hex}@{sender_address(settings.DEFAULT_FROM_EMAIL).rpartition('@')[2]}"
