"""Calendar invites to people (RFC 5546, iTIP): REQUEST, CANCEL, the same as a file, and the personal feed.

Pure: loaded registrations and `now` in, bytes out. Each rule here is needed by some calendar program.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from icalendar import Event

from conference import calendars
from conference.models import Session
from registration import links
from registration.addresses import ascii_address
from registration.models import Registrant, Registration


@dataclass(frozen=True)
class Invite:
    """One version of one person's calendar entry for one day: the file's bytes, and the METHOD they carry."""

    method: str
    content: bytes


def request(registration: Registration, *, now: datetime) -> Invite:
    """Return the invite as it is now: METHOD:REQUEST with the registration's stored UID and SEQUENCE.

    `registration` has its person, day and conference loaded. A first invite and an update differ in SEQUENCE alone.
    """
    return Invite("REQUEST", calendars.calendar("REQUEST", [_invited(registration, now=now, status="CONFIRMED")]))


def cancel(registration: Registration, *, now: datetime) -> Invite:
    """Return what removes the entry from the calendar: METHOD:CANCEL, the same UID, a higher SEQUENCE.

    DTSTART and DTEND are those of the version that is in the calendar.
    """
    return Invite("CANCEL", calendars.calendar("CANCEL", [_invited(registration, now=now, status="CANCELLED")]))


def _invited(registration: Registration, *, now: datetime, status: str) -> Event:
    """The one VEVENT of an invite. RFC 5546 §3.2.2: more than one may not travel in it, unless they share a UID."""
    registrant, day = registration.registrant, registration.day
    is_over = status == "CANCELLED"
    # ACCEPTED, without RSVP: they said yes on our page, and nobody reads replies.
    attendee = calendars.person(
        registrant.name,
        ascii_address(registrant.email),
        ROLE="REQ-PARTICIPANT",
        PARTSTAT="ACCEPTED",
        RSVP="FALSE",
    )
    return _entry(
        registration,
        uid=uid(registration),
        now=now,
        starts_at=(is_over and registration.invited_starts_at) or day.starts_at,
        ends_at=(is_over and registration.invited_ends_at) or day.ends_at,
        status=status,
        attendee=attendee,
    )


def _entry(registration: Registration, *, uid: str, now: datetime, **fields: Any) -> Event:
    """The VEVENT of one person's day, in an invite, a file or the feed; `fields` are those in which they differ."""
    registrant, day = registration.registrant, registration.day
    url = links.join_url(registration)
    common = {
        "sequence": registration.invite_sequence,
        "title": registrant.entry_title(calendars.day_title(day, neutral=registrant.neutral_titles)),
        "description": _description(registration, url),
        "starts_at": day.starts_at,
        "ends_at": day.ends_at,
    }
    return calendars.event(uid=uid, url=url, now=now, **common | fields)


def _description(registration: Registration, url: str) -> str:
    """The description of the entry. `url` is the door's address, never that of the person's page."""
    registrant, day = registration.registrant, registration.day
    summary = "" if registrant.neutral_titles else day.translated.summary
    words = [
        summary,
        _("Join: %(url)s") % {"url": url},
        _("To change your days, use the link to your page in our emails."),
        _("Replying “No” here does not cancel your place."),
    ]
    return "\n".join(word for word in words if word)


def uid(registration: Registration) -> str:
    """The invite's UID (RFC 5545 §3.8.4.7): random, per person, day and round. A day taken again has a new row."""
    return str(registration.invite_uid)


def file(registration: Registration, *, now: datetime) -> bytes:
    """Return one day as a file to save (METHOD:PUBLISH, RFC 5546 §3.2.1), for people whom the invite does not reach.

    It has the invite's UID and SEQUENCE: opened after the invite it makes no second entry, and the CANCEL takes it out
    again. `registration` has its person, day and conference loaded, and a place.
    """
    return calendars.calendar("PUBLISH", [_entry(registration, uid=uid(registration), now=now, alarm=True)])


def feed(
    registrant: Registrant, registrations: Iterable[Registration], *, now: datetime, with_sessions: bool = False
) -> bytes:
    """Return a person's own calendar to subscribe to: the days on which they have a place.

    Args:
        registrant: whose it is.
        registrations: their rows, each with its day and conference loaded, and the day's sessions for `with_sessions`.
        now: the UTC instant for DTSTAMP; the same instant gives the same bytes.
        with_sessions: list sessions that have a time instead of their day.
    """
    events = []
    for row in registrations:
        if not row.is_confirmed:
            continue
        sessions = [session for session in row.day.sessions.all() if session.has_time] if with_sessions else []
        events += [_feed_session(row, session, registrant, now) for session in sessions]
        if not sessions:
            # Not the invite's UID: some clients drop an entry that is in two calendars.
            events.append(_entry(row, uid=f"feed-{row.reference}", now=now))
    name = registrant.entry_title(f"{registrant.conference.short_name} {registrant.conference.slug}")
    return calendars.calendar("PUBLISH", events, name=name)


def _feed_session(registration: Registration, session: Session, registrant: Registrant, now: datetime) -> Event:
    neutral = f"{calendars.day_title(session.day, neutral=True)}{_(', ')}{session.label}"
    title = neutral if registrant.neutral_titles else calendars.session_title(session)
    return calendars.event(
        uid=f"feed-{registration.reference}-{session.slug}",
        title=registrant.entry_title(title),
        description=_description(registration, links.join_url(registration)),
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        url=links.join_url(registration),
        now=now,
        sequence=registration.invite_sequence,
    )
