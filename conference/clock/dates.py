"""Dates in words, as CLDR writes them in the active language. Months and weekdays are never bare numbers."""

import re
from datetime import date
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from django.utils.translation import get_language

# CLDR's variant of English that writes dates as most countries do: "Sunday 12 September 2027".
ENGLISH = "en_IE"
# The year in a CLDR pattern, with its punctuation, at the end or the beginning.
_YEAR = re.compile(r"(?:\s*'[^']*')?[\s,،.]*y+$|^y+[^A-Za-z']*(?:'[^']*'\s*)?")
_FIRST = re.compile(r"\b1\b")


def date_words(day: date) -> str:
    """Return a date with its weekday: "Wednesday 13 September 2028"."""
    return _words(day, "full")


def short_date_words(day: date) -> str:
    """Return a date with its weekday and without its year: "Thursday 14 September"."""
    return _words(day, "full without year")


def weekday_words(day: date) -> str:
    """Return the name of a date's weekday: "Wednesday"."""
    return _words(day, "weekday")


def weekday_and_day_words(day: date) -> str:
    """Return a date's weekday and its day of the month: "Wednesday 13"."""
    return _words(day, "weekday and day")


def plain_date_words(day: date) -> str:
    """Return a date without its weekday: "13 September 2028"."""
    return _words(day, "long")


def day_and_month_words(day: date) -> str:
    """Return a date without its weekday and year: "13 September"."""
    return _words(day, "day and month")


def day_of_month_words(day: date) -> str:
    """Return a date's day of the month: "13"; in French the first is "1er"."""
    return _words(day, "day of the month")


def _words(day: date, form: str) -> str:
    locale = _locale(get_language() or "en")
    words = format_date(day, _patterns(locale)[form], locale=locale)
    # CLDR has no pattern for it: French says "le 1er septembre", and "le 2 septembre".
    return _FIRST.sub("1er", words, count=1) if locale.language == "fr" and day.day == 1 else words


@cache
def _patterns(locale: Locale) -> dict[str, str]:
    """Return the CLDR pattern of each date format used here."""
    full, skeletons = locale.date_formats["full"].pattern, locale.datetime_skeletons
    return {
        "full": full,
        "full without year": _YEAR.sub("", full),
        "weekday": "EEEE",
        "weekday and day": re.sub("E+", "EEEE", skeletons["Ed"].pattern),
        "long": locale.date_formats["long"].pattern,
        "day and month": skeletons["MMMMd"].pattern,
        "day of the month": "d",
    }


@cache
def _locale(language: str) -> Locale:
    try:
        return Locale.parse(ENGLISH if language == "en" else language, sep="-" if "-" in language else "_")
    except (UnknownLocaleError, ValueError):
        return Locale.parse(ENGLISH)
