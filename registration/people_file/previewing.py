"""Previewing an import: the result for each row, and the number of people, places and mails. Changes no person."""

import hashlib
import json
from dataclasses import replace
from datetime import datetime
from itertools import chain

from django.db import transaction

from conference.models import Day
from registration.models import FilePortion, PeopleFile
from registration.services.people_import import Planned, Wanted, key_of_person, mails_of, plan_people
from registration.services.places import free_for_newcomers
from registration.status import PeopleFileState

from .choices import Choices
from .common import ChangedMeanwhile, days_to_choose, find_headings, is_small, lock, read_rows, set_state
from .headings import guess
from .rows import LeftOut, RowFault

FAULTS_SHOWN = NOTES_SHOWN = 200

Columns = dict[int, str]  # {number of a column: its use}


def choose(file: PeopleFile, chosen: Choices, *, now: datetime) -> PeopleFile:
    """Save other choices about a file, and preview it with them: a small one at once. Returns it as it is then.

    Below other headings the columns that nobody chose by hand are guessed again. Raises ChangedMeanwhile where it is
    being brought in.
    """
    with transaction.atomic():
        file = lock(file)
        if not (file.is_ready or file.is_previewing):
            raise ChangedMeanwhile
        before = Choices.from_plain(file.choices)
        if chosen.head != before.head:
            file.choices = replace(chosen, columns={}).as_plain()
            headings, rows = find_headings(file)
            guessed = guess(headings, rows, days_to_choose(file.conference, now))
            chosen = replace(chosen, columns=_by_hand_first(chosen.columns, before.columns, guessed))
        file.choices, file.portions_done = chosen.as_plain(), 0
        file.counts, file.faults, file.notes = {}, [], []
        set_state(file, PeopleFileState.PREVIEWING, "choices", "counts", "faults", "notes", "portions_done")
    return preview(file, now=now)


def _by_hand_first(chosen: Columns, before: Columns, guessed: Columns) -> Columns:
    """Return the uses of columns that were chosen by hand, and of the others what is guessed."""
    by_hand = {number: chosen.get(number) for number in chosen.keys() | before.keys()}
    by_hand = {number: use for number, use in by_hand.items() if use != before.get(number)}
    others = {number: use for number, use in guessed.items() if use not in by_hand.values()}
    return {number: use for number, use in (others | by_hand).items() if use}


def preview(file: PeopleFile, *, now: datetime) -> PeopleFile:
    """Preview a small file at once; return it as it is then. The worker previews a large one.

    A file of which too little is chosen waits for more.
    """
    if is_small(file) or Choices.from_plain(file.choices).missing:
        while file.is_previewing:
            file = preview_next_portion(file, now)
    return file


def preview_rows(file: PeopleFile, portion: FilePortion, *, now: datetime) -> list[Planned | RowFault | LeftOut]:
    """Return what comes of each row of a portion, in their order. Changes nothing."""
    chosen, days = Choices.from_plain(file.choices), days_to_choose(file.conference, now)
    read = list(read_rows(file, portion, chosen, days))
    wanted = [row for row in read if isinstance(row, Wanted)]
    by_key = {day.pk: day for day in days}
    plans = iter(plan_people(file.conference, wanted, days=by_key, is_verified=chosen.is_verified))
    return [next(plans) if isinstance(row, Wanted) else row for row in read]


def preview_next_portion(file: PeopleFile, now: datetime) -> PeopleFile:
    """Preview the next portion of a file: count what it changes, and note what is bad."""
    with transaction.atomic():
        file = lock(file)
        if not file.is_previewing:
            return file
        if Choices.from_plain(file.choices).missing:
            set_state(file, PeopleFileState.READY)
            return file
        portion = FilePortion.objects.for_file(file).filter(number=file.portions_done).first()
        if portion is None:
            set_state(file, PeopleFileState.READY)
            return file
        earlier = FilePortion.objects.for_file(file).filter(number__lt=portion.number)
        seen = set(chain.from_iterable(earlier.values_list("people", flat=True)))
        found = preview_rows(file, portion, now=now)
        portion.people = []
        counter = _Counter(file)
        for row in found:
            counter.count(row, portion, seen)
        portion.save(update_fields=["people"])
        file.counts = counter.counts
        file.portions_done += 1
        file.save(update_fields=["counts", "faults", "notes", "portions_done"])
    return file


class _Counter:
    """Adds up what the rows of a file change on each day, so it notices when places run out."""

    def __init__(self, file: PeopleFile) -> None:
        self.chosen = Choices.from_plain(file.choices)
        self.counts = dict(file.counts)
        self.days: dict[str, dict[str, int]] = self.counts.setdefault("days", {})
        self.file = file

    def count(self, row: Planned | RowFault | LeftOut, portion: FilePortion, seen: set[str]) -> None:
        if isinstance(row, RowFault):
            if len(self.file.faults) < FAULTS_SHOWN:
                self.file.faults.append([row.row, row.column, row.sentence])
            return self._add("bad")
        if isinstance(row, LeftOut):
            return self._add("left_out")
        key = hashlib.sha256("\0".join(key_of_person(row.wanted.person)).encode()).hexdigest()[:16]
        if row.again or key in seen:
            return self._add("again")
        portion.people.append(key)
        self._note(row)
        if not row.changes:
            return self._add("same")
        confirmed = waiting = 0
        for day in [*row.add, *(one.day_id for one in row.seat)]:
            if self._takes(str(getattr(day, "pk", day))):
                confirmed += 1
            else:
                waiting += 1
        self._add("mails", mails_of(confirmed, waiting, is_verified=self.chosen.is_verified))
        return self._add("new" if row.is_new else "known")

    def _note(self, row: Planned) -> None:
        for note in row.notes:
            self._add("noted")
            if len(self.file.notes) < NOTES_SHOWN:
                self.file.notes.append([row.wanted.row, note.column, note.sentence])

    def _add(self, name: str, number: int = 1) -> None:
        self.counts[name] = self.counts.get(name, 0) + number

    def _takes(self, day: str) -> bool:
        """Count one more person on a day; return whether they have a place."""
        numbers = self.days.get(day)
        if numbers is None:
            row = Day.objects.get(pk=int(day))
            numbers = self.days[day] = {"free": free_for_newcomers(row), "added": 0, "waiting": 0}
        numbers["added"] += 1
        is_free = not self.chosen.is_verified or numbers["added"] <= numbers["free"]
        numbers["waiting"] += not is_free
        return is_free


def fingerprint_of(file: PeopleFile) -> str:
    """Return a short text that is the same only while a file changes the same."""
    shown = json.dumps([file.state, file.choices, file.counts], sort_keys=True)
    return hashlib.sha256(shown.encode()).hexdigest()[:16]
