"""Places on days: the one piece of code that assigns a registration's status."""

from registration.status import TRANSITIONS, Status


class ImpossibleTransition(Exception):
    """`status.TRANSITIONS` has no such step. A fault of the caller, never of a person."""


_TIMES = {
    Status.CONFIRMED: "confirmed_at",
    Status.WAITLISTED: "waitlisted_at",
    Status.CANCELLED: "cancelled_at",
}


def move(registration, to, *, now):
    """Bring a registration to status `to` at the UTC instant `now` and save it.

    The caller holds the lock of the day (`Day.objects.locked()`) and queues what the person must hear.
    Raises ImpossibleTransition.
    """
    if to not in TRANSITIONS[Status(registration.status)]:
        raise ImpossibleTransition(f"{registration.status} -> {to}")
    registration.status = to
    setattr(registration, _TIMES[to], now)
    registration.save(update_fields=["status", _TIMES[to]])
