"""How many places a newcomer can have on a day, and how many people wait for one."""

from dataclasses import dataclass

from registration.models import Registration
from registration.status import HOLDS_PLACE, Status


@dataclass(frozen=True)
class Availability:
    """What a day with a limit offers: how many places a newcomer can have now, and how many people wait."""

    free: int
    waiting: int


def availability_of(days):
    """Return {day's key: Availability} for the days with a limit. One query, none without limits.

    A free place that the waiting list is about to get is not free.
    """
    limited = [day for day in days if day.has_capacity]
    counts = Registration.objects.on_days(limited).counted_by_day() if limited else {}
    return {day.pk: _availability(day, counts.get(day.pk, {})) for day in limited}


def free_places(days):
    """Return {day's key: places that a newcomer can have now} for the days with a limit."""
    return {key: found.free for key, found in availability_of(days).items()}


def _availability(day, counts):
    waiting = counts.get(Status.WAITLISTED, 0)
    taken = sum(counts.get(status, 0) for status in HOLDS_PLACE)
    return Availability(0 if waiting else max(0, day.capacity - taken), waiting)
