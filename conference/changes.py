"""Notes what changes in published programs, for the pages and the feed, and puts it into words.

The first program of an edition is not a change, and neither is anything that the public cannot see. A correction within
the hour is merged into the change it corrects, so readers see a typing mistake once or never.
"""

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from conference.clock import Span
from conference.models import ChangeKind, Day, FormerSession, ProgramChange, Session, raise_content_version
from conference.scripts import isolated, list_words

ONE_CHANGE = timedelta(hours=1)  # changes within this time belong together


@dataclass(frozen=True)
class Facts:
    """The public facts of a day (`session_id` is None) or of a session. Times are UTC or None."""

    conference_id: int
    day_id: int
    session_id: int | None
    name: str
    title: str
    starts_at: object
    ends_at: object
    has_recording: bool
    slug: str = ""
    is_called_off: bool = False
    people: frozenset = frozenset()

    @property
    def times(self):
        return (self.starts_at, self.ends_at)


@dataclass(frozen=True)
class Change:
    """One difference: its kind, the day or session before and after it, and the speakers it concerns, by row."""

    kind: ChangeKind
    before: Facts | None
    after: Facts | None
    people: frozenset = field(default=frozenset())


@dataclass
class Block:
    """What a block within `noting_changes` can say about itself."""

    changed_nothing: bool = False


_is_noting = ContextVar("_is_noting", default=False)


@contextmanager
def noting_changes(*, now):
    """Run the block, and record at the UTC instant `now` what it changed in published programs, in one transaction.

    In nested blocks only the outer one records. The page cache expires, unless the block says that it
    `changed_nothing`.
    """
    block = Block()
    with transaction.atomic():
        if _is_noting.get():
            yield block
            return
        token = _is_noting.set(True)
        try:
            before = facts_now()
            yield block
            record(changes_between(before, facts_now()), now=now)
            if not block.changed_nothing:
                raise_content_version(now=now)
        finally:
            _is_noting.reset(token)


def facts_now():
    """Return the Facts of each day and session of all published editions, by (day, session) rows."""
    facts = [_of_day(day) for day in Day.objects.published()]
    facts += [_of_session(session) for session in Session.objects.published().with_people()]
    return {(fact.day_id, fact.session_id): fact for fact in facts}


def changes_between(before, after):
    """Return the Changes from one result of `facts_now` to a later one, in the order of the program.

    The change of a day that is new, gone or moved counts for its sessions too. Editions that had no program before, or
    are no longer published, have no changes.
    """
    editions = {fact.conference_id for fact in before.values()} & {fact.conference_id for fact in after.values()}
    keys = sorted(before.keys() | after.keys(), key=lambda key: (key[0], key[1] or 0))
    found = []
    for key in keys:
        was, now_is = before.get(key), after.get(key)
        day_key = (key[0], None)
        if (was or now_is).conference_id not in editions:
            continue
        if key != day_key and (day_key in before) != (day_key in after):
            continue
        days = (before.get(day_key), after.get(day_key))
        found += _differences(was, now_is, day_has_moved=key != day_key and days[0].times != days[1].times)
    return found


def record(changes, *, now):
    """Write the Changes as rows at the UTC instant `now`, or into those of the last hour that they correct.

    The URL of a removed session is kept: its page says that it is gone.
    """
    for change in changes:
        if change.kind == ChangeKind.REMOVED and change.before.session_id:
            _keep_address(change.before)
        if not _merge_into_earlier(change, now):
            _write(change, now)


# --- Words


def about(change):
    """Return what changed, for headings: "Day 2, Session 1"; for something deleted, its former name."""
    names = [str(item.label) for item in (change.day, change.session) if item is not None]
    if change.kind == ChangeKind.REMOVED:
        names.append(change.words)
    return _(", ").join(names)


def sentence(change, zone):
    """Return a change as one sentence, with times on the clock of `zone`. The row comes `with_names`."""
    if change.own_words:
        return change.own_words
    name = {"name": (change.session or change.day).label if change.day_id else change.words}
    return _SENTENCES[ChangeKind(change.kind)](change, name, zone)


def _titled(change):
    """Return the title that a change names, in the active language as its day or session has it now."""
    thing = change.session or change.day
    return isolated(thing.translated.title if thing is not None and thing.title == change.words else change.words)


def _new(change, name, zone):
    if change.words:
        return _("%(name)s is new on the program: “%(title)s”.") % (name | {"title": _titled(change)})
    return _("%(name)s is new on the program.") % name


def _title(change, name, zone):
    if not change.words:
        return _("The title of %(name)s is to be announced again.") % name
    words = name | {"title": _titled(change)}
    if change.was_words:
        return _("%(name)s has a new title: “%(title)s”.") % words
    return _("%(name)s has a title: “%(title)s”.") % words


def _time(change, name, zone):
    if change.starts_at is None:
        return _("The time of %(name)s is to be announced again.") % name
    words = name | {"time": Span(change.starts_at, change.ends_at, zone).sentence()}
    if change.was_starts_at is None:
        return _("%(name)s has a time: %(time)s.") % words
    words["before"] = Span(change.was_starts_at, change.was_ends_at, zone).sentence()
    return _("%(name)s has moved. The new time is %(time)s. It was %(before)s.") % words


def _people(change, name, zone):
    people = list_words([isolated(name) for name in sorted(person.name for person in change.people.all())])
    return _("New in %(name)s: %(people)s.") % (name | {"people": people})


_SENTENCES = {
    ChangeKind.NEW: _new,
    ChangeKind.TITLE: _title,
    ChangeKind.TIME: _time,
    ChangeKind.PEOPLE: _people,
    ChangeKind.PEOPLE_LEFT: lambda change, name, zone: _("The people in %(name)s have changed.") % name,
    ChangeKind.RECORDING: lambda change, name, zone: _("You can watch the recording of %(name)s.") % name,
    ChangeKind.CALLED_OFF: lambda change, name, zone: _("%(name)s is called off. It will not take place.") % name,
    ChangeKind.RESTORED: lambda change, name, zone: _("%(name)s takes place after all.") % name,
    ChangeKind.REMOVED: lambda change, name, zone: _("%(name)s is no longer on the program.") % {"name": change.words},
}


# --- Facts


def _of_day(day):
    return Facts(
        conference_id=day.conference_id,
        day_id=day.pk,
        session_id=None,
        name=str(day.label),
        title=day.title,
        starts_at=day.starts_at,
        ends_at=day.ends_at,
        has_recording=bool(day.recording_url),
        is_called_off=day.is_called_off,
    )


def _of_session(session):
    return Facts(
        conference_id=session.day.conference_id,
        day_id=session.day_id,
        session_id=session.pk,
        name=str(session.label),
        title="" if session.title_is_description else session.title,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        has_recording=bool(session.recording_url),
        slug=session.slug,
        people=frozenset(appearance.speaker_id for appearance in session.appearances.all()),
    )


def _differences(before, after, *, day_has_moved):
    if before is None:
        return [Change(ChangeKind.NEW, None, after)]
    if after is None:
        return [Change(ChangeKind.REMOVED, before, None)]
    came, left = after.people - before.people, before.people - after.people
    found = {
        ChangeKind.CALLED_OFF: after.is_called_off and not before.is_called_off,
        ChangeKind.RESTORED: before.is_called_off and not after.is_called_off,
        ChangeKind.TIME: before.times != after.times and not day_has_moved,
        ChangeKind.TITLE: before.title != after.title,
        ChangeKind.PEOPLE: came,
        ChangeKind.PEOPLE_LEFT: left and not came,
        ChangeKind.RECORDING: after.has_recording and not before.has_recording,
    }
    return [Change(kind, before, after, came or left) for kind, is_so in found.items() if is_so]


# --- Rows


def _write(change, now):
    fact = change.after or change.before
    row = ProgramChange(conference_id=fact.conference_id, day_id=fact.day_id, kind=change.kind, at=now)
    if change.after:
        row.session_id = fact.session_id
        row.words = change.after.title if change.kind in (ChangeKind.NEW, ChangeKind.TITLE) else ""
    else:
        row.words = change.before.name
        row.day_id = fact.day_id if fact.session_id else None
    if change.kind == ChangeKind.TITLE:
        row.was_words = change.before.title
    if change.kind == ChangeKind.TIME:
        row.starts_at, row.ends_at = change.after.times
        row.was_starts_at, row.was_ends_at = change.before.times
    row.save()
    if change.kind == ChangeKind.PEOPLE:
        row.people.set(change.people)


def _keep_address(session):
    FormerSession.objects.update_or_create(
        conference_id=session.conference_id,
        slug=session.slug,
        defaults={"title": session.title, "day": Day.objects.filter(pk=session.day_id).first()},
    )


def _merge_into_earlier(change, now):
    """Merge the change into a row of the last hour of the same kind. Return whether there was one."""
    merge = {
        ChangeKind.TITLE: _merge_title,
        ChangeKind.TIME: _merge_time,
        ChangeKind.PEOPLE: _merge_people,
        ChangeKind.PEOPLE_LEFT: _merge_people_who_left,
    }.get(change.kind)
    return merge is not None and merge(change, now)


def _earlier(change, kind, now):
    fact = change.after
    same = {"day_id": fact.day_id, "session_id": fact.session_id, "kind": kind}
    return ProgramChange.objects.filter(**same, at__gte=now - ONE_CHANGE).newest_first().first()


def _merge_title(change, now):
    row = _earlier(change, ChangeKind.TITLE, now) or _earlier(change, ChangeKind.NEW, now)
    if row is None:
        return False
    row.words = change.after.title
    _keep_if(row, row.kind == ChangeKind.NEW or row.words != row.was_words, now)
    return True


def _merge_time(change, now):
    if _earlier(change, ChangeKind.NEW, now):
        return True
    row = _earlier(change, ChangeKind.TIME, now)
    if row is None:
        return False
    row.starts_at, row.ends_at = change.after.times
    _keep_if(row, change.after.times != (row.was_starts_at, row.was_ends_at), now)
    return True


def _merge_people(change, now):
    row = _earlier(change, ChangeKind.PEOPLE, now)
    if row is None:
        return False
    row.people.add(*change.people)
    left = set(row.people.all().values_list("pk", flat=True)) - change.after.people
    row.people.remove(*left)
    _keep_if(row, True, now)
    return True


def _merge_people_who_left(change, now):
    row = _earlier(change, ChangeKind.PEOPLE, now)
    if row is None:
        return False
    named = set(row.people.all().values_list("pk", flat=True))
    row.people.remove(*change.people)
    _keep_if(row, named - change.people, now)
    return change.people <= named


def _keep_if(row, says_something, now):
    if says_something:
        row.at = now
        row.save()
    else:
        row.delete()
