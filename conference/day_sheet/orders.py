"""What the buttons of a day's sheet do, after everything typed was saved."""

from datetime import timedelta

from django.utils.translation import gettext as _

from conference.models import Day, Session
from conference.models.days import HIGHEST_DAY
from conference.moving import arrange, follow, move_to_day, next_number
from conference.raw_input import whole_number

from .reading import Problem

ONE_DAY, ONE_MINUTE = timedelta(days=1), timedelta(minutes=1)
USUAL_LENGTH = 30  # minutes of a new session
USUAL_BREAK = 10


def carry_out(day, order, post):
    """Do what a button says, like "up-12", or "move-12-3": to the day with key 3.

    Returns the session or the new day to look at next, or None. Raises Problem if that cannot be done.
    """
    name, _dash, key = order.partition("-")
    sessions = list(Session.objects.for_day(day))
    if name == "add":
        return _ADDING[key](day, sessions) if key in _ADDING else None
    if name == "drag":
        return reorder(day, sessions, _dragged(post))
    session = next((session for session in sessions if str(session.pk) == key.partition("-")[0]), None)
    if session is None or name not in _ORDERS:
        raise Problem(_("This session is no longer there. Look at what is there now."))
    return _ORDERS[name](day, sessions, session, key.partition("-")[2])


def means_its_sheet(order, post, sessions):
    """Whether what a button does depends on what else is on the sheet, so it may only do it once."""
    if order.startswith("drag"):
        return _dragged(post) != [session.pk for session in sessions]
    return order.partition("-")[0] in ("add", "up", "down", "breakup", "breakdown")


def _dragged(post):
    return [whole_number(part) for part in post.get("order", "").split(",")]


def add_day(day, sessions):
    """Add a new day after the last one, at the same time. Return it."""
    last = Day.objects.for_edition(day.conference_id).last()
    if last.number == HIGHEST_DAY:
        raise Problem(_("No day can come after Day %(n)d. Give that one a lower number first.") % {"n": HIGHEST_DAY})
    times = {"starts_at": last.starts_at + ONE_DAY, "ends_at": last.ends_at + ONE_DAY}
    return Day.objects.create(conference_id=day.conference_id, number=last.number + 1, **times)


def add_session(day, sessions):
    """Add a new session after the last one. Return its key."""
    session = Session.objects.create(
        day=day,
        number=next_number(day),
        starts_at=day.starts_at,
        ends_at=day.starts_at + USUAL_LENGTH * ONE_MINUTE,
        follows=True,
    )
    follow(day)
    return session.pk


def add_break(day, sessions):
    """Add a break after the last session that has none, except the last of the day. Return the session's key."""
    free = [session for session in sessions if not session.break_minutes]
    if not free:
        raise Problem(_("Add a session first: a break is between two sessions."))
    session = free[-2] if len(free) > 1 and free[-1] is sessions[-1] else free[-1]
    set_break(session, USUAL_BREAK, "")
    follow(day)
    return session.pk


def reorder(day, sessions, keys):
    """Put sessions into the order of their keys. Breaks stay at their places between them."""
    by_key = {session.pk: session for session in sessions}
    wanted = [by_key[key] for key in dict.fromkeys(keys) if key in by_key]
    wanted += [session for session in sessions if session not in wanted]
    breaks = [(session.break_minutes, session.break_title) for session in sessions]
    for session, (minutes, title) in zip(wanted, breaks, strict=True):
        set_break(session, minutes, title)
    arrange(day, {session.pk: place for place, session in enumerate(wanted, 1)})
    return keys[0] if keys else None


def set_break(session, minutes, title):
    """Give a session another break behind it."""
    if (session.break_minutes, session.break_title) != (minutes, title):
        session.break_minutes, session.break_title = minutes, title
        session.save(update_fields=["break_minutes", "break_title"])


def _step(by):
    def step(day, sessions, session, rest):
        place = sessions.index(session)
        keys = [other.pk for other in sessions]
        if 0 <= place + by < len(keys):
            keys[place], keys[place + by] = keys[place + by], keys[place]
        reorder(day, sessions, keys)
        return session.pk

    return step


def _step_break(by):
    def step(day, sessions, session, rest):
        places = range(sessions.index(session) + by, len(sessions) if by > 0 else -1, by)
        free = next((sessions[place] for place in places if not sessions[place].break_minutes), None)
        if free is None:
            return session.pk
        set_break(free, session.break_minutes, session.break_title)
        set_break(session, None, "")
        follow(day)
        return free.pk

    return step


def _remove_break(day, sessions, session, rest):
    set_break(session, None, "")
    follow(day)
    return session.pk


def _to_be_announced(day, sessions, session, rest):
    session.title, session.title_is_description = "", False
    session.save(update_fields=["title", "title_is_description"])
    return session.pk


def _remove(day, sessions, session, rest):
    place = sessions.index(session)
    before = sessions[place - 1] if place else None
    if session.break_minutes and before and not before.break_minutes:
        set_break(before, session.break_minutes, session.break_title)
    session.delete()
    arrange(day)
    return before.pk if before else None


def _move(day, sessions, session, rest):
    days = Day.objects.for_edition(day.conference_id).other_than(day)
    to = next((other for other in days if str(other.pk) == rest), None)
    if to is None:
        raise Problem(_("Choose the day that it moves to."))
    move_to_day(session, to, with_times=True)
    return


_ORDERS = {
    "up": _step(-1),
    "down": _step(1),
    "breakup": _step_break(-1),
    "breakdown": _step_break(1),
    "nobreak": _remove_break,
    "tba": _to_be_announced,
    "remove": _remove,
    "move": _move,
}
_ADDING = {"day": add_day, "session": add_session, "break": add_break}
