"""What the fields of a day's sheet say."""

from django.utils import formats

from conference.clock import clock_words
from conference.clock.parsing import time_from

OF_SESSION = ("start", "minutes", "title", "people", "break", "breakwords")


def values_of(day, sessions, zone):
    """Return {field: text} of a day and its sessions, with their people, on the clock of `zone`."""
    starts, ends = day.starts_at.astimezone(zone), day.ends_at.astimezone(zone)
    shown = {
        "date": formats.date_format(starts.date(), "j F Y"),
        "begins": time_words(starts),
        "finishes": time_words(ends),
    }
    for session in sessions:
        minutes = round((session.ends_at - session.starts_at).total_seconds() / 60) if session.has_time else ""
        of_session = {
            "start": time_words(session.starts_at.astimezone(zone)) if session.has_time and not session.follows else "",
            "minutes": str(minutes),
            "title": session.title,
            "people": ",".join(str(appearance.speaker_id) for appearance in session.appearances.all()),
            "break": str(session.break_minutes or ""),
            "breakwords": session.break_title,
        }
        shown |= {f"{name}-{session.pk}": value for name, value in of_session.items()}
    return shown


def shape_of(sessions, days):
    """Return the order of a day's sessions, after which of them is a break, and the days, as text.

    Buttons that move or add something mean the sheet that they are on, so they do nothing once this is another text.
    """
    parts = [f"{session.pk}{'+' if session.break_minutes else ''}" for session in sessions]
    return ",".join(parts) + "/" + ",".join(str(day.pk) for day in days)


def time_words(at):
    """Return a time of day as people say it there, in a form that is understood when it comes back."""
    words = clock_words(at)
    try:
        return words if time_from(words) == at.time().replace(second=0, microsecond=0) else f"{at:%H:%M}"
    except ValueError:
        return f"{at:%H:%M}"
