"""What some rows of a file change, worked out in a few queries: the page shows it first, and then it is done."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from conference.models import Conference, Day
from registration.addresses import key_of_address, key_of_name
from registration.models import Registrant, Registration
from registration.services.sign_up import Person
from registration.status import CancelledBy


@dataclass(frozen=True)
class Note:
    """What a good row says and the site does not take, and in which column (from 0)."""

    column: int
    sentence: str
    is_about_days: bool = False


@dataclass(frozen=True)
class Wanted:
    """A good row: who it is, and the keys of the days that it names."""

    row: int
    person: Person
    days: tuple[int, ...]
    notes: tuple[Note, ...] = ()


@dataclass
class Planned:
    """What comes of a row. Two rows of one person are one plan; the second is `again`."""

    wanted: Wanted
    registrant: Registrant | None  # one who is here already, or was made since
    is_new: bool
    again: bool = False
    add: list[Day] = field(default_factory=list)
    seat: list[Registration] = field(default_factory=list)  # waits for them to confirm, and a place is vouched for
    present: list[Day] = field(default_factory=list)
    given_up: list[Day] = field(default_factory=list)  # days that they cancelled themselves: they stay off these
    made: list[Registration] = field(default_factory=list)

    @property
    def changes(self) -> bool:
        """Whether it changes anything."""
        return bool(self.add or self.seat)

    @property
    def notes(self) -> list[Note]:
        """What of the row does not come in. People who are here already keep their details, so these are no news."""
        return [] if self.again else [note for note in self.wanted.notes if self.is_new or note.is_about_days]

    @property
    def rows(self) -> list[Registration]:
        """What they hear of: the registrations that are new, or that are no longer waiting for them."""
        return [*self.made, *self.seat]


def key_of_person(person: Person) -> tuple[str, str]:
    """Return what is equal for two spellings of one person: the keys of address and name."""
    return key_of_address(person.email), key_of_name(person.name)


def plan_people(
    conference: Conference, wanted: Iterable[Wanted], *, days: Mapping[int, Day], is_verified: bool, locks: bool = False
) -> list[Planned]:
    """Return a plan for each row, in their order. Changes nothing.

    Args:
        conference: the edition.
        wanted: the rows.
        days: {key: Day} of the days that may be taken; others are left out.
        is_verified: whether an organiser vouches for their addresses.
        locks: whether to lock those who are here already; the caller holds the days.
    """
    wanted = list(wanted)
    known = _known(conference, [row.person for row in wanted], locks)
    live, given_up = _registrations([person.pk for person in known.values()])
    plans: dict[tuple[str, str], Planned] = {}
    planned = []
    for row in wanted:
        key = key_of_person(row.person)
        first = plans.get(key)
        plan = Planned(row, known.get(key), is_new=key not in known, again=first is not None)
        planned.append(plan)
        plans.setdefault(key, plan)
        for number in row.days:
            if number in days:
                _plan_day(first or plan, days[number], live, given_up, is_verified)
    return planned


def mails_of(confirmed: int, waiting: int, *, is_verified: bool) -> int:
    """Return how many mails a person gets who was put on so many days, with a place or waiting."""
    if not (confirmed or waiting):
        return 0
    return 1 if not is_verified or confirmed + waiting == 1 else 1 + confirmed


def _plan_day(
    plan: Planned,
    day: Day,
    live: Mapping[tuple[int, int], Registration],
    given_up: set[tuple[int, int]],
    is_verified: bool,
) -> None:
    if day in plan.add:
        return
    key = (plan.registrant.pk if plan.registrant else 0, day.pk)
    row = live.get(key)
    if row is not None and row.is_pending and is_verified:
        if row not in plan.seat:
            plan.seat.append(row)
    elif row is not None:
        plan.present.append(day)
    elif key in given_up:
        plan.given_up.append(day)
    else:
        plan.add.append(day)


def _known(conference: Conference, people: Sequence[Person], locks: bool) -> dict[tuple[str, str], Registrant]:
    """Return {keys: the person who is here}."""
    addresses = {key_of_address(person.email) for person in people}
    rows = Registrant.objects.for_edition(conference).filter(email_key__in=addresses)
    found = rows.locked() if locks else rows
    return {(row.email_key, row.name_key): row for row in found}


def _registrations(
    people: Sequence[int],
) -> tuple[dict[tuple[int, int], Registration], set[tuple[int, int]]]:
    """Return {(person's key, day's key): what is live between them}, and the pairs that the person ended last."""
    live, given_up = {}, set()
    for row in Registration.objects.filter(registrant__in=people).rounds_in_order():
        key = (row.registrant_id, row.day_id)
        given_up.discard(key)
        if row.is_live:
            live[key] = row
        elif row.cancelled_by == CancelledBy.PERSON:
            given_up.add(key)
    return live, given_up
