"""The letter that organisers write to many people: their text, filled in for each reader, with an unsubscribe link."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import translation

from registration import links
from registration.letters.frame import Mail
from registration.models import Broadcast, Registrant, Registration

from .frame import write
from .message_fields import FieldValues, fill, fill_line
from .slips import earliest_first, slip


def write_broadcast(
    broadcast: Broadcast,
    registrant: Registrant,
    registrations: Iterable[Registration],
    *,
    now: datetime,
    marked: bool = False,
) -> Mail:
    """Return the mail of a `Broadcast` to one person, in the person's language or the one with words.

    Args:
        registrant: the person, with the conference loaded.
        registrations: their days that it is about, with days loaded.
        now: the UTC instant; a day that is over no longer has a door.
        marked: highlights what was filled in for this person, for a preview.
    """
    registrant.language = broadcast.language_for(registrant.language)
    written = broadcast.words_in(registrant.language)
    with translation.override(registrant.language):
        values = values_for(registrant, registrations, now=now)
        words = {
            "subject": fill_line(written.get("subject", ""), values),
            "words": fill(written.get("body", ""), values, marked=marked),
        }
        url = "" if broadcast.is_about_places else links.news_unsubscribe_url(registrant)
        return write("broadcast", registrant, words, unsubscribe_url=url)


def values_for(registrant: Registrant, registrations: Iterable[Registration], *, now: datetime) -> FieldValues:
    """Return the `FieldValues` of one person, without days that are called off, or over while others are to come."""
    for row in registrations:
        row.day.conference = registrant.conference
    rows = [row for row in registrations if not row.day.is_called_off]
    rows = [row for row in rows if not row.day.has_ended(now)] or rows
    for row in rows:
        row.registrant = registrant
    slips = tuple(slip(row, **_door(row, now)) for row in earliest_first(rows))
    return FieldValues(name=registrant.reader, slips=slips, page_url=links.my_url(registrant))


def _door(registration: Registration, now: datetime) -> dict[str, str]:
    has_door = registration.is_confirmed and not registration.day.has_ended(now)
    return {"join_url": links.join_url(registration)} if has_door else {}
