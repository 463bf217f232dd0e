"""Sending a mail to many: for a minute it can be taken back; then the worker queues it in batches.

Each batch commits together with the progress, and the database allows one mail per person. So each person gets it once,
even if workers are killed.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction

from registration.abuse import budget
from registration.letters import outbox
from registration.models import Broadcast, OutboxMessage, Registrant
from registration.models.broadcasts import NEVER_QUEUED
from registration.status import BROADCAST_TRANSITIONS, BroadcastState, MailState

from .checking import check
from .drafts import note_act
from .errors import ChangedMeanwhile, MorePeople, NotADraft, NotReady
from .reach import reach_of

UNDO_FOR = timedelta(minutes=1)
PORTION = 500
# Smaller batches to ask for confirmation, because each mail checks the budget of a mailbox.
QUESTIONS = 25


def schedule(
    broadcast: Broadcast, *, user: User, agreed: int, seen: str = "", leaves_at: datetime | None = None, now: datetime
) -> datetime:
    """Schedule a draft for the UTC instant `leaves_at`, or in a minute. Until then it can be undone.

    `agreed` is the number of people on the organiser's button, and `seen` when the draft was changed last, as its page
    showed it. People who match at sending time get it. Returns that instant. Raises NotADraft, ChangedMeanwhile,
    NotReady, MorePeople.
    """
    with transaction.atomic():
        broadcast = _lock(broadcast)
        if not broadcast.is_draft:
            raise NotADraft
        if seen and seen != broadcast.changed_at.isoformat():
            raise ChangedMeanwhile  # someone agreed to other words, or to other people
        reach = reach_of(broadcast)
        if reach.number > agreed:
            raise MorePeople(reach.number)
        findings = [finding for finding in check(broadcast, reach, now=now) if finding.is_in_the_way]
        if findings or not reach.number:
            raise NotReady(findings)
        broadcast.leaves_at = max(leaves_at or now, now + UNDO_FOR)
        broadcast.author = user
        _set_state(broadcast, BroadcastState.WAITING, "leaves_at", "author")
        note_act(user, broadcast, "sent", number=reach.number)
    return broadcast.leaves_at


def take_back(broadcast: Broadcast, *, user: User, now: datetime) -> None:
    """Make a broadcast a draft again, while none of its mails is queued. Raises NotADraft if it is too late."""
    with transaction.atomic():
        broadcast = _lock(broadcast)
        if not broadcast.is_waiting:
            raise NotADraft
        broadcast.leaves_at, broadcast.changed_at = None, now
        _set_state(broadcast, BroadcastState.DRAFT, "leaves_at", "changed_at")
        note_act(user, broadcast, "taken back")


def stop(broadcast: Broadcast, *, user: User, now: datetime) -> int:
    """Stop a broadcast: its unsent mails are not sent. Returns how many these are.

    A worker checks again just before it sends a mail, so at most a few go out after this. Raises
    NotADraft for one that is not on its way.
    """
    with transaction.atomic():
        broadcast = _lock(broadcast)
        if not broadcast.is_leaving:
            raise NotADraft
        number = 0
        if not broadcast.is_all_queued:
            number = reach_of(broadcast).people.after(broadcast.last_key).count()
        broadcast.counts = {NEVER_QUEUED: number} if number else {}
        _set_state(broadcast, BroadcastState.STOPPED, "counts")
        number += OutboxMessage.objects.for_broadcast(broadcast).not_begun().withdraw(now)
        note_act(user, broadcast, "stopped", number=number)
    return number


def carry_on(*, now: datetime) -> int:
    """Queue the next portion of the mails to many that are due, and note which are done. Returns 0 if nothing is left.

    The worker calls it repeatedly. Sends one mail to each person who matches the filters now.
    """
    done = 0
    for broadcast in Broadcast.objects.to_write(now):
        done += _ask_next(broadcast, now) if broadcast.asks_to_confirm else _write_next(broadcast, now)
        if done:
            break  # one that waits for the budget does not delay others
    for broadcast in Broadcast.objects.unfinished():
        done += _finish(broadcast, now)
    return done


def _write_next(broadcast: Broadcast, now: datetime) -> int:
    with transaction.atomic():
        begun = _begin(broadcast, now)
        if begun is None:
            return 1  # another worker was here, or an organiser took it back
        keys = reach_of(begun).people.after(begun.last_key).values_list("pk", flat=True)[:PORTION]
        people = list(Registrant.objects.with_ids(list(keys)).locked())
        outbox.queue_broadcast(begun, _without_it(begun, people), now=now)
        _note_portion(begun, keys, PORTION)
    return 1


def _ask_next(broadcast: Broadcast, now: datetime) -> int:
    """Ask the next people to confirm; half of what may leave at once is kept for people who sign up meanwhile."""
    with transaction.atomic():
        begun = _begin(broadcast, now)
        if begun is None:
            return 1
        keys = list(reach_of(begun).people.after(begun.last_key).values_list("pk", flat=True)[:QUESTIONS])
        asked: list[int] = []
        people = list(Registrant.objects.with_ids(keys).with_conference().locked())
        for registrant in _without_it(begun, people):
            if not budget.has_room(registrant.email, now=now):
                _note_portion(begun, asked, size=0)  # the rest waits until there is room
                return len(asked)
            outbox.queue_question_of(begun, registrant, now=now)
            asked.append(registrant.pk)
        _note_portion(begun, keys, QUESTIONS)
    return 1


def _without_it(broadcast: Broadcast, people: Sequence[Registrant]) -> list[Registrant]:
    """Return those of some locked people who have no mail of a broadcast yet.

    A person has one if a second sign-up, which was written to already, has become part of theirs. A mail that was taken
    back does not count: it is deleted.
    """
    mails = OutboxMessage.objects.for_broadcast(broadcast).for_people([person.pk for person in people])
    mails.in_state(MailState.WITHDRAWN).delete()
    written_to = set(mails.values_list("registrant_id", flat=True))
    return [person for person in people if person.pk not in written_to]


def _begin(broadcast: Broadcast, now: datetime) -> Broadcast | None:
    """Lock a broadcast whose time has come, and note that it begins to leave; None if that is not so any more."""
    row = Broadcast.objects.to_write(now).only_row(broadcast).locked().first()
    if row is not None and row.is_waiting:
        _set_state(row, BroadcastState.WRITING)
    return row


def _note_portion(broadcast: Broadcast, keys: Iterable[int], size: int) -> None:
    keys = list(keys)
    broadcast.last_key = max(keys, default=broadcast.last_key)
    broadcast.save(update_fields=["last_key"])
    if len(keys) < size:
        _set_state(broadcast, BroadcastState.LEAVING)


def _finish(found: Broadcast, now: datetime) -> bool:
    """Keep the numbers of a broadcast of which nothing waits any more. Returns whether that was so."""
    if OutboxMessage.objects.for_broadcast(found).queued().exists():
        return False
    with transaction.atomic():
        broadcast = Broadcast.objects.unfinished().only_row(found).locked().first()
        if broadcast is None:
            return False  # another worker was here
        never_queued = broadcast.counts.get(NEVER_QUEUED, 0)
        broadcast.counts = OutboxMessage.objects.for_broadcast(broadcast).counted_by_state()
        broadcast.counts |= {NEVER_QUEUED: never_queued} if never_queued else {}
        broadcast.finished_at = now
        broadcast.save(update_fields=["counts", "finished_at"])
        if broadcast.is_leaving:
            _set_state(broadcast, BroadcastState.DONE)
    return True


def _lock(broadcast: Broadcast) -> Broadcast:
    return Broadcast.objects.only_row(broadcast).locked().get()


def _set_state(broadcast: Broadcast, to: BroadcastState, *fields: str) -> None:
    """Bring a locked broadcast to another state, as `BROADCAST_TRANSITIONS` allows."""
    if to not in BROADCAST_TRANSITIONS[BroadcastState(broadcast.state)]:
        raise NotADraft
    broadcast.state = to
    broadcast.save(update_fields=["state", *fields])
