"""Validates plain data: returns a Program, or everything that is wrong with it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import ValidationError

from conference import rules

from .faults import Fault, ProgramFaults, refuse, words_of
from .schema import BELOW, DayEntry, Program, close_to, slug_of

MOST_FAULTS = 20
ITEMS = {"days": gettext_lazy("day %(n)s"), "sessions": gettext_lazy("session %(n)s")}
_SENTENCES = {
    "missing": gettext_lazy("It is missing. Write it here."),
    "list_type": gettext_lazy("Write a list here: each item on a line of its own after a dash."),
    "int_parsing": gettext_lazy("Write a whole number, like 1."),
    "int_parsing_size": gettext_lazy("Write a whole number, like 1."),
    "bool_parsing": gettext_lazy("Write true or false."),
}


@dataclass
class Plain:
    """A file of any format as dicts, lists and texts.

    `lines` has the line of each part by its place, like ("days", 0, "title"). `faults` are those of rows that have no
    place in `data`, for example for a day that does not exist.
    """

    data: object
    lines: dict
    faults: tuple | list = ()


def check(plain, *, anyway=False):
    """Return the Program in a file's Plain data.

    Raises ProgramFaults with everything that is wrong, up to MOST_FAULTS. `anyway` accepts what is merely odd
    (conference.rules).
    """
    if not isinstance(plain.data, dict):
        words = _("This is not a program. A program has the fields “conference:” and “days:”.")
        refuse(plain.lines.get((), 1), "", words)
    file = _File(plain.data, plain.lines, plain.faults)
    program = None
    try:
        program = Program.model_validate(plain.data, context={"year": file.part("conference", "slug")})
    except ValidationError as error:
        for wrong in error.errors(include_url=False):
            file.fault(wrong["loc"], _sentence(wrong))
    file.check_parts(program, anyway)
    sessions = {fault.session for fault in file.faults}
    if len(file.faults) > MOST_FAULTS:
        file.faults[MOST_FAULTS:] = [Fault(None, "", _("There may be more faults than these."))]
    if file.faults:
        raise ProgramFaults(*file.faults, sessions=sessions)
    return program.model_copy(update={"days": sorted(program.days, key=lambda day: day.number)})


def _sentence(wrong):
    """Return an error of pydantic as a sentence that says what to do."""
    names = ["", *(step for step in wrong["loc"] if isinstance(step, str))]
    if wrong["type"] == "extra_forbidden":
        return f"{_('There is no such field.')} {close_to(names[-1], tuple(BELOW[names[-2]].model_fields))}"
    if wrong["type"] == "model_type":
        known = ", ".join(BELOW[names[-1]].model_fields)
        return _("Write fields here, each with a colon: %(names)s.") % {"names": known}
    return str(_SENTENCES.get(wrong["type"]) or wrong["ctx"]["error"])


class _File:
    """A file's plain data, and its faults so far: one run finds all of them."""

    def __init__(self, data, lines, faults):
        self.data, self.lines, self.faults = data, lines, [*faults]
        self.told = {}  # what the file says about each speaker, and where

    def part(self, *place):
        """Return the value at a place, or None."""
        part = self.data
        for step in place:
            try:
                part = part[step]
            except (KeyError, IndexError, TypeError):
                return None
        return part

    def line(self, place):
        """Return the line of a place, or of the nearest one around it."""
        return next((self.lines[place[:end]] for end in range(len(place), -1, -1) if place[:end] in self.lines), None)

    def name(self, place):
        """Return a place in words: "day 2, session 1, title". Without a number, a day or session has its place.

        Field names are as in the file, the rest is in the reader's language.
        """
        words = []
        for end, step in enumerate(place, 1):
            number = str(self.part(*place[:end], "number"))[:4]
            if not isinstance(step, int):
                words.append(step[:80])
            elif (above := place[end - 2]) in ITEMS and number.isdecimal():
                words[-1] = ITEMS[above] % {"n": number}
            elif above == "speakers":
                words[-1] = _("speaker %(n)d") % {"n": step + 1}
            elif above != "dates":
                words.append(_("item %(n)d") % {"n": step + 1})
        return ", ".join(words[1:] if "regions" in place else words)

    def fault(self, place, sentence, name=None, *, is_odd=False):
        session = tuple(place[:4]) if len(place) > 3 and place[2] == "sessions" else None
        self.faults.append(Fault(self.line(place), name or self.name(place), sentence, is_odd, session))

    # --- What must hold between the parts

    def check_parts(self, program, anyway):
        """Check the days that are valid by themselves against each other."""
        items = self.part("days")
        if not isinstance(items, list):
            return
        if not items:
            self.fault(("days",), _("There is no day. Write at least one."))
        days = [self.day(("days", number), entry) for number, item in enumerate(items) if (entry := _day(item))]
        self.check_slugs(program)
        in_order = sorted(days, key=lambda day: day.number)
        if program and [day.number for day in in_order] == [*range(1, len(days) + 1)]:
            self.regions(program.conference.regions or (), in_order)
        for found in rules.check(days):
            sentence, name, place = found.sentence, None, (*(found.key or ()), found.field)
            if (anyway and found.is_odd) or (found.key is None and len(days) < len(items)):
                continue
            if found.first:
                first = _("It is there twice, first on %(line)s.") % {
                    "line": words_of(self.line((*found.first, "number")))
                }
                sentence, name = f"{first} {sentence}", self.name(found.key)
            self.fault(place, sentence, found.name if found.field == "dates" else name, is_odd=found.is_odd)

    def check_slugs(self, program):
        """Check that each session has its own slug."""
        known = set()
        for place, day in enumerate(program.days if program else ()):
            for number, session in enumerate(day.sessions or ()):
                if session.slug and slug_of(day, session) in known:
                    sentence = _("Another session has this name. Leave it out, and this session gets one of its own.")
                    self.fault(("days", place, "sessions", number, "slug"), sentence)
                known.add(slug_of(day, session))

    def day(self, place, day):
        """Return a day for the rules."""
        sessions = []
        for number, session in enumerate(day.sessions or ()):
            where, times = (*place, "sessions", number), (session.starts_at, session.ends_at)
            people = self.people(where, session)
            sessions.append(rules.Timed(where, self.name(where), session.number, *times, people=people))
        return rules.Timed(place, self.name(place), day.number, day.starts_at, day.ends_at, sessions=tuple(sessions))

    def people(self, place, session):
        """Return the names of a session's people. A person listed twice, or with two descriptions, is a fault."""
        names = set()
        for number, speaker in enumerate(session.speakers or ()):
            where, name = (*place, "speakers", number), f"{self.name(place)}, {speaker.name}"
            if speaker.name in names:
                self.fault((*where, "name"), _("This person is already in this session. Keep one."), name)
            names.add(speaker.name)
            for field, value in speaker.told.items():
                first, was = self.told.setdefault((speaker.name, field), ((*where, field), value))
                if value != was:
                    sentence = _("On %(line)s it is “%(was)s”. Write the same here, or leave it out.") % {
                        "line": words_of(self.line(first)),
                        "was": was[:80],
                    }
                    self.fault((*where, field), sentence, f"{name}, {field}")
        return frozenset(names)

    def regions(self, regions, days):
        """Set the days' dates in each region. A region listed twice, or without a date for each day, is a fault."""
        for number, region in enumerate(regions):
            place, name = ("conference", "regions", number), f"regions, {region.name}"
            if region.name in [other.name for other in regions[:number]]:
                self.fault(place, _("This region is there twice. Keep one."), name)
            if len(region.dates) != len(days):
                sentence = _("Write one date for each of the %(n)d days.") % {"n": len(days)}
                self.fault((*place, "dates"), sentence, f"{name}, dates")
            for day, date in zip(days, region.dates, strict=False):
                day.announced.append((place, f"{name}, dates", date))


def _day(item):
    try:
        return DayEntry.model_validate(item)
    except ValidationError:
        return None
