"""Moves days and sessions to another time or position. Timed sessions move with their day; slugs stay."""

from datetime import timedelta

from conference.models import Day, Session
from conference.models.sessions import HIGHEST_SESSION

ONE_DAY = timedelta(days=1)


def shift_of(day, *, starts_at, ends_at):
    """Return how far a new window moves the day: nothing if only one end of the day changes."""
    if starts_at == day.starts_at or ends_at == day.ends_at:
        return timedelta(0)
    return starts_at - day.starts_at


def moved_sessions(day, by):
    """Return the day's timed sessions with their times moved `by` a timedelta, not saved."""
    sessions = [session for session in day.sessions.all() if session.has_time] if by else []
    for session in sessions:
        session.starts_at, session.ends_at = session.starts_at + by, session.ends_at + by
    return sessions


def moved_dates(day, by):
    """Return the day's announced dates moved by the whole days of `by`, not saved.

    A change of less than a day changes no date: only organisers know for which place in a region a date was meant.
    """
    days = round(by / ONE_DAY)
    dates = list(day.announced_dates.all()) if days else []
    for told in dates:
        told.date += timedelta(days=days)
    return dates


def put_day_at(day, *, starts_at, ends_at, now):
    """Give a day another window, in UTC, and move its sessions and announced dates with it.

    Returns 0: nobody is told. `registration` brings a function that tells people.
    """
    by = shift_of(day, starts_at=starts_at, ends_at=ends_at)
    for row in moved_sessions(day, by):
        row.save(update_fields=["starts_at", "ends_at"])
    for row in moved_dates(day, by):
        row.save(update_fields=["date"])
    day.starts_at, day.ends_at = starts_at, ends_at
    day.save(update_fields=["starts_at", "ends_at"])
    follow(day)
    return 0


def has_people(day):
    """Whether anything outside the program depends on a day, such as people's places."""
    others = [row for row in Day._meta.related_objects if row.related_model._meta.app_label != Day._meta.app_label]
    return any(row.related_model._base_manager.filter(**{row.field.name: day.pk}).exists() for row in others)


def follow(day):
    """Work out the times of sessions that begin when the one before ends, breaks included. They keep their length.

    The first one begins with the day. The caller holds a transaction.
    """
    at = day.starts_at
    for session in Session.objects.for_day(day):
        if not session.has_time:
            continue
        if session.follows and session.starts_at != at:
            session.starts_at, session.ends_at = at, at + (session.ends_at - session.starts_at)
            session.save(update_fields=["starts_at", "ends_at"])
        at = session.break_ends_at or session.ends_at


def arrange(day, places=None, *, by_time=False):
    """Put a day's sessions into one order, numbered 1, 2, 3. The caller holds a transaction.

    `places` maps a session's key to the place that it gets; the others keep their order around it. `by_time` sorts by
    start instead, and a session without a time stays behind the one that it follows now.
    """
    sessions = list(Session.objects.for_day(day))
    wanted = places or {}
    in_order = [session for session in sessions if session.pk not in wanted]
    if by_time:
        keys, last = {}, None
        for session in sessions:
            last = session.starts_at or last
            keys[session.pk] = (last is not None, last)
        in_order.sort(key=lambda session: keys[session.pk])
    for session in sorted((s for s in sessions if s.pk in wanted), key=lambda session: wanted[session.pk]):
        in_order.insert(max(wanted[session.pk] - 1, 0), session)
    _number(in_order)
    follow(day)


def make_room(day, number):
    """Free a place in a day: a session that has it, and those right behind, move down by one."""
    sessions = {session.number: session for session in Session.objects.for_day(day)}
    last = number
    while last in sessions:
        last += 1
    for place in range(last - 1, number - 1, -1):
        Session.objects.filter(pk=sessions[place].pk).update(number=place + 1)


def _number(sessions):
    """Number sessions in this order, by way of numbers that none of them has: a day has each number once."""
    numbers = {session.number for session in sessions}
    spare = (number for number in range(HIGHEST_SESSION, 0, -1) if number not in numbers and number > len(sessions))
    moved = [(place, session) for place, session in enumerate(sessions, 1) if session.number != place]
    for place, session in moved:
        if place in numbers:
            Session.objects.filter(pk=session.pk).update(number=next(spare))
    for place, session in moved:
        session.number = place
        session.save(update_fields=["number"])


def next_number(day):
    """Return the number after a day's last session; if none is left, close the gaps between the others."""
    sessions = Session.objects.for_day(day)
    last = sessions.last()
    if last and last.number == HIGHEST_SESSION:
        arrange(day)
        last = sessions.last()
    return last.number + 1 if last else 1


def move_to_day(session, day, *, with_times):
    """Put a session at the end of another day, and close the gap. `with_times` moves its times as far as the day is."""
    before = Session.objects.with_day().get(pk=session.pk).day
    session.day, session.number = day, next_number(day)
    if with_times and session.has_time:
        by = day.starts_at - before.starts_at
        session.starts_at, session.ends_at = session.starts_at + by, session.ends_at + by
    session.save(update_fields=["day", "number", "starts_at", "ends_at"])
    arrange(before)
    follow(day)
