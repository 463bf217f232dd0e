"""Shared by merging and separating people: locks, calendar entries that change the mailbox, mails that wait."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from conference.models import Day
from registration.letters import outbox
from registration.models import Broadcast, FilePerson, OutboxMessage, Registrant, Registration
from registration.services.day_changes import TELL_AFTER
from registration.services.days import rewrite_entries
from registration.services.errors import MoreMails, NewsWaits
from registration.services.people_import.fingerprint import fingerprint_of_person
from registration.services.places import copy_for, set_status
from registration.status import CancelledBy, Status


@dataclass(frozen=True)
class Heard:
    """One person's mails because of an act: the address and the number."""

    email: str
    mails: int


@dataclass(frozen=True)
class Mailbox:
    """Whose entries are in a calendar, and what its reader is told.

    `holder` is the locked person who keeps the ended rows and the mails about them. `to_email` is where these go, if
    not to the holder's address.
    """

    person: Registrant
    holder: Registrant
    twice: outbox.MergeFacts
    to_email: str | None = None


def lock_days(conference_id: int) -> list[Day]:
    """Lock all days of an edition; every change of a place waits for that."""
    return list(Day.objects.for_edition(conference_id).with_conference().locked())


def live_rows(person: Registrant, days: Iterable[Day]) -> dict[int, Registration]:
    """Return {day's key: live registration} of a locked person, on these locked days."""
    by_key = {day.pk: day for day in days}
    rows = {row.day_id: row for row in Registration.objects.for_person(person).live()}
    for row in rows.values():
        row.registrant, row.day = person, by_key[row.day_id]
    return rows


def wait_for_news(people: Iterable[Registrant]) -> None:
    """Raise NewsWaits while one of these people has yet to hear of a day: in which calendar would depend on when."""
    if Registration.objects.filter(registrant__in=[person.pk for person in people]).with_news().exists():
        raise NewsWaits


def end(row: Registration, mailbox: Mailbox, *, now: datetime) -> None:
    """End a live registration whose person keeps the place, or never had it, and take it out of its calendar."""
    set_status(row, Status.CANCELLED, now=now, cancelled_by=CancelledBy.ORGANISER)
    row.registrant = mailbox.holder
    row.save(update_fields=["registrant"])
    if not row.day.has_ended(now):
        language = mailbox.person.language
        outbox.queue_taken_out(row, mailbox.twice, now=now, to_email=mailbox.to_email, language=language)


_IN_ENTRIES = ("door_link_version", "neutral_titles")


def pass_on(row: Registration, giver: Mailbox, taker: Registrant, *, is_same: bool, now: datetime) -> Registration:
    """Give a live registration to another locked person, with its entry; return the taker's row.

    Within one mailbox the row and its entry stay, which is written again if its door or its title is another. Otherwise
    the old calendar loses its entry, and the taker gets a new row, since calendars remember a cancelled UID. The caller
    writes to the taker.
    """
    if is_same or not row.is_confirmed or row.day.has_ended(now):
        is_to_come = row.is_confirmed and row.is_invited and not row.day.has_ended(now)
        is_other = any(getattr(giver.person, name) != getattr(taker, name) for name in _IN_ENTRIES)
        row.registrant = taker
        row.save(update_fields=["registrant"])
        if is_to_come and is_other:
            outbox.queue_rewritten(row, now=now)
        return row
    new = copy_for(row, taker)
    end(row, giver, now=now)
    new.save(force_insert=True)
    return new


def set_titles(person: Registrant, days: Iterable[Day], *, is_neutral: bool, now: datetime) -> None:
    """Let entries of a locked person, on these locked days, hide the topic or show it, and write them again."""
    person.neutral_titles = is_neutral
    person.save(update_fields=["neutral_titles"])
    rewrite_entries(person, days=[day.pk for day in days], now=now)


def hold_back(people: Iterable[Registrant], before: int | None, *, now: datetime) -> None:
    """Let the mails to these people that were queued since `before` wait as long as those of an act on many people."""
    mails = OutboxMessage.objects.after(before).for_people([person.pk for person in people]).not_begun()
    mails.written_at(now).filter(due_at__lte=now).update(due_at=now + TELL_AFTER, is_held_back=True)


def count(before: int | None, *, now: datetime, most: int | None) -> list[Heard]:
    """Return who hears of it, by the mails queued since `before` at `now`. Raises MoreMails for more than `most`."""
    mails = OutboxMessage.objects.after(before).queued().written_at(now)
    numbers: dict[str, int] = {}
    for email in mails.order_by("pk").values_list("to_email", flat=True):
        numbers[email] = numbers.get(email, 0) + 1
    number = sum(numbers.values())
    if most is not None and number > most:
        raise MoreMails(number)
    return [Heard(email, mails) for email, mails in numbers.items()]


def foresee(act: Callable[[], list[Heard]]) -> list[Heard]:
    """Return who would get a mail. Does the act and rolls it back, so the number is exact. Raises what that raises."""
    with transaction.atomic():
        heard = act()
        transaction.set_rollback(True)
    return heard


def lock_messages(conference_id: int) -> list[Broadcast]:
    """Lock the messages to particular people of an edition: before the people, as the worker does that writes them."""
    return list(Broadcast.objects.for_edition(conference_id).to_particular_people().locked())


def messages_follow(kept: Registrant, left: Registrant, messages: Iterable[Broadcast]) -> list[tuple[int, bool]]:
    """Let locked messages that name `left` go to the one who stays.

    Returns (key, whether it named both) of each, for `messages_go_back`.
    """
    facts = []
    for row in messages:
        people = row.whom.people
        if left.pk in people:
            facts.append((row.pk, kept.pk in people))
            _name(row, [kept.pk if key == left.pk else key for key in people])
    return facts


def messages_go_back(
    kept: Registrant, left: Registrant, messages: Iterable[Broadcast], facts: Iterable[tuple[int, bool]]
) -> None:
    """Let locked messages go to the people whom they named before the merge."""
    named_both = dict(facts)
    for row in messages:
        if row.pk in named_both:
            people = [key for key in row.whom.people if named_both[row.pk] or key != kept.pk]
            _name(row, [*people, left.pk])


def _name(message: Broadcast, people: Iterable[int]) -> None:
    message.audience = replace(message.whom, people=tuple(dict.fromkeys(people))).as_plain()
    message.save(update_fields=["audience"])


_OF_FILE = ("is_new", "was_verified", "made", "seated", "mark", "told_at")


def files_follow(kept: Registrant, left: Registrant) -> list[dict[str, Any]]:
    """Let people files know the one who stays: they tell of their days, and take them back. Call once `kept` is saved.

    Returns what `files_go_back` needs.
    """
    mine = {row.file_id: row for row in FilePerson.objects.for_person(kept)}
    facts = []
    for row in FilePerson.objects.for_person(left):
        facts.append({"file_id": row.file_id} | {name: getattr(row, name) for name in _OF_FILE})
        if own := mine.get(row.file_id):
            own.made, own.seated = [*own.made, *row.made], [*own.seated, *row.seated]
            own.told_at = own.told_at and row.told_at
            own.save(update_fields=["made", "seated", "told_at"])
            row.delete()
            continue
        # Taken back, such a file takes its days alone: this person was here without it.
        row.registrant, row.is_new, row.was_verified = kept, False, kept.is_verified
        row.mark = fingerprint_of_person(kept)
        row.save(update_fields=["registrant", "is_new", "was_verified", "mark"])
    return facts


def files_go_back(kept: Registrant, left: Registrant, facts: list[dict[str, Any]]) -> None:
    """Let people files know both people again. A file that told of the days in the meantime does not do so twice."""
    mine = {row.file_id: row for row in FilePerson.objects.for_person(kept)}
    for was in facts:
        row = mine.get(was["file_id"])
        if row is None:
            continue  # it is too old, or was taken back
        row.made = [key for key in row.made if key not in was["made"]]
        row.seated = [key for key in row.seated if key not in was["seated"]]
        if row.made or row.seated:
            row.save(update_fields=["made", "seated"])
        else:
            row.delete()
        FilePerson.objects.create(registrant=left, **was | {"told_at": row.told_at})
