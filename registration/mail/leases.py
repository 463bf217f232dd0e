"""The workers' side of the outbox: leasing mails to send, and recording the result of each try.

A lease reserves a mail for one worker for a while: it moves the row's `due_at` to the lease's end, so other workers do
not read it, and the mail of a worker that died is simply due again. All instants are UTC.
"""

import random
import uuid
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from registration.addresses import ascii_address
from registration.models import Broadcast, OutboxMessage, Registrant
from registration.models.outbox import OutboxQuerySet, new_state, note_sent
from registration.status import CALENDAR_KINDS, Letter, MailFault, MailState

# How many mails to many are taken at once: mail queued after them waits for these only.
BULK_AT_ONCE = 20
BROKEN_WAITS = timedelta(minutes=5)
NOT_YET_WAITS = timedelta(seconds=30)
# The waits between tries, in seconds: quick at first for servers that ask unknown senders to come back (greylisting),
# then every four hours; two days in all.
RETRY_SECONDS = (20, 40, 90, 180, 300, 600, 1200, 2400, 4800, 9600, *[4 * 60 * 60] * 11)


def take(*, now: datetime, lease_for: timedelta, limit: int = 1, per_minute: int = 0) -> list[OutboxMessage]:
    """Lease up to `limit` due mails to different people; return their rows, longest due first.

    Mails to many are taken, a few at a time, when no other is due. Call it inside a transaction. Nobody else gets these
    mails until `now + lease_for` (a timedelta). With `per_minute` no more are taken than that many tries a minute
    allow, those of all workers together; mails to many leave a fifth of them to others.
    """
    bulk_limit = min(limit, BULK_AT_ONCE)
    if per_minute:
        # Not those from a clock that was ahead and is right again: they would count until that time comes.
        minute = (now - timedelta(minutes=1), now + timedelta(minutes=1))
        tried = OutboxMessage.objects.filter(tried_at__range=minute).count()
        limit = min(limit, per_minute - tried)
        bulk_limit = min(bulk_limit, per_minute - per_minute // 5 - tried)
    _read_in_order()
    rows = _next(OutboxMessage.objects.due(now).urgent(), limit)
    if not rows and OutboxMessage.objects.queued().bulk().exists():
        if OutboxMessage.objects.promote_bulk(now):
            rows = _next(OutboxMessage.objects.due(now).urgent(), limit)
        rows = rows or _next(OutboxMessage.objects.due(now).bulk(), bulk_limit)
    lease, due_at = uuid.uuid4(), now + lease_for
    for row in rows:
        row.due_before_lease = row.due_at
        row.may_have_arrived = row.lease is not None
        row.lease, row.due_at, row.tried_at, row.attempts = lease, due_at, now, row.attempts + 1
    if rows:
        taken = OutboxMessage.objects.only_rows(rows)
        taken.update(lease=lease, due_at=due_at, tried_at=now, attempts=F("attempts") + 1, is_held_back=False)
    return rows


def mark_sent(row: OutboxMessage, *, now: datetime) -> bool:
    """Record that the server accepted the mail, with its subject. Returns False if the lease ran out in between."""
    is_ours = bool(note_sent.update(row.pk, row.lease, now, row.subject[:300]))
    if is_ours and row.last_error:
        # Not a person who asked for a new address: this mail may have gone there, and the old one still not work.
        Registrant.objects.with_id(row.registrant_id).with_address(row.to_email).set_deliverable()
    return is_ours


def withdraw(row: OutboxMessage, *, now: datetime) -> None:
    """Record that there is nothing left to say: the mail is not sent."""
    _held(row).update(**new_state(MailState.WITHDRAWN, was=[MailState.QUEUED], now=now))


def mark_not_yet(row: OutboxMessage, *, now: datetime) -> None:
    """Give a mail back for a moment: a newer one is about to take its place. It does not count towards the rate."""
    _wait(row, now + NOT_YET_WAITS, lease=_kept_lease(row), attempts=row.attempts - 1, tried_at=None)


def mark_broken(row: OutboxMessage, reason: str, *, now: datetime) -> None:
    """Record that the letter cannot be rendered. It waits as long as necessary; `try_broken_again` tries at once."""
    _wait(
        row,
        now + BROKEN_WAITS,
        lease=_kept_lease(row),
        attempts=row.attempts - 1,
        last_error=reason,
        fault=MailFault.LETTER,
    )


def try_broken_again(*, now: datetime) -> None:
    """Make the letters due that could not be rendered: a worker that starts may run a version that can."""
    OutboxMessage.objects.not_begun().filter(fault=MailFault.LETTER).update(due_at=now)


def mark_for_retry(
    row: OutboxMessage, reason: str, *, now: datetime, may_have_arrived: bool = False, fault: str = ""
) -> None:
    """Record a temporary failure: the mail is tried later, and given up after two days of tries.

    Later mails to the same person are put off as long, so no worker overtakes it. A mail that may have arrived keeps
    its lease, which says that it can no longer be taken back. With a `fault` organisers see it.
    """
    if row.attempts > len(RETRY_SECONDS):
        _finish_dead(row, reason, now)
        return
    due_at = now + timedelta(seconds=RETRY_SECONDS[row.attempts - 1] * random.uniform(0.8, 1.2))  # noqa: S311 no secret
    lease = row.lease if may_have_arrived else _kept_lease(row)
    _wait(row, due_at, last_error=reason, fault=fault, lease=lease)


def note_fault(row: OutboxMessage, reason: str) -> None:
    """Show organisers, on this mail, why the server accepts no mail from us. The worker then releases it."""
    _held(row).update(last_error=reason, fault=MailFault.SERVER)


def mark_refused(row: OutboxMessage, reason: str, *, now: datetime, is_address: bool = False) -> None:
    """Record a permanent refusal: the mail is given up at once.

    With `is_address` the server refused the address itself: that is recorded on the person, and their other waiting
    mails are given up too, since they would get the same reply.
    """
    if not is_address or row.registrant_id is None:
        _finish_dead(row, reason, now)
        return
    with transaction.atomic():
        # The person before their mails: services lock in this order.
        registrant = Registrant.objects.with_id(row.registrant_id).locked().first()
        if _held(row).update(**_dead(reason, now)):
            if ascii_address(registrant.email) == row.to_email:  # not one that they asked for, or had before
                Registrant.objects.with_id(row.registrant_id).set_undeliverable(reason, now)
            waiting = OutboxMessage.objects.not_begun().for_person(row.registrant_id).for_address(row.to_email)
            waiting.update(**_dead(reason, now))


def release(rows: Iterable[OutboxMessage]) -> None:
    """Release mails untried. The try does not count, and each keeps its turn."""
    for row in rows:
        _held(row).update(due_at=row.due_before_lease, lease=_kept_lease(row), attempts=row.attempts - 1)


def release_behind(row: OutboxMessage, *, now: datetime) -> None:
    """Release a mail untried, behind all that are due at `now`: another mail is tried next."""
    _held(row).update(due_at=now, lease=_kept_lease(row), attempts=row.attempts - 1)


def try_again(row: OutboxMessage, *, now: datetime) -> bool:
    """Queue a mail again that was given up. Returns whether that was done.

    Not done for a calendar entry of which a newer version exists: an old one would undo it. The address counts as
    working again until it is refused once more.
    """
    with transaction.atomic():
        row = OutboxMessage.objects.only_row(row).locked().get()
        if not row.is_dead or _is_outdated(row):
            return False
        queued = new_state(MailState.QUEUED, was=[row.state], now=now)
        OutboxMessage.objects.only_row(row).update(**queued, due_at=now, attempts=0)
        Broadcast.objects.with_id(row.broadcast_id).update(finished_at=None)  # its numbers change again
    return True


def withdraw_for(registrant: Registrant, *, keep: Collection[Letter] = (), now: datetime) -> int:
    """Take back mail to a person that has not left, or was given up; not the letters in `keep`. Returns how many."""
    return OutboxMessage.objects.unsent().for_person(registrant).exclude(letter__in=keep).withdraw(now)


def send_to(registrant: Registrant, email: str, *, now: datetime) -> None:
    """Let all mail to a person that has not left, or was given up, go to another address.

    Mails that the old server put off, and those behind them, are due at the UTC instant `now`: they would hold up all
    mail there.
    """
    mails = OutboxMessage.objects.unsent().for_person(registrant)
    Broadcast.objects.with_ids(mails.values("broadcast")).update(finished_at=None)  # its numbers change again
    mails.filter(fault=MailFault.MAILBOX).update(fault="")
    mails.filter(is_held_back=False, due_at__gt=now).update(due_at=now)
    # Those that still wait are queued already and have no lease.
    queued = new_state(MailState.QUEUED, was=[MailState.DEAD], now=None)
    mails.update(**queued, attempts=0, last_error="", to_email=ascii_address(email))


def _next(mails: OutboxQuerySet, limit: int) -> list[OutboxMessage]:
    return list(mails.lock_unheld()[: max(0, limit)])


def _read_in_order() -> None:
    """Make PostgreSQL use the index of due mails, for the rest of this transaction.

    Its statistics of a queue are always old. With those of an almost empty one it read and sorted all of 30,000 mails
    for each ten (150 ms instead of 1).
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_seqscan = off; "
                "SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off"
            )


def _wait(row: OutboxMessage, due_at: datetime, **changes: Any) -> None:
    """Postpone a mail, and the same person's later ones, so no worker reads past them."""
    changed = _held(row).update(due_at=due_at, **changes)
    if changed and row.registrant_id:
        behind = OutboxMessage.objects.queued().for_person(row.registrant_id).newer_than(row)
        behind.filter(to_email=row.to_email, due_at__lt=due_at).update(due_at=due_at)


def _kept_lease(row: OutboxMessage) -> uuid.UUID | None:
    """The lease of a mail after an inconclusive try: it stays if an earlier try may have arrived."""
    return row.lease if row.may_have_arrived else None


def _held(row: OutboxMessage) -> OutboxQuerySet:
    """The leased row, if no other worker has taken it since.

    Only queued mails have a lease. Filtering by state too makes PostgreSQL use the index of all queued mails.
    """
    return OutboxMessage.objects.only_row(row).filter(lease=row.lease)


def _dead(reason: str, now: datetime) -> dict[str, Any]:
    return new_state(MailState.DEAD, was=[MailState.QUEUED], now=now) | {"last_error": reason}


def _finish_dead(row: OutboxMessage, reason: str, now: datetime) -> None:
    _held(row).update(**_dead(reason, now))


def _is_outdated(row: OutboxMessage) -> bool:
    if row.registration_id is None or row.kind not in CALENDAR_KINDS:
        return False
    newer = OutboxMessage.objects.versions_of_invite(row.registration_id).newer_than(row)
    return newer.exclude(state=MailState.WITHDRAWN).exists()
