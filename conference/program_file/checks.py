"""What must hold between the parts of a program. Each check reports by `fault(line, field, sentence)`.

Parts that are wrong in themselves may lack a number or a time here; what needs it is left out.
"""

from datetime import timedelta
from itertools import pairwise

LONGEST_DAY = timedelta(hours=24)


def check_days(days, line, fault):
    """Days are numbered from 1 without a gap, and follow each other in time."""
    if not days:
        fault(line, "days", "There is no day. Write at least one.")
        return
    first = _report_twice(days, "day", fault)
    missing = [number for number in range(1, max(first, default=1)) if number not in first]
    if missing:
        numbers = ", ".join(str(number) for number in missing)
        fault(line, "days", f"Day {numbers} is missing. Number the days 1, 2, 3 without a gap.")
    for number, day in first.items():
        _check_window(day, f"day {number}", fault)
    for earlier, later in pairwise(first[number] for number in sorted(first)):
        start, end = later.fields.get("starts_at"), earlier.fields.get("ends_at")
        if start and end and start < end:
            field = f"day {later.number}, starts_at"
            fault(
                later.source.of("starts_at"),
                field,
                f"It starts before day {earlier.number} ends. Put the days in the order of time.",
            )


def check_sessions(day, where, fault):
    """Sessions of a day have numbers of their own, both times or none, and lie within the day."""
    sessions = day.sessions or ()
    _report_twice(sessions, f"{where}, session", fault)
    opens, closes = day.fields.get("starts_at"), day.fields.get("ends_at")
    for session in sessions:
        field = f"{where}, session {session.number or '?'}"
        start, end = session.fields.get("starts_at"), session.fields.get("ends_at")
        if (start is None) != (end is None):
            missing = "starts_at" if start is None else "ends_at"
            fault(session.source.line, f"{field}, {missing}", "Write both times of the session, or neither.")
        elif start and end <= start:
            fault(session.source.of("ends_at"), f"{field}, ends_at", "The session must end after it starts.")
        elif start and opens and closes and not opens <= start < end <= closes:
            fault(
                session.source.of("starts_at"),
                f"{field}, starts_at",
                "The session must lie within the times of its day.",
            )


def check_speakers(days, fault):
    """Somebody is once in a session, and is told of the same way in each."""
    known = {}
    for day in days:
        for session in day.sessions or ():
            names = set()
            for speaker in filter(lambda speaker: speaker.name, session.speakers or ()):
                where = f"day {day.number}, session {session.number}, {speaker.name}"
                if speaker.name in names:
                    fault(speaker.source.of("name"), where, "This person is already in this session. Keep one.")
                names.add(speaker.name)
                _check_same(speaker, known, where, fault)


def check_regions(regions, days, fault):
    """Each region has one date for each day, and it is that date somewhere while the day is on."""
    in_order = sorted(days, key=lambda day: day.number or 0)
    # With days that are missing or twice, nobody can say which date belongs to which day.
    are_numbered = [day.number for day in in_order] == list(range(1, len(days) + 1))
    names = set()
    for region in regions:
        where = f"regions, {region.name}"
        if region.name and region.name in names:
            fault(region.source.line, where, "This region is there twice. Keep one.")
        names.add(region.name)
        if len(region.dates) != len(days):
            fault(region.source.of("dates"), f"{where}, dates", f"Write one date for each of the {len(days)} days.")
        elif are_numbered:
            _check_dates(region, in_order, f"{where}, dates", fault)


def _report_twice(entries, what, fault):
    """Return the entries by number, the first of each; a second one is a fault."""
    first = {}
    for entry in entries:
        if entry.number in first:
            sentence = (
                f"It is there twice, first on line {first[entry.number].source.of('number')}. Give each its own number."
            )
            fault(entry.source.of("number"), f"{what} {entry.number}", sentence)
        elif entry.number is not None:
            first[entry.number] = entry
    return first


def _check_window(day, where, fault):
    start, end = day.fields.get("starts_at"), day.fields.get("ends_at")
    if not start or not end:
        return
    if end <= start:
        fault(day.source.of("ends_at"), f"{where}, ends_at", "The day must end after it starts.")
    elif end - start > LONGEST_DAY:
        fault(day.source.of("ends_at"), f"{where}, ends_at", "A day lasts at most 24 hours.")


def _check_dates(region, days, where, fault):
    for day, date in zip(days, region.dates, strict=True):
        start = day.fields.get("starts_at")
        if start and abs(date - start.date()) > timedelta(days=1):
            sentence = f"Day {day.number} is on {start:%Y-%m-%d} in UTC; {date} is not that day anywhere."
            fault(region.source.of("dates"), where, f"{sentence} Correct one of them.")


def _check_same(speaker, known, where, fault):
    told = known.setdefault(speaker.name, {})
    for name, value in speaker.fields.items():
        first_line, first = told.setdefault(name, (speaker.source.of(name), value))
        if value != first:
            sentence = f"On line {first_line} it is “{first[:80]}”. Write the same here, or leave it out."
            fault(speaker.source.of(name), f"{where}, {name}", sentence)
