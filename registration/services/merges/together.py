"""Merging two sign-ups of one person: days, mails, needs, answers and calendar entries."""

from datetime import datetime
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.translation import gettext as _

from conference.models import Day
from registration.letters import outbox
from registration.models import AccessRequest, Answer, Merge, OutboxMessage, Registrant, Registration
from registration.models.history import note
from registration.services.errors import NotConfirmed, NotTwice
from registration.services.lost_link import ask_for_links, take_back_mails
from registration.services.places import ENDING, fill
from registration.status import BEST_FIRST, Status

from .common import (
    Heard,
    Mailbox,
    count,
    end,
    files_follow,
    hold_back,
    live_rows,
    lock_days,
    lock_messages,
    messages_follow,
    pass_on,
    set_titles,
    wait_for_news,
)

# Switches that are off for both once one of them turned it off: nobody is written to against their wish.
SWITCHES = ("reminders", "news_mails")


def merge(
    kept: Registrant, left: Registrant, *, user: User, now: datetime, mails: int | None = None
) -> tuple[Merge, list[Heard]]:
    """Merge two people of one edition: `kept` stays as they are, `left` becomes part of them.

    On a day that both have, the better place stays and the other goes to the first in line; of two waiting places the
    earlier one counts. One mailbox keeps its entries, but for a day it had twice; if one of the two hid the topic, none
    of them names it. Another mailbox loses its entries, its links end, and it is told so once; the kept person's gets
    new entries. There, needs that were written with the other address are not shown until they are written again, as
    after any change of address.

    Args:
        user: the organiser, for the history.
        now: a UTC instant.
        mails: how many mails the organiser agreed to; None for any number.

    Returns (the Merge, for `take_apart`; who hears of it). Raises NotTwice, NotConfirmed if only `left` showed that the
    address is theirs, NewsWaits, MoreMails. Sends CANCELs and a last mail to another mailbox, and the confirmation with
    its invites to the kept person: these wait ten minutes. People who move up hear at once.
    """
    with transaction.atomic():
        before = OutboxMessage.objects.newest_key()
        days, messages = lock_days(kept.conference_id), lock_messages(kept.conference_id)
        people = {row.pk: row for row in Registrant.objects.only_rows([kept, left]).with_conference().locked()}
        if len(people) != 2 or kept.conference_id != left.conference_id:
            raise NotTwice
        kept, left = people[kept.pk], people[left.pk]
        if left.is_verified and not kept.is_verified:
            raise NotConfirmed
        if kept.email_key != left.email_key:
            wait_for_news([kept, left])
        named = messages_follow(kept, left, messages)
        words = _("Put together with the second sign-up of %(name)s") % {"name": left.name}
        facts = {"messages": named, "note": note(user, kept, words)}
        row = _merge(kept, left, days, facts, user=user, now=now)
        hold_back([kept], before, now=now)
        for day in days:
            fill(day, now=now)
        return row, count(before, now=now, most=mails)


def _merge(
    kept: Registrant, left: Registrant, days: list[Day], facts: dict[str, Any], *, user: User, now: datetime
) -> Merge:
    is_same = kept.email_key == left.email_key
    facts |= {
        "left": {field.attname: getattr(left, field.attname) for field in Registrant._meta.concrete_fields},
        "kept": {"email_key": kept.email_key} | {name: getattr(kept, name) for name in (*SWITCHES, "neutral_titles")},
        "owned": list(Registration.objects.for_person(left).values_list("pk", flat=True)),
    }
    if is_same and left.neutral_titles and not kept.neutral_titles:
        set_titles(kept, days, is_neutral=True, now=now)
    told = _merge_days(kept, left, days, facts, is_same=is_same, now=now)
    if not is_same:
        asks = Registration.objects.for_person(left).pending().exists()
        take_back_mails(left, now=now)
    elif outbox.take_back_links(left, now=now):
        ask_for_links(left.conference, left.email, now=now)
    _rows_follow(kept, left, facts, is_same=is_same)
    merge = Merge.objects.create(
        kept=kept,
        public_id=left.public_id,
        user=user,
        merged_at=now,
        leads_on=is_same,
        page_link_version=left.page_link_version,
        calendar_link_version=left.calendar_link_version,
        kept_page_link_version=kept.page_link_version,
        kept_calendar_link_version=kept.calendar_link_version,
    )
    _earlier_merges_follow(kept, left, facts, is_same=is_same)
    Registrant.objects.only_row(left).delete()
    if not is_same:
        facts["goodbye"] = _say_goodbye(kept, left, now)
        if told:
            outbox.queue_confirmation(kept, told, now=now)
        if asks:
            outbox.queue_please_confirm(kept, now=now, asks=True)
    merge.facts = facts
    merge.save(update_fields=["facts"])
    return merge


def _merge_days(
    kept: Registrant, left: Registrant, days: list[Day], facts: dict[str, Any], *, is_same: bool, now: datetime
) -> list[Registration]:
    """Bring the days of both to one person; return the rows of which the kept person's mailbox must hear.

    Facts: "was" has the columns of each live row, "ended" and "kept_ended" the keys of those that ended, "made" {key of
    an ended row: key of the one in its place}.
    """
    mine, theirs = live_rows(kept, days), live_rows(left, days)
    facts |= {"was": {}, "ended": [], "kept_ended": [], "made": {}}
    own = Mailbox(kept, kept, {"twice": "together"})
    other = Mailbox(left, kept, {"twice": "together"}) if is_same else _other_mailbox(left, kept)
    told = []
    for row in [*mine.values(), *theirs.values()]:
        facts["was"][str(row.pk)] = {name: getattr(row, name) for name in ENDING}
    for day in days:
        a, b = mine.get(day.pk), theirs.get(day.pk)
        if b is None:
            continue
        if a is not None and _is_better(a, b, is_same=is_same):
            _keep_the_better_of(a, b)
            end(b, other, now=now)
            facts["ended"].append(b.pk)
            continue
        if a is not None:
            _keep_the_better_of(b, a)
            end(a, own, now=now)
            facts["kept_ended"].append(a.pk)
        taken = pass_on(b, other, kept, is_same=is_same, now=now)
        if taken is not b:
            facts["ended"].append(b.pk)
            facts["made"][str(b.pk)] = taken.pk
        if not is_same and not taken.is_pending and not day.has_ended(now):
            told.append(taken)
    return told


def _other_mailbox(left: Registrant, kept: Registrant) -> Mailbox:
    facts: outbox.MergeFacts = {"twice": "together", "name": left.name, "door": left.door_link_version}
    return Mailbox(left, kept, facts, to_email=left.email)


def _is_better(a: Registration, b: Registration, *, is_same: bool) -> bool:
    """Whether the kept person's place on a day is at least as good; in one calendar an entry that is there counts."""

    def worth(row: Registration) -> tuple[int, bool]:
        return -BEST_FIRST.index(Status(row.status)), is_same and row.is_invited

    return worth(a) >= worth(b)


def _keep_the_better_of(row: Registration, other: Registration) -> None:
    """Let a row that stays have the earlier place in line, and say that its person came."""
    turns = [one.waitlisted_at for one in (row, other) if one.is_waitlisted and one.waitlisted_at]
    if row.is_waitlisted:
        row.waitlisted_at = min(turns)
    came = [instant for instant in (row.attended_at, other.attended_at) if instant]
    row.attended_at = min(came, default=None)
    row.save(update_fields=["waitlisted_at", "attended_at"])


def _rows_follow(kept: Registrant, left: Registrant, facts: dict[str, Any], *, is_same: bool) -> None:
    """Give the kept person all other rows: history of days, mails, needs, answers, files, and what organisers did."""
    Registration.objects.for_person(left).update(registrant=kept)
    mails = OutboxMessage.objects.for_person(left)
    # A message to many is on record once a person.
    mails.filter(broadcast__in=OutboxMessage.objects.for_person(kept).values("broadcast")).delete()
    facts["mails"] = list(mails.values_list("pk", flat=True))
    mails.update(registrant=kept)
    needs = AccessRequest.objects.for_person(left)
    facts["needs"] = dict(needs.values_list("pk", "is_hidden"))
    needs.update(registrant=kept, **({} if is_same else {"is_hidden": True}))
    answered = set(Answer.objects.for_person(kept).values_list("question", flat=True))
    answers = Answer.objects.for_person(left)
    facts["answers"] = [row.pk for row in answers if row.question_id not in answered]
    facts["other_answers"] = [(row.question_id, row.values) for row in answers if row.question_id in answered]
    Answer.objects.with_ids(facts["answers"]).update(registrant=kept)
    for name in SWITCHES:
        setattr(kept, name, getattr(kept, name) and getattr(left, name))
    kept.save(update_fields=SWITCHES)
    facts["files"] = files_follow(kept, left)
    acts = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(Registrant), object_id=str(left.pk))
    facts["acts"] = list(acts.values_list("pk", flat=True))
    acts.update(object_id=str(kept.pk))


def _earlier_merges_follow(kept: Registrant, left: Registrant, facts: dict[str, Any], *, is_same: bool) -> None:
    """Let old links of people who became part of `left` lead on, as those of `left` do."""
    columns = ("pk", "leads_on", "kept_page_link_version", "kept_calendar_link_version")
    facts["merges"] = list(Merge.objects.into(left).values_list(*columns))
    for row in Merge.objects.into(left):
        is_good = row.kept_page_link_version == left.page_link_version
        row.kept, row.leads_on = kept, row.leads_on and is_same and is_good
        row.kept_page_link_version = kept.page_link_version
        row.kept_calendar_link_version = kept.calendar_link_version
        row.save()


def _say_goodbye(kept: Registrant, left: Registrant, now: datetime) -> int | None:
    """Queue the last mail to a mailbox that stays behind, if it ever showed that it is theirs and works."""
    if not left.is_verified or left.is_undeliverable:
        return None
    facts = _other_mailbox(left, kept).twice
    return outbox.queue_address_changed(kept, left.email, now=now, language=left.language, facts=facts).pk
