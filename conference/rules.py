"""Rules between the days and sessions of an edition: one set for program files and the admin.

`check` is pure. What is impossible is refused; what is merely odd may be intended, and needs a yes.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice, pairwise

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from conference.clock import clock_words
from conference.models import Conference, Day
from conference.scripts import labelled, list_words
from conference.workplace.own_clock import own_span, own_zone

LONGEST_DAY = timedelta(hours=24)
ONE_DAY = timedelta(days=1)
ONE_MINUTE = timedelta(minutes=1)
MOST_OVERLAPS = 500  # how many overlapping pairs get a sentence


@dataclass(frozen=True)
class Timed:
    """A day or a session, as far as the rules need it.

    `key` is what the caller knows it by, `name` how people do. Times are UTC instants, or None while unknown. A day has
    its sessions and (key, name, date) of each announced date, a session the names of its people.
    """

    key: object
    name: str
    number: int
    starts_at: datetime | None
    ends_at: datetime | None
    sessions: tuple = ()
    announced: list = field(default_factory=list)
    people: frozenset = field(default=frozenset())
    break_ends_at: datetime | None = None

    @property
    def has_times(self):
        return self.starts_at is not None and self.ends_at is not None


@dataclass(frozen=True)
class Finding:
    """A breach of the rules: the row by key and name, the field to correct, and a sentence.

    `key` is None for the days as a whole. `is_odd` means that organisers may accept it. `first` is the key of what had
    the same number before. `is_past` says that a day is over. `is_note` is only a remark, and needs no yes.
    """

    key: object
    name: str
    field: str
    sentence: str
    is_odd: bool = False
    first: object = None
    is_note: bool = False
    is_past: bool = False

    @property
    def words(self):
        """The sentence with what it is about: "Day 2: A day lasts at most 24 hours."."""
        return labelled(self.name, self.sentence) if self.name else self.sentence


def check(days, *, now=None, with_notes=False):
    """Return the Findings for all days of one edition, in their order; with the UTC instant `now` past days too.

    Their sentences have times on the organiser's clock. `with_notes` adds what is only worth a look.
    """
    found = []
    days = _numbered(days, found)
    found += _gaps(days)
    sessions = []
    for day in days:
        found += [*_window(day, now), *_announced(day)]
        of_day = _numbered(day.sessions, found)
        found += [finding for session in of_day for finding in _session(session, day)]
        found += _free_minutes(of_day, day) if with_notes else []
        sessions += [(session, day) for session in of_day if session.has_times]
    found += [finding for pair in pairwise(days) for finding in _order(*pair)]
    return found + [finding for pair in _overlapping(sessions) for finding in _at_once(*pair)]


def findings_now(now, conference=None, *, with_notes=False):
    """Return the set of Findings for all editions in the database, or for one; keys are ("day", pk) and the like.

    `with_notes` is as for `check`. Past editions may have past days. Five queries, however many rows there are.
    """
    days = Day.objects.with_conference().with_program()
    editions = {}
    for day in days.for_edition(conference) if conference else days:
        editions.setdefault(day.conference, []).append(_of_day(day))
    return {
        finding
        for edition, timed in editions.items()
        for finding in check(timed, now=now if is_to_come(edition, now) else None, with_notes=with_notes)
    }


def findings_of(days, now):
    """Return the Findings for the days of one edition, in order, whose program is loaded. Asks no query."""
    if not days:
        return []
    return check([_of_day(day) for day in days], now=now if is_to_come(days[0].conference, now) else None)


def without_what_is_over(found, moved=()):
    """Return Findings about a published edition, without those that say that a day is over.

    They stay for the days whose keys are in `moved`: readers do not know their times yet.
    """
    return [one for one in found if not one.is_past or one.key[1] in moved]


def findings_without(day):
    """Return the Findings that the other days of an edition have once `day` is deleted."""
    days = [_of_day(one) for one in Day.objects.with_conference().with_program().for_edition(day.conference)]
    left = [one for one in days if one.key != ("day", day.pk)]
    return [finding for finding in check(left) if finding not in check(days)]


def is_to_come(conference: Conference, now):
    """Whether the edition's year is not over, so a day in the past is probably a slip."""
    return int(conference.slug) >= now.year


def _of_day(day):
    return Timed(
        ("day", day.pk),
        str(day.label),
        day.number,
        day.starts_at,
        day.ends_at,
        sessions=tuple(_of_session(session, day) for session in day.sessions.all()),
        announced=[(("date", told.pk), f"{day.label}, {told.region}", told.date) for told in day.announced_dates.all()],
    )


def _of_session(session, day):
    people = frozenset(appearance.speaker.name for appearance in session.appearances.all())
    name = f"{day.label}, {session.label}"
    times = (session.starts_at, session.ends_at)
    return Timed(
        ("session", session.pk), name, session.number, *times, people=people, break_ends_at=session.break_ends_at
    )


def _numbered(entries, found):
    """Return the first entry of each number in order; a second one is a finding."""
    first = {}
    for entry in entries:
        before = first.setdefault(entry.number, entry)
        if before is not entry:
            sentence = _("Give each its own number.")
            found.append(Finding(entry.key, entry.name, "number", sentence, first=before.key))
    return sorted(first.values(), key=lambda entry: entry.number)


def _gaps(days):
    there = {day.number for day in days}
    missing = [number for number in range(1, max(there, default=1)) if number not in there]
    if missing:
        sentence = ngettext(
            "Day %(numbers)s is missing. Number the days 1, 2, 3 without a gap.",
            "Days %(numbers)s are missing. Number the days 1, 2, 3 without a gap.",
            len(missing),
        )
        numbers = list_words([str(number) for number in missing])
        yield Finding(None, "", "days", sentence % {"numbers": numbers}, is_odd=True)


def _window(day, now):
    if not day.has_times:
        return
    if day.ends_at <= day.starts_at:
        yield Finding(day.key, day.name, "ends_at", _("The day must end after it starts."))
    elif day.ends_at - day.starts_at > LONGEST_DAY:
        yield Finding(day.key, day.name, "ends_at", _("A day lasts at most 24 hours."))
    if now and day.ends_at <= now:
        sentence = _("It is in the past: %(time)s.") % {"time": own_span(day.starts_at, day.ends_at).sentence()}
        yield Finding(day.key, day.name, "starts_at", sentence, is_odd=True, is_past=True)


def _announced(day):
    for key, name, date in day.announced if day.has_times else ():
        if abs(date - day.starts_at.date()) > ONE_DAY:
            sentence = _("%(day)s is on %(start)s in UTC; %(date)s is not that day anywhere. Correct one of them.") % {
                "day": capfirst(day.name),
                "start": _written(day.starts_at.date()),
                "date": _written(date),
            }
            yield Finding(key, name, "dates", sentence)


def _written(date):
    return date_format(date, pgettext("Django date format: day, month, year", "j F Y"))


def _session(session, day):
    start, end = session.starts_at, session.ends_at
    if (start is None) != (end is None):
        missing = "starts_at" if start is None else "ends_at"
        yield Finding(session.key, session.name, missing, _("Write both times of the session, or neither."))
    elif start and end <= start:
        yield Finding(session.key, session.name, "ends_at", _("The session must end after it starts."))
    elif start and day.has_times and not day.starts_at <= start < end <= day.ends_at:
        sentence = _("The session must be within the times of its day: %(time)s.") % {
            "time": own_span(day.starts_at, day.ends_at).sentence()
        }
        yield Finding(session.key, session.name, "starts_at", sentence)


def _free_minutes(sessions, day):
    """Say where time is free between sessions, or where one begins before the break is over."""
    timed = [session for session in sessions if session.has_times]
    ends = [(day.starts_at, day.starts_at), *((one.ends_at, one.break_ends_at or one.ends_at) for one in timed)]
    for (ended, break_ended), session in zip(ends, timed, strict=False):
        free = (session.starts_at - break_ended) // ONE_MINUTE if break_ended else 0
        words = {"time": clock_words(break_ended.astimezone(own_zone())) if break_ended else "", "n": abs(free)}
        if free > 0:
            sentence = ngettext(
                "%(n)d minute is free before it. Add a break, or empty the start: it then begins at %(time)s.",
                "%(n)d minutes are free before it. Add a break, or empty the start: it then begins at %(time)s.",
                free,
            )
        elif free < 0 and session.starts_at >= ended:
            sentence = _("It begins before the break is over, at %(time)s. Empty the start, and it follows.")
        else:
            continue
        yield Finding(session.key, session.name, "starts_at", sentence % words, is_odd=True, is_note=True)


def _order(earlier, later):
    if earlier.has_times and later.has_times and later.starts_at < earlier.ends_at:
        sentence = _("It starts before %(day)s ends. Put the days in order of time.") % {"day": earlier.name}
        yield Finding(later.key, later.name, "starts_at", sentence, is_odd=True)


def _overlapping(sessions):
    """Return the first pairs of (session, day) that share some time, in their order. A file may hold thousands."""
    by_start = sorted(enumerate(sessions), key=lambda one: one[1][0].starts_at)
    pairs = []
    for place, (number, (session, _day)) in enumerate(by_start):
        for other, (later, _its_day) in islice(by_start, place + 1, None):
            if later.starts_at >= session.ends_at or len(pairs) == MOST_OVERLAPS:
                break
            pairs.append(sorted((number, other)))
    return [(sessions[one], sessions[other]) for one, other in sorted(pairs)]


def _at_once(one, other):
    (first, first_day), (second, second_day) = one, other
    both = sorted(first.people & second.people)
    if not (first.starts_at < second.ends_at and second.starts_at < first.ends_at):
        return
    if first_day != second_day and not both:
        return  # the days overlap, which is reported for the days
    sentence = _("It is at the same time as %(session)s.") % {"session": first.name}
    if both:
        sentence = _("It is at the same time as %(session)s, and %(people)s cannot be in both.") % {
            "session": first.name,
            "people": list_words(both),
        }
    yield Finding(second.key, second.name, "starts_at", sentence, is_odd=True)
