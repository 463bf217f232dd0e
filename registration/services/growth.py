"""How an edition grows: places taken over time, countries and roles. The worker counts, and pages show its counts.

Counting 300,000 registrations takes seconds, so no page does it while a worker runs.
"""

from collections import Counter
from datetime import date, datetime, timedelta
from itertools import accumulate

from django.db.models import Case, Count, Subquery, When

from conference.models import Conference
from registration.models import GrowthCount, Registrant, Registration

COUNT_EVERY = timedelta(minutes=10)
TOO_OLD = timedelta(hours=1)  # then no worker counts, and the page does it
MOST_POINTS = 14
STEPS_IN_DAYS = (1, 7, 14, 28, 91, 364)
AT_ONCE = 2000  # rows


def growth_of(conference: Conference, *, now: datetime) -> tuple[datetime, dict]:
    """Return (when it was counted, the numbers) of an edition; `now` is a UTC instant. Counts only if it must.

    "people_now" is how many people there are, if the count found nobody: the first ones are not overlooked.
    """
    people = Registrant.objects.for_edition(conference).verified().order_by().values("conference")
    is_now = Subquery(people.annotate(number=Count("pk")).values("number"))
    counts = GrowthCount.objects.annotate(people_now=Case(When(numbers__people=0, then=is_now)))
    kept = counts.filter(conference=conference).first()
    if kept is not None and kept.made_at >= now - TOO_OLD:
        return kept.made_at, kept.numbers | {"people_now": kept.people_now}
    made = count_growth(conference, now=now)
    return made.made_at, made.numbers


def count_growth(conference: Conference, *, now: datetime) -> GrowthCount:
    """Count, keep and return the GrowthCount of an edition at the UTC instant `now`."""
    people, countries, roles = _people(conference)
    numbers = {
        "people": people,
        "countries": countries.most_common(),
        "roles": roles.most_common(),
        "points": _points(conference, now),
    }
    values = {"made_at": now, "numbers": numbers}
    return GrowthCount.objects.update_or_create(conference=conference, defaults=values)[0]


def _people(conference: Conference) -> tuple[int, Counter, Counter]:
    """Return how many people confirmed their address, and Counters of their countries and roles."""
    number, countries, roles = 0, Counter[str](), Counter[str]()
    rows = Registrant.objects.for_edition(conference).verified().order_by().values_list("country", "roles")
    for country, chosen in rows.iterator(AT_ONCE):
        number += 1
        countries[country] += 1
        roles.update(chosen or [])
    return number, countries, roles


def _points(conference: Conference, now: datetime) -> list[dict]:
    """Return, for the end of each step, how many had a place on each day: {"until": ISO date in UTC, "days": {...}}."""
    changes: dict[int, Counter] = {}
    rows = Registration.objects.for_edition(conference).places_once().order_by()
    for day, confirmed_at, cancelled_at in rows.values_list("day", "confirmed_at", "cancelled_at").iterator(AT_ONCE):
        counts = changes.setdefault(day, Counter())
        counts[confirmed_at.date()] += 1
        if cancelled_at is not None:
            counts[max(cancelled_at, confirmed_at).date()] -= 1
    if not changes:
        return []
    ends = _ends(min(min(counts) for counts in changes.values()), now)
    taken = {day: _sums(counts, ends) for day, counts in changes.items()}
    return [
        {"until": end.isoformat(), "days": {str(day): sums[place] for day, sums in taken.items()}}
        for place, end in enumerate(ends)
    ]


def _ends(first: date, now: datetime) -> list[date]:
    """Return the dates on which the steps end, the last of them today: so long that there are not too many."""
    last = now.date()
    length = max((last - first).days, 1)
    step = next((days for days in STEPS_IN_DAYS if length / days < MOST_POINTS), STEPS_IN_DAYS[-1])
    steps = -(-length // step)  # rounded up
    return [last - timedelta(days=step * back) for back in range(steps, -1, -1)]


def _sums(counts: Counter, ends: list[date]) -> list[int]:
    """Return the running sum of {date: change} at the end of each date of `ends`."""
    steps = [0] * len(ends)
    for when, change in counts.items():
        place = next((place for place, end in enumerate(ends) if when <= end), len(ends) - 1)
        steps[place] += change
    return list(accumulate(steps))


def count_what_grows(*, now: datetime) -> int:
    """Count the edition that organisers work on. Returns 0: once every ten minutes is enough."""
    if conference := Conference.objects.at_work(now):
        count_growth(conference, now=now)
    return 0
