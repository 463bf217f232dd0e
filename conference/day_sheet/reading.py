"""What an organiser typed into a day's sheet: values to write, or what is wrong with them, field by field."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from conference.clock.parsing import date_from, time_from
from conference.models import Session
from conference.pasted_text import without_bullets
from conference.raw_input import one_line

from .values import OF_SESSION

# 45, 45 min, 45', 1h30, 1:30, 1 hour.
_LENGTH = re.compile(
    r"(?:(\d{1,2})\s*(?:h|hrs?|hours?|heures?|:)\s*)?(?:(\d{1,4})\s*(?:m|mins?|minutes?|['’′])?\.?)?",
    re.ASCII | re.IGNORECASE,
)
LONGEST_BREAK = 24 * 60  # minutes, and of a session
EARLY = timedelta(hours=6)  # a time that is so long before the day, or less, is that time before it


class Problem(ValueError):
    """Something that cannot be done, in a sentence that says what to do."""


@dataclass
class Typed:
    """What was typed: `texts` by field, `changed` the fields that say something new, `faults` sentences by field."""

    texts: dict
    changed: set
    faults: dict = field(default_factory=dict)
    values: dict = field(default_factory=dict)


def read(post, shown, seen, sessions):
    """Return what was typed into a sheet that showed the texts `seen`, while the database now says `shown`.

    A field that the organiser left alone keeps its current value. One that someone else has changed since, and the
    organiser too, is a fault that names the other's words; saving again uses the organiser's.
    """
    texts, changed, faults = dict(shown), set(), {}
    for name, now_there in shown.items():
        typed = ",".join(post.getlist(name)) if name.startswith("people-") else one_line(post.get(name))
        was = seen.get(name, now_there)
        is_there = name in post or name.startswith("people-")
        if not is_there or typed == was:
            continue
        texts[name] = typed = without_bullets(typed)
        if typed != now_there:
            changed.add(name)
            if now_there != was:
                words = _("Another organiser changed this in the meantime: “%(theirs)s”. Save again to use your words.")
                faults[name] = words % {"theirs": now_there or _("nothing")}
    for session in sessions:
        name = f"add-{session.pk}"
        texts[name] = without_bullets(one_line(post.get(name)))
        changed |= {name} if texts[name] else set()
    found = Typed(texts, changed, faults)
    _read_window(found)
    for session in sessions:
        _read_session(found, session)
    return found


def lost_words(post, shown, seen):
    """Return [(title, words)] of what was typed for sessions that left the sheet since it showed the texts `seen`."""
    gone = [name for name in seen if name.startswith("title-") and name not in shown]
    found = []
    for title in gone:
        names = [title.replace("title", name, 1) for name in (*OF_SESSION, "add") if name != "people"]
        typed = {name: one_line(post.get(name)) for name in names if name in post}
        words = [text for name, text in typed.items() if text and text != seen.get(name, "")]
        found += [(seen[title], ", ".join(words))] if words else []
    return found


def instant_near(opens_at, at, zone):
    """Return the first instant, in `zone`, at which clocks there show `at`, from shortly before `opens_at` on."""
    date = opens_at.astimezone(zone).date()
    for days in (-1, 0, 1):
        found = datetime.combine(date + timedelta(days=days), at, zone)
        if found >= opens_at - EARLY:
            return found
    raise AssertionError


def _read_window(found):
    for name, parse in (("date", date_from), ("begins", time_from), ("finishes", time_from)):
        _read(found, name, parse)


def _read_session(found, session):
    start, minutes, title = (f"{name}-{session.pk}" for name in OF_SESSION[:3])
    if found.texts[start]:
        _read(found, start, time_from)
    if found.texts[minutes]:
        _read(found, minutes, _whole_minutes)
    elif found.texts[start]:
        found.faults.setdefault(minutes, _("Write how many minutes it lasts, or clear the start too."))
    if found.texts[f"break-{session.pk}"]:
        _read(found, f"break-{session.pk}", _whole_minutes)
    for name, field_name in ((title, "title"), (f"breakwords-{session.pk}", "break_title")):
        longest = Session._meta.get_field(field_name).max_length
        if len(found.texts[name]) > longest:
            found.faults[name] = _("Write at most %(n)d characters.") % {"n": longest}
    if len(found.texts[f"add-{session.pk}"]) > 200:
        found.faults[f"add-{session.pk}"] = _("Write at most 200 characters.")


def _read(found, name, parse):
    try:
        found.values[name] = parse(found.texts[name])
    except ValueError as error:
        found.faults[name] = str(error)


def _whole_minutes(text):
    hours, minutes = (int(number or 0) for number in found.groups()) if (found := _LENGTH.fullmatch(text)) else (0, 0)
    if not 0 < hours * 60 + minutes <= LONGEST_BREAK:
        raise ValueError(_("Write a number of minutes, from 1 to 1440."))
    return hours * 60 + minutes
