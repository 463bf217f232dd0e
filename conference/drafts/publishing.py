"""Publishes a draft: all of it or nothing, with one notice of what changed."""

from dataclasses import dataclass, field

from django.db import transaction

from conference.changes import noting_changes
from conference.models import Day, Draft, Picture, ProgramChange
from conference.moving import put_day_at

from .rows import CHANGED, apply_difference, difference, merged, state_of


@dataclass
class Published:
    """The result of publishing: the notes for readers, how many people hear of a new time, and how many moved up."""

    notes: list = field(default_factory=list)
    people_told: int = 0
    people_moved_up: int = 0


def set_capacity(day, *, capacity, now):
    """Change a day's number of places. Returns 0: nobody moves up. `registration` passes one that moves people up."""
    Day.objects.filter(pk=day.pk).update(capacity=capacity)
    return 0


def publish(conference, *, now, only=None, move_day=put_day_at, change_capacity=set_capacity, words=None):
    """Publish an edition's draft, or the changes in `only`, at the UTC instant `now`. Returns what it did.

    `move_day(day, *, starts_at, ends_at, now) -> people told` and `change_capacity(day, *, capacity, now) -> people
    moved up` do what concerns people: the only mails that this causes are theirs. `words` are the organiser's own
    sentences for "What changed", by the key of `note_key`; an empty one leaves the change untold. Raises ProtectedError
    if something that is to go has people on it, and changes nothing then.
    """
    done = Published()
    with noting_changes(now=now):  # one transaction
        draft = Draft.objects.select_for_update().for_edition(conference).first()
        Day.objects.for_edition(conference).lock_in_turn()  # other people's changes to a day are either done or wait
        changes = (draft.changes if draft else []) if only is None else only
        before = state_of(conference.pk)
        target = merged(before, changes)
        _move_people(before, target, done, now, move_day, change_capacity)
        apply_difference(state_of(conference.pk), target)
        if draft and only is None:
            draft.changes = []
        elif draft:
            draft.changes = difference(target, merged(target, draft.changes))
        if draft:
            draft.save(update_fields=["changes"])
        Picture.objects.unused(now).delete()
    with transaction.atomic():
        done.notes = _reword(conference, now, words)
    return done


def note_key(note):
    """Return a key that identifies a note in two runs of the same draft: its kind, and the rows that it is about."""
    return f"{note.kind}-{note.day_id or 0}-{note.session_id or 0}-{note.words if note.kind == 'removed' else ''}"


def _move_people(before, target, done, now, move_day, change_capacity):
    """Call the functions for what affects people, then write what else the draft has of these days."""
    for change in difference(before, target):
        fields = change["fields"]
        if change["model"] != Day._meta.label_lower or change["kind"] != CHANGED:
            continue
        window, key = target[change["model"], change["pk"]], {"pk": change["pk"]}
        if {"starts_at", "ends_at"} & fields.keys():
            read = Day._meta.get_field("starts_at").to_python
            times = {name: read(window[name]) for name in ("starts_at", "ends_at")}
            done.people_told += move_day(Day.objects.get(**key), **times, now=now)
        if "capacity" in fields:
            done.people_moved_up += change_capacity(Day.objects.get(**key), capacity=fields["capacity"], now=now)


def _reword(conference, now, words):
    """Put the organiser's own sentences on what was just noted. Return the notes that stay."""
    notes = []
    for note in ProgramChange.objects.filter(conference=conference, at=now).newest_first().with_names():
        own = (words or {}).get(note_key(note))
        if own == "":
            note.delete()
            continue
        if own is not None:
            note.own_words = own
            note.save(update_fields=["own_words"])
        notes.append(note)
    return notes
