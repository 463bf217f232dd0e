"""Imports a program file on the organisers' pages: preview, then import into the draft, with undo for a day.

Readers of a published edition see nothing of it before the draft is published, which also writes to people whose day
moves. In an edition that nobody sees yet the file changes the rows themselves, and writes to nobody.
"""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from conference.drafts import edit_draft, roll_back, show_drafts
from conference.drafts.rows import apply_difference, difference, merged, state_of
from conference.drafts.words import sentences
from conference.models import Draft
from conference.moving import has_people, put_day_at
from conference.program_file import refuse
from conference.program_formats import export_program
from conference.texts import ensure_rows

from .applying import apply

UNDO = timedelta(days=1)


class TooLate(Exception):
    """The last import can no longer be undone."""


def export_draft(conference):
    """Return an edition with its draft as plain data, for files that do not contain everything."""
    with roll_back(), show_drafts(conference):
        return export_program(conference)


def preview(conference, good, *, now, zone):
    """Return what GoodSessions would change in an edition with its draft, as sentences. Saves nothing.

    Times are on the clock of `zone`. Raises ProgramFaults if it cannot be brought in.
    """
    with roll_back(), show_drafts(conference):
        ensure_rows(conference)
        before = state_of(conference.pk)
        _apply(conference, good, now)
        after = state_of(conference.pk)
        return sentences(before, after, difference(before, after), zone)


def import_program(conference, good, *, user, now):
    """Import GoodSessions into an edition, or into its draft if it is published. Writes to nobody.

    Raises ProgramFaults as `preview`.
    """
    with transaction.atomic():
        draft, _is_new = Draft.objects.select_for_update().get_or_create(conference=conference)
        ensure_rows(conference)
        if conference.is_published:
            changes = draft.changes
            with edit_draft(conference, user=user, now=now):
                _apply(conference, good, now)
            draft.refresh_from_db()
            draft.before_file = {"changes": changes, "after": draft.changes}
        else:
            before = state_of(conference.pk)
            _apply(conference, good, now)
            draft.before_file = {"back": difference(state_of(conference.pk), before)}
        draft.file_at = now
        draft.save(update_fields=["before_file", "file_at"])


def may_undo(conference, *, now):
    """Whether the last import can be undone at the UTC instant `now`."""
    draft = Draft.objects.for_edition(conference).first()
    return draft is not None and _is_open(draft, conference, now)


def undo(conference, *, now):
    """Undo the last import at the UTC instant `now`. Raises TooLate.

    In a draft only as long as nobody saved anything there since; elsewhere what others changed meanwhile stays.
    """
    with transaction.atomic():
        draft = Draft.objects.select_for_update().for_edition(conference).first()
        if draft is None or not _is_open(draft, conference, now):
            raise TooLate
        if conference.is_published:
            draft.changes = draft.before_file["changes"]
        else:
            state = state_of(conference.pk)
            apply_difference(state, merged(state, draft.before_file["back"]))
        draft.before_file = draft.file_at = None
        draft.save(update_fields=["changes", "before_file", "file_at"])


def _is_open(draft, conference, now):
    if draft.file_at is None or now - draft.file_at > UNDO:
        return False
    if conference.is_published:
        return draft.before_file.get("after") == draft.changes
    return "back" in draft.before_file


def _apply(conference, good, now):
    program = good.program
    if program.conference.slug != conference.slug:
        told = {"file": program.conference.slug, "here": conference.slug}
        words = _("The file is of %(file)s, and this is %(here)s. Choose the other year.") % told
        refuse(None, "conference, slug", words)
    move_day = put_day_at if conference.is_published else _put_where_nobody_is
    apply(program, now=now, move_day=move_day, anyway=True, only_adds=good.left_out > 0)


def _put_where_nobody_is(day, **window):
    """Move a day of an edition that is off the site, where nobody would hear of it: only while nobody is on it."""
    if has_people(day):
        sentence = _("People have this day in their calendars. Move it on its own page, which writes to them.")
        refuse(None, day.label, sentence)
    return put_day_at(day, **window)
