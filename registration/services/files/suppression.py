"""Keeps small numbers out of tables, even if a reader subtracts the shown ones from a total. Pure arithmetic.

A number below five can point at a person. Small lines are added to others, never left out, so what is shown still
adds up and nothing can be solved for. Where lines cannot be added (of how many came), a number is hidden, and enough
others with it to leave several possible numbers even to a reader who knows all totals.
"""

from collections.abc import Sequence
from dataclasses import dataclass

LEAST = 5


@dataclass(frozen=True)
class Count:
    """How many people there are of a kind, and how many of them came, as it is."""

    words: str
    people: int
    came: int


@dataclass(frozen=True)
class Line:
    """The same as it may be shown. None is a number that is not."""

    words: str
    people: int | None
    came: int | None


def merge_small(counts: Sequence[Count], others: str) -> list[Count]:
    """Return counts of at least five people each, the largest first; `others` is the last and holds the small ones.

    The smallest of the large ones joins them if they are fewer than five together. `counts` are of different people,
    five or more in all.
    """
    kept = sorted((count for count in counts if count.people >= LEAST), key=lambda count: (-count.people, count.words))
    small = [count for count in counts if 0 < count.people < LEAST]
    while small and kept and sum(count.people for count in small) < LEAST:
        small.append(kept.pop())
    if small:
        kept.append(Count(others, sum(count.people for count in small), sum(count.came for count in small)))
    return kept


def hide_came(counts: Sequence[Count]) -> list[Line]:
    """Return the lines of different people, with small numbers of people who came, or did not come, hidden.

    Each count is of five people or more, and so is the number of all who came, and of all who did not.
    """
    hidden = {place for place, count in enumerate(counts) if _is_small(count)}
    while hidden and len(hidden) < len(counts) and not _leaves_a_span([counts[place] for place in hidden]):
        hidden.add(_smallest_shown(counts, hidden))
    return [
        Line(count.words, count.people, None if place in hidden else count.came) for place, count in enumerate(counts)
    ]


def _is_small(count: Count) -> bool:
    return count.came < LEAST or count.people - count.came < LEAST


def _smallest_shown(counts: Sequence[Count], hidden: set[int]) -> int:
    return min((place for place in range(len(counts)) if place not in hidden), key=lambda place: counts[place].people)


def _leaves_a_span(hidden: Sequence[Count]) -> bool:
    """Whether each hidden number has six possible values or more, for readers who know their sum and all people."""
    people, came = sum(count.people for count in hidden), sum(count.came for count in hidden)
    spans = (min(count.people, came) - max(0, came - (people - count.people)) for count in hidden)
    return all(span >= LEAST for span in spans)


def hide_of_days(days: Sequence[Count], people: int, came: int) -> list[Line]:
    """Return the days' lines with their small numbers hidden.

    People are on several days, so days do not add up. But each of the `people` is on one at least, each who `came`
    came to one, and each of the others stayed away from one: no sum over the days is smaller than these.
    """
    few = {place for place, day in enumerate(days) if day.people < LEAST}
    few = _with_others(few, [day.people for day in days], [people] * len(days), people)
    most = [people if place in few else day.people for place, day in enumerate(days)]
    arrived, away = [day.came for day in days], [day.people - day.came for day in days]
    hidden = few | {place for place, day in enumerate(days) if _is_small(day)}
    before = None
    while hidden != before:
        before = hidden
        hidden = _with_others(_with_others(hidden, arrived, most, came), away, most, people - came)
    return [
        Line(day.words, None if place in few else day.people, None if place in hidden else day.came)
        for place, day in enumerate(days)
    ]


def _with_others(hidden: set[int], numbers: Sequence[int], most: Sequence[int], least: int) -> set[int]:
    """Return `hidden` with more places, enough to hide each number; all together are `least` or more.

    `most` says how large each hidden number may be.
    """
    hidden = set(hidden)
    while hidden and len(hidden) < len(numbers):
        missing = least - sum(number for place, number in enumerate(numbers) if place not in hidden)
        room = sum(most[place] for place in hidden)
        lowest = {place: missing - (room - most[place]) for place in hidden}
        if all(low <= 0 or (len(hidden) > 1 and most[place] - low >= LEAST) for place, low in lowest.items()):
            break
        hidden.add(min(set(range(len(numbers))) - hidden, key=lambda place: numbers[place]))
    return hidden
