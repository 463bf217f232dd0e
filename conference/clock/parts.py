"""The part of a person's day that a span falls into, and its words: night, morning, working hours."""

from datetime import date, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from conference.scripts import list_words

from .spans import Span
from .zones import zones_of

# Hours of the local clock. Night is when most people sleep; what follows it begins where it ends.
NIGHT_ENDS, NOON, EVENING, NIGHT = 7, 12, 18, 22
WORK_STARTS, WORK_ENDS = 9, 17

# Weekdays (Monday is 0) that are the weekend where it is not Saturday and Sunday: CLDR, supplemental week data.
FRIDAY_AND_SATURDAY = ("BH", "DZ", "EG", "IL", "IQ", "JO", "KW", "LY", "OM", "QA", "SA", "SD", "SY", "YE")
WEEKENDS = dict.fromkeys(FRIDAY_AND_SATURDAY, (4, 5)) | {"AF": (3, 4), "IN": (6,), "IR": (4,), "UG": (6,)}


def is_workday(date: date, zone: ZoneInfo) -> bool:
    """Whether many people work on that date where the ZoneInfo's clock hangs. Public holidays are not known."""
    return date.weekday() not in _weekends_by_zone().get(zone.key, (5, 6))


def hours_from_midnight(span: Span) -> tuple[float, float]:
    """Return (start, end) of a Span in hours since the midnight before it: (22.0, 25.0) is 22:00 until 01:00.

    The end counts what passes, so it never lies before the start when clocks are set back in between.
    """
    start = span.start.hour + span.start.minute / 60
    return start, start + span.minutes / 60


def parts_words(span: Span) -> str:
    """Return when in the day a Span is, as a sentence: "That is in the evening and at night."."""
    start, end = hours_from_midnight(span)
    names = {"night": _("at night"), "morning": _("in the morning"), "afternoon": _("in the afternoon")}
    names["evening"] = _("in the evening")
    parts = dict.fromkeys(part for part, begins, ends in _parts(end) if begins < end and ends > start)
    return _("That is %(parts)s.") % {"parts": list_words([names[part] for part in parts])}


def work_words(span: Span) -> str:
    """Return whether many people work during a Span, as a sentence, or "" if few do."""
    start, end = hours_from_midnight(span)
    worked = sum(
        max(0, min(end, 24 * day + WORK_ENDS) - max(start, 24 * day + WORK_STARTS))
        for day in range(int(end // 24) + 1)
        if is_workday(span.date + timedelta(days=day), span.zone)
    )
    if worked == 0:
        return ""
    if worked < end - start:
        return _("For some of that time, many people are at work.")
    return _("Many people are at work then.")


def _parts(end: float) -> list[tuple[str, int, int]]:
    """(part, first hour, last hour) of all days up to the hour `end`, counted from midnight."""
    of_a_day = (("night", 0), ("morning", NIGHT_ENDS), ("afternoon", NOON), ("evening", EVENING), ("night", NIGHT))
    ends = [*(hour for _part, hour in of_a_day[1:]), 24]
    return [
        (part, 24 * day + begins, 24 * day + until)
        for day in range(int(end // 24) + 1)
        for (part, begins), until in zip(of_a_day, ends, strict=True)
    ]


@cache
def _weekends_by_zone() -> dict[str, tuple[int, ...]]:
    return {zone: weekend for code, weekend in WEEKENDS.items() for zone in zones_of(code)}
