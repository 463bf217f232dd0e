"""Acts on many people at once: each is logged in the history, and the worker does large numbers."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import batched

from django.contrib.auth.models import User
from django.db import InterfaceError, OperationalError, transaction
from django.utils.translation import gettext as _

from conference.models import Day
from registration.models import PlannedAct, Registrant, Registration
from registration.models.history import note, note_table
from registration.status import Act, CancelledBy

from .by_hand import move_to_day
from .corrections import send_all_again
from .days import cancel, confirm_by_organiser
from .errors import AlreadyOnDay, NotConfirmed, RegistrationClosed

logger = logging.getLogger(__name__)

# More than this takes too long in a request: 200 confirmations took 1.4 seconds.
AT_ONCE = 50
# How many keys a plan holds once it begins: it is saved again after each row.
PORTION = 500


def act_on(act: Act, row: Registration | Registrant, *, user: User, now: datetime, day: Day | None = None) -> str:
    """Do one `Act` to one row, and note in the history who did it.

    Args:
        act: an `Act`.
        row: a Registrant for SEND_AGAIN, a Registration for the others, with its person and day.
        user: the organiser's account.
        now: a UTC instant.
        day: for MOVE, where to.

    Returns in a word what came of it: "done", or why not. Sends what the services send.
    """
    with transaction.atomic():
        outcome, words = _DO[act](row, now, day)
        if outcome == "done":
            row.refresh_from_db()
            note(user, row, words)
    return outcome


def plan(
    act: Act,
    rows: Iterable[Registration | Registrant],
    *,
    user: User,
    now: datetime,
    day: Day | None = None,
    due_at: datetime | None = None,
) -> PlannedAct:
    """Let the worker do an `Act` to rows (of the kind that `act_on` takes), in their order. Returns the PlannedAct.

    It begins at the UTC instant `due_at`, or at once; until then it can be taken back.
    """
    keys = [row.pk for row in rows]
    return PlannedAct.objects.create(act=act, keys=keys, user=user, day=day, planned_at=now, due_at=due_at or now)


def plan_once(
    act: Act,
    rows: Iterable[Registration | Registrant],
    *,
    user: User,
    now: datetime,
    day: Day | None = None,
    due_at: datetime,
) -> PlannedAct | None:
    """Do as `plan`, without the rows for which the same act waits already: a button was pressed twice, or by two.

    Otherwise the second plan would still be carried out once the first one is taken back. Returns None if no row is
    left.
    """
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)  # a second press waits for the first
        waiting = {key for one in PlannedAct.objects.waiting(now).filter(act=act, day=day) for key in one.keys}
        rest = [row for row in rows if row.pk not in waiting]
        return plan(act, rest, user=user, now=now, day=day, due_at=due_at) if rest else None


def take_back(planned: PlannedAct, *, user: User, now: datetime) -> bool:
    """Cancel an act that has not begun. Returns whether it was in time."""
    with transaction.atomic():
        row = PlannedAct.objects.waiting(now).only_row(planned).locked().first()
        if row is None:
            return False
        words = _("Taken back before it began: %(act)s") % {"act": row.get_act_display()}
        note_table(user, Registration, words)
        row.delete()
    return True


def carry_on(*, now: datetime, limit: int = AT_ONCE) -> int:
    """Do the next rows of the oldest planned act. The worker calls it until it returns 0.

    Each row is done once: it is removed from the plan in the same transaction. A row that fails is removed too, so it
    does not delay others; the log says why. Returns how many rows it did; for a long plan, how many short ones it made
    of it, and 1 for one that is done with.
    """
    planned = PlannedAct.objects.due(now).first()
    if planned is None:
        return 0
    if not planned.keys:
        planned.delete()
        return 1
    if len(planned.keys) > PORTION:
        return _split(planned)

    return sum(_do_one(planned, key, now) for key in planned.keys[:limit])


def _split(planned: PlannedAct) -> int:
    """Make many plans of a long one that has begun, in its order. Returns how many."""
    with transaction.atomic():
        row = PlannedAct.objects.only_row(planned).locked().first()
        if row is None:
            return 1  # another worker did
        same = {"act": row.act, "user": row.user, "day": row.day, "planned_at": row.planned_at, "due_at": row.due_at}
        parts = [PlannedAct(keys=list(keys), **same) for keys in batched(row.keys, PORTION, strict=False)]
        PlannedAct.objects.bulk_create(parts)
        row.delete()
    return len(parts)


def _do_one(planned: PlannedAct, key: int, now: datetime) -> bool:
    """Do a planned act to one row; return whether this worker did, and not another."""
    with transaction.atomic():
        row_of_it = PlannedAct.objects.only_row(planned).locked().first()
        if row_of_it is None or key not in row_of_it.keys:
            return False
        row_of_it.keys.remove(key)
        row_of_it.save(update_fields=["keys"])
        act = Act(planned.act)
        rows = Registrant.objects.all() if act == Act.SEND_AGAIN else Registration.objects.with_people()
        row = rows.with_id(key).first()
        if row is None:
            return True  # they were erased in the meantime
        try:
            with transaction.atomic():
                act_on(act, row, user=planned.user, now=now, day=planned.day)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            logger.exception("An act of an organiser failed for one person: %s", act)
    return True


def _confirm(row: Registration, now: datetime, _day: Day | None) -> tuple[str, str]:
    if row.is_cancelled:
        return "cancelled", ""
    if not row.day.is_to_come(now):
        return "over", ""
    done = confirm_by_organiser(row, now=now)
    return ("done" if done else "before"), _("Confirmed for %(day)s") % {"day": row.day.label}


def _cancel(row: Registration, now: datetime, _day: Day | None) -> tuple[str, str]:
    done = cancel(row, now=now, by=CancelledBy.ORGANISER)
    return ("done" if done else "before"), _("Cancelled for %(day)s") % {"day": row.day.label}


def _move(row: Registration, now: datetime, day: Day) -> tuple[str, str]:
    try:
        move_to_day(row, day, now=now)
    except AlreadyOnDay:
        return "there", ""
    except (NotConfirmed, RegistrationClosed):
        return "changed", ""
    return "done", _("Moved from %(old)s to %(new)s") % {"old": row.day.label, "new": day.label}


def _send_again(person: Registrant, now: datetime, _day: Day | None) -> tuple[str, str]:
    return ("done" if send_all_again(person, now=now) else "nothing"), _("Mails sent again")


_DO: dict[Act, Callable[..., tuple[str, str]]] = {
    Act.CONFIRM: _confirm,
    Act.CANCEL: _cancel,
    Act.MOVE: _move,
    Act.SEND_AGAIN: _send_again,
}
