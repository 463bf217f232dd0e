"""Faults of a program file, with sentences that say what to do, and their places in the file."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _


class Row(int):
    """The number of a row of a table, and its sheet where a file has several."""

    def __new__(cls, number, sheet=""):
        row = super().__new__(cls, number)
        row.sheet = sheet
        return row

    @property
    def words(self):
        if self.sheet:
            return _("%(sheet)s, row %(n)d") % {"sheet": self.sheet, "n": self}
        return _("row %(n)d") % {"n": self}


class Element(int):
    """The position of an element in a file; `words` is its path."""

    def __new__(cls, order, words):
        element = super().__new__(cls, order)
        element.words = words
        return element


def words_of(line):
    """Return a place in a file in words: "line 12", "sessions, row 3"; empty for None, the whole file."""
    if line is None:
        return ""
    return line.words if hasattr(line, "words") else _("line %(n)d") % {"n": line}


@dataclass(frozen=True)
class Fault:
    """The line (from 1, a Row or an Element; None for the whole file), the field ("day 2, session 1"), what to do.

    `anyway` loads a file in which all faults are merely odd. `session` is the place of the session to leave out, so the
    others can come in; None if the fault is not in a session.
    """

    line: int | None
    field: str
    sentence: str
    is_odd: bool = False
    session: tuple | None = field(default=None, compare=False)

    def words(self, filename):
        """Return "pxp.yaml:12: day 2, title: Write it on one line."."""
        place = f"{filename}:{self.line}" if self.line else filename
        return ": ".join(part for part in (place, self.field, self.sentence) if part)


class ProgramFaults(Exception):
    """A program file cannot be loaded. `faults` are in the order of its lines, those of the whole file last.

    `sessions` are the places of the sessions that are in all of them, with None for a fault elsewhere.
    """

    def __init__(self, *faults, sessions=frozenset((None,))):
        super().__init__(*faults)
        self.faults = sorted(faults, key=lambda fault: fault.line or float("inf"))
        self.sessions = sessions


def refuse(line, field, sentence):
    """Raise ProgramFaults with one fault."""
    raise ProgramFaults(Fault(line, field, sentence))
