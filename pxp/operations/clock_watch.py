"""Detects when the machine's clock jumped: the workers' last sign of life is then long ago, or in the future.

A clock that is wrong for a while must do no lasting harm. After a jump of more than a day (or after nothing ran for so
long, which looks the same) nothing is deleted and no mail is given up for a day: time to set the clock.
"""

import logging
from datetime import datetime, timedelta

from pxp.operations.models import Observation
from pxp.operations.models.observations import Watched
from registration.mail.moved_clock import follow_back

logger = logging.getLogger(__name__)

LARGE = timedelta(days=1)  # a smaller jump cannot delete too much: the policy counts in days
SMALLEST_BACK = timedelta(minutes=5)  # the clocks of several machines never agree exactly
DOUBTED_FOR = timedelta(days=1)


def is_in_doubt(*, now: datetime) -> bool:
    """Whether the clock, which shows the UTC instant `now`, jumped within a day. It writes nothing."""
    observations = {
        observation.thing: observation
        for observation in Observation.objects.filter(thing__in=(Watched.WORKER, Watched.CLOCK))
    }
    last, doubt = observations.get(Watched.WORKER), observations.get(Watched.CLOCK)
    if last is not None and abs(now - last.seen_at) > LARGE:
        return True
    return doubt is not None and doubt.is_fault and abs(now - doubt.seen_at) < DOUBTED_FOR


def notice_jump(*, now: datetime) -> bool:
    """Compare the clock with the last sign of life of a worker, and do as `follow_back` says where it went back.

    Call it from workers: it also records that they are alive. Returns whether the clock is in doubt.
    """
    last = Observation.objects.for_thing(Watched.WORKER).first()
    jump = now - last.seen_at if last else timedelta(0)
    if not -SMALLEST_BACK <= jump <= LARGE and _claim_jump(last, now):
        _note(jump, now)
    if is_in_doubt(now=now):
        return True
    Observation.objects.for_thing(Watched.CLOCK).faults().update(is_fault=False)
    return False


def _claim_jump(last: Observation, now: datetime) -> bool:
    """Record a sign of life at `now`, unless another worker did; return whether this one may act on the jump."""
    return bool(Observation.objects.for_thing(Watched.WORKER).filter(seen_at=last.seen_at).update(seen_at=now))


def _note(jump: timedelta, now: datetime) -> None:
    hours = int(abs(jump).total_seconds() // 3600)
    logger.warning("The clock jumped by %+d seconds, or no worker ran for so long", jump.total_seconds())
    if jump < timedelta(0):
        follow_back(back=-jump, now=now)
    if abs(jump) > LARGE:
        Observation.objects.note(Watched.CLOCK, now=now, is_fault=True, number=hours)
