"""Undoing an import, within a day: as if it had never happened, except for people who did something since."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import batched

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import ngettext

from conference.models import Day
from registration.models import (
    AccessRequest,
    Answer,
    Erasure,
    FilePerson,
    OutboxMessage,
    PeopleFile,
    Registrant,
    Registration,
)
from registration.models.history import forget_rows, note_table
from registration.models.outbox import OutboxQuerySet
from registration.services.day_changes import TELL_AFTER
from registration.services.lost_link import take_back_mails
from registration.services.places import fill, return_to_pending
from registration.services.planned_acts import act_on, plan
from registration.status import Act, MailKind, MailState, NeedState, PeopleFileState

from .fingerprint import fingerprint_of_person

UNDO_FOR = timedelta(days=1)
PORTION = 200
KEYS = 5000  # in one query: databases take no more than some ten thousand


class TooLate(Exception):
    """The file is not one that can be taken back any more."""


@dataclass
class Removals:
    """What taking a file back does to some of its people: rows of `FilePerson`."""

    go: list[FilePerson] = field(default_factory=list)  # nobody has written to them, or only to ask them to confirm
    told: list[FilePerson] = field(default_factory=list)  # they know of their days: these are cancelled, with a mail
    stay: list[FilePerson] = field(default_factory=list)  # they, or an organiser, did something since


def may_take_back(file: PeopleFile, *, now: datetime) -> bool:
    """Whether a file was brought in within a day before the UTC instant `now`."""
    return file.is_done and file.done_at is not None and now - file.done_at <= UNDO_FOR


def count_removals(file: PeopleFile) -> dict[str, int]:
    """Return how many people would "go", are "told" and "stay" at this moment. Changes nothing."""
    counts = {"go": 0, "told": 0, "stay": 0}
    keys = list(FilePerson.objects.for_file(file).values_list("pk", flat=True))
    for start in range(0, len(keys), PORTION):
        found = _sort(file, list(FilePerson.objects.with_ids(keys[start : start + PORTION]).with_people()))
        for name in counts:
            counts[name] += len(getattr(found, name))
    return counts


def estimate_removals(file: PeopleFile) -> dict[str, int]:
    """Return how many people at most "go" and are "told", in two queries. Whoever did something since is not known yet.

    Those who stay are found only by looking at each, which takes too long for a page about 50,000.
    """
    people = FilePerson.objects.for_file(file)
    same = {"registrant": OuterRef("registrant")}
    mails = _mails_about_days(file, OutboxMessage.objects.filter(**same))
    told = people.filter(Exists(mails), Exists(Registration.objects.not_pending().filter(**same))).count()
    return {"go": people.count() - told, "told": told}


def begin_taking_back(file: PeopleFile, *, user: User, now: datetime) -> PeopleFile:
    """Let nobody hear of a file any more, and take it back from now on (`take_back_next`). Raises TooLate."""
    with transaction.atomic():
        file = _lock(file)
        if not may_take_back(file, now=now):
            raise TooLate
        file.user = user
        set_undoing(file)
    return file


def set_undoing(file: PeopleFile) -> None:
    """Write into a locked file that it is being taken back."""
    file.change_state(PeopleFileState.UNDOING)
    file.mails_at, file.counts = None, {}
    file.save(update_fields=["state", "mails_at", "counts", "user"])


def take_back_next(file: PeopleFile, *, now: datetime) -> PeopleFile:
    """Take the next people of a file back: new ones go, others lose the days that it gave them. Returns the file.

    People who did something since, or whom an organiser changed, stay. The days of those who have had a mail about
    them are cancelled as an organiser cancels: of several people in ten minutes, until when that can be taken back
    too. Sends CANCELs, and a mail to each person who moves up from a waiting list.
    """
    with transaction.atomic():
        file = _lock(file)
        if not file.is_undoing:
            return file
        # In their turn, which cancelling one at once takes too.
        days = Day.objects.for_edition(file.conference_id).lock_in_turn()
        people = list(FilePerson.objects.for_file(file).with_people()[:PORTION])
        found = _sort(file, people)
        _undo(found.go, now)
        counts = file.counts
        for name in ("go", "told", "stay"):
            counts[name] = counts.get(name, 0) + len(getattr(found, name))
        cancelled = [key for person in found.told for key in (*person.made, *person.seated)]
        counts["cancel"] = [*counts.get("cancel", []), *cancelled]
        FilePerson.objects.only_rows(people).delete()
        if not people:
            _finish(file, days, now)
        file.save(update_fields=["counts", "state"])
    return file


def _finish(file: PeopleFile, days: Sequence[Day], now: datetime) -> None:
    keys = file.counts.pop("cancel", [])
    rows = [
        row
        for some in batched(keys, KEYS, strict=False)
        for row in Registration.objects.with_ids(some).live().only("registrant_id")
    ]
    if file.user is not None:
        _cancel(rows, file.user, now)
        number = file.counts.get("go", 0) + file.counts.get("told", 0)
        words = ngettext("Took back a file: %(n)d person", "Took back a file: %(n)d people", number)
        note_table(file.user, Registrant, words % {"n": number})
    for day in days:
        fill(day, now=now)
    file.change_state(PeopleFileState.TAKEN_BACK)


def _cancel(rows: Sequence[Registration], user: User, now: datetime) -> None:
    """Cancel the days of people who know of them: of one at once, of several by the worker in ten minutes."""
    if len({row.registrant_id for row in rows}) > 1:
        plan(Act.CANCEL, rows, user=user, now=now, due_at=now + TELL_AFTER)
        return
    for row in Registration.objects.only_rows(rows).with_people():
        act_on(Act.CANCEL, row, user=user, now=now)


def _lock(file: PeopleFile) -> PeopleFile:
    return PeopleFile.objects.only_row(file).locked().with_edition().get()


def _sort(file: PeopleFile, people: Sequence[FilePerson]) -> Removals:
    """Return which of these people of a file go, are told, or stay."""
    found = Removals()
    keys = [person.registrant_id for person in people]
    rows: dict[int, list[Registration]] = {}
    for row in Registration.objects.filter(registrant__in=keys).order_by("pk"):
        rows.setdefault(row.registrant_id, []).append(row)
    needs = AccessRequest.objects.filter(registrant__in=keys)
    told_more = {
        key
        for rows_of in (needs, Answer.objects.filter(registrant__in=keys))
        for key in rows_of.values_list("registrant_id", flat=True)
    }
    in_work = needs.exclude(state__in=(NeedState.NEW, NeedState.UNCONFIRMED))
    worked_for = set(in_work.values_list("registrant_id", flat=True))
    mails = _mails_about_days(file, OutboxMessage.objects.for_people(keys))
    knowing = set(mails.values_list("registrant_id", flat=True))
    for person in people:
        own = rows.get(person.registrant_id, [])
        # The Access team read what someone needs only because the file vouched for them: it cannot be unread.
        is_worked_for = not person.was_verified and person.registrant_id in worked_for
        if _has_acted(person, own, told_more) or is_worked_for:
            found.stay.append(person)
        elif person.registrant_id in knowing and any(not row.is_pending for row in own):
            found.told.append(person)
        else:
            found.go.append(person)
    return found


def _mails_about_days(file: PeopleFile, mails: OutboxQuerySet) -> OutboxQuerySet:
    """Return those of the mails that left, or may have, and that tell people of days which a file gave them.

    The file's own are not the only ones: people who move up from a waiting list, or are reminded, hear of a day too.
    """
    since = file.created_at
    of_file = Q(registration__created_at__gte=since) | Q(registration__confirmed_at__gte=since)
    of_file |= Q(registration__waitlisted_at__gte=since) | Q(registration=None)
    begun = mails.exclude(state=MailState.WITHDRAWN).exclude(state=MailState.QUEUED, lease=None)
    return begun.filter(of_file, created_at__gte=since).exclude(kind__in=(MailKind.PLEASE_CONFIRM, MailKind.MESSAGE))


def _has_acted(person: FilePerson, rows: Sequence[Registration], told_more: set[int]) -> bool:
    """Whether the person, or an organiser for them, did something since the file came in."""
    theirs = {*person.made, *person.seated}
    brought = [row for row in rows if row.pk in theirs]
    if fingerprint_of_person(person.registrant) != person.mark or len(brought) != len(theirs):
        return True
    if any(not row.is_live or row.attended_at for row in brought):
        return True
    if not person.is_new:
        return False
    return len(rows) != len(brought) or person.registrant_id in told_more


def _undo(people: Sequence[FilePerson], now: datetime) -> None:
    list(Registrant.objects.with_ids([person.registrant_id for person in people]).locked())
    made = [key for person in people for key in person.made]
    seated = [key for person in people for key in person.seated]
    for person in people:
        if person.told_at and person.is_new:
            take_back_mails(person.registrant, now=now)
        elif person.told_at:
            mails = OutboxMessage.objects.for_person(person.registrant).not_begun()
            mails.written_at(person.told_at).withdraw(now)
    new = Registrant.objects.with_ids([person.registrant_id for person in people if person.is_new])
    forget_rows(Registrant, new)
    # A backup from between must not bring them back.
    ids = new.values_list("public_id", flat=True)
    Erasure.objects.bulk_create(Erasure(public_id=key, erased_at=now) for key in ids)
    new.delete()
    Registration.objects.with_ids(made).delete()
    return_to_pending(Registration.objects.with_ids(seated))
    vouched = [person.registrant for person in people if not person.is_new and not person.was_verified]
    for registrant in vouched:
        needs = AccessRequest.objects.for_person(registrant).filter(consented_at=registrant.verified_at)
        needs.filter(state=NeedState.NEW).update(state=NeedState.UNCONFIRMED)
        registrant.verified_at, registrant.is_added_by_organiser = None, False
        registrant.save(update_fields=["verified_at", "is_added_by_organiser"])
