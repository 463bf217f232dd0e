"""Parses one row: a person with days, or what is wrong and in which column. No database."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conference.models import Day
from conference.tables import UNREADABLE, is_formula_error, is_garbled
from registration.forms.fields import AddressField, NameField, longest
from registration.models import Registrant
from registration.services.people_import import Note, Wanted

from . import choices as use
from .choices import Choices
from .details import cell_of, person_in, words_in
from .values import COMES, GONE, WAITS_FOR_THEM, days_in, is_exception, other_days_in, state_in

_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_SEPARATOR = re.compile(r"[,;\t]")
# "=1+1", and what the other characters need to be more than "+33 1 23" or "@ada".
_FORMULA = re.compile(r"\s*(?:=|[+\-@|][^|]*[(|!])")
# "Ada Lovelace & Bob King", not "Zoë & Søn".
_TWO_NAMES = re.compile(r"\S+ \S+.*(?:\s(?:&|\+|and|et|und)\s|\s?/\s?|;|\n).*\S+ \S+", re.IGNORECASE | re.DOTALL)


# Nothing about a person is longer, and matching a name of 100,000 letters would take minutes.
_LONGEST_CELL = 2000


@dataclass(frozen=True)
class RowFault:
    """What is wrong with a row, and in which column (from 0; None is the whole row)."""

    row: int
    column: int | None
    sentence: str


@dataclass(frozen=True)
class LeftOut:
    """A valid row that adds nobody."""

    row: int
    name: str
    sentence: str


class _Wrong(Exception):
    def __init__(self, column: int | None, sentence: str) -> None:
        self.column, self.sentence = column, sentence


@dataclass
class Reading:
    """How to read the rows of one file."""

    chosen: Choices
    days: Sequence[Day]  # that may be taken
    width: int  # columns with a heading
    merged: set[int] = field(default_factory=set)

    def read(self, number: int, cells: Sequence[str]) -> Wanted | RowFault | LeftOut | None:
        """Return the parsed row; None for an empty one, and for those up to the headings."""
        if number <= self.chosen.head or not any(cell.strip() for cell in cells):
            return None
        try:
            return self._person(number, cells)
        except _Wrong as wrong:
            return RowFault(number, wrong.column, wrong.sentence)

    def _person(self, number: int, cells: Sequence[str]) -> Wanted | LeftOut:
        self._check_row(number, cells)
        name = self._name(cells)
        email = self._email(cells)
        days, why_not = self._days(cells)
        if not days:
            return LeftOut(number, name, why_not)
        person, notes = person_in(self.chosen, cells, self.days, name=name, email=email)
        notes += self._notes_on_days(cells)
        return Wanted(number, person, tuple(day.pk for day in days), tuple(notes))

    def _check_row(self, number: int, cells: Sequence[str]) -> None:
        if number in self.merged:
            raise _Wrong(None, _("Cells are merged here. Unmerge them, one person a row."))
        if any(cell.strip() for cell in cells[self.width :]):
            raise _Wrong(self.width, _("This row has more cells than there are headings. Is a separator in a cell?"))
        for column, cell in enumerate(cells):
            if self._holds_other_rows(cell) or (column in self.chosen.columns and len(cell) > _LONGEST_CELL):
                raise _Wrong(
                    column, _("A cell is far too long, or a quotation mark is missing. Save the table once more.")
                )
            if column in self.chosen.columns:
                _check_letters(column, cell)

    def _holds_other_rows(self, cell: str) -> bool:
        """Whether a cell has swallowed the rows below it, which a quotation mark without its second one does."""
        lines = [_SEPARATOR.split(line) for line in cell.splitlines()[1:]]
        rows = [cells for cells in lines if len(cells) >= max(self.width, 2)]
        return any(_ADDRESS.fullmatch(part.strip(' "')) for cells in rows for part in cells)

    def _cell(self, cells: Sequence[str], wanted: str) -> str:
        return cell_of(self.chosen, cells, wanted)

    def _name(self, cells: Sequence[str]) -> str:
        uses = [one for one in (use.NAME, use.FIRST, use.LAST) if self.chosen.column_of(one) is not None]
        for one in uses:
            self._check_name(self._cell(cells, one), self.chosen.column_of(one))
        name = " ".join(filter(None, (self._cell(cells, one) for one in uses)))
        column = self.chosen.column_of(uses[0])
        if not name:
            raise _Wrong(column, _("The name is missing."))
        try:
            return _fields()[0].clean(name)
        except ValidationError as error:
            words = _("The name is too long.") if error.code == "too_long" else _("This is not a name.")
            raise _Wrong(column, words) from error

    def _check_name(self, words: str, column: int | None) -> None:
        if _ADDRESS.search(words):
            raise _Wrong(column, _("There is an email address in the name column."))
        if _TWO_NAMES.fullmatch(words):
            raise _Wrong(column, _("These look like two people. Give each a row of their own."))

    def _email(self, cells: Sequence[str]) -> str:
        column, words = self.chosen.column_of(use.EMAIL), self._cell(cells, use.EMAIL)
        if not words:
            raise _Wrong(column, _("The email address is missing."))
        if len(_ADDRESS.findall(re.sub(r"[<>,;()]", " ", words))) > 1 and len(set(_addresses_in(words))) > 1:
            raise _Wrong(column, _("There are two addresses. Give each person a row of their own."))
        try:
            return _fields()[1].clean(words)
        except ValidationError as error:
            raise _Wrong(column, _why_no_address(error, words)) from error

    def _days(self, cells: Sequence[str]) -> tuple[list[Day], str]:
        """Return the days that a row asks for; if there are none, also why."""
        state = self._state(cells, self.chosen.column_of(use.STATE))
        if state == GONE:
            return [], _("Cancelled or denied in the file.")
        if state == WAITS_FOR_THEM and self.chosen.is_verified:
            return [], _("Not approved or not confirmed yet in the file.")
        if own := self._own_columns(cells):
            return own[0], _("Not on any upcoming day.")
        if words := self._cell(cells, use.DAYS):
            days = days_in(words, self.days)
            if not days:
                raise _Wrong(self.chosen.column_of(use.DAYS), _why_no_days(words, self.days))
            return days, ""
        days = [day for day in self.days if day.pk in self.chosen.days]
        if not days:
            raise _Wrong(None, _("The row names no day. Choose days for such rows."))
        return days, ""

    def _notes_on_days(self, cells: Sequence[str]) -> list[Note]:
        column = self.chosen.column_of(use.DAYS)
        if column is None or any(found.startswith(use.DAY) for found in self.chosen.columns.values()):
            return []
        others = other_days_in(self._cell(cells, use.DAYS), self.days)
        if not others:
            return []
        sentence = ngettext(
            "Day %(numbers)s is not an upcoming day. The row counts for the others.",
            "Days %(numbers)s are not upcoming days. The row counts for the others.",
            len(others),
        )
        return [Note(column, sentence % {"numbers": ", ".join(map(str, others))}, is_about_days=True)]

    def _own_columns(self, cells: Sequence[str]) -> list[list[Day]]:
        """Return the days of which each has a column of its own; empty if there are no such columns."""
        columns = {column: found for column, found in self.chosen.columns.items() if found.startswith(use.DAY)}
        days = []
        for column, found in columns.items():
            day = next((day for day in self.days if f"{use.DAY}{day.pk}" == found), None)
            state = self._state(cells, column, empty=GONE)
            if day and (state == COMES or (state == WAITS_FOR_THEM and not self.chosen.is_verified)):
                days.append(day)
        return [days] if columns else []

    def _state(self, cells: Sequence[str], column: int | None, *, empty: str = COMES) -> str:
        words = words_in(cells, column)
        if not words:
            return empty
        if state := state_in(words):
            return state
        raise _Wrong(column, _("The site does not know the state “%(words)s”.") % {"words": words[:40]})


def _why_no_days(words: str, days: Sequence[Day]) -> str:
    if is_exception(words, days):
        return _("Write the days on which they come, like Day 1, Day 3.")
    return _("This names no upcoming day of this conference.")


def _check_letters(column: int, cell: str) -> None:
    if UNREADABLE in cell:
        raise _Wrong(column, _("Some letters cannot be read: this row is in another encoding."))
    if is_garbled(cell):
        raise _Wrong(column, _("The letters are garbled. Save the file as UTF-8 where it comes from."))
    if _FORMULA.match(cell) or is_formula_error(cell):
        raise _Wrong(column, _("This is a formula. Put in its result."))


@cache
def _fields() -> tuple[NameField, AddressField]:
    return NameField(limit=longest(Registrant, "name")), AddressField()


def _addresses_in(words: str) -> list[str]:
    return [found.casefold() for found in _ADDRESS.findall(re.sub(r"[<>,;()\"]|mailto:", " ", words))]


def _why_no_address(error: ValidationError, words: str) -> str:
    reasons = {
        "several": _("There are two addresses. Give each person a row of their own."),
        "no_at": _("This is not an email address: the @ is missing."),
        "space": _("There is a space in the address."),
        "not_ascii": _("We cannot write to an address with such letters before the @."),
        "dots": _("We cannot write to an address with two dots in a row, or with a dot first or last before the @."),
    }
    return reasons.get(error.code or "", _("This is not an email address."))
