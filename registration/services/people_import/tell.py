"""Writing to the people of an import, a few at a time, after all other mail."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from conference.models import Day
from registration.abuse import budget
from registration.letters import outbox
from registration.models import FilePerson, OutboxMessage, PeopleFile, Registrant, Registration

# Each confirmation writes what the person knows of each day.
PORTION = 25
# While questions to confirm would hold up those of people who sign up themselves.
PAUSE = timedelta(minutes=1)


def tell_people(file: PeopleFile, *, now: datetime) -> int:
    """Write to the next people of a file whose time has come; return how many still waited, 0 once all are written to.

    Sends those with a place or on a waiting list the confirmation and their invites. Those who still have to confirm
    are asked to, within the budget of their mailbox and half of the site's; the rest waits. People whose days ended
    meanwhile get nothing.
    """
    with transaction.atomic():
        untold = list(FilePerson.objects.for_file(file).untold()[:PORTION])
        keys = [key for person in untold for key in (*person.made, *person.seated)]
        rows = Registration.objects.with_ids(keys).live()
        days = {day.pk: day for day in Day.objects.with_ids(rows.order_by().values("day_id")).locked()}
        people = {row.pk: row for row in _lock_people(untold)}
        by_person: dict[int, list[Registration]] = {}
        for row in rows.with_people().order_by("day__number"):
            if row.day_id in days and not row.day.has_ended(now):
                by_person.setdefault(row.registrant_id, []).append(row)
        done = []
        for person in untold:
            registrant, own = people.get(person.registrant_id), by_person.get(person.registrant_id, [])
            if registrant and own and own[0].is_pending and not budget.has_room(registrant.email, now=now):
                PeopleFile.objects.only_row(file).update(mails_at=now + PAUSE)
                break
            if registrant:
                _write_to(registrant, own, now)
            done.append(person)
        FilePerson.objects.only_rows(done).update(told_at=now)
    return len(untold)


def _lock_people(untold: Sequence[FilePerson]) -> list[Registrant]:
    people = Registrant.objects.with_ids([person.registrant_id for person in untold])
    return list(people.with_conference().locked())


def _write_to(registrant: Registrant, rows: list[Registration], now: datetime) -> None:
    if any(row.is_pending for row in rows):
        outbox.queue_please_confirm(registrant, now=now, asks=True)
    elif rows:
        outbox.queue_confirmation(registrant, rows, now=now)
    mails = OutboxMessage.objects.for_person(registrant).queued().written_at(now)
    mails.update(is_bulk=True)
