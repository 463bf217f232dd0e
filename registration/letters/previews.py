"""Previews for organisers: a letter as a reader would get it, with links that open nothing.

Links to a person's page, door and unsubscribing must stay private. So a preview is written for a ghost: a copy of the
person with another random id, for which no link is valid.
"""

import copy
import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.core.mail import EmailMultiAlternatives
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from conference.site.languages import offered_language
from registration.letters.frame import Mail
from registration.models import Broadcast, OutboxMessage, Registrant, Registration
from registration.models.letter_texts import all_words

from . import days, invites, wording
from .broadcasts import write_broadcast
from .sign_up import write_please_confirm

_HEADING = re.compile(r"<(/?)h([1-4])")


@dataclass(frozen=True)
class Preview:
    """A letter to look at: its reader, its subject, its words as HTML (safe) and as text."""

    reader: str
    place: str
    language: str
    subject: str
    html: str
    text: str


def preview_broadcast(broadcast: Broadcast, registrant: Registrant, *, now: datetime) -> Preview:
    """Return the Preview of a broadcast for one person, with what is filled in marked."""
    preview = as_preview(write_for_ghost(broadcast, registrant, now=now, marked=True), registrant)
    if broadcast.asks_to_confirm:
        return preview
    return replace(preview, language=broadcast.language_for(registrant.language))


def preview_move(
    registration: Registration, *, starts_at: datetime, ends_at: datetime, why: str, now: datetime
) -> Preview:
    """Return the Preview of the mail that tells a person of a day's new time, from UTC instant to instant."""
    _ghost, (row,) = ghost_of(registration.registrant, [registration])
    was = (row.day.starts_at, row.day.ends_at)
    row.day = copy.copy(row.day)
    row.day.starts_at, row.day.ends_at = starts_at, ends_at
    with translation.override(row.registrant.language), wording.use_words(all_words()):
        invite = invites.request(row, now=now) if row.is_invited else None
        message = days.write_change(row, invite, was=was, why=why)
    return as_preview(message, registration.registrant)


def preview_place(registration: Registration, *, now: datetime) -> Preview:
    """Return the Preview of the mail about a place that has come free. `registration` has one (`copy_with_place`)."""
    _ghost, (row,) = ghost_of(registration.registrant, [registration])
    row.invited_starts_at, row.invited_ends_at = row.day.starts_at, row.day.ends_at
    with translation.override(row.registrant.language), wording.use_words(all_words()):
        invite = invites.request(row, now=now) if row.registrant.calendar_mails else None
        message = days.write_place(row, invite)
    return as_preview(message, registration.registrant)


def preview_sign_up(registrant: Registrant, registrations: Sequence[Registration], *, now: datetime) -> Preview:
    """Return the Preview of the first mail about some days: the confirmation, or the one that asks to confirm."""
    ghost, rows = ghost_of(registrant, registrations)
    with translation.override(ghost.language), wording.use_words(all_words()):
        if any(row.is_pending for row in rows):
            message = write_please_confirm(ghost, rows)
        else:
            for row in rows:
                row.invited_starts_at, row.invited_ends_at = row.day.starts_at, row.day.ends_at
            goes_along = len(rows) == 1 and rows[0].is_confirmed and registrant.calendar_mails
            invite = invites.request(rows[0], now=now) if goes_along else None
            message = days.write_confirmation(ghost, rows, invite=invite)
    return as_preview(message, registrant)


def as_preview(message: EmailMultiAlternatives, registrant: Registrant) -> Preview:
    """Return a written letter as a Preview, whose reader and place are in the organiser's language."""
    html = str(message.alternatives[0][0])
    found = re.search(r"<main>(.*)</main>", html, re.DOTALL)
    return Preview(
        reader=registrant.reader,
        place=registrant.place,
        language=offered_language(registrant.language),
        subject=str(message.subject),
        # Safe: it is what our own template made. Its headings are below those of the page around it.
        html=mark_safe(_HEADING.sub(lambda tag: f"<{tag[1]}h{int(tag[2]) + 2}", found[1] if found else html)),  # noqa: S308
        text=str(message.body),
    )


def address_to_author(message: EmailMultiAlternatives, reader: str, row: OutboxMessage) -> EmailMultiAlternatives:
    """Return a letter as a test: to the row's address, under a subject that says so."""
    words = {"reader": reader, "subject": message.subject}
    message.subject = _("Test, as %(reader)s reads it: %(subject)s") % words
    message.to = [row.to_email]
    for header in ("List-Unsubscribe", "List-Unsubscribe-Post"):
        message.extra_headers.pop(header, None)
    message.extra_headers |= {"Message-ID": f"<{row.message_id}>", "Date": row.created_at}
    return message


def write_for_ghost(broadcast: Broadcast, registrant: Registrant, *, now: datetime, marked: bool = False) -> Mail:
    """Return the mail of a broadcast to a person, with links that open nothing."""
    if broadcast.asks_to_confirm:
        ghost, places = ghost_of(registrant, Registration.objects.for_person(registrant).pending().with_people())
        return write_please_confirm(ghost, places)
    ghost, places = ghost_of(registrant, broadcast.whom.days_of(registrant))
    with translation.override(ghost.language):
        return write_broadcast(broadcast, ghost, places, now=now, marked=marked)


def ghost_of(registrant: Registrant, registrations: Iterable[Registration]) -> tuple[Registrant, list[Registration]]:
    """Return copies of a person and some of their registrations for which no link is valid."""
    ghost = copy.copy(registrant)
    ghost.public_id, ghost.language = uuid.uuid4(), offered_language(registrant.language)
    rows = [copy.copy(row) for row in registrations]
    for row in rows:
        row.reference, row.registrant = uuid.uuid4(), ghost
    return ghost, rows
