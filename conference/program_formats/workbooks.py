"""A program as a workbook: one sheet for each kind of row, with the field names of program files as headings.

`sheets_of` writes it, `tree_of` reads it back. Empty cells are left out, as in any program file.
"""

from django.utils.translation import gettext as _

from conference.program_file import Fault, Plain, ProgramFaults, Row, refuse
from conference.program_file.schema import close_to
from conference.tables import NO_RESULT, unguard_cell

from .exporting import DAYS, SESSIONS, SPEAKERS, as_cell

HEADS = {
    "conference": ("field", "value"),
    "regions": ("region", "day", "date"),
    "days": ("number", *DAYS),
    "sessions": ("day", "number", "slug", *SESSIONS, "title_is"),
    "speakers": ("day", "session", *SPEAKERS, "role"),
    "texts": ("passage", "words"),
}
OF_SESSIONS = ("sessions", "speakers")


def sheets_of(told):
    """Return (name, heads, rows) of each sheet for a program as `export_program` writes it."""
    conference = dict(told["conference"])
    regions, days = conference.pop("regions", []), told["days"]
    sessions = [(day["number"], session) for day in days for session in day.get("sessions", [])]
    rows = {
        "conference": [{"field": name, "value": value} for name, value in conference.items()],
        "regions": [
            {"region": region["name"], "day": day["number"], "date": date}
            for region in regions
            for day, date in zip(days, region["dates"], strict=True)
        ],
        "days": days,
        "sessions": [session | {"day": day} for day, session in sessions],
        "speakers": [
            speaker | {"day": day, "session": session["number"]}
            for day, session in sessions
            for speaker in session.get("speakers", [])
        ],
        "texts": [{"passage": key, "words": words} for key, words in told.get("texts", {}).items()],
    }
    return [
        (name, heads, [[as_cell(row.get(head, "")) for head in heads] for row in rows[name]])
        for name, heads in HEADS.items()
    ]


def tree_of(book):
    """Return a workbook as Plain data, with a fault for each row that belongs to none of the days or sessions.

    `book` is {sheet: rows of texts}, as `conference.tables.read_workbook` returns it. Raises ProgramFaults if sheets or
    columns are missing or unknown.
    """
    if not HEADS.keys() & book.keys():
        words = _("This workbook is not a program. To import a table of sessions, save its sheet as CSV.")
        refuse(None, "", words)
    tables, faults = _tables(book)
    if faults:
        raise ProgramFaults(*faults)
    tree = _Tree(tables)
    return Plain(tree.data, tree.lines, tree.faults)


class _Tree:
    """Built from the rows of the sheets, parents first."""

    def __init__(self, tables):
        self.data = {"conference": {}, "days": []}
        self.lines = {(): Row(1, "conference"), ("conference",): Row(1, "conference"), ("days",): Row(1, "days")}
        self.days, self.sessions = {}, {}  # by their keys: their child lists and places
        self.faults = []
        for name, rows in tables.items():
            for row, cells in rows:
                wrong = [head for head, cell in cells.items() if cell == NO_RESULT]
                key = (cells.get("day", ""), cells.get("session", cells.get("number", "")))
                getattr(self, f"add_to_{name}")(row, cells)
                session = self.sessions[key][1][:-1] if name in OF_SESSIONS and key in self.sessions else None
                self.faults += [
                    Fault(row, head, _("This is a formula. Put in its result."), session=session) for head in wrong
                ]

    def add_to_conference(self, row, cells):
        self.put(self.data["conference"], ("conference",), row, cells.get("field", ""), cells.get("value", ""))

    def add_to_texts(self, row, cells):
        texts = self.data.setdefault("texts", {})
        self.put(texts, ("texts",), row, cells.get("passage", ""), cells.get("words", ""))

    def put(self, group, place, row, name, value):
        if name in group:
            self.faults.append(Fault(row, name[:31], _("This row is there twice. Keep one.")))
        group[name] = value
        self.lines[*place, name] = row

    def add_to_days(self, row, cells):
        below = []
        self.days.setdefault(cells.get("number", ""), (below, ("days", len(self.data["days"]), "sessions")))
        self.grow(self.data["days"], ("days",), row, cells | {"sessions": below})

    def add_to_sessions(self, row, cells):
        day = cells.pop("day", "")
        if day not in self.days:
            words = _("There is no day “%(day)s” on the sheet “days”.") % {"day": day[:20]}
            self.faults.append(Fault(row, "day", words, session=(day, cells.get("number", ""))))
            return
        (above, place), below = self.days[day], []
        self.sessions.setdefault((day, cells.get("number", "")), (below, (*place, len(above), "speakers")))
        self.grow(above, place, row, cells | {"speakers": below})

    def add_to_speakers(self, row, cells):
        day, session = cells.pop("day", ""), cells.pop("session", "")
        if (day, session) not in self.sessions:
            words = _("There is no session “%(session)s” of day “%(day)s” on the sheet “sessions”.") % {
                "session": session[:20],
                "day": day[:20],
            }
            self.faults.append(Fault(row, "session", words, session=(day, session)))
            return
        self.grow(*self.sessions[day, session], row, cells)

    def add_to_regions(self, row, cells):
        regions = self.data["conference"].setdefault("regions", [])
        name, date = cells.get("region", ""), cells.get("date", "")
        region = next((region for region in regions if region["name"] == name), None)
        if region is None:
            region = {"name": name, "dates": []}
            self.grow(regions, ("conference", "regions"), row, region)
        region["dates"].append(date)

    def grow(self, items, place, row, cells):
        """Add an item to a list at a place, and note its row."""
        here = (*place, len(items))
        self.lines[here] = row
        self.lines |= {(*here, name): row for name in cells}
        items.append(cells)


def _tables(book):
    """Return {sheet: [(Row, {head: cell})]} without empty cells and rows, and what is wrong with heads and sheets."""
    tables, faults = {}, []
    unknown = sorted(book.keys() - HEADS.keys())
    faults += [
        Fault(None, name[:31], f"{_('There is no such sheet.')} {close_to(name, tuple(HEADS))}") for name in unknown
    ]
    for name, heads in HEADS.items():
        rows = book.get(name, [])
        if not rows and name in ("conference", "days"):
            words = _("This sheet is missing. Download the program as XLSX to see how it looks.")
            faults.append(Fault(None, name, words))
        given = [head.strip().casefold() for head in rows[0]] if rows else []
        unknown = [head for head in given if head and head not in heads]
        faults += [
            Fault(Row(1, name), head[:80], f"{_('There is no such column.')} {close_to(head, heads)}")
            for head in unknown
        ]
        twice = {head for head in given if head and given.count(head) > 1}
        faults += [Fault(Row(1, name), head, _("This column is there twice. Keep one.")) for head in sorted(twice)]
        tables[name] = []
        for number, row in enumerate(rows[1:], 2):
            cells = {head: unguard_cell(cell) for head, cell in zip(given, row, strict=False) if head and cell.strip()}
            if cells:
                tables[name].append((Row(number, name), cells))
    return tables, faults
