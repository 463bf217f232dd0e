"""The columns of the table of people: which there are, and which each organiser chose last."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.contrib.auth.models import User
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference.clock import countries
from conference.models import Day
from registration.models import Answer, Question, Registrant, Registration, TableColumns
from registration.models.details import DETAILS
from registration.status import Status


@dataclass(frozen=True)
class Facts:
    """What tables tell of several people beside their own columns, by (person's key, day's or question's key).

    Loaded as plain values: with rows of the database 30,000 people take three times as long.
    """

    standings: dict[tuple[int, int], str] = field(default_factory=dict)
    came: dict[tuple[int, int], datetime] = field(default_factory=dict)
    answers: dict[tuple[int, int], str] = field(default_factory=dict)

    @classmethod
    def about(cls, people: Iterable[Registrant]) -> "Facts":
        """Return the facts about some people, in two queries. Of several rounds on a day the last one counts."""
        facts, keys = cls(), [person.pk for person in people]
        rows = Registration.objects.filter(registrant__in=keys).rounds_in_order()
        for person, day, status, attended_at in rows.values_list("registrant_id", "day_id", "status", "attended_at"):
            facts.standings[person, day] = status
            if attended_at:
                facts.came[person, day] = attended_at
        given = (
            Answer.objects.filter(registrant__in=keys).order_by().values_list("registrant_id", "question_id", "values")
        )
        facts.answers.update({(person, question): "; ".join(values) for person, question, values in given})
        return facts


Cell = Callable[[Registrant, Facts], str]


@dataclass(frozen=True)
class Choice:
    """What an organiser ticks: one column, or one for each day or question."""

    key: str
    words: str | Promise


@dataclass(frozen=True)
class Column:
    """One column of a table: its head, and what it says of a person."""

    head: str
    cell: Cell


_ALSO = {
    "created_at": gettext_lazy("Signed up (UTC)"),
    "verified_at": gettext_lazy("Address confirmed (UTC)"),
    "undeliverable_at": gettext_lazy("Address has not worked since (UTC)"),
    "is_added_by_organiser": gettext_lazy("Added by an organiser"),
}
_FOR_EACH = {
    "days": gettext_lazy("Each day: confirmed, waiting or cancelled"),
    "came": gettext_lazy("Each day: when they came"),
    "answers": gettext_lazy("Each of your questions: the answer"),
}


def choices() -> list[Choice]:
    """Return what there is to choose from, in the order of the columns."""
    details = [Choice(detail.column, capfirst(detail.label)) for detail in DETAILS]
    return [*details, *(Choice(key, words) for key, words in (_ALSO | _FOR_EACH).items())]


def chosen_by(user: User) -> list[str]:
    """Return the keys that an organiser chose last, in order; at first all of them."""
    known = [choice.key for choice in choices()]
    row = TableColumns.objects.for_account(user).first()
    kept = [key for key in known if key in row.columns] if row else []
    return kept or known


def remember(user: User, keys: Iterable[str]) -> None:
    """Remember an organiser's choice for next time."""
    TableColumns.objects.update_or_create(user=user, defaults={"columns": list(keys)})


def columns_of(keys: Iterable[str], days: Sequence[Day], questions: Sequence[Question]) -> list[Column]:
    """Return the columns for chosen keys, those of these days and questions among them."""
    keys = set(keys)
    columns = [Column(capfirst(detail.label), _detail(detail.column)) for detail in DETAILS if detail.column in keys]
    columns += [Column(str(words), _fact(key)) for key, words in _ALSO.items() if key in keys]
    if "days" in keys:
        columns += [Column(str(day), _status_on(day)) for day in days]
    if "came" in keys:
        columns += [Column(_("%(day)s: came (UTC)") % {"day": day}, _came_on(day)) for day in days]
    if "answers" in keys:
        columns += [Column(question.label, _answer_to(question)) for question in questions]
    return columns


def _detail(name: str) -> Cell:
    if name == "country":
        countries_by_code = dict(countries())
        return lambda person, facts: countries_by_code.get(person.country, "")
    if name == "roles":
        names = {role.value: str(role.label) for role in Registrant.Role}
        return lambda person, facts: "; ".join(names.get(role, role) for role in person.roles)
    return lambda person, facts: getattr(person, name)


def _fact(name: str) -> Cell:
    if name == "is_added_by_organiser":
        yes = _("yes")
        return lambda person, facts: yes if person.is_added_by_organiser else ""
    return lambda person, facts: instant_words(getattr(person, name))


def _status_on(day: Day) -> Cell:
    words = {status.value: str(status.label) for status in Status} | {"": ""}
    return lambda person, facts: words[facts.standings.get((person.pk, day.pk), "")]


def _came_on(day: Day) -> Cell:
    return lambda person, facts: instant_words(facts.came.get((person.pk, day.pk)))


def _answer_to(question: Question) -> Cell:
    return lambda person, facts: facts.answers.get((person.pk, question.pk), "")


def instant_words(instant: datetime | None) -> str:
    """Return a UTC instant as tables have it: 2027-09-12T19:00:00Z, or nothing for None."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if instant else ""
