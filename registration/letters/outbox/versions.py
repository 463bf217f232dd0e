"""Queues the versions of a person's calendar entry for one day: invite, change, cancellation.

A newer version takes the place of one that has not left yet, so nobody reads two changes where one says it all, and
a person who never got the first version gets only the last, as an invite. Callers hold the day's lock, which keeps
the versions of one entry in order, and pass registrations with person, day and conference loaded.
"""

from registration.letters import days, invites
from registration.mail.rows import put
from registration.mail.statements import update
from registration.models import OutboxMessage
from registration.status import CALENDAR_KINDS, CancelledBy, MailKind

from . import confirmations

_FIRST_KINDS = (MailKind.CONFIRMATION, MailKind.PLACE, MailKind.INVITE)

# How the mail of a first version is written, by its kind.
_WRITE = {
    MailKind.CONFIRMATION: lambda row, invite: days.confirmation(row.registrant, [row], invite=invite),
    MailKind.PLACE: days.place,
    MailKind.INVITE: days.calendar_invite,
}


def queue_version(registration, kind, *, now):
    """Queue the entry as it stands, in a mail of `kind`: confirmation of one day, place, or invite.

    SEQUENCE stays: the same version sent again is no news to a calendar.
    """
    held = _take_back(registration, _FIRST_KINDS, now)
    was = held[0].was if held else _known(registration)
    invite = invites.request(registration, now=now)
    _save(registration, is_invited=True)
    return put(
        _WRITE[kind](registration, invite),
        now=now,
        registrant=registration.registrant,
        registration=registration,
        was=was,
    )


def queue_invite(registration, *, now):
    """Queue the calendar invite of one day that was added alone. Without calendar mails, the day in words."""
    if registration.registrant.calendar_mails:
        return queue_version(registration, MailKind.INVITE, now=now)
    return confirmations.queue_words(registration.registrant, [registration], now=now)


def queue_place(registration, *, now):
    """Queue the mail to somebody for whom a place has come free, with the day's invite unless they want none."""
    if registration.registrant.calendar_mails:
        return queue_version(registration, MailKind.PLACE, now=now)
    _save(registration, is_invited=False)
    return _put_plain(days.place(registration, None), registration, now)


def queue_restored(registration, *, now):
    """Queue the mail that a day takes place after all: a new invite, or in words that they wait again."""
    confirmations.refresh(registration.registrant, now=now)
    takes_invite = registration.is_confirmed and registration.registrant.calendar_mails
    invite = invites.request(registration, now=now) if takes_invite else None
    if registration.is_confirmed:
        _save(registration, is_invited=takes_invite)
    return _put_plain(days.restored(registration, invite), registration, now)


def queue_moved(registration, *, now):
    """Queue the change of a day's time for one person: the same UID, SEQUENCE raised by one.

    Nothing is queued for somebody who knows the day's time as it is now: it moved back before the mail left.
    Somebody who was invited keeps a true calendar even with calendar mails switched off since; who never was gets
    the change in words.
    """
    if not registration.is_confirmed:
        return None
    day = registration.day
    held = _take_back(registration, (*_FIRST_KINDS, MailKind.UPDATE), now)
    is_retold = confirmations.refresh(registration.registrant, now=now)
    was = held[0].was if held else _known(registration)
    first_kind = next((row.kind for row in held if row.kind in _FIRST_KINDS), None)
    if was == (day.starts_at, day.ends_at) and not first_kind:
        _save(registration, is_invited=registration.is_invited)
        return None
    if not registration.is_invited and is_retold:
        _save(registration, is_invited=False)
        return None
    invite = None
    if registration.is_invited:
        registration.invite_sequence += 1
        invite = invites.request(registration, now=now)
    _save(registration, is_invited=registration.is_invited)
    if was is None or was == (day.starts_at, day.ends_at):
        message = _WRITE[first_kind or MailKind.INVITE](registration, invite)
    else:
        message = days.change(registration, invite, was=was)
    return put(message, now=now, registrant=registration.registrant, registration=registration, was=was)


def queue_cancel(registration, *, now):
    """Queue what a person must get when their registration for a day has ended.

    An invite that has not left is withdrawn, and there is nothing to take out of a calendar. Otherwise a CANCEL
    with SEQUENCE raised by one. In words alone for somebody who has a place and takes no calendar mails, and for
    somebody whom an organiser took off a waiting list. Nothing for an address that nobody verified.
    """
    held = _take_back(registration, CALENDAR_KINDS, now)
    confirmations.refresh(registration.registrant, now=now)
    knows = not held or held[0].was is not None
    by_organiser = registration.cancelled_by == CancelledBy.ORGANISER and registration.registrant.is_verified
    if knows and (registration.confirmed_at or by_organiser):
        return _put_cancel(registration, held, now)
    _forget(registration)
    return None


def queue_called_off(registration, *, now):
    """Queue the news that a whole day is called off, with the CANCEL of the invite if they have one.

    Unlike a day that somebody dropped, this is said also to those whose invite has not left, and to those who wait.
    """
    held = _take_back(registration, CALENDAR_KINDS, now)
    confirmations.refresh(registration.registrant, now=now)
    if held and held[0].was is None:
        _forget(registration)
    return _put_cancel(registration, held, now)


def _put_cancel(registration, held, now):
    invite = None
    if registration.is_invited:
        if held and held[0].was:
            registration.invited_starts_at, registration.invited_ends_at = held[0].was
        registration.invite_sequence += 1
        registration.save(update_fields=["invite_sequence", "invited_starts_at", "invited_ends_at"])
        invite = invites.cancel(registration, now=now)
    return _put_plain(days.cancellation(registration, invite), registration, now)


def _put_plain(message, registration, now):
    return put(message, now=now, registrant=registration.registrant, registration=registration)


def _take_back(registration, kinds, now):
    """Withdraw the unsent versions of an entry; return them, the oldest first.

    Locked before they are withdrawn, so no worker takes one in between.
    """
    if registration.invited_starts_at is None:
        return []  # no version was ever queued
    rows = OutboxMessage.objects.versions_of_invite(registration).of_kind(*kinds).not_begun()
    held = list(rows.for_lists().locked())
    for row in held:
        OutboxMessage.objects.only_row(row).withdraw(now)
    return held


def _known(registration):
    """(start, end) of the newest version that went to the person, or None."""
    if registration.invited_starts_at is None:
        return None
    return registration.invited_starts_at, registration.invited_ends_at


def _save(registration, *, is_invited):
    """Note which times the newest mail about the day names."""
    registration.is_invited = is_invited
    registration.invited_starts_at, registration.invited_ends_at = registration.day.starts_at, registration.day.ends_at
    names = ("is_invited", "invite_sequence", "invited_starts_at", "invited_ends_at")
    update(registration, {name: getattr(registration, name) for name in names})


def _forget(registration):
    """Note that nothing about the day reached the person."""
    registration.is_invited = False
    registration.invited_starts_at = registration.invited_ends_at = None
    registration.save(update_fields=["is_invited", "invited_starts_at", "invited_ends_at"])
