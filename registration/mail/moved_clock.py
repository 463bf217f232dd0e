"""Adjusts waiting mails after the machine's clock went back: otherwise they would wait for a time far in the future."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from registration.models import OutboxMessage, Pace


def follow_back(*, back: timedelta, now: datetime) -> int:
    """Bring waiting mails and the pace of mails along with a clock that went back by `back` to the UTC instant `now`.

    Mails that a worker has in hand, and those that wait for another try, then wait as long as they did before: their
    leases still hold, so none goes twice. Mails queued by the right clock stay. Call it once for each jump. Returns how
    many mails were adjusted.
    """
    with transaction.atomic():
        mails = OutboxMessage.objects.put_off_from_after(now).update(due_at=F("due_at") - back)
        # A mail that was tried keeps its time: a copy with that time may have arrived.
        OutboxMessage.objects.never_tried().filter(created_at__gt=now).update(created_at=now)
        Pace.objects.bring_back(back, now=now)
    return mails
