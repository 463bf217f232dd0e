"""Saves what was typed into a day's sheet. The caller has opened a transaction and checked for faults."""

import re
from datetime import UTC, datetime, timedelta

from conference.clock.parsing import clocks_change_words
from conference.models import Appearance, Speaker
from conference.moving import follow, put_day_at
from conference.raw_input import whole_number
from conference.slugs import free_slug

from .reading import instant_near

OF_WINDOW = {"date", "begins", "finishes"}
# What people write behind a name: PhD, M.D., MSc RN. Half of its letters are capitals, but for a few.
_LETTERS = r"(?:[A-Z][a-z]?\.?){2,5}|[BM](?:Eng|Ed|Phil)|DPhil|PharmD|PsyD|Jr\.?|Sr\.?"
_LETTERS_AFTER_A_NAME = re.compile(rf"(?:{_LETTERS})(?: (?:{_LETTERS}))*")


def check_clock(day, sessions, typed, zone):
    """Note a fault in a Typed without others for each new time in an hour that clocks of `zone` skip or repeat."""
    opens_at, times = day.starts_at, {}
    if OF_WINDOW & typed.changed:
        times["begins"], times["finishes"] = window(typed, zone)
        opens_at = times["begins"]
    for name in (f"start-{session.pk}" for session in sessions):
        if name in typed.values and name in typed.changed:
            times[name] = instant_near(opens_at, typed.values[name], zone)
    for name, at in times.items():
        if at.utcoffset() != at.replace(fold=1).utcoffset():
            typed.faults[name] = clocks_change_words(zone)


def write(day, sessions, typed, zone, now):
    """Put the changed fields of a Typed into a day and its sessions. Times are on the clock of `zone`."""
    if OF_WINDOW & typed.changed:
        starts_at, ends_at = window(typed, zone)
        put_day_at(day, starts_at=starts_at, ends_at=ends_at, now=now)
    for session in sessions:
        if {f"{name}-{session.pk}" for name in ("start", "minutes", "title", "break", "breakwords")} & typed.changed:
            session.refresh_from_db()  # its day may have moved it
            _write_session(day, session, typed, zone)
        _write_people(day, session, typed)
    follow(day)


def window(typed, zone):
    """Return the instants at which the day begins and ends as typed; an end before the start is on the next date."""
    date, begins, finishes = (typed.values[name] for name in ("date", "begins", "finishes"))
    starts_at = datetime.combine(date, begins, zone)
    ends_at = datetime.combine(date, finishes, zone)
    if ends_at <= starts_at:
        ends_at = datetime.combine(date + timedelta(days=1), finishes, zone)
    return starts_at, ends_at


def _write_session(day, session, typed, zone):
    key, texts, values = session.pk, typed.texts, typed.values
    if {f"start-{key}", f"minutes-{key}"} & typed.changed:
        minutes = values.get(f"minutes-{key}")
        session.follows = bool(minutes) and not texts[f"start-{key}"]
        if not minutes:
            session.starts_at = session.ends_at = None
        else:
            if f"start-{key}" in values and f"start-{key}" in typed.changed:
                # In UTC: on the clock of a zone the minutes would be wrong if clocks change in between.
                session.starts_at = instant_near(day.starts_at, values[f"start-{key}"], zone).astimezone(UTC)
            session.starts_at = session.starts_at or day.starts_at
            session.ends_at = session.starts_at + timedelta(minutes=minutes)
    session.title = texts[f"title-{key}"]
    if f"title-{key}" in typed.changed:
        session.title_is_description = False
    session.break_minutes = values.get(f"break-{key}")
    session.break_title = texts[f"breakwords-{key}"]
    session.save()


def _write_people(day, session, typed):
    if f"people-{session.pk}" in typed.changed:
        stay = {whole_number(key) for key in typed.texts[f"people-{session.pk}"].split(",")} - {None}
        for appearance in Appearance.objects.filter(session=session).exclude(speaker__in=stay):
            appearance.delete()
    for name in names_in(typed.texts[f"add-{session.pk}"]):
        add_speaker(day, session, name)


def names_in(text):
    """Return the names in a text with commas or semicolons between them; "Ada Byron, MD, PhD" is one."""
    names = []
    for part in re.split("[,;،؛、，；]", text):
        part = " ".join(part.split())
        if names and names[-1] != names[-1].upper() and _LETTERS_AFTER_A_NAME.fullmatch(part):
            names[-1] += f", {part}"
        elif part:
            names.append(part)
    return names


def add_speaker(day, session, name):
    """Add a person to a session: the one on the program with that name, or a new one."""
    everybody = Speaker.objects.for_edition(day.conference_id)
    speaker = next((known for known in everybody if known.name.casefold() == name.casefold()), None)
    if speaker is None:
        slug = free_slug(name, everybody.slugs())
        speaker = Speaker.objects.create(conference_id=day.conference_id, name=name, slug=slug)
    last = Appearance.objects.filter(session=session).order_by("position").last()
    position = last.position + 1 if last else 0
    Appearance.objects.get_or_create(session=session, speaker=speaker, defaults={"position": position})
