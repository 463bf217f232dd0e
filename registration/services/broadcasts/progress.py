"""The progress of a mail to many: waiting, sent, refused."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from registration.models import Broadcast, OutboxMessage
from registration.models.broadcasts import NEVER_QUEUED
from registration.models.outbox import OutboxQuerySet
from registration.status import MailState

from .reach import reach_of

TROUBLE_SHOWN = 50


@dataclass(frozen=True)
class Progress:
    """Numbers of mails."""

    total: int
    waiting: int
    sent: int
    refused: int
    taken_back: int
    per_minute: float = 0  # at the recent rate

    @property
    def done(self) -> int:
        """How many are done with: sent or refused."""
        return self.sent + self.refused

    @property
    def sent_percent(self) -> str:
        """The share of mails sent, for a bar: "54.5"."""
        return f"{100 * self.sent / max(self.total, 1):.1f}"

    @property
    def refused_percent(self) -> str:
        return f"{100 * self.refused / max(self.total, 1):.1f}"

    @property
    def minutes(self) -> int | None:
        """About how many minutes the rest takes; None while nobody can know."""
        return max(1, round(self.waiting / self.per_minute)) if self.per_minute and self.waiting else None


# Mails a minute if nothing else limits them: mail providers accept 10 to 50 a second.
USUAL_PER_MINUTE = 600
BULK_SHARE = 4 / 5  # of MAIL_PER_MINUTE: `leases.take` keeps the rest for other mails


def minutes_for(number: int) -> int:
    """Return about how many minutes this many mails take."""
    per_minute = settings.MAIL_PER_MINUTE
    return max(1, round(number / (per_minute * BULK_SHARE if per_minute else USUAL_PER_MINUTE)))


def progress_of(broadcast: Broadcast, *, now: datetime) -> Progress:
    """Count a broadcast's mails at the UTC instant `now`. One that is done keeps its numbers when the mails go."""
    mails = OutboxMessage.objects.for_broadcast(broadcast)
    counts, unqueued = _count(broadcast, mails)
    while _has_moved(broadcast):  # a worker queued a portion between the two counts
        counts, unqueued = _count(broadcast, mails)
    waiting, sent = counts.get(MailState.QUEUED, 0) + unqueued, counts.get(MailState.SENT, 0)
    refused = counts.get(MailState.DEAD, 0)
    taken_back = counts.get(MailState.WITHDRAWN, 0) + broadcast.counts.get(NEVER_QUEUED, 0)
    lately = mails.sent_since(now - timedelta(minutes=1)).count() if broadcast.is_leaving else 0
    return Progress(
        total=waiting + sent + refused + taken_back,
        waiting=waiting,
        sent=sent,
        refused=refused,
        taken_back=taken_back,
        per_minute=lately,
    )


def _count(broadcast: Broadcast, mails: OutboxQuerySet) -> tuple[dict[str, int], int]:
    """Return {state: number of mails}, and how many people have no mail yet."""
    counts = broadcast.counts if broadcast.finished_at else mails.counted_by_state()
    if broadcast.is_all_queued:
        return counts, 0
    return counts, reach_of(broadcast).people.after(broadcast.last_key).count()


def _has_moved(broadcast: Broadcast) -> bool:
    """Refresh the progress of a broadcast; return whether it moved."""
    before = (broadcast.state, broadcast.last_key)
    broadcast.refresh_from_db(fields=["state", "last_key", "finished_at", "counts"])
    return (broadcast.state, broadcast.last_key) != before


def trouble_of(broadcast: Broadcast) -> list[OutboxMessage]:
    """Return a broadcast's first mails that were refused, or wait for another try, with their people."""
    return list(OutboxMessage.objects.for_broadcast(broadcast).in_trouble().with_people()[:TROUBLE_SHOWN])
