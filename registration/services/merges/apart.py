"""Separating two people whom an organiser merged, within a day."""

from datetime import datetime
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from conference.models import Day
from registration.letters import outbox
from registration.models import AccessRequest, Answer, Merge, OutboxMessage, Question, Registrant, Registration
from registration.models.history import note
from registration.services.errors import AlreadySignedUp, TooLateToUndo
from registration.services.places import fill, undo_end
from registration.status import CancelledBy

from .common import (
    Heard,
    Mailbox,
    count,
    end,
    files_go_back,
    hold_back,
    live_rows,
    lock_days,
    lock_messages,
    messages_go_back,
    pass_on,
    set_titles,
    wait_for_news,
)
from .together import SWITCHES


def take_apart(merge: Merge, *, user: User, now: datetime, mails: int | None = None) -> tuple[Registrant, list[Heard]]:
    """Separate two people as `merge` recorded them; their old links work as before.

    Each has the days from before, even if a place went to another person in the meantime. Days that the kept person
    took since are theirs. Within ten minutes nobody has heard of it, and nobody does. Afterwards each calendar loses
    the entries that it got, and gets new ones for what it lost.

    Returns (the person who is back, who hears of it). Raises TooLateToUndo, AlreadySignedUp if another row has their
    name and address by now, NewsWaits, MoreMails. Sends CANCELs, and confirmations with invites: these wait ten
    minutes.
    """
    with transaction.atomic():
        before = OutboxMessage.objects.newest_key()
        days, messages = lock_days(merge.kept.conference_id), lock_messages(merge.kept.conference_id)
        kept = Registrant.objects.with_id(merge.kept_id).with_conference().locked().first()
        row = Merge.objects.only_row(merge).locked().first()
        if kept is None or row is None or not row.can_be_undone(now):
            raise TooLateToUndo
        if row.facts["kept"]["email_key"] != kept.email_key:
            raise TooLateToUndo  # their entries are in another calendar since
        wait_for_news([kept])
        left = _bring_person_back(row.facts["left"], kept)
        messages_go_back(kept, left, messages, row.facts.get("messages", []))
        _part(kept, left, days, row, now)
        hold_back([kept, left], before, now=now)
        for day in days:
            fill(day, now=now)
        row.delete()
        # Either may be deleted later, and what is about the other must not name them then.
        LogEntry.objects.filter(pk=row.facts.get("note")).update(change_message=_("Put together with a second sign-up"))
        note(user, left, _("Made a person of their own again"))
        return left, count(before, now=now, most=mails)


def _bring_person_back(columns: dict[str, Any], kept: Registrant) -> Registrant:
    """Write the row of the person who went again, with the same key and links."""
    fields = {field.attname: field for field in Registrant._meta.concrete_fields}
    left = Registrant(**{name: fields[name].to_python(value) for name, value in columns.items() if name in fields})
    left.conference = kept.conference
    try:
        with transaction.atomic():
            left.save(force_insert=True)
    except IntegrityError:
        raise AlreadySignedUp from None
    return left


def _part(kept: Registrant, left: Registrant, days: list[Day], merge: Merge, now: datetime) -> None:
    facts = merge.facts
    is_same = kept.email_key == left.email_key
    goodbye = OutboxMessage.objects.with_id(facts.get("goodbye"))
    was_told = bool(facts.get("goodbye")) and not goodbye.not_begun().withdraw(now)
    goodbye.update(registrant=left)
    stay = _part_days(kept, left, days, facts, is_same=is_same, now=now)
    _rows_go_back(kept, left, facts, stay)
    # Unless they changed it themselves since.
    if is_same and kept.neutral_titles and left.neutral_titles and not facts["kept"].get("neutral_titles", True):
        set_titles(kept, days, is_neutral=False, now=now)
    _earlier_merges_go_back(left, facts)
    mine = live_rows(left, days).values()
    to_tell = facts["to_tell"]
    rows = [row for row in mine if was_told or row.pk in to_tell]
    rows = [row for row in rows if not row.is_pending and not row.day.has_ended(now)]
    if rows:
        outbox.queue_confirmation(left, sorted(rows, key=lambda row: row.day.number), now=now)
    elif was_told:
        outbox.queue_page_link(left, now=now)


def _part_days(
    kept: Registrant, left: Registrant, days: list[Day], facts: dict[str, Any], *, is_same: bool, now: datetime
) -> set[int]:
    """Give both their days back; return the keys of rows that stay with the kept person as history.

    Notes in the facts, as "to_tell", the keys of rows of which the other one must hear.
    """
    by_key = {day.pk: day for day in days}
    rows = {row.pk: row for row in Registration.objects.with_ids(facts["owned"]).filter(registrant=kept)}
    taken = live_rows(kept, days)
    box = Mailbox(kept, kept, {"twice": "apart"})
    stay: set[int] = set()
    facts["to_tell"] = []
    for key, row in rows.items():
        row.registrant, row.day = kept, by_key[row.day_id]
        if key in facts["ended"]:
            _take_from(kept, facts["made"].get(str(key)), taken, box, now)
            _bring_back(row, left, facts, now)
        elif row.is_live:
            back = pass_on(row, box, left, is_same=is_same, now=now)
            if back is not row:
                stay.add(key)
                facts["to_tell"].append(back.pk)
    for row in Registration.objects.with_ids(facts["kept_ended"]).filter(registrant=kept):
        # They keep the better place as long as nobody took it away; a place dropped in the meantime stays dropped.
        if row.day_id in taken and not Registration.objects.for_person(kept).for_day(row.day_id).live().exists():
            row.registrant, row.day = kept, by_key[row.day_id]
            undo_end(row, facts["was"][str(row.pk)])
            row.save()
    _give_back_what_was_better(taken, facts)
    return stay


def _take_from(kept: Registrant, key: int | None, taken: dict[int, Registration], box: Mailbox, now: datetime) -> None:
    """End the place that the kept person got; also for when a day that is called off comes back."""
    made = next((row for row in taken.values() if row.pk == key), None)
    if made is not None:
        end(made, box, now=now)
    Registration.objects.with_id(key).ended_with_day().update(cancelled_by=CancelledBy.ORGANISER)


def _bring_back(row: Registration, left: Registrant, facts: dict[str, Any], now: datetime) -> None:
    """Give a person who is back a place that ended: the same row if the calendar never heard, otherwise a new one."""
    was = facts["was"][str(row.pk)]
    is_over, was_invited = row.day.has_ended(now), row.is_invited
    is_in_calendar = not row.day.is_called_off and outbox.take_back_taken_out(row, now=now)
    row.registrant = left
    if was_invited and not is_in_calendar and not is_over and not row.day.is_called_off:
        row.save(update_fields=["registrant"])
        sent = Registration(registrant=left, day=row.day, created_at=row.created_at)
        undo_end(sent, was | {"invite_sequence": 0, "is_invited": False, "news": ""})
        sent.invited_starts_at = sent.invited_ends_at = None
        sent.news = ""
        sent.save(force_insert=True)
        facts["to_tell"].append(sent.pk)
        return
    sequence = row.invite_sequence
    undo_end(row, was)
    if was["is_invited"] and not was_invited:  # that invite never left
        row.is_invited, row.invited_starts_at, row.invited_ends_at = False, None, None
    if row.day.is_called_off:
        row.invite_sequence, row.is_invited = sequence, was_invited
    elif row.is_confirmed and not is_in_calendar and not is_over:
        facts["to_tell"].append(row.pk)
    row.save()


def _give_back_what_was_better(taken: dict[int, Registration], facts: dict[str, Any]) -> None:
    """Let places of the kept person that stayed be as they were: their turn in the queue, and whether they came."""
    came = {was["attended_at"] and parse_datetime(was["attended_at"]) for was in facts["was"].values()}
    for row in taken.values():
        if was := facts["was"].get(str(row.pk)):
            turn = was["waitlisted_at"] if row.is_waitlisted else row.waitlisted_at
            came_at = was["attended_at"] if row.attended_at in came else row.attended_at
            Registration.objects.only_row(row).update(waitlisted_at=turn, attended_at=came_at)


def _rows_go_back(kept: Registrant, left: Registrant, facts: dict[str, Any], stay: set[int]) -> None:
    owned = [key for key in facts["owned"] if key not in stay]
    rows = Registration.objects.with_ids(owned).filter(registrant__in=(kept, left))
    rows.update(registrant=left)
    of_days = OutboxMessage.objects.filter(registrant=kept, registration__in=owned)
    of_days.update(registrant=left)
    OutboxMessage.objects.with_ids(facts["mails"]).filter(registrant=kept).exclude(registration__in=stay).update(
        registrant=left
    )
    for key, is_hidden in facts["needs"].items():
        AccessRequest.objects.for_person(kept).with_id(int(key)).update(registrant=left, is_hidden=is_hidden)
    Answer.objects.with_ids(facts["answers"]).filter(registrant=kept).update(registrant=left)
    asked = set(
        Question.objects.with_ids([key for key, _values in facts["other_answers"]]).values_list("pk", flat=True)
    )
    Answer.objects.bulk_create(
        Answer(registrant=left, question_id=key, values=values)
        for key, values in facts["other_answers"]
        if key in asked
    )
    for name in SWITCHES:
        # Unless they changed it themselves since.
        if getattr(kept, name) == (facts["kept"][name] and getattr(left, name)):
            setattr(kept, name, facts["kept"][name])
    kept.save(update_fields=SWITCHES)
    files_go_back(kept, left, facts.get("files", []))
    LogEntry.objects.filter(pk__in=facts["acts"]).update(object_id=str(left.pk))


def _earlier_merges_go_back(left: Registrant, facts: dict[str, Any]) -> None:
    for key, leads_on, page, calendar in facts["merges"]:
        Merge.objects.with_id(key).update(
            kept=left, leads_on=leads_on, kept_page_link_version=page, kept_calendar_link_version=calendar
        )
