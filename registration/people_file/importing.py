"""Importing the people of a file in batches: a small one at once, a large one by the worker."""

from collections import Counter
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import ngettext

from registration.models import FilePortion, PeopleFile, Registrant
from registration.models.history import note_table
from registration.services.day_changes import TELL_AFTER
from registration.services.people_import import (
    Wanted,
    add_people,
    begin_taking_back,
    set_undoing,
    take_back_next,
    tell_people,
)
from registration.services.run_each import run_each
from registration.status import PeopleFileState

from .choices import Choices
from .common import ChangedMeanwhile, HasBadRows, days_to_choose, is_small, lock, read_rows, set_state
from .previewing import choose, fingerprint_of, preview_next_portion
from .rows import RowFault


def import_people(
    file: PeopleFile, *, user: User, agreed: str, writes: bool, is_whole: bool, now: datetime
) -> PeopleFile:
    """Import the people of a file that was previewed: of a small one at once, else by the worker. Returns it.

    Args:
        file: the file.
        user: the organiser.
        agreed: `fingerprint_of` the file as it was shown.
        writes: whether its people get mail: several in ten minutes, until when it can be taken back.
        is_whole: whether it comes in only as a whole.
        now: a UTC instant.

    Raises ChangedMeanwhile if what it changes is no longer what was shown, and HasBadRows. Writes to nobody before
    `mails_at`.
    """
    if is_small(file):
        file = choose(file, Choices.from_plain(file.choices), now=now)
    try:
        return _import_people(file, user=user, agreed=agreed, writes=writes, is_whole=is_whole, now=now)
    except IntegrityError:  # one of its people signed up at the same moment
        raise ChangedMeanwhile from None


def _import_people(
    file: PeopleFile, *, user: User, agreed: str, writes: bool, is_whole: bool, now: datetime
) -> PeopleFile:
    with transaction.atomic():
        file = lock(file)
        if not file.is_ready or fingerprint_of(file) != agreed:
            raise ChangedMeanwhile
        if is_whole and file.counts.get("bad"):
            raise HasBadRows
        chosen = replace(Choices.from_plain(file.choices), writes=writes, is_whole=is_whole)
        file.choices, file.user, file.portions_done = chosen.as_plain(), user, 0
        file.counts = {"bad": file.counts.get("bad", 0), "left_out": file.counts.get("left_out", 0)}
        set_state(file, PeopleFileState.IMPORTING, "choices", "user", "portions_done", "counts")
        while is_small(file) and (file.is_importing or file.is_undoing):
            file = import_next_portion(file, now) if file.is_importing else take_back_next(file, now=now)
    return file


def import_next_portion(file: PeopleFile, now: datetime) -> PeopleFile:
    """Import the next portion of a file, and drop its rows; or finish if none is left."""
    with transaction.atomic():
        file = lock(file)
        if not file.is_importing:
            return file
        portion = FilePortion.objects.for_file(file).filter(number=file.portions_done).first()
        if portion is None:
            return _finish(file, now)
        chosen, days = Choices.from_plain(file.choices), days_to_choose(file.conference, now)
        read = list(read_rows(file, portion, chosen, days))
        if chosen.is_whole and any(isinstance(row, RowFault) for row in read):
            return _refuse(file, now)
        wanted = [row for row in read if isinstance(row, Wanted)]
        counts = add_people(file, wanted, days=[day.pk for day in days], is_verified=chosen.is_verified, now=now)
        file.counts = dict(Counter(file.counts) + counts)
        if portion.number:
            portion.delete()  # the first has the headings, and goes last
        file.portions_done += 1
        file.save(update_fields=["counts", "portions_done"])
    return file


def _finish(file: PeopleFile, now: datetime) -> PeopleFile:
    people = file.counts.get("new", 0) + file.counts.get("known", 0)
    FilePortion.objects.for_file(file).delete()
    file.done_at = now
    if Choices.from_plain(file.choices).writes and people:
        file.mails_at = now + TELL_AFTER if people > 1 else now
    set_state(file, PeopleFileState.DONE, "done_at", "mails_at")
    if file.user is not None:
        note_table(file.user, Registrant, _words_of_history(file.counts))
    return file


def _words_of_history(counts: dict[str, Any]) -> str:
    values = {name: counts.get(name, 0) for name in ("new", "known", "bad", "left_out")}
    words = ngettext(
        "Brought in a file: %(new)d new person, %(known)d here already, %(bad)d bad rows, %(left_out)d left out",
        "Brought in a file: %(new)d new people, %(known)d here already, %(bad)d bad rows, %(left_out)d left out",
        values["new"],
    )
    return words % values


def take_back(file: PeopleFile, *, user: User, now: datetime) -> PeopleFile:
    """Take back what a file brought: a small one at once, else by the worker. Returns it. Raises TooLate."""
    with transaction.atomic():
        file = begin_taking_back(file, user=user, now=now)
        while is_small(file) and file.is_undoing:
            file = take_back_next(file, now=now)
    return file


def _refuse(file: PeopleFile, now: datetime) -> PeopleFile:
    """End a file that should come in as a whole and no longer can: what it brought goes again."""
    FilePortion.objects.for_file(file).delete()
    file.done_at = now
    file.save(update_fields=["done_at"])
    set_undoing(file)
    return file


def carry_on(*, now: datetime) -> int:
    """Do the next piece of work on each file: a portion to preview or to import, or people to write to.

    The worker calls it until it returns 0. A file that fails keeps no other waiting: raises an ExceptionGroup then.
    """
    files = [*PeopleFile.objects.to_work_on().with_edition(), *PeopleFile.objects.to_write_about(now)]
    return sum(run_each(files, lambda file: _do_next(file, now)))


def _do_next(file: PeopleFile, now: datetime) -> int:
    """Do one piece of work on a file; return whether there may be more."""
    try:
        with translation.override(file.language):
            if file.is_done:
                return _tell(file, now)
            if file.is_previewing:
                preview_next_portion(file, now)
            elif file.is_importing:
                import_next_portion(file, now)
            else:
                take_back_next(file, now=now)
    except IntegrityError:
        pass  # one of its people signed up at the same moment; the next try finds them
    return 1


def _tell(file: PeopleFile, now: datetime) -> int:
    done = tell_people(file, now=now)
    if not done:
        PeopleFile.objects.only_row(file).update(mails_at=None)
    return done
