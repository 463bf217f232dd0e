"""Numbers for funders: how many people had a place and how many came, by day, country and role.

They name nobody, and no number below five can be read or worked out (`suppression`).
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import BinaryIO

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from conference.clock import country_name
from conference.models import Conference, Day
from conference.tables import write
from registration.models import Registrant, Registration
from registration.models.history import note_table
from registration.models.registrations import RegistrationQuerySet

from .suppression import LEAST, Count, Line, hide_came, hide_of_days, merge_small


@dataclass(frozen=True)
class Numbers:
    """What may be told: of all, then of each day, country and role. Nothing if fewer than five had a place."""

    total: Line | None = None
    days: list[Line] = field(default_factory=list)
    countries: list[Line] = field(default_factory=list)
    roles: list[Line] = field(default_factory=list)

    @property
    def tables(self) -> list[tuple[str, list[Line]]]:
        """(name, lines) of each table."""
        return [(_("By day"), self.days), (_("By country"), self.countries), (_("By role"), self.roles)]


def numbers_of(conference: Conference) -> Numbers:
    """Return the numbers of an edition, of people with a place whose data is here. Three queries."""
    places = Registration.objects.for_edition(conference).confirmed().order_by()
    people = set(places.values_list("registrant_id", flat=True))
    came = set(places.came().values_list("registrant_id", flat=True))
    if len(people) < LEAST:
        return Numbers()
    facts = list(Registrant.objects.for_edition(conference).values_list("pk", "country", "roles"))
    facts = [row for row in facts if row[0] in people]
    days = _days(conference, places)
    countries = merge_small(_counts(((row[0], row[1]) for row in facts), _country, came), _("Other countries"))
    roles = merge_small(_counts(((row[0], _role(row[2])) for row in facts), str, came), _("Other roles"))
    if min(len(came), len(people) - len(came)) < LEAST:
        # Too few came, or stayed away, to say of any part how many.
        few = hide_of_days([Count(day.words, day.people, 0) for day in days], len(people), 0)
        parts = (_without_came(part) for part in (few, countries, roles))
        return Numbers(Line(_("All"), len(people), None), *parts)
    return Numbers(
        Line(_("All"), len(people), len(came)),
        hide_of_days(days, len(people), len(came)),
        hide_came(countries),
        hide_came(roles),
    )


def numbers_file(conference: Conference, *, kind: str, user: User) -> BinaryIO:
    """Return the numbers as a file, and log the download; the caller closes it."""
    numbers = numbers_of(conference)
    words = _("Downloaded the numbers of %(conference)s, without those below five") % {"conference": conference}
    note_table(user, Registrant, words)
    heads = [_("People with a place"), _("Came")]
    sheets = [(name, [name, *heads], _rows(numbers.total, lines)) for name, lines in numbers.tables]
    return write(kind, sheets)


def _rows(total: Line | None, lines: list[Line]) -> list[list[str | int]]:
    not_shown = _("not shown")
    return [
        [line.words, not_shown if line.people is None else line.people, not_shown if line.came is None else line.came]
        for line in [*lines, *([total] if total else [])]
    ]


def _days(conference: Conference, places: RegistrationQuerySet) -> list[Count]:
    people: Counter = Counter(places.values_list("day_id", flat=True))
    came: Counter = Counter(places.came().values_list("day_id", flat=True))
    return [Count(day.label, people[day.pk], came[day.pk]) for day in Day.objects.for_edition(conference)]


def _counts(pairs: Iterable[tuple[int, str]], words_of: Callable[[str], str], came: set[int]) -> list[Count]:
    people: Counter = Counter()
    arrived: Counter = Counter()
    for key, part in pairs:
        people[part] += 1
        arrived[part] += key in came
    return [Count(words_of(part), number, arrived[part]) for part, number in people.items()]


def _country(code: str) -> str:
    return country_name(code) or _("Not told")


def _role(roles: list[str]) -> str:
    """Return the one line on which a person counts: each counts once, or the lines would not add up."""
    if len(roles) > 1:
        return _("Several of these")
    names = {role.value: str(role.label) for role in Registrant.Role}
    return names.get(roles[0], roles[0]) if roles else _("Not told")


def _without_came(lines: Iterable[Count | Line]) -> list[Line]:
    return [Line(line.words, line.people, None) for line in lines]
