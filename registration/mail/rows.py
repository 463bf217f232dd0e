"""Rows of the outbox: the letter, its reader, and the facts that must stay the same for all tries."""

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings

from conference.models import insert
from registration.addresses import ascii_address, sender_address
from registration.models import OutboxMessage, Registrant, Registration
from registration.status import Letter, MailKind


def new_row(
    letter: Letter,
    kind: MailKind,
    registrant: Registrant,
    *,
    now: datetime,
    to_email: str | None = None,
    registration: Registration | None = None,
    was: tuple[datetime, datetime] | None = None,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
    language: str | None = None,
    **facts: Any,
) -> OutboxMessage:
    """Return the row of one letter, queued at the UTC instant `now` and not saved yet: `put` writes it.

    Args:
        letter: a `status.Letter`, and `kind` the `status.MailKind` that organisers see.
        to_email: where it goes, if not to the person's address.
        was: (start, end) of the day as the person knew them before.
        due_at: the UTC instant until which it is held back; without it the mail is due at once.
        language: in which it is written, if not in the person's.
        expires_at: the UTC instant after which it is not sent any more.
        facts: more columns, like `sequence`.
    """
    was_starts_at, was_ends_at = was or (None, None)
    is_to_person = to_email in (None, registrant.email)
    return OutboxMessage(
        registrant=registrant,
        registration=registration,
        kind=kind,
        letter=letter,
        language=language or registrant.language,
        to_email=ascii_address(to_email or registrant.email),
        message_id=new_message_id(),
        created_at=now,
        due_at=due_at or now,
        is_held_back=due_at is not None and due_at > now,
        expires_at=expires_at,
        # Where the last mail was refused for good, this one may show that the address works again.
        last_error=registrant.undeliverable_reason if is_to_person else "",
        was_starts_at=was_starts_at,
        was_ends_at=was_ends_at,
        **facts,
    )


def new_test_row(facts: dict[str, Any], *, to_email: str, now: datetime) -> OutboxMessage:
    """Return the row of a test letter to an organiser's own address: `facts` gives the letter and its reader."""
    return OutboxMessage(
        kind=MailKind.TEST,
        letter=Letter.TEST,
        to_email=ascii_address(to_email),
        message_id=new_message_id(),
        created_at=now,
        due_at=now,
        facts=facts,
    )


def put(*rows: OutboxMessage) -> list[OutboxMessage]:
    """Queue letters, with one INSERT; return the list of their rows.

    Call it inside the transaction of what the mails are about, with the person's row locked: then the order of the
    rows is the order of the changes.
    """
    return insert(rows)


def new_message_id() -> str:
    """Return a Message-ID that nobody has used (RFC 5322 §3.6.4), without the angle brackets."""
    return f"{uuid.uuid4().hex}@{sender_address(settings.DEFAULT_FROM_EMAIL).rpartition('@')[2]}"
