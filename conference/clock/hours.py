"""The time of day as people there say it: "3:00 pm" in Toronto, "15:00" in Paris."""

import re
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from .zones import territory_of

# Territories that prefer the 12-hour clock: CLDR 48, supplemental time data ("preferred" is h).
TWELVE_HOURS = {
    "AE", "AG", "AL", "AR", "AS", "AU", "BB", "BD", "BH", "BM", "BN", "BO", "BS", "BT", "CA", "CL", "CO", "CR", "CU",
    "CY", "DJ", "DM", "DO", "DZ", "EC", "EG", "EH", "ER", "ET", "FJ", "FM", "GD", "GH", "GM", "GR", "GT", "GU", "GY",
    "HK", "HN", "IN", "IQ", "JM", "JO", "KH", "KI", "KN", "KP", "KR", "KW", "KY", "LB", "LC", "LR", "LS", "LY", "MH",
    "MO", "MP", "MR", "MW", "MX", "MY", "NA", "NI", "NZ", "OM", "PA", "PE", "PG", "PH", "PK", "PR", "PS", "PW", "PY",
    "QA", "SA", "SB", "SD", "SG", "SL", "SO", "SS", "SV", "SY", "SZ", "TC", "TD", "TN", "TO", "TT", "TW", "UM", "US",
    "UY", "VC", "VE", "VG", "VI", "VU", "WS", "YE", "ZM",
}  # fmt: skip
# Languages that use 24 hours wherever they are spoken, also in Canada (CLDR: fr_CA).
ALWAYS_24 = ("fr", "de")
# Lower case in all English: CLDR has "PM", "pm" and "p.m." by country.
ENGLISH = ("am", "pm")


def clock_words(at: datetime) -> str:
    """Return the time of day of a datetime aware in a ZoneInfo: "3:00 pm", "15:00". In UTC it has 24 hours."""
    pattern, halves = _pattern(get_language() or "en", territory_of(getattr(at.tzinfo, "key", "")))
    return pattern.format(h=at.hour % 12 or 12, H=at.hour, m=at.minute, a=halves[at.hour >= 12])


def said_clock_words(at: datetime) -> str:
    """Return the time of day as a sentence says it: as `clock_words`, but "noon" and "midnight" for 12 pm and 12 am.

    Few people are sure which of these is which. Only in English: in other languages the sentence around them would not
    fit.
    """
    words = clock_words(at)
    if (get_language() or "en").startswith("en") and words.endswith(ENGLISH) and at.minute == 0 and at.hour % 12 == 0:
        return _("midnight") if at.hour == 0 else _("noon")
    return words


def full_hour_words(hour: int, zone: ZoneInfo) -> str:
    """Return a full hour of a scale from 0 to 24 as clocks in `zone` show it: "6 pm", "18:00"; the last is "24:00"."""
    pattern, halves = _pattern(get_language() or "en", territory_of(zone.key))
    short = pattern.replace(":{m:02}", "") if "{a}" in pattern else pattern
    return short.format(h=hour % 12 or 12, H=hour, m=0, a=halves[hour % 24 >= 12])


@cache
def _pattern(language: str, territory: str) -> tuple[str, tuple[str, str]]:
    """Return how to write a time, as a text for `str.format`, and the words for its two halves of the day."""
    locale = _locale(language, territory)
    is_twelve = territory in TWELVE_HOURS and locale.language not in ALWAYS_24
    periods = locale.day_periods["format"]["abbreviated"]
    halves = ENGLISH if locale.language == "en" else (_plain(periods["am"]), _plain(periods["pm"]))
    pattern = _as_format(locale.datetime_skeletons["hm" if is_twelve else "Hm"].pattern)
    # "15 h 00" stays on one line; "3:00 pm" can be read in two.
    return (pattern if locale.language == "en" else pattern.replace(" ", "\u00a0")), halves


def _as_format(pattern: str) -> str:
    """Return a CLDR pattern such as "HH 'h' mm" as a text for `str.format`."""
    tokens = {"HH": "{H:02}", "H": "{H}", "h": "{h}", "hh": "{h:02}", "mm": "{m:02}", "a": "{a}"}
    parts = re.findall(r"'[^']*'|[A-Za-z]+|[^A-Za-z']+", pattern)
    text = "".join(tokens.get(part, part.strip("'")) for part in parts)
    return _plain(text, " ")


def _plain(text: str, blank: str = "\u00a0") -> str:
    """Return `text` with plain blanks for narrow ones, as in CLDR's "p.\u202fm.": old phones show those as boxes."""
    return re.sub(r"\s", blank, text)


def _locale(language: str, territory: str) -> Locale:
    language = language.partition("-")[0]
    for name in (f"{language}_{territory}", language, "en"):
        try:
            return Locale.parse(name)
        except (UnknownLocaleError, ValueError):
            continue
    raise LookupError("Babel has no English")
