"""How many places a day has. People who move up from its waiting list when it gets more hear of it by mail.

The new number takes effect at once. If several people move up, the waiting list gets the added places after ten
minutes; until then the organiser can undo it (`day_changes.take_back`). A place that a person leaves still goes to
the first in line, and nobody overtakes the line meanwhile: `places.fill` knows what is held.
"""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from conference.models import Day
from registration.models import DayNotice
from registration.status import MORE_PLACES

from .day_changes import TELL_AFTER
from .places import fill, first_in_line, give_places

# How many people get a place in one transaction, while others wait for the lock of the day.
PORTION = 50


def change_capacity(day: Day, *, capacity: int | None, now: datetime, user: User | None = None) -> int:
    """Set how many places a day has, at the UTC instant `now`; None for no limit. `user` is the organiser.

    Lowering it takes nobody's place away. An earlier change that can still be undone is replaced.

    Returns how many people move up from the waiting list: one at once, several after ten minutes. Sends each of them a
    mail with the invite.
    """
    with transaction.atomic():
        day = Day.objects.locked_in_turn(day.pk)
        held = DayNotice.objects.more_places_of(day)
        was = held.was_capacity if held else day.capacity
        day.capacity = capacity
        day.save(update_fields=["capacity"])
        if held:
            _end(held, now)
        people = len(first_in_line(day, now=now))
        if people > 1:
            _hold(day, people, was, now, user)
        else:
            fill(day, now=now)
    return people


def give_added_places(*, now: datetime, limit: int = PORTION) -> int:
    """Give places that can no longer be taken back to up to `limit` people in line.

    The worker calls it until none is left. Returns how many people moved up, or 1 for a notice that is done with. Sends
    each of them a mail with the invite.
    """
    notice = DayNotice.objects.more_places().due(now).first()
    if notice is None:
        return 0
    with transaction.atomic():
        day = Day.objects.locked_in_turn(notice.day_id)
        notice = DayNotice.objects.more_places().due(now).only_row(notice).first()
        if notice is None:
            return 1  # another worker did, or an organiser
        moved = first_in_line(day, now=now, most=limit)
        give_places(moved, now=now)
        if len(moved) < limit:
            _end(notice, now)
    return len(moved) or 1


def _hold(day: Day, people: int, was: int | None, now: datetime, user: User | None) -> None:
    DayNotice.objects.create(
        day=day,
        news=MORE_PLACES,
        user=user,
        people=people,
        noted_at=now,
        due_at=now + TELL_AFTER,
        was_capacity=was,
    )


def _end(notice: DayNotice, now: datetime) -> None:
    notice.done_at = now
    notice.save(update_fields=["done_at"])
