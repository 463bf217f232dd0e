"""Looks into an XLSX file before anything is made of it, and refuses what would take too much memory.

calamine makes room for a whole rectangle of cells: a file of 5 kB with one cell at XFD1048576 would end the process.
"""

import io
import re
import zipfile
from dataclasses import dataclass, field
from xml.parsers import expat

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MOST_PARTS = 200
LONGEST_NAME = 200  # of a sheet or a part; Excel's sheets have at most 31 characters
_PORTION = 65_536
_XLS = b"\xd0\xcf\x11\xe0"
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")
NOT_A_WORKBOOK = gettext_lazy("This is not a workbook that can be read. Save it as XLSX once more.")


class CannotRead(Exception):
    """The file is no table that we read. `sentence` says why and what to do."""

    def __init__(self, sentence):
        super().__init__(sentence)
        self.sentence = str(sentence)


@dataclass(frozen=True)
class Limits:
    """How large a file may be: packed and unpacked in bytes, and each sheet in rows and columns.

    `unpacked` stops a "zip bomb", a small file that becomes gigabytes.
    """

    bytes: int
    unpacked: int
    rows: int
    columns: int = 100


def too_many_rows(limits):
    """Return the CannotRead of a table with more rows than that."""
    return CannotRead(_("The table has too many rows. At most %(n)s can be read.") % {"n": f"{limits.rows:,}"})


def too_many_columns(limits):
    """Return the CannotRead of a table with more columns than that."""
    return CannotRead(_("The table has too many columns. At most %(n)d can be read.") % {"n": limits.columns})


@dataclass
class Seen:
    """What calamine does not tell: where formulas have no result, which rows are hidden, and which part each sheet is.

    `errors` has, by part and row from 1, the columns from 0 as bits, and `hidden` the first hidden row by part, so they
    stay small whatever is in the file.
    """

    errors: dict = field(default_factory=dict)
    hidden: dict = field(default_factory=dict)
    ids: dict = field(default_factory=dict)
    parts: dict = field(default_factory=dict)

    def errors_of(self, sheet):
        """Return the errors of a sheet."""
        return self.errors.get(self.parts.get(self.ids.get(sheet)), {})

    def hidden_row_of(self, sheet):
        """Return the number of the first hidden row of a sheet, from 1; 0 if there is none."""
        return self.hidden.get(self.parts.get(self.ids.get(sheet)), 0)


def refuse_old_workbook(data):
    """Raise CannotRead for a workbook as Excel wrote it before 2007 (XLS)."""
    if data.startswith(_XLS):
        raise CannotRead(_("This is a workbook of an old Excel. Save it as XLSX."))


def refuse_tricks(data, limits):
    """Return what was Seen in an XLSX file. Raises CannotRead if it unpacks to too much, or to more than it says."""
    seen = Seen()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > limits.unpacked:
                words = _("The file becomes far too large when it is unpacked. Save only the one table in it.")
                raise CannotRead(words)
            if any(part.filename.lower().endswith(("content.xml", "workbook.bin")) for part in parts):
                raise CannotRead(NOT_A_WORKBOOK)  # another kind of workbook, which has tricks of its own
            for part in parts:
                with packed.open(part) as inner:  # reads no more than the part says, and checks its sum
                    _look_through(inner, part.filename, limits, seen)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise CannotRead(NOT_A_WORKBOOK) from error
    return seen


def _look_through(inner, name, limits, seen):
    """Read a part to its end; one in XML is looked at element by element."""
    parser = _parser(name, limits, seen) if name.lower().endswith((".xml", ".rels")) else None
    try:
        while portion := inner.read(_PORTION):
            if parser:
                parser.Parse(portion, False)
        if parser:
            parser.Parse(b"", True)
    except (expat.ExpatError, LookupError) as error:  # the latter for an encoding that nobody knows
        raise CannotRead(NOT_A_WORKBOOK) from error


def _parser(part, limits, seen):
    def refuse_own_words(*_about):
        raise CannotRead(_("The file defines words of its own (XML entities). Save it as XLSX once more."))

    elements = _Elements(part, limits, seen)
    look_at = {
        "row": elements.row,
        "c": elements.cell,
        "v": elements.value,
        "is": elements.value,
        "sheet": elements.sheet,
        "Relationship": elements.relationship,
    }

    def begin(name, attributes):
        if look := look_at.get(name.rpartition(":")[2]):
            look(attributes)

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse_own_words
    parser.StartElementHandler = begin
    return parser


class _Elements:
    """Looks at the elements of one part in their order, and notes what is Seen."""

    def __init__(self, part, limits, seen):
        self.part, self.limits, self.seen = part, limits, seen
        self.is_hidden, self.number = False, 0  # of the row

    def row(self, attributes):
        self.is_hidden = attributes.get("hidden") in ("1", "true")

    def cell(self, attributes):
        if cell := attributes.get("r"):
            self.number, column = _place(cell, self.limits)
            if attributes.get("t") == "e":
                errors = self.seen.errors.setdefault(self.part, {})
                errors[self.number] = errors.get(self.number, 0) | 1 << column - 1

    def value(self, _attributes):
        if self.is_hidden:
            self.seen.hidden.setdefault(self.part, self.number)

    def sheet(self, attributes):
        if len(self.seen.ids) < MOST_PARTS:
            key = next((value for name, value in attributes.items() if name.endswith(":id")), "")
            self.seen.ids[attributes.get("name", "")[:LONGEST_NAME]] = key[:LONGEST_NAME]

    def relationship(self, attributes):
        target = attributes.get("Target", "")
        if not attributes.get("Type", "").endswith("/worksheet"):
            return
        if not target.lower().endswith(".xml"):
            raise CannotRead(NOT_A_WORKBOOK)  # it would not have been looked at
        if len(self.seen.parts) < MOST_PARTS:
            path = target[1:] if target.startswith("/") else f"xl/{target}"
            self.seen.parts[attributes.get("Id", "")[:LONGEST_NAME]] = path[:LONGEST_NAME]


def _place(cell, limits):
    """Return (row, column) of a cell like "C12", from 1. Raises CannotRead if it is far away."""
    found = _CELL.fullmatch(cell.upper().replace("$", ""))
    if not found:
        raise CannotRead(NOT_A_WORKBOOK)
    if int(found[2]) > limits.rows:
        raise too_many_rows(limits)
    if column_number(found[1]) > limits.columns:
        raise too_many_columns(limits)
    return int(found[2]), column_number(found[1])


def column_number(letters):
    """Return the number, from 1, of a column that spreadsheet programs call A, B, ... Z, AA."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def column_letters(number):
    """Return how spreadsheet programs call a column, given its number from 1."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
