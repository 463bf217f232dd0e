"""An edition's program as plain data for program files, which `reading` can read back into the same program.

Empty values are left out. docs/program-files.md lists what program files cannot contain.
"""

from datetime import UTC

from django.db import models

from conference.models import AppearanceRole, Day, Text
from conference.models.sessions import numbered_session_slug
from conference.program_file.schema import ConferenceEntry, DayEntry, SessionEntry, SpeakerEntry

DAYS, SESSIONS, SPEAKERS = (
    tuple(name for name in entry.model_fields if name not in entry.apart)
    for entry in (DayEntry, SessionEntry, SpeakerEntry)
)


def export_program(conference):
    """Return an edition as the plain data of a program file. Six queries, whatever its length."""
    days = list(Day.objects.for_edition(conference).with_program())
    told = {"conference": _fields(conference, [name for name in ConferenceEntry.model_fields if name != "regions"])}
    if regions := _regions(days):
        told["conference"]["regions"] = regions
    known = set()  # speakers already described in full
    told["days"] = [_day(day, known) for day in days]
    if texts := {text.key: text.body for text in Text.objects.for_edition(conference).changed()}:
        told["texts"] = texts
    return told


def slug_in_file(session, day):
    """Return a session's slug in plain data, which leaves it out where a file gives the same one by itself."""
    return session.get("slug") or numbered_session_slug(day, session["number"])


def as_cell(value):
    """Return a value of plain data as a table writes it."""
    return "true" if value is True else value


def _regions(days):
    """Return the dates of each region that has one for every day; a file cannot contain others."""
    dates = {}
    for day in days:
        for announced in day.announced_dates.all():
            dates.setdefault(announced.region, []).append(f"{announced.date:%Y-%m-%d}")
    return [{"name": name, "dates": found} for name, found in dates.items() if len(found) == len(days)]


def _day(day, known):
    told = {"number": day.number} | _fields(day, DAYS)
    if sessions := [_session(session, day, known) for session in day.sessions.all()]:
        told["sessions"] = sessions
    return told


def _session(session, day, known):
    told = {"number": session.number}
    if session.slug != numbered_session_slug(day.number, session.number):
        told["slug"] = session.slug
    told |= _fields(session, SESSIONS)
    if session.title and session.title_is_description:
        told["title_is"] = "description"
    if speakers := [_speaker(appearance, known) for appearance in session.appearances.all()]:
        told["speakers"] = speakers
    return told


def _speaker(appearance, known):
    speaker = appearance.speaker
    told = {"name": speaker.name}
    if appearance.role != AppearanceRole.SPEAKER:
        told["role"] = appearance.role
    if speaker.pk not in known:
        told |= _fields(speaker, SPEAKERS)
    known.add(speaker.pk)
    return told


def _fields(row, names):
    told = {}
    for name in names:
        value, field = getattr(row, name), row._meta.get_field(name)
        if isinstance(field, models.DateTimeField) and value:
            value = value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        if value not in ("", None, False):
            told[name] = str(value) if isinstance(value, str) else value  # a choice is a subclass of str
    return told
