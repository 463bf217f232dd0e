"""Dates and times as people type them. An ambiguous one is refused, never guessed.

Each function raises ValueError with a sentence that says what to write.
"""

import re
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from django.utils.dates import MONTHS, MONTHS_3, MONTHS_ALT
from django.utils.translation import gettext as _
from django.utils.translation import override

from .zones import place_name

YEARS = range(2000, 3000)  # editions are named by years like 2027

_CLOCK = re.compile(
    r"(?P<hour>\d{1,2})(?:\s*[:.]\s*(?P<minute>\d\d)(?::(?P<second>\d\d))?|(?P<h>\s*h)(?:\s*(?P<after_h>\d\d))?)?"
    r"\s*(?P<half>[ap]\.?\s?m\.?)?",
    re.IGNORECASE,
)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d)?( ?([Zz]|[+-]\d\d:?\d\d))?")


def time_from(text: str) -> time:
    """Return the time of day in "19:00", "7 PM", "7:00 p.m.", "19.00", "19h00" or "19h"."""
    wrong = ValueError(_("Write a time like 19:00 or 7:00 pm."))
    found = _CLOCK.fullmatch(text.strip())
    if found is None or text.strip().isdecimal():
        raise wrong
    hour, minute, second = int(found["hour"]), int(found["minute"] or found["after_h"] or 0), int(found["second"] or 0)
    if half := (found["half"] or "")[:1].lower():
        if hour not in range(1, 13):
            raise wrong
        hour = hour % 12 + (12 if half == "p" else 0)
    try:
        return time(hour, minute, second)
    except ValueError:
        raise wrong from None


def date_from(text: str, *, year: str | None = None) -> date:
    """Return the date in "2027-09-12", "12 September 2027" or "Sept 12, 2027"; "09-12" is of the `year`, if given."""
    text = " ".join(text.split())
    if year and re.fullmatch(r"\d\d-\d\d", text):
        text = f"{year}-{text}"
    if re.fullmatch(r"\d{1,2}([/.-])\d{1,2}\1(\d\d|\d{4})", text):
        raise ValueError(
            _("“%(date)s” can be read in two ways. Write the month as a word, like 12 September 2027.") % {"date": text}
        )
    numbers = re.fullmatch(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})", text)
    try:
        if numbers:
            found = date(int(numbers[1]), int(numbers[3]), int(numbers[4]))
        else:
            found = date(*_with_month_in_words(text))
    except ValueError:
        raise ValueError(
            _("Write a date of the calendar, like 12 September %(year)s or %(year)s-09-12.") % {"year": year or 2027}
        ) from None
    if found.year not in YEARS:
        raise ValueError(_("The year is far away. Write one like 2027."))
    return found


def clocks_change_words(zone: ZoneInfo) -> str:
    """Return the sentence about a time in an hour that clocks of `zone` skip or repeat."""
    return _("Clocks change in that hour in %(place)s. Type a time before or after it.") % {
        "place": place_name(zone.key)
    }


def instant_from(text: str) -> datetime:
    """Return the UTC instant in "2027-09-12T19:00:00Z", or with another offset."""
    found = _INSTANT.fullmatch(text)
    if not found:
        raise ValueError(_("Write date and time in UTC, like 2027-09-12T19:00:00Z."))
    if not found[2]:
        raise ValueError(
            _("The time zone is missing. Write the time in UTC, with Z at the end, like 2027-09-12T19:00:00Z.")
        )
    try:
        instant = datetime.fromisoformat(text.replace(" ", "T", 1).replace(" ", "").upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(
            _("The calendar or the clock has no such time. Write one like 2027-09-12T19:00:00Z.")
        ) from None
    if instant.year not in YEARS:
        raise ValueError(_("The year is far away. Write one like 2027."))
    return instant


def _with_month_in_words(text: str) -> tuple[int, int, int]:
    """Return (year, month, day) of a date with its month in words, in English or the active language.

    Raises ValueError if that is not one of each.
    """
    words = re.findall(r"[^\W_]+", re.sub(r"(\d)(st|nd|rd|th|er|º)\b", r"\1", text, flags=re.IGNORECASE))
    names = _months()
    months = {names[word.casefold()] for word in words if word.casefold() in names}
    numbers = [word for word in words if word.isdecimal()]
    years, days = [n for n in numbers if len(n) == 4], [n for n in numbers if len(n) < 3]
    (year,), (month,), (day,) = years, months, days
    return int(year), month, int(day)


def _months() -> dict[str, int]:
    """Return the number of each month by its names, long and short, in English and in the active language."""
    names = {"sept": 9}
    for months in (MONTHS, MONTHS_ALT, MONTHS_3):
        names |= {str(name).strip(".").casefold(): number for number, name in months.items()}
        with override("en"):
            names |= {str(name).strip(".").casefold(): number for number, name in months.items()}
    return names
