"""Mails about a person's days: confirmation, calendar invite, change, cancellation, a place that came free."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils import translation

from conference.clock import Span
from registration import links
from registration.models import Registrant, Registration
from registration.status import CancelledBy

from .frame import Mail, write
from .invites import Invite
from .slips import earliest_first, slip

# A mail about a day that starts within this time says so.
SOON = timedelta(hours=12)


def write_confirmation(
    registrant: Registrant, registrations: Sequence[Registration], *, invite: Invite | None = None
) -> Mail:
    """Return the mail that lists a person's days, those they wait for, and how to join.

    Args:
        registrant: the person, with the conference loaded.
        registrations: the rows this is about, confirmed or waiting, with days loaded. It begins with the earliest.
        invite: the `Invite` of the day if it is the only one; then no mail of its own follows.
    """
    slips = [slip(row, join_url=links.join_url(row)) for row in earliest_first(registrations)]
    # In a mail with an invite the person has a place, even if they dropped the day while a worker held the mail.
    places = [one for one in slips if one.is_confirmed or invite]
    words = {
        "places": places,
        "has_place": bool(places),
        "waiting": [one for one in slips if one.is_waitlisted],
        "waiting_level": "h3" if places else "h2",
        "only": slips[0] if len(slips) == 1 else None,
        "invites_follow": invite is None and registrant.calendar_mails,
        "calendar_page_url": links.calendar_page_url(registrant),
    }
    return write("confirmation", registrant, words, invite=invite)


def write_invite(registration: Registration, invite: Invite | None) -> Mail:
    """Return the short mail that carries one day's invite."""
    return _write_about("invite", registration, invite)


def write_change(
    registration: Registration, invite: Invite | None, *, was: tuple[datetime, datetime], why: str = ""
) -> Mail:
    """Return the mail that moves a day in the calendar, with the old and the new time in its first line.

    `was` is (start, end) as the person knows them, UTC instants. Without an invite it is text only. `why` is an
    organiser's reason, here and below.
    """
    old = Span(*was, registration.registrant.zone)
    return _write_about("update", registration, invite, old=old, why=why, is_asked_for=False)


def write_cancellation(
    registration: Registration,
    invite: Invite | None,
    *,
    why: str = "",
    twice: str = "",
    is_page: bool = True,
    can_come_back: bool = True,
) -> Mail:
    """Return the mail that removes a day from the calendar, or that only says in words that the person is off it.

    The registration says who ended it: the person, an organiser, or the whole day that is called off. `twice` is
    "together" if a second sign-up became part of the first, "apart" if that was undone. Without `is_page` the mail
    leads nowhere: its mailbox is no longer the person's. `can_come_back` is whether people can sign up for the day now.
    """
    return _write_about(
        "cancel",
        registration,
        invite,
        why=why,
        by_organiser=registration.cancelled_by == CancelledBy.ORGANISER,
        called_off=registration.cancelled_by == CancelledBy.DAY,
        twice=twice,
        can_come_back=can_come_back and is_page,
        is_asked_for=registration.cancelled_by == CancelledBy.PERSON or not is_page,
        my_url=None if is_page else "",
    )


def write_place(registration: Registration, invite: Invite | None, *, now: datetime | None = None) -> Mail:
    """Return the mail to the first in line, for whom a place has come free. At `now`, a UTC instant, the day is near.

    It may be the only mail before the day: nobody is reminded of a day that they joined after its mark.
    """
    return _write_about("place", registration, invite, is_asked_for=False, **_near(registration, now))


def write_restored(
    registration: Registration,
    invite: Invite | None,
    *,
    why: str = "",
    is_new: bool = False,
    now: datetime | None = None,
) -> Mail:
    """Return the mail that a day which was called off takes place after all.

    With `is_new` the person waited for a place before, and has one now. At `now`, a UTC instant, the day is near.
    """
    near = _near(registration, now)
    return _write_about("restored", registration, invite, why=why, is_new=is_new, is_asked_for=False, **near)


def _near(registration: Registration, now: datetime | None) -> dict[str, Any]:
    """Return whether the day is on at the UTC instant `now`, and when it starts if that is soon."""
    day = registration.day
    is_soon = now is not None and timedelta(0) < day.starts_at - now < SOON
    with translation.override(registration.registrant.language):
        when = slip(registration).near_words(now) if now is not None and is_soon else ""
    return {"is_on": now is not None and day.is_on(now), "when": when}


def _write_about(
    name: str,
    registration: Registration,
    invite: Invite | None,
    *,
    is_asked_for: bool = True,
    my_url: str | None = None,
    **words: Any,
) -> Mail:
    """A mail about one day. Unless it answers the person's own action, it has an unsubscribe link (RFC 8058)."""
    words |= {"slip": slip(registration), "join_url": links.join_url(registration)}
    words["has_place"] = registration.is_confirmed
    url = "" if is_asked_for else links.unsubscribe_url(registration.registrant)
    return write(name, registration.registrant, words, invite=invite, unsubscribe_url=url, my_url=my_url)
