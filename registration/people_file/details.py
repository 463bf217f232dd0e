"""What a row says about a person besides name and address, and what of it is invalid. No database."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache

from django.conf import settings
from django.utils.translation import gettext as _

from conference.models import Day
from conference.tables import unguard_cell
from registration.forms.countries import only_clock_of
from registration.forms.fields import WordsField, longest, one_line
from registration.models import Registrant
from registration.services.people_import import Note
from registration.services.sign_up import Person

from . import choices as use
from .choices import Choices
from .values import country_in, language_in, roles_in, zone_in


def cell_of(chosen: Choices, cells: Sequence[str], wanted: str) -> str:
    """Return the words of the column with this use, or "" if there is none."""
    return words_in(cells, chosen.column_of(wanted))


def words_in(cells: Sequence[str], column: int | None) -> str:
    """Return the words of a cell, cleaned as those of our forms are, without the guard of our own table."""
    return _as_typed().to_python(unguard_cell(cells[column])) if column is not None and column < len(cells) else ""


@cache
def _as_typed() -> WordsField:
    return WordsField(limit=0)


def person_in(
    chosen: Choices, cells: Sequence[str], days: Iterable[Day], *, name: str, email: str
) -> tuple[Person, list[Note]]:
    """Return the person of a row with this name and address, and a note on each cell that does not come in whole."""
    told = _Told(chosen, cells)
    country = told.known(
        use.COUNTRY, country_in, _("The site does not know the country “%(words)s”. The country stays empty.")
    )
    zone = told.known(
        use.ZONE,
        zone_in,
        _("The site does not know the time zone “%(words)s”. Write one like Europe/Paris, or leave it."),
    )
    language = told.known(
        use.LANGUAGE, language_in, _("The site is not in “%(words)s”. It writes to this person in English.")
    )
    person = Person(
        name=name,
        email=email,
        country=country,
        time_zone=zone or _only_clock_of(country, days),
        language=language or settings.LANGUAGE_CODE,
        roles=told.roles(),
        role_words=told.short(use.ROLE_WORDS, longest(Registrant, "role_words")),
        carer_name=told.short(use.CARER, longest(Registrant, "carer_name")),
    )
    return person, told.notes


class _Told:
    """The cells of a row; `notes` grows with what is read."""

    def __init__(self, chosen: Choices, cells: Sequence[str]) -> None:
        self.chosen, self.cells = chosen, cells
        self.notes: list[Note] = []

    def known(self, wanted: str, read: Callable[[str], str], sentence: str) -> str:
        words = cell_of(self.chosen, self.cells, wanted)
        value = read(words)
        if not value and any(sign.isalnum() for sign in words):  # "-" says nothing
            self._note(wanted, sentence % {"words": words[:40]})
        return value

    def roles(self) -> list[str]:
        roles, others = roles_in(cell_of(self.chosen, self.cells, use.ROLES))
        if others:
            sentence = _("The site does not know the role “%(words)s”. It is left out.")
            self._note(use.ROLES, sentence % {"words": "; ".join(others)[:40]})
        return roles

    def short(self, wanted: str, most: int) -> str:
        words = one_line(cell_of(self.chosen, self.cells, wanted))
        if len(words) > most:
            sentence = _("It is longer than %(n)d characters. The rest is left out.")
            self._note(wanted, sentence % {"n": most})
        return words[:most]

    def _note(self, wanted: str, sentence: str) -> None:
        column = self.chosen.column_of(wanted)
        if column is not None:
            self.notes.append(Note(column, sentence))


@cache
def _clock_of(country: str, starts: tuple) -> str:
    return only_clock_of(country, starts)


def _only_clock_of(country: str, days: Iterable[Day]) -> str:
    return _clock_of(country, tuple(day.starts_at for day in days)) if country else ""
