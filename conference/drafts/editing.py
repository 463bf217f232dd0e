"""Context managers for a draft: its rows are there while a block runs, and are rolled back afterwards."""

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from django.apps import apps
from django.db import transaction

from conference.models import Day, Draft, Picture

from .rows import CHANGED, NEW, apply_difference, difference, keep_keys, merged, state_of

# Takes effect at once, because no page shows it: capacity, the meeting's URL, whether the edition is published.
AT_ONCE = {
    "conference.conference": {"is_published", "door_opens_minutes"},
    "conference.day": {"capacity", "meeting_url"},
}

_within = ContextVar("_within", default=False)


class _RollBack(Exception):
    """Rolls a transaction back."""


@dataclass
class Editing:
    """The result of a block within `edit_draft`: what it changed, and which of that takes effect at once.

    `before` and `after` are the states of the edition around it, as the draft has them.
    """

    before: dict = field(default_factory=dict)
    after: dict = field(default_factory=dict)
    changed: list = field(default_factory=list)
    at_once: list = field(default_factory=list)


def is_within_draft():
    """Whether a draft's rows are shown now: then nothing may write to people."""
    return _within.get()


def has_draft(conference):
    """Whether there are changes that readers of a published edition do not see yet."""
    return Draft.objects.for_edition(conference).waiting().exists()


def is_only_in_draft(conference, row):
    """Whether a row exists in its edition's draft and not on the site."""
    key = (row._meta.label_lower, row.pk)
    changes = Draft.objects.changes_of(conference)
    return any((change["model"], change["pk"]) == key and change["kind"] == NEW for change in changes)


@contextmanager
def roll_back():
    """Roll back what a block writes to the database."""
    try:
        with transaction.atomic():
            yield
            raise _RollBack
    except _RollBack:
        pass


@contextmanager
def show_drafts(*conferences):
    """Show the rows of these editions as their drafts have them while the block runs; save nothing.

    Where no draft changes anything, nothing is locked, and what the block itself writes stays.
    """
    found = Draft.objects.filter(conference__in=conferences).waiting()
    with _marked():
        if not found.exists():
            yield
            return
        with roll_back():
            for draft in found.all():
                live = state_of(draft.conference_id)
                apply_difference(live, merged(live, draft.changes))
            yield


@contextmanager
def edit_draft(conference, *, user, now):
    """Let a block write to an edition's rows as the draft has them; save what it changed only in the draft.

    Yields an Editing. Pictures and rows of the history that the block adds stay as they are. An error in the block
    keeps nothing. The caller publishes what is `at_once`.
    """
    with transaction.atomic():
        draft, _is_new = Draft.objects.select_for_update().get_or_create(conference=conference)
        Day.objects.for_edition(conference).lock_in_turn()  # keeps others' changes out of the draft
        live = state_of(conference.pk)
        kept, done = [], Editing()
        last = {model: _last_key(model) for model in _models_that_stay()}
        try:
            with transaction.atomic():
                target = merged(live, draft.changes)
                apply_difference(live, target)
                with _marked():
                    yield done
                after = state_of(conference.pk)
                for model, pk in last.items():
                    kept += model._base_manager.filter(pk__gt=pk)
                raise _RollBack
        except _RollBack:
            pass
        for row in kept:
            row.save_base(raw=True, force_insert=True)
        done.before, done.after = target, after
        done.changed, _at_once = _split_at_once(difference(target, after))
        changes, done.at_once = _split_at_once(difference(live, after))
        _keep(draft, changes, user, now)


@contextmanager
def edit_unpublished(conference):
    """Let a block write to the rows of an edition that nobody sees yet. Yields an Editing, as `edit_draft` does."""
    with transaction.atomic():
        done = Editing(before=state_of(conference.pk))
        yield done
        done.after = state_of(conference.pk)
        done.changed = difference(done.before, done.after)


@contextmanager
def keep_at_once(conference, *, user, now):
    """Let a block write to an edition's rows for good; its changes replace those of a draft to the same fields."""
    with transaction.atomic():
        draft = Draft.objects.select_for_update().for_edition(conference).first()
        before = state_of(conference.pk) if draft and draft.changes else None
        yield
        if before is None:
            return
        after = state_of(conference.pk)
        done = {(change["model"], change["pk"]): change["fields"] for change in difference(before, after)}
        changes = []
        for change in draft.changes:
            fields = change["fields"]
            if change["kind"] == CHANGED:
                fields = {name: fields[name] for name in fields.keys() - done.get((change["model"], change["pk"]), {})}
            changes.append(change | {"fields": fields})
        _keep(draft, difference(after, merged(after, changes)), user, now)


def drop(conference):
    """Forget a draft: everything is again as readers see it."""
    Draft.objects.for_edition(conference).update(changes=[])


def _keep(draft, changes, user, now):
    if changes != draft.changes:
        draft.changes, draft.saved_at, draft.saved_by = changes, now, user
        draft.save(update_fields=["changes", "saved_at", "saved_by"])
        keep_keys(changes)


def _split_at_once(changes):
    """Return the changes that wait, and those that take effect at once."""
    waiting, at_once = [], []
    for change in changes:
        names = AT_ONCE.get(change["model"], set()) if change["kind"] == CHANGED else set()
        now = {name: value for name, value in change["fields"].items() if name in names}
        later = {name: value for name, value in change["fields"].items() if name not in names}
        if later or change["kind"] != CHANGED:
            waiting.append(change | {"fields": later})
        if now:
            at_once.append(change | {"fields": now})
    return waiting, at_once


def _models_that_stay():
    """Return the models whose new rows stay after the block: the history, and pictures, which drafts name by key."""
    return [Picture, apps.get_model("admin", "LogEntry")]


def _last_key(model):
    return model._base_manager.order_by("-pk").values_list("pk", flat=True).first() or 0


@contextmanager
def _marked():
    token = _within.set(True)
    try:
        yield
    finally:
        _within.reset(token)
