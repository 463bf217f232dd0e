"""Faults of a program file, in words that say what to do."""

from dataclasses import dataclass


class Row(int):
    """The number of a row, and the sheet that it is on: what a fault of a workbook names in the place of a line."""

    def __new__(cls, number, sheet):
        row = super().__new__(cls, number)
        row.sheet = sheet
        return row


@dataclass(frozen=True)
class Fault:
    """The line (from 1, None for the whole file), the field ("day 2, session 1, title"), what to do.

    `anyway` loads a file in which all faults are merely odd.
    """

    line: int | None
    field: str
    sentence: str
    is_odd: bool = False

    def words(self, filename):
        """Return "pxp.yaml:12: day 2, title: Write it on one line."."""
        place = f"{filename}:{self.line}" if self.line else filename
        return ": ".join(part for part in (place, self.field, self.sentence) if part)


class ProgramFaults(Exception):
    """A program file cannot be loaded. `faults` are in the order of its lines, those of the whole file last."""

    def __init__(self, *faults):
        super().__init__(*faults)
        self.faults = sorted(faults, key=lambda fault: fault.line or float("inf"))


def refuse(line, field, sentence):
    """Raise ProgramFaults with one fault."""
    raise ProgramFaults(Fault(line, field, sentence))
