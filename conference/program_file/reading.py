"""From a program file's bytes to a checked Program, or all that is wrong with it."""

from functools import partial

from conference.models import AnnouncedDate, Appearance, Conference, Day, Session, Speaker, Text
from conference.texts import PASSAGES

from .checks import check_days, check_regions, check_sessions, check_speakers
from .faults import Fault, ProgramFaults, refuse
from .program import DayEntry, Program, Region, SessionEntry, Source, SpeakerEntry
from .tree import Mapping, parse
from .values import Wrong, calendar_date, close_to, one_of, plain_text, value_for

CONFERENCE_FIELDS = (
    "slug", "name", "short_name", "tagline", "cost", "format", "platform", "supported_by", "clock", "contact_email",
)  # fmt: skip
DAY_FIELDS = ("number", "title", "summary", "starts_at", "ends_at")
SESSION_FIELDS = (
    "number", "title", "summary", "description", "starts_at", "ends_at", "recording_url", "rewatch_party",
)  # fmt: skip
SPEAKER_FIELDS = ("name", "affiliation", "bio", "role")
TITLE_IS = {"title": False, "description": True}
MOST_FAULTS = 20


def read(data):
    """Return the Program that a file's bytes tell. Raises ProgramFaults with all that is wrong, up to MOST_FAULTS."""
    reader = _Reader()
    program = reader.program(parse(data))
    if reader.faults:
        raise ProgramFaults(reader.faults)
    return program


class _Reader:
    """Walks the tree and keeps what is wrong, so that one run names all faults."""

    def __init__(self):
        self.faults = []

    def fault(self, line, field, sentence):
        self.faults.append(Fault(line, field, sentence))
        if len(self.faults) == MOST_FAULTS:
            raise ProgramFaults([*self.faults, Fault(None, "", "There may be more faults than these.")])

    # --- What a file is made of

    def entries(self, node, where, known, required=()):
        """The nodes of a mapping by field, without nulls. A field that is unknown or missing is a fault."""
        if not isinstance(node.value, Mapping):
            self.fault(node.line, where, f"Write fields here, each with a colon: {', '.join(known)}.")
            return {}
        for name, (line, _node) in node.value.items():
            if name not in known:
                self.fault(line, _in(where, name[:80]), f"There is no such field. {close_to(name, known)}")
        entries = {name: entry for name, (_line, entry) in node.value.items() if entry.value is not None}
        for name in required:
            if name not in entries:
                line, _node = node.value.get(name, (node.line, None))
                self.fault(line, _in(where, name), "It is missing. Write it here.")
        return entries

    def items(self, node, where):
        """The nodes of a list; [] where there is none."""
        if node is None:
            return []
        if not isinstance(node.value, list):
            self.fault(node.line, where, "Write a list here: each item on a line of its own after a dash.")
            return []
        return node.value

    def take(self, node, where, convert):
        """The node's value, or None where there is none or it is wrong."""
        if node is None:
            return None
        try:
            return convert(node)
        except Wrong as wrong:
            self.fault(node.line, where, str(wrong))
            return None

    def values(self, model, names, entries, where):
        """The values of a model's fields that the file gives."""
        taken = {
            name: self.take(entries[name], _in(where, name), partial(value_for, model._meta.get_field(name)))
            for name in names
            if name in entries
        }
        return {name: value for name, value in taken.items() if value is not None}

    # --- The parts of a program

    def program(self, root):
        if not isinstance(root.value, Mapping):
            refuse(root.line, "", "This is not a program. A program has the fields “conference:” and “days:”.")
        parts = self.entries(root, "", ("conference", "days", "texts"), required=("conference", "days"))
        if not {"conference", "days"} <= parts.keys():
            raise ProgramFaults(self.faults)
        known = (*CONFERENCE_FIELDS, "regions")
        conference = self.entries(parts["conference"], "conference", known, required=("slug", "name"))
        fields = self.values(Conference, CONFERENCE_FIELDS, conference, "conference")
        days = [self.day(node, place) for place, node in enumerate(self.items(parts["days"], "days"), 1)]
        check_days(days, parts["days"].line, self.fault)
        check_speakers(days, self.fault)
        regions = self.regions(conference.get("regions"), fields.get("slug"), days)
        return Program(fields, tuple(sorted(days, key=lambda day: day.number or 0)), regions, self.texts(parts))

    def regions(self, node, year, days):
        if node is None:
            return None
        regions = [self.region(item, place, year) for place, item in enumerate(self.items(node, "regions"), 1)]
        check_regions(regions, days, self.fault)
        return tuple(regions)

    def region(self, node, place, year):
        where = f"regions, item {place}"
        entries = self.entries(node, where, ("name", "dates"), required=("name", "dates"))
        name = self.take(
            entries.get("name"), f"{where}, name", partial(value_for, AnnouncedDate._meta.get_field("region"))
        )
        dates = [
            self.take(item, f"{where}, dates", lambda item: calendar_date(plain_text(item), year or "2000"))
            for item in self.items(entries.get("dates"), f"{where}, dates")
        ]
        return Region(_source(node), name or "", tuple(date for date in dates if date))

    def day(self, node, place):
        required = ("number", "starts_at", "ends_at")
        where = _numbered("day", node, place)
        entries = self.entries(node, where, (*DAY_FIELDS, "sessions"), required)
        fields = self.values(Day, DAY_FIELDS, entries, where)
        sessions = None
        if "sessions" in entries:
            items = enumerate(self.items(entries["sessions"], f"{where}, sessions"), 1)
            sessions = tuple(self.session(item, place, where) for place, item in items)
        day = DayEntry(_source(node), fields.pop("number", None), fields, sessions)
        check_sessions(day, where, self.fault)
        return day

    def session(self, node, place, day):
        where = f"{day}, {_numbered('session', node, place)}"
        entries = self.entries(node, where, (*SESSION_FIELDS, "title_is", "speakers"), ("number",))
        fields = self.values(Session, SESSION_FIELDS, entries, where)
        is_description = self.take(entries.get("title_is"), f"{where}, title_is", partial(one_of, TITLE_IS))
        if fields.get("title"):
            # It belongs to the title: once the file names the real one, what it said of the old one is gone.
            fields["title_is_description"] = bool(is_description)
        speakers = None
        if "speakers" in entries:
            items = enumerate(self.items(entries["speakers"], f"{where}, speakers"), 1)
            speakers = tuple(self.speaker(item, f"{where}, speaker {place}") for place, item in items)
        return SessionEntry(_source(node), fields.pop("number", None), fields, speakers)

    def speaker(self, node, where):
        entries = self.entries(node, where, SPEAKER_FIELDS, required=("name",))
        fields = self.values(Speaker, ("name", "affiliation", "bio"), entries, where)
        role = self.values(Appearance, ("role",), entries, where).get("role", Appearance.Role.SPEAKER.value)
        return SpeakerEntry(_source(node), fields.pop("name", ""), role, fields)

    def texts(self, parts):
        entries = self.entries(parts["texts"], "texts", tuple(PASSAGES)) if "texts" in parts else {}
        body = partial(value_for, Text._meta.get_field("body"))
        taken = {key: self.take(node, _in("texts", key), body) for key, node in entries.items()}
        return {key: words for key, words in taken.items() if words is not None}


def _source(node):
    lines = {name: line for name, (line, _node) in node.value.items()} if isinstance(node.value, Mapping) else {}
    return Source(node.line, lines)


def _in(where, name):
    return f"{where}, {name}" if where else name


def _numbered(what, node, place):
    """How faults name a day or session: by its number; by its place in the list where it has none."""
    number = node.value.get("number") if isinstance(node.value, Mapping) else None
    if number and isinstance(number[1].value, str) and number[1].value.isdecimal():
        return f"{what} {number[1].value[:4]}"
    return f"{what}s, item {place}"
