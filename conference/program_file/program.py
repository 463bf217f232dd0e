"""A program as a file tells it: plain data, and how to move it to other dates.

`fields` hold only what the file says: a field that it leaves out, or gives as null, is not there.
"""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta


@dataclass(frozen=True)
class Source:
    """Where something stands in the file: the line on which it begins, and the line of each of its fields."""

    line: int
    lines: dict = field(default_factory=dict)

    def of(self, name):
        """The line of a field, or of the whole thing if it does not have that field."""
        return self.lines.get(name, self.line)


@dataclass(frozen=True)
class SpeakerEntry:
    """Somebody in a session. `role` is a value of Appearance.Role, `fields` are those of Speaker."""

    source: Source
    name: str
    role: str
    fields: dict = field(default_factory=dict)


@dataclass(frozen=True)
class SessionEntry:
    """A session of a day; `speakers` is None where the file says nothing of them."""

    source: Source
    number: int
    fields: dict = field(default_factory=dict)
    speakers: tuple[SpeakerEntry, ...] | None = None


@dataclass(frozen=True)
class DayEntry:
    """A day; its `fields` always hold starts_at and ends_at, in UTC. `sessions` as `speakers` above."""

    source: Source
    number: int
    fields: dict
    sessions: tuple[SessionEntry, ...] | None = None


@dataclass(frozen=True)
class Region:
    """A region of the world with the date of each day as announced there, in the order of the days."""

    source: Source
    name: str
    dates: tuple[date, ...]


@dataclass(frozen=True)
class Program:
    """One edition; its `fields` always hold slug and name. `regions` and `texts` as `speakers` above."""

    fields: dict
    days: tuple[DayEntry, ...]
    regions: tuple[Region, ...] | None = None
    texts: dict = field(default_factory=dict)

    @property
    def slug(self):
        return self.fields["slug"]


def shift(program, first_day):
    """Return the program with its first day on the UTC date `first_day`, all else as many days away as before.

    Clock times in UTC stay. The slug becomes that date's year, and so does the old year within the name.
    """
    by = first_day - program.days[0].fields["starts_at"].date()
    year = str(first_day.year)
    name = program.fields["name"].replace(program.slug, year)
    regions = program.regions and tuple(
        replace(region, dates=tuple(day + by for day in region.dates)) for region in program.regions
    )
    days = tuple(
        replace(
            day,
            fields=_moved(day.fields, by),
            sessions=day.sessions and tuple(replace(s, fields=_moved(s.fields, by)) for s in day.sessions),
        )
        for day in program.days
    )
    return replace(program, fields=program.fields | {"slug": year, "name": name}, regions=regions, days=days)


def _moved(fields, by: timedelta):
    return fields | {name: fields[name] + by for name in ("starts_at", "ends_at") if name in fields}
