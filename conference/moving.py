"""Gives a day another window of time; what is timed within the day goes with it."""

from datetime import timedelta

ONE_DAY = timedelta(days=1)


def shift_of(day, *, starts_at, ends_at):
    """Return how far a new window moves the day: nothing where only one end of the day changes."""
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

    Hours alone change no date here: only organisers know where in a region a date was meant.
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
    return 0
