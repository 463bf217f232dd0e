"""Parses cells about a person: country, language, days, state, in the words of our four languages. No database."""

import re
from collections.abc import Sequence
from functools import cache

from babel import Locale
from django.conf import settings
from django.utils import translation

from conference.clock import UnknownZone, canonical_zone, countries
from conference.models import Day
from registration.addresses import key_of_name
from registration.models import Registrant
from registration.status import Status

_MORE_COUNTRIES = {
    "usa": "US", "u s a": "US", "us": "US", "united states of america": "US", "etats unis damerique": "US",
    "estados unidos de america": "US", "uk": "GB", "u k": "GB", "great britain": "GB", "england": "GB",
    "scotland": "GB", "wales": "GB", "northern ireland": "GB", "russian federation": "RU", "republic of korea": "KR",
    "korea": "KR", "viet nam": "VN", "holland": "NL", "czech republic": "CZ", "ivory coast": "CI", "uae": "AE",
    "hong kong": "HK", "hong kong sar": "HK", "macau": "MO", "turkey": "TR", "congo drc": "CD", "swaziland": "SZ",
}  # fmt: skip

COMES, WAITS_FOR_THEM, GONE = "comes", "waits for them", "gone"
_STATES = {
    COMES: "approved; attending; checked in; confirmed; registered; accepted; valid; going; yes; y; x; 1; true;"
    "approuvé; confirmé; inscrit; inscrite; oui; présent; aprobado; aprobada; confirmado; confirmada;"
    "inscrito; inscrita; sí; asiste;"
    "waitlisted; waiting list; on the waiting list; liste d'attente; lista de espera; قائمة الانتظار;"
    "مقبول; موافق عليه; مؤكد; مسجل; نعم",
    WAITS_FOR_THEM: "pending; pending approval; unconfirmed; not confirmed; en attente; non confirmé; pendiente;"
    "pendiente de aprobación; sin confirmar; معلق; قيد الانتظار; بانتظار الموافقة",
    GONE: "denied; declined; rejected; cancelled; canceled; not attending; refunded; deleted; blocked; no; n; 0; false;"
    "transferred; refusé; annulé; annulée; remboursé; non; denegado; rechazado; cancelado; cancelada; reembolsado;"
    "no asiste; مرفوض; ملغى; ملغي; لا",
}
_OWN_STATES = {
    Status.CONFIRMED: COMES,
    Status.WAITLISTED: COMES,
    Status.PENDING: WAITS_FOR_THEM,
    Status.CANCELLED: GONE,
}
_ALL_DAYS = re.compile(r"\b(?:all|both|every|tous|toutes|chaque|todos|todas|ambos|جميع|كل)\b")
_NUMBERED = re.compile(
    r"\b(?:days?|jours?|journees?|dias?|اليوم|يوم|الايام|ايام)\s*((?:\d\b[\s,;&+/]*(?:and|et|y|و)?\s*)+)"
)
# "All days except Day 3", "not Day 2".
_EXCEPT = re.compile(r"\b(?:except|not|but|sauf|excepto|menos|salvo)\b|ما عدا|باستثناء")
# "1-3", "1 to 3", "1 à 3" at the end of what a cell says, not "Day 1 - 3 pm".
_RANGE = re.compile(
    r"(?<![\d-])(\d)\s*(?:[-–—]|\b(?:to|through|until|à|au|a|al|hasta)\b|إلى|الى)\s*(\d)(?=\s*(?:$|[,;&+()]))",
    re.IGNORECASE,
)
_NUMBERS_ALONE = re.compile(r"\d(?:\s*[,;&+/]\s*\d)*")


@cache
def _countries() -> dict[str, str]:
    found: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found |= {key_of_name(name): code for code, name in countries()}
    found |= {code.casefold(): code for code in found.values()}
    return found | _MORE_COUNTRIES


def country_in(words: str) -> str:
    """Return the code of the country that a cell names, or ""."""
    words = key_of_name(re.sub(r"\([^)]*\)", " ", words))
    return _countries().get(words) or _countries().get(words.removeprefix("the "), "")


@cache
def _languages() -> dict[str, str]:
    found: dict[str, str] = {}
    codes = [code for code, _name in settings.LANGUAGES]
    for code in codes:
        found |= {code: code, key_of_name(Locale(code).get_display_name(code)): code}
        found |= {key_of_name(Locale(code).get_display_name(other)): code for other in codes}
    return found


def language_in(words: str) -> str:
    """Return the code of one of the site's languages that a cell names ("fr", "French", "fr-CA"), or ""."""
    words = key_of_name(words)
    return _languages().get(words) or _languages().get(re.split(r"[ _(]", words, maxsplit=1)[0], "")


def zone_in(words: str) -> str:
    """Return today's name of the time zone that a cell names, or ""."""
    try:
        return canonical_zone(words).key if words else ""
    except UnknownZone:
        return ""


def days_in(words: str, days: Sequence[Day]) -> list[Day]:
    """Return those of `days` that a cell names: "Day 1, Day 3", "jours 1 et 2", "1;2", "all days", or a title."""
    text = _key_of_days(words)
    if not text or is_exception(words, days):
        return []
    if _ALL_DAYS.search(text):
        return list(days)
    numbers = _numbers_in(text)
    named = [day for day in days if day.number in numbers]
    return named or [day for day in days if day.title and key_of_name(day.title) in text]


def is_exception(words: str, days: Sequence[Day]) -> bool:
    """Whether a cell says on which of `days` a person does not come, in other words than their titles."""
    text = key_of_name(words)
    for day in days:
        text = text.replace(key_of_name(day.title) if day.title else "\n", " ")
    return bool(_EXCEPT.search(text))


def other_days_in(words: str, days: Sequence[Day]) -> list[int]:
    """Return the numbers that a cell names beside those of `days`: days that are over, or that there never were."""
    text = _key_of_days(words)
    return [] if _ALL_DAYS.search(text) else sorted(_numbers_in(text) - {day.number for day in days})


def _key_of_days(words: str) -> str:
    """Return the key of what a cell says, with each number of "1-3"."""
    return key_of_name(_RANGE.sub(_all_numbers, words))


def _all_numbers(found: re.Match) -> str:
    first, last = sorted(map(int, found.groups()))
    return ", ".join(map(str, range(first, last + 1)))


def _numbers_in(text: str) -> set[int]:
    if _NUMBERS_ALONE.fullmatch(text):
        return {int(digit) for digit in re.findall(r"\d", text)}
    return {int(digit) for part in _NUMBERED.findall(text) for digit in re.findall(r"\d", part)}


@cache
def _states() -> dict[str, str]:
    found: dict[str, str] = {}
    for state, words in _STATES.items():
        found |= {key_of_name(one): state for one in words.split(";")}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found |= {key_of_name(str(status.label)): state for status, state in _OWN_STATES.items()}
    return found


def state_in(words: str) -> str:
    """Return COMES, WAITS_FOR_THEM or GONE for a cell, or "" for words that say none of them."""
    return _states().get(key_of_name(words), "")


@cache
def _roles() -> dict[str, str]:
    found: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found |= {key_of_name(str(role.label)): role.value for role in Registrant.Role}
    return found


def roles_in(words: str) -> tuple[list[str], list[str]]:
    """Return the roles that a cell of our own table names, "Patient; Researcher", and the parts that are not roles."""
    parts = [(part.strip(), _roles().get(key_of_name(part))) for part in words.split(";") if part.strip()]
    return [role for _part, role in parts if role], [part for part, role in parts if not role]
