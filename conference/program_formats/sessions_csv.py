"""The sessions of an edition as CSV: one row for each, its speakers in one cell.

`rows_of` writes it, `plain_of` reads it back. The file contains nothing about the edition, the times of its days and
the speakers' descriptions: these stay as they are.
"""

import re
from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _

from conference.clock.parsing import time_from
from conference.models import AppearanceRole
from conference.models.sessions import steady_session_slug
from conference.program_file import Fault, Plain, ProgramFaults, Row, refuse
from conference.program_file.schema import close_to
from conference.tables import UNREADABLE, is_formula_error, is_garbled, unguard_cell

from .exporting import SESSIONS, as_cell, slug_in_file

HEADS = ("day", "number", "slug", *SESSIONS, "title_is", "speakers")
# Other names that people give these columns.
_CALLED = {"speaker": "speakers", "name": "title", "session_title": "title", "no": "number"}
_CALLED |= {"start": "starts_at", "start_time": "starts_at", "end": "ends_at", "end_time": "ends_at"}
_DATED = re.compile(r"\s*\d{4}-\d\d-\d\d")
# A date as spreadsheets write it, or a time as the number that Excel stores: 03/04/2027 19:00, 46357.79, 0,79.
_OF_SPREADSHEET = re.compile(r"\s*(\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}\b.*|\d+[.,]\d{3,}|\d{5})\s*")
# "Ada Lovelace, Bob King" and "Ada Lovelace and Bob King", not "Ada Lovelace, PhD".
_TWO_PEOPLE = re.compile(r"\w\S* .*\S(?:,|\s(?:&|and|et|y|و))\s\w\S* .+")
_FACILITATOR = re.compile(rf"(.*\S)\s*\(\s*{AppearanceRole.FACILITATOR}\s*\)", re.IGNORECASE)
LONGEST_NAMES = 500  # characters; more is no list of names, and to look for one would take long
ONE_DAY = timedelta(days=1)


def rows_of(told):
    """Return (name, heads, rows) of the table for a program as `export_program` writes it."""
    rows = [
        [as_cell(_whole(session, day["number"]).get(head, "")) for head in HEADS]
        for day in told["days"]
        for session in day.get("sessions", [])
    ]
    return ("sessions", HEADS, rows)


def _whole(session, day):
    people = "; ".join(_person(speaker) for speaker in session.get("speakers", []))
    return session | {"day": day, "slug": slug_in_file(session, day), "speakers": people}


def _person(speaker):
    return f"{speaker['name']} ({speaker['role']})" if "role" in speaker else speaker["name"]


def plain_of(rows, there, zone):
    """Return the rows of a file as Plain data of the edition that is `there`, as `export_program` writes it.

    A row is known by its slug, or else by its title, or else by its number. A time without a date is on the clock of
    `zone`. Raises ProgramFaults if the headings are wrong; each wrong row is its own fault.
    """
    if not there["days"]:
        refuse(None, "", _("This program has no day yet. Add its days first, then bring in their sessions."))
    table = _Table(there, zone)
    first = 1 if rows and rows[0][:1] and rows[0][0].startswith("sep=") else 0  # Excel's own line before the headings
    heads = _heads(Row(first + 1), rows[first] if rows else [])
    for number, cells in enumerate(rows[first + 1 :], first + 2):
        if any(cell.strip() for cell in cells):
            table.add(Row(number), heads, cells)
    return table.plain()


class _Table:
    """Built row by row."""

    def __init__(self, there, zone):
        self.zone = zone
        self.days = {
            day["number"]: {name: day[name] for name in ("number", "starts_at", "ends_at")} | {"sessions": []}
            for day in there["days"]
        }
        # The names of sessions that are there, by day and title, and by day and number; of two alike, the first one's.
        self.known = {
            (day["number"], key, str(session[key])): slug_in_file(session, day["number"])
            for key in ("number", "title")
            for day in there["days"]
            for session in reversed(day.get("sessions", []))
            if key in session
        }
        self.people = {
            speaker["name"]
            for day in there["days"]
            for session in day.get("sessions", [])
            for speaker in session.get("speakers", [])
        }
        conference = {name: there["conference"][name] for name in ("slug", "name")}
        self.data = {"conference": conference, "days": list(self.days.values())}
        self.lines, self.faults = {(): Row(1)}, []

    def plain(self):
        """Return all of it, once each session has its name and its number."""
        self.name_sessions()
        for day in self.days.values():
            if any("number" not in session for session in day["sessions"]):
                for number, session in enumerate(day["sessions"], 1):
                    session["number"] = str(number)
            if not day["sessions"]:
                del day["sessions"]  # a file of one day says nothing of the others
        return Plain(self.data, self.lines, self.faults)

    def name_sessions(self):
        taken = {session.get("slug") for day in self.days.values() for session in day["sessions"]}
        for head in ("title", "number"):
            for day, session in self.without_slug():
                slug = self.known.get((day, head, session.get(head)))
                if slug and slug not in taken:
                    session["slug"] = slug
                    taken.add(slug)
        for day, session in self.without_slug():
            alike = [str(day), session.get("title", ""), session.get("number", "")]
            slug, number = steady_session_slug(*alike), 1
            while slug in taken:  # several are called "Break"
                slug, number = steady_session_slug(*alike, str(number)), number + 1
            session["slug"] = slug
            taken.add(slug)

    def without_slug(self):
        """Return (number of its day, session) for each that has no name yet."""
        return [
            (number, session)
            for number, day in self.days.items()
            for session in day["sessions"]
            if "slug" not in session
        ]

    def add(self, row, heads, cells):
        if any(UNREADABLE in cell for cell in cells):
            self.refuse(row, "", _("This row has letters in another encoding. Type its words once more."))
        elif any(cell.strip() for cell in cells[len(heads) :]):
            self.refuse(row, "", _("This row has more cells than there are columns. Put words with commas in quotes."))
        elif wrong := next((head for head, cell in zip(heads, cells, strict=False) if is_formula_error(cell)), ""):
            self.refuse(row, wrong, _("This is a formula. Put in its result."))
        else:
            told = {head: unguard_cell(cell) for head, cell in zip(heads, cells, strict=False) if head and cell.strip()}
            # Descriptions may well be about letters; names are not.
            if any(is_garbled(told.get(head, "")) for head in ("title", "speakers")):
                self.refuse(row, "", _("This row has letters in another encoding. Type its words once more."))
            elif self.is_of_two(told.get("speakers", "")):
                words = _("These look like two people. Put “;” between them, or after the name if it is one person.")
                self.refuse(row, "speakers", words)
            else:
                self.add_session(row, told)

    def refuse(self, row, head, sentence):
        self.faults.append(Fault(row, head, sentence, session=("row", row)))

    def add_session(self, row, told):
        name = told.pop("day", "1" if len(self.days) == 1 else "")
        found = re.search(r"\d+", name[:20])
        number = int(found[0]) if found else None
        if number not in self.days:
            if name:
                words = _("There is no day “%(day)s”. Write one of: %(days)s.")
            else:
                words = _("Write its day, one of: %(days)s. If cells are merged, only the first row has their value.")
            days = ", ".join(str(day) for day in self.days)
            self.refuse(row, "day", words % {"day": name[:20], "days": days})
            return
        day = self.days[number]
        mistakes = {}
        for end in [end for end in ("starts_at", "ends_at") if end in told]:
            try:
                told[end] = self.instant(told[end], day)
            except ValueError as error:
                mistakes[end] = str(error)
        for end, words in mistakes.items():
            self.refuse(row, end, words)
        if mistakes:
            return
        if "speakers" in told:
            told["speakers"] = [_speaker(name) for name in re.split(r"[;\n]", told["speakers"]) if name.strip()]
        here = ("days", list(self.days).index(number), "sessions", len(day["sessions"]))
        self.lines |= {(*here, head): row for head in told} | {here: row}
        day["sessions"].append(told)

    def is_of_two(self, name):
        """Whether a cell for names has one that is not there yet and looks like those of two people."""
        return ";" not in name and bool(_TWO_PEOPLE.fullmatch(name[:LONGEST_NAMES])) and name not in self.people

    def instant(self, words, day):
        """Return a time of the clock, like "7 pm", as the instant that it is within a day; one with a date as it is."""
        if _DATED.match(words):
            return words
        if _OF_SPREADSHEET.fullmatch(words):
            sentence = _(
                "“%(words)s” can be read in several ways. Write only the time, like 19:00. The date comes from the day."
            )
            raise ValueError(sentence % {"words": words.strip()[:30]})
        clock = time_from(words)
        start = datetime.fromisoformat(day["starts_at"]).astimezone(self.zone)
        instant = datetime.combine(start.date(), clock, self.zone)
        instant = instant if instant >= start else datetime.combine(start.date() + ONE_DAY, clock, self.zone)
        return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _speaker(words):
    found = _FACILITATOR.fullmatch(words.strip())
    return {"name": found[1], "role": str(AppearanceRole.FACILITATOR)} if found else {"name": words.strip()}


def has_heads(data):
    """Whether the first line of a file's bytes names columns, whatever the file is called."""
    first = data[:2000].decode("utf-8-sig", "replace").lstrip().partition("\n")[0].partition("\r")[0]
    return len({_head(cell.strip('"')) for cell in re.split(r"[,;\t]", first)} & set(HEADS)) > 1


def _head(cell):
    head = re.sub(r"[\s_-]+", "_", cell.strip().casefold())
    return _CALLED.get(head, head)


def _heads(row, cells):
    """Return the name of each column. Raises ProgramFaults if one is unknown, there twice, or all are missing."""
    if not any(cell.strip() for cell in cells):
        words = _("This row must name the columns. Download the sessions as CSV to see how it looks.")
        refuse(row, "", words)
    heads = [_head(cell) for cell in cells]
    unknown = [(head, cell) for head, cell in zip(heads, cells, strict=True) if head and head not in HEADS]
    faults = [
        Fault(row, cell.strip()[:80], f"{_('There is no such column.')} {close_to(head, HEADS)}")
        for head, cell in unknown
    ]
    twice = sorted({head for head in heads if head in HEADS and heads.count(head) > 1})
    faults += [Fault(row, head, _("This column is there twice. Keep one.")) for head in twice]
    if faults:
        raise ProgramFaults(*faults)
    return heads
