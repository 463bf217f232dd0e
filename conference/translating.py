"""The parts of an edition to translate: each with its original, its translation, and whether that is still current."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby

from django.conf import settings
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from conference.models import AnnouncedDate, Conference, Day, Session, Speaker, Text, Translated
from conference.scripts import labelled
from conference.texts import PASSAGES


@dataclass(frozen=True)
class Part:
    """One text of one row, in one language."""

    row: Translated
    name: str  # of the field
    label: str
    group: str
    language: str

    @property
    def key(self) -> str:
        """The name of its field in a form."""
        return f"{self.row._meta.label_lower}-{self.row.pk}-{self.name}"

    @property
    def original(self) -> str:
        return getattr(self.row, self.name)

    @property
    def words(self) -> str:
        """The translation, or ""."""
        found = self.row.translation(self.name, self.language)
        return found["words"] if found else ""

    @property
    def was(self) -> str:
        """The original that was translated if it has changed since, or ""."""
        found = self.row.translation(self.name, self.language)
        return found["of"] if found and found["of"] != self.original else ""

    @property
    def is_missing(self) -> bool:
        """Whether pages show the original because of it. A name needs no translation."""
        said = self.row.words_in(self.name, self.language)
        return said.language != self.language and not said.is_name

    @property
    def by_itself(self) -> str:
        """What pages say without a translation, if that is in the language: names of parts of the world."""
        said = self.row.words_in(self.name, self.language)
        return "" if self.words or said.language != self.language else str(said)

    @property
    def is_long(self) -> bool:
        """Whether it may have several lines."""
        return isinstance(self.row._meta.get_field(self.name), models.TextField)

    @property
    def max_length(self) -> int | None:
        return self.row._meta.get_field(self.name).max_length


@dataclass(frozen=True)
class Group:
    """The parts that one page of the form shows."""

    key: str
    name: str
    parts: list[Part] = field(default_factory=list)

    @property
    def missing(self) -> int:
        return sum(part.is_missing for part in self.parts)

    @property
    def changed(self) -> int:
        return sum(bool(part.was) for part in self.parts)

    @property
    def is_done(self) -> bool:
        return not self.missing and not self.changed


def languages() -> list[tuple[str, str]]:
    """Return (code, own name) of each language that organisers may translate into."""
    return [(code, name) for code, name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def groups_of(conference: Conference, language: str) -> list[Group]:
    """Return all parts of an edition to translate, in the order of the site. Empty texts are left out."""
    parts = [
        Part(row, name, labelled(about, capfirst(row._meta.get_field(name).verbose_name)), group, language)
        for row, group, about in _rows_of(conference)
        for name in row.TRANSLATED
        if getattr(row, name).strip()
    ]
    grouped = groupby(parts, key=lambda part: part.group)
    return [Group(str(place), name, list(those)) for place, (name, those) in enumerate(grouped)]


def _rows_of(conference: Conference) -> Iterable[tuple[Translated, str, str]]:
    """Yield each row with its group and its name in that group."""
    yield conference, _("The conference"), _("The conference")
    yield from _days_of(conference)
    for speaker in Speaker.objects.for_edition(conference):
        yield speaker, _("Speakers"), speaker.name
    yield from _texts_of(conference)
    for model in Translated.__subclasses__():  # added by registration: the questions of its form
        if model not in (Conference, Day, AnnouncedDate, Session, Speaker, Text):
            for row in model.objects.for_edition(conference):
                yield row, capfirst(model._meta.verbose_name_plural), str(row)


def _days_of(conference):
    for day in Day.objects.for_edition(conference).with_announced_dates().with_sessions():
        yield day, day.label, day.label
        for told in day.announced_dates.all():
            yield told, day.label, _("Announced date")
        for session in day.sessions.all():
            yield session, day.label, session.label


def _texts_of(conference):
    own = {text.key: text for text in Text.objects.for_edition(conference).changed()}
    for passage in PASSAGES.values():
        if passage.key in own:
            yield own[passage.key], _("Words of the pages"), f"{passage.page}, {passage.label}"
