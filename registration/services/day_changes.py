"""Moving a day, calling it off, and taking that back.

The change and a mark on every registration it concerns commit together; that takes one statement, however many
people it is. The worker then writes the mails from the marks, some people at a time (`tell_news`). A second change
before the mail is written leaves one mail, about the last state.
"""

from datetime import datetime

from django.db import transaction

from conference.changes import noting_changes
from conference.models import Day
from conference.moving import put_day_at
from registration.letters import outbox
from registration.models import Registration
from registration.status import News

from .one_by_one import one_by_one
from .places import end_with_day, fill, next_round


def people_to_tell(day: Day) -> int:
    """How many people a change of this day's time, or calling it off, will write to."""
    return Registration.objects.for_day(day).confirmed().count()


def people_waiting(day: Day) -> int:
    """How many people on a day's waiting list calling it off will write to."""
    return Registration.objects.for_day(day).waitlisted().count()


def people_to_bring_back(day: Day) -> int:
    """How many people letting a called-off day take place after all will write to, waiting or with a place."""
    rows = Registration.objects.for_day(day).called_off_at(day.called_off_at)
    return sum(not next_round(row).is_pending for row in rows)


def reschedule(day: Day, *, starts_at: datetime, ends_at: datetime, now: datetime) -> int:
    """Give a day another window of time, in UTC, and its sessions and announced dates with it.

    Does nothing when it is the same window. Returns how many people will be written to. Sends each confirmed person
    one update of their invite (RFC 5546 §3.2.2: same UID, SEQUENCE raised by one).
    """
    with noting_changes(now=now):  # one transaction
        day = Day.objects.with_ids([day.pk]).locked().get()
        if (day.starts_at, day.ends_at) == (starts_at, ends_at):
            return 0
        put_day_at(day, starts_at=starts_at, ends_at=ends_at, now=now)
        rows = Registration.objects.for_day(day).confirmed()
        count = rows.count()
        # Somebody who still has to hear that the day is back hears the new time with it.
        rows.filter(news="").update(news=News.MOVED)
    return count


def call_off(day: Day, *, now: datetime) -> int:
    """Call a day off: everybody's registration for it ends. Repeating it does nothing.

    Returns how many people will be written to. Sends each confirmed person a CANCEL of their invite
    (RFC 5546 §3.2.5), and those on the waiting list a note.
    """
    with noting_changes(now=now):  # one transaction
        day = Day.objects.with_ids([day.pk]).locked().get()
        if day.is_called_off:
            return 0
        day.called_off_at = now
        day.save(update_fields=["called_off_at"])
        rows = Registration.objects.for_day(day)
        end_with_day(rows.pending(), now=now, news="")  # nobody writes to an address that is not verified
        return end_with_day(rows.live(), now=now, news=News.CALLED_OFF)


def restore(day: Day, *, now: datetime) -> int:
    """Take calling off back: everybody whose registration it ended is on the day again, where they were.

    Each gets a new row and so a new calendar UID, since calendars remember the old one as cancelled. Repeating it
    does nothing. Returns how many people will be written to. Sends each confirmed person a new invite, and those who
    wait a note.
    """
    with noting_changes(now=now):  # one transaction
        day = Day.objects.with_ids([day.pk]).locked().get()
        if not day.is_called_off:
            return 0
        ended = list(Registration.objects.for_day(day).called_off_at(day.called_off_at))
        back = Registration.objects.bulk_create([next_round(row) for row in ended])
        day.called_off_at = None
        day.save(update_fields=["called_off_at"])
        fill(day, now=now)
    return sum(not row.is_pending for row in back)


def tell_news(*, now: datetime, limit: int = 100) -> int:
    """Write the mails for up to `limit` registrations that carry news. The worker calls it until none is left.

    Returns how many registrations it dealt with. Each person's mail and the end of their mark commit together.
    """
    rows = Registration.objects.with_news().values_list("pk", "day_id")[:limit]
    return len(one_by_one(rows, lambda row: _tell(row[0], row[1], now)))


def _tell(row_id: int, day_id: int, now: datetime) -> None:
    """Write one person's mail, unless another worker was here first."""
    with transaction.atomic():
        Day.objects.with_ids([day_id]).locked().get()
        row = Registration.objects.with_id(row_id).with_people().locked().first()
        if row is not None and row.news:
            _QUEUE[News(row.news)](row, now=now)
            row.news = ""
            row.save(update_fields=["news"])


_QUEUE = {
    News.MOVED: outbox.queue_moved,
    News.CALLED_OFF: outbox.queue_called_off,
    News.RESTORED: outbox.queue_restored,
}
