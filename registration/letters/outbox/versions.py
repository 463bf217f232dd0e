"""Queues the versions of a person's calendar entry for one day: invite, change, cancellation.

A newer version replaces one that has not left yet, so nobody reads two changes if one is enough, and a person who never
got the first version gets only the last, as an invite. Callers hold the day's lock, which keeps the versions of one
entry in order, and pass registrations with person, day and conference loaded.
"""

# mypy: no-strict-optional
# The columns may be empty, but one that was invited has both times.

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypedDict

from django.db.models import Q

from registration.addresses import ascii_address
from registration.mail.rows import new_row, put
from registration.models import DayNotice, OutboxMessage, Registrant, Registration
from registration.status import CALENDAR_KINDS, CancelledBy, Letter, MailKind

from . import confirmations


class MergeFacts(TypedDict, total=False):
    """Facts of a mail about two sign-ups of one person: "together" or "apart", and for another mailbox its reader."""

    twice: str
    name: str  # as they signed up there
    door: int  # the version of the door's links that went there


_FIRST_KINDS = (MailKind.CONFIRMATION, MailKind.PLACE, MailKind.INVITE)


def queue_version(registration: Registration, letter: Letter, kind: MailKind, *, now: datetime) -> None:
    """Queue the entry as it is, in a letter of that kind: confirmation of one day, place, or invite."""
    put(version_row(registration, letter, kind, now=now))


def version_row(registration: Registration, letter: Letter, kind: MailKind, *, now: datetime) -> OutboxMessage:
    """Return the row of the entry as it is, for `put`.

    SEQUENCE stays: the same version sent again changes nothing in a calendar.
    """
    held = _take_back(registration, _FIRST_KINDS, now)
    was = held[0].was if held else _known(registration)
    _save(registration, is_invited=True)
    return row_with_entry(letter, kind, registration, now=now, was=was)


def first_version_row(registration: Registration, letter: Letter, kind: MailKind, *, now: datetime) -> OutboxMessage:
    """Return the row of an entry's first version, if the registration already counts as invited."""
    return row_with_entry(letter, kind, registration, now=now)


def queue_invite(registration: Registration, *, now: datetime) -> None:
    """Queue the calendar invite of one day that was added alone. Without calendar mails, the day in words."""
    if registration.registrant.calendar_mails:
        queue_version(registration, Letter.INVITE, MailKind.INVITE, now=now)
    else:
        confirmations.queue_words(registration.registrant, [registration], now=now)


def queue_rewritten(registration: Registration, *, now: datetime) -> None:
    """Queue what an entry says from now on, to a person who was invited: SEQUENCE raised by one (RFC 5546 §3.2.2.1).

    Also where they turned calendar mails off since: the entry is in their calendar.
    """
    registration.invite_sequence += 1
    queue_version(registration, Letter.INVITE, MailKind.INVITE, now=now)


def queue_place(registration: Registration, *, now: datetime) -> None:
    """Queue the mail to the person for whom a place has come free, with the day's invite unless they want none."""
    if registration.registrant.calendar_mails:
        queue_version(registration, Letter.PLACE, MailKind.PLACE, now=now)
        return
    _save(registration, is_invited=False)
    put(row_in_words(Letter.PLACE, MailKind.PLACE, registration, now=now))


def queue_restored(registration: Registration, *, now: datetime, notice: DayNotice | None = None) -> None:
    """Queue the mail that a day takes place after all: a new invite, or in words that they wait again.

    It takes the place of versions that wait. `notice` is the `DayNotice` that says why, here and below.
    """
    _take_back(registration, _FIRST_KINDS, now)
    takes_invite = registration.is_confirmed and registration.registrant.calendar_mails
    if registration.is_confirmed:
        _save(registration, is_invited=takes_invite)
    kind = MailKind.INVITE if registration.is_confirmed else MailKind.NOTE
    facts = ({"notice": notice.pk} if notice else {}) | ({"is_new": True} if _has_waited_before(registration) else {})
    put((row_with_entry if takes_invite else row_in_words)(Letter.RESTORED, kind, registration, now=now, facts=facts))


def queue_moved(registration: Registration, *, now: datetime, notice: DayNotice | None = None) -> None:
    """Queue the change of a day's time for one person: the same UID, SEQUENCE raised by one.

    Nothing is queued for people who know the day's time as it is now: it moved back before the mail left. A person who
    was invited gets the update even if they have switched calendar mails off since; one who never was gets the change
    in words.
    """
    if not registration.is_confirmed:
        return
    day = registration.day
    held = _take_back(registration, (*_FIRST_KINDS, MailKind.UPDATE), now)
    was = held[0].was if held else _known(registration)
    first = next((row for row in held if row.kind in _FIRST_KINDS), None)
    is_known = was == (day.starts_at, day.ends_at) and first is None
    is_retold = not registration.is_invited and confirmations.is_still_to_be_told(registration)
    if is_known or is_retold:
        _save(registration, is_invited=registration.is_invited)
        return
    if registration.is_invited:
        registration.invite_sequence += 1
    _save(registration, is_invited=registration.is_invited)
    letter, kind, facts = Letter.UPDATE, MailKind.UPDATE, {}
    if was is None or was == (day.starts_at, day.ends_at):
        letter, kind = Letter.INVITE, MailKind.INVITE
        if first:
            letter, kind, facts = Letter(first.letter), MailKind(first.kind), first.facts
    if notice:
        facts = facts | {"notice": notice.pk}
    make = row_with_entry if registration.is_invited else row_in_words
    put(make(letter, kind, registration, now=now, was=was, facts=facts))


def queue_cancel(registration: Registration, *, now: datetime) -> None:
    """Queue the mail for a registration that has ended.

    An invite that has not left is withdrawn: there is nothing to remove from a calendar. Otherwise a CANCEL with
    SEQUENCE raised by one. In words alone for people who have a place and take no calendar mails, and for those whom an
    organiser took off a waiting list, or off a day that they knew of from their page alone. Nothing for an address
    that nobody verified.
    """
    held = _take_back(registration, CALENDAR_KINDS, now)
    has_heard = not held or held[0].was is not None
    if not has_heard:
        _forget(registration)
    by_organiser = registration.cancelled_by == CancelledBy.ORGANISER and registration.registrant.is_verified
    if by_organiser or (has_heard and registration.confirmed_at):
        _put_cancel(registration, held, now)


def queue_called_off(registration: Registration, *, now: datetime, notice: DayNotice | None = None) -> None:
    """Queue the news that a whole day is called off, with the CANCEL of the invite if they have one.

    Unlike a day that the person dropped, this is said also to those whose invite has not left, and to those who wait.
    """
    held = _take_back(registration, CALENDAR_KINDS, now)
    if held and held[0].was is None:
        _forget(registration)
    _put_cancel(registration, held, now, notice=notice)


def queue_taken_out(
    registration: Registration,
    twice: MergeFacts,
    *,
    now: datetime,
    to_email: str | None = None,
    language: str | None = None,
) -> None:
    """Queue what removes an entry from a calendar when two sign-ups of one person are merged or separated again.

    `twice` says which of the two, and goes into the mail's facts. Nothing is queued if nothing reached the calendar:
    the place itself is in another row. Parted, people without an entry are told in words.

    Args:
        to_email: the other mailbox, if that is where the calendar is; `language` of its mails.
    """
    held = _take_back(registration, CALENDAR_KINDS, now)
    was_told = _known(registration) is not None and (not held or held[0].was is not None)
    in_words = twice["twice"] == "apart" and not confirmations.is_still_to_be_told(registration)
    if was_told and registration.confirmed_at and (registration.is_invited or in_words):
        _put_cancel(registration, held, now, to_email=to_email, language=language, facts=twice)
    else:
        _forget(registration)


def take_back_taken_out(registration: Registration, *, now: datetime) -> bool:
    """Withdraw what `queue_taken_out` queued; return whether it had not left, so the calendar has the entry still."""
    return any(row.letter == Letter.CANCEL for row in _take_back(registration, (MailKind.CANCEL,), now))


def put_endings_in_words(registrant: Registrant, *, now: datetime) -> None:
    """Let unsent mails that a locked person's days have ended say so in words alone, for a calendar without the entry.

    Also those that were given up. Withdrawn are those that tell nothing: the person ended the day, is on it again or
    keeps the place, the day is over, or the mail is for another mailbox. Locked first, as in `_take_back`.
    """
    mails = OutboxMessage.objects.unsent().for_person(registrant).filter(letter=Letter.CANCEL)
    there = set(Registration.objects.for_person(registrant).live().values_list("day", flat=True))
    for mail in mails.select_related("registration__day").locked():
        row = mail.registration
        is_known = row.cancelled_by == CancelledBy.PERSON or row.day_id in there or row.day.has_ended(now)
        is_for_other = mail.facts.get("twice") == "together" or mail.to_email != ascii_address(registrant.email)
        if is_known or is_for_other:
            OutboxMessage.objects.only_row(mail).withdraw(now)
        else:
            OutboxMessage.objects.only_row(mail).update(sequence=None)


def _put_cancel(registration: Registration, held: Sequence[OutboxMessage], now: datetime, **more: Any) -> None:
    kind = MailKind.CANCEL if registration.confirmed_at else MailKind.NOTE
    if not registration.is_invited:
        put(row_in_words(Letter.CANCEL, kind, registration, now=now, **more))
        return
    if held and held[0].was:
        registration.invited_starts_at, registration.invited_ends_at = held[0].was
    registration.invite_sequence += 1
    registration.save(update_fields=["invite_sequence", "invited_starts_at", "invited_ends_at"])
    put(row_with_entry(Letter.CANCEL, kind, registration, now=now, **more))


def row_with_entry(
    letter: Letter,
    kind: MailKind,
    registration: Registration,
    *,
    now: datetime,
    **more: Any,
) -> OutboxMessage:
    """The row of a letter that carries the calendar entry, in the version that `registration` has."""
    row = row_in_words(letter, kind, registration, now=now, **more)
    row.sequence = registration.invite_sequence
    return row


def row_in_words(
    letter: Letter,
    kind: MailKind,
    registration: Registration,
    *,
    now: datetime,
    was: tuple[datetime, datetime] | None = None,
    notice: DayNotice | None = None,
    to_email: str | None = None,
    language: str | None = None,
    facts: Mapping[str, Any] | None = None,
) -> OutboxMessage:
    """The row of a letter about one day, at the times that the person hears, or heard, of."""
    day = registration.day
    times = (day.starts_at, day.ends_at)
    if letter == Letter.CANCEL:
        times = _known(registration) or times  # the DTSTART and DTEND of a CANCEL are those in the calendar
    return new_row(
        letter,
        kind,
        registration.registrant,
        now=now,
        registration=registration,
        was=was,
        to_email=to_email,
        language=language,
        starts_at=times[0],
        ends_at=times[1],
        facts=dict(facts or ({"notice": notice.pk} if notice else {})),
    )


def _take_back(registration: Registration, kinds: Sequence[MailKind], now: datetime) -> list[OutboxMessage]:
    """Withdraw the unsent versions of an entry; return them, the oldest first.

    Locked before they are withdrawn, so no worker takes one in between.
    """
    if registration.invited_starts_at is None:
        return []  # no version was ever queued
    rows = OutboxMessage.objects.versions_of_invite(registration).of_kind(*kinds).not_begun()
    held = list(rows.with_people().locked())
    for row in held:
        OutboxMessage.objects.only_row(row).withdraw(now)
    return held


def _has_waited_before(registration: Registration) -> bool:
    """Whether the person has a place on a day that is back, and heard only of its waiting list before."""
    if not registration.is_confirmed or registration.waitlisted_at is None:
        return False
    ended = Registration.objects.for_person(registration.registrant).for_day(registration.day).ended_with_day()
    heard = ended.filter(Q(confirmed_at=None) | Q(invited_starts_at__isnull=False)).order_by("pk").last()
    return heard is None or heard.confirmed_at is None


def _known(registration: Registration) -> tuple[datetime, datetime] | None:
    """(start, end) of the newest version that went to the person, or None."""
    if registration.invited_starts_at is None:
        return None
    return registration.invited_starts_at, registration.invited_ends_at


def _save(registration: Registration, *, is_invited: bool) -> None:
    """Record which times the newest mail about the day gives."""
    registration.is_invited = is_invited
    registration.invited_starts_at, registration.invited_ends_at = registration.day.starts_at, registration.day.ends_at
    names = ("is_invited", "invite_sequence", "invited_starts_at", "invited_ends_at")
    registration.save(update_fields=names)


def _forget(registration: Registration) -> None:
    """Record that no mail about the day reached the person."""
    registration.is_invited = False
    registration.invited_starts_at = registration.invited_ends_at = None
    registration.save(update_fields=["is_invited", "invited_starts_at", "invited_ends_at"])
