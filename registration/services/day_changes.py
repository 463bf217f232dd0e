"""Moving a day, calling it off, and taking that back, as well as more places (`services.capacity`).

The change and a mark on every affected registration (`news`) commit together, in one statement for any number of
people. The worker then writes the mails from the marks, in batches (`tell_news`). A second change before the mail is
written leaves one mail, about the last state.

Mails to more than one person wait for ten minutes. Until then the change can be undone, and nobody hears of it. `user`
is the organiser, `why` a sentence for the people on the day.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from conference.changes import noting_changes
from conference.models import Day
from conference.moving import put_day_at
from registration.letters import outbox
from registration.models import DayNotice, Registration
from registration.models.history import note
from registration.status import MORE_PLACES, News, Status

from .places import end_with_day, fill, next_round, undo_end_with_day
from .run_each import run_each

# How long an organiser can undo an act that writes to more than one person.
TELL_AFTER = timedelta(minutes=10)


class TooLate(Exception):
    """The mails have been sent, or are being written."""


def people_to_tell(day: Day) -> int:
    """How many people a change of this day's time will write to."""
    return Registration.objects.for_day(day).confirmed().count()


def people_by_place(days: Sequence[Day]) -> tuple[int, int]:
    """How many people calling days off will write to: those with a place, and those on the waiting lists."""
    counts = Registration.objects.on_days(days).told_of_end().counted_by_day().values()
    confirmed, waiting = (
        sum(of[status] for of in counts if status in of) for status in (Status.CONFIRMED, Status.WAITLISTED)
    )
    return confirmed, waiting


def reschedule(
    day: Day, *, starts_at: datetime, ends_at: datetime, now: datetime, user: User | None = None, why: str = ""
) -> int:
    """Give a day another window of time, in UTC, and its sessions and announced dates with it.

    Does nothing when it is the same window. Returns how many people will be written to. Sends each confirmed person
    one update of their invite (RFC 5546 §3.2.2: same UID, SEQUENCE raised by one).
    """
    with noting_changes(now=now):  # one transaction
        day = Day.objects.locked_in_turn(day.pk)
        if (day.starts_at, day.ends_at) == (starts_at, ends_at):
            return 0
        was = (day.starts_at, day.ends_at)
        put_day_at(day, starts_at=starts_at, ends_at=ends_at, now=now)
        rows = Registration.objects.for_day(day).confirmed()
        count = rows.count()
        # People who have not been told yet that the day is back are told the new time with it.
        rows.filter(news="").update(news=News.MOVED)
        _note(day, News.MOVED, user, why, people=count, was=was, now=now)
    return count


def call_off(day: Day, *, now: datetime, user: User | None = None, why: str = "") -> int:
    """Call a day off: everybody's registration for it ends. Repeating it does nothing.

    Returns how many people will be written to. Sends each confirmed person a CANCEL of their invite
    (RFC 5546 §3.2.5), and those on the waiting list a note.
    """
    with noting_changes(now=now):  # one transaction
        day = Day.objects.locked_in_turn(day.pk)
        if day.is_called_off:
            return 0
        day.called_off_at = now
        day.save(update_fields=["called_off_at"])
        rows = Registration.objects.for_day(day)
        end_with_day(rows.pending(), now=now, news="")  # nobody writes to an address that is not verified
        # People who have not been told that the day is back still think it is called off.
        end_with_day(rows.live().with_this_news(News.RESTORED), now=now, news="")
        _drop_waiting_notices(day, News.RESTORED, now)
        count = end_with_day(rows.live(), now=now, news=News.CALLED_OFF)
        _note(day, News.CALLED_OFF, user, why, people=count, now=now)
    return count


def restore(day: Day, *, now: datetime, user: User | None = None, why: str = "") -> int:
    """Undo calling off: everyone whose registration it ended is on the day again, with the same status.

    People not yet told that it was called off never are. Each of the others gets a new row and so a new calendar
    UID, since calendars remember the old one as cancelled. Repeating it does nothing. Returns how many people will be
    written to. Sends each confirmed person a new invite, those who wait a note, and those who were never asked to
    confirm, because the day was called off before that mail left, that mail.
    """
    with noting_changes(now=now):  # one transaction
        day = Day.objects.locked_in_turn(day.pk)
        since = day.called_off_at
        if since is None:
            return 0
        undo_end_with_day(Registration.objects.for_day(day).called_off_at(since).untold(), day)
        ended = list(Registration.objects.for_day(day).called_off_at(since))
        back = Registration.objects.bulk_create([next_round(row) for row in ended])
        day.called_off_at = None
        day.save(update_fields=["called_off_at"])
        _drop_waiting_notices(day, News.CALLED_OFF, now)
        outbox.ask_again(day, since=since, now=now)
        fill(day, now=now)
        count = sum(not row.is_pending for row in back)
        _note(day, News.RESTORED, user, why, people=count, now=now)
    return count


def take_back(notice: DayNotice, *, user: User, now: datetime) -> None:
    """Take back what was done with a day, as long as nobody has heard of it at the UTC instant `now`.

    Only the newest news of a day can be taken back, more places always. Nobody gets a mail. Raises TooLate.
    """
    with noting_changes(now=now):  # one transaction
        day = Day.objects.locked_in_turn(notice.day_id)
        notice = DayNotice.objects.only_row(notice).locked().get()
        newest = notice if notice.news == MORE_PLACES else DayNotice.objects.news_of_day(day).first()
        if not notice.is_waiting(now) or newest != notice:
            raise TooLate
        what = _UNDO[notice.news](day, notice, now) or notice.get_news_display()
        notice.taken_back_at = now
        notice.save(update_fields=["taken_back_at"])
        note(user, day, _("Taken back before anybody heard: %(what)s") % {"what": what})


def _undo_move(day: Day, notice: DayNotice, now: datetime) -> None:
    put_day_at(day, starts_at=notice.was_starts_at, ends_at=notice.was_ends_at, now=now)
    # People who got a place since were told the other time. Those who know this one get no mail (`outbox.queue_moved`).
    Registration.objects.for_day(day).confirmed().filter(news="").update(news=News.MOVED)


def _undo_calling_off(day: Day, _notice: DayNotice, now: datetime) -> None:
    restore(day, now=now)


def _undo_restoring(day: Day, _notice: DayNotice, now: datetime) -> None:
    call_off(day, now=now)


def _undo_more_places(day: Day, notice: DayNotice, _now: datetime) -> str:
    words = {"before": _places_words(day.capacity), "after": _places_words(notice.was_capacity)}
    day.capacity = notice.was_capacity
    day.save(update_fields=["capacity"])
    return _("more places (from %(before)s to %(after)s)") % words


def _places_words(capacity: int | None) -> str:
    return _("no limit") if capacity is None else str(capacity)


_UNDO: dict[str, Callable[[Day, DayNotice, datetime], str | None]] = {
    News.MOVED: _undo_move,
    News.CALLED_OFF: _undo_calling_off,
    News.RESTORED: _undo_restoring,
    MORE_PLACES: _undo_more_places,
}


def _drop_waiting_notices(day: Day, news: News, now: datetime) -> None:
    """Note of acts on a locked day that nobody will hear of them: the opposite was done before they were told."""
    DayNotice.objects.news_of_day(day).with_this_news(news).waiting(now).update(taken_back_at=now)


def _note(
    day: Day,
    news: News,
    user: User | None,
    why: str,
    *,
    people: int,
    now: datetime,
    was: tuple[datetime | None, datetime | None] = (None, None),
) -> None:
    """Record an act on a locked day. Mails to several people wait until it can no longer be undone."""
    if not people:
        return
    DayNotice.objects.create(
        day=day,
        news=news,
        why=why,
        user=user,
        people=people,
        noted_at=now,
        due_at=now + TELL_AFTER if people > 1 else now,
        was_starts_at=was[0],
        was_ends_at=was[1],
    )


def tell_news(*, now: datetime, limit: int = 100) -> int:
    """Write the mails for up to `limit` registrations that carry news. The worker calls it until none is left.

    Returns how many registrations it dealt with. Each person's mail and the end of their mark commit together.
    """
    waiting = DayNotice.objects.news().waiting(now).values("day")
    rows = Registration.objects.with_news().not_on_days(waiting).values_list("pk", "day_id")[:limit]
    return len(run_each(rows, lambda row: _tell(row[0], row[1], now)))


def _tell(row_id: int, day_id: int, now: datetime) -> None:
    """Write one person's mail, unless another worker was here first."""
    with transaction.atomic():
        Day.objects.with_ids([day_id]).locked().get()
        row = Registration.objects.with_id(row_id).with_people().locked().first()
        notice = DayNotice.objects.news_of_day(day_id).first()
        if row is not None and row.news and not (notice and notice.is_waiting(now)):
            is_why = notice is not None and notice.why and notice.news == row.news
            _QUEUE[News(row.news)](row, now=now, notice=notice if is_why else None)
            row.news = ""
            row.save(update_fields=["news"])


_QUEUE = {
    News.MOVED: outbox.queue_moved,
    News.CALLED_OFF: outbox.queue_called_off,
    News.RESTORED: outbox.queue_restored,
}
