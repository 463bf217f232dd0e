"""Time zones and countries: their names, and how far they are from UTC.

The zones come from the tzdata package alone (settings force it), the names of places and countries from CLDR by Babel.
"""

import zoneinfo
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.dates import get_timezone_location
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from conference.scripts import direction_of, sort_key

# Offered first for their countries, in this order: the zone database sorts by the map there, Lord Howe before Sydney.
BEST_KNOWN_ZONES = (
    "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Phoenix",
    "America/Anchorage", "Pacific/Honolulu", "America/Toronto", "America/Vancouver", "America/Edmonton",
    "America/Winnipeg", "America/Halifax", "America/St_Johns", "America/Regina", "America/Sao_Paulo",
    "America/Manaus", "Australia/Sydney", "Australia/Melbourne", "Australia/Brisbane", "Australia/Perth",
    "Australia/Adelaide", "Australia/Hobart", "Australia/Darwin", "Europe/Moscow", "Europe/Kyiv", "Asia/Tashkent",
)  # fmt: skip

# A short list for forms, west to east: for each UTC offset in use, places that many people know. A test holds that no
# offset is missing.
COMMON_ZONES = (
    "Pacific/Pago_Pago", "Pacific/Honolulu", "Pacific/Marquesas", "Pacific/Gambier", "America/Anchorage",
    "America/Los_Angeles", "America/Vancouver", "America/Denver", "America/Edmonton",
    "America/Mexico_City", "America/Chicago", "America/Winnipeg", "America/Bogota",
    "America/New_York", "America/Toronto", "America/Halifax", "America/St_Johns",
    "America/Santiago", "America/Sao_Paulo", "America/Argentina/Buenos_Aires", "America/Noronha", "America/Nuuk",
    "Atlantic/Cape_Verde", "Atlantic/Azores", "UTC", "Africa/Accra", "Europe/London", "Europe/Dublin", "Europe/Lisbon",
    "Africa/Lagos", "Europe/Paris", "Europe/Berlin", "Europe/Madrid", "Africa/Johannesburg", "Africa/Cairo",
    "Europe/Athens", "Europe/Kyiv", "Africa/Nairobi", "Europe/Istanbul", "Asia/Riyadh", "Europe/Moscow", "Asia/Tehran",
    "Asia/Dubai", "Asia/Kabul", "Asia/Karachi", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Dhaka",
    "Asia/Yangon", "Asia/Bangkok", "Asia/Jakarta", "Asia/Shanghai", "Asia/Singapore", "Australia/Perth",
    "Australia/Eucla", "Asia/Tokyo", "Asia/Seoul", "Australia/Darwin", "Australia/Adelaide", "Australia/Brisbane",
    "Australia/Sydney", "Australia/Lord_Howe", "Pacific/Noumea", "Pacific/Fiji", "Pacific/Auckland", "Pacific/Chatham",
    "Pacific/Apia", "Pacific/Kiritimati",
)  # fmt: skip


# Territories that CLDR knows and ISO 3166 does not, so the zone database has no zone of their own: the nearest one with
# their clock. From Kosovo that is Skopje's. Nobody lives on Clipperton Island.
MORE_TERRITORIES = {
    "AC": ("Atlantic/St_Helena",), "CP": ("Etc/GMT+8",), "CQ": ("Europe/Guernsey",), "DG": ("Indian/Chagos",),
    "EA": ("Africa/Ceuta",), "IC": ("Atlantic/Canary",), "TA": ("Atlantic/St_Helena",), "XK": ("Europe/Skopje",),
}  # fmt: skip

# Old names that mean one place to the database and another to people: in summer nobody in New York is on EST.
AMBIGUOUS = {"est", "mst"}


class UnknownZone(ValueError):
    """No time zone of the IANA database has that name, or a name of it says no place."""


def canonical_zone(name: str) -> ZoneInfo:
    """Return the ZoneInfo for an IANA `name` in any case: old names give today's (Asia/Calcutta is Asia/Kolkata).

    A blank counts as the plus that a web address had to escape, or as "_": no zone has one in its name.

    Raises UnknownZone, also for EST and MST, which say no place. Any text is safe to pass in: it is looked up in a
    table, never opened as a file.
    """
    asked, known = str(name).strip().casefold(), _today_names()
    for written in (asked, asked.replace(" ", "+"), asked.replace(" ", "_")):
        if written in known:
            return ZoneInfo(known[written])
    raise UnknownZone(name)


def is_zone(name: str) -> bool:
    """Whether `name` is today's name of a zone: one that the database dropped, or an old one, is none."""
    return _today_names().get(name.casefold()) == name


def countries() -> list[tuple[str, str]]:
    """Return (code, name) of each country and territory of CLDR, sorted by name in the active language.

    The code is that of ISO 3166, or CLDR's own where ISO has none: XK is Kosovo.
    """
    return _countries(_locale())


def country_name(code: str) -> str:
    """Return the country's name in the active language, or "" if no country has that code."""
    return dict(countries()).get(code, "")


def zones_of(country_code: str) -> list[str]:
    """Return the names of a country's zones, best known first; [] if the code is unknown or nobody lives there."""
    return list(_zones_by_country().get(country_code) or MORE_TERRITORIES.get(country_code) or ())


def places() -> list[tuple[str, str]]:
    """Return (zone, "Toronto, Canada") of every zone that has a country, by the place's name in the active language."""
    found: dict[str, str] = {}
    for code, country in countries():
        for name in zones_of(code):
            place = place_name(name)
            found.setdefault(name, place if place == country else f"{place}, {country}")
    return sorted(found.items(), key=lambda pair: sort_key(pair[1]))


def territory_of(zone_name: str) -> str:
    """Return the code of the country whose clock a zone is, or "" for UTC and for names of no place."""
    return _countries_by_zone().get(zone_name, "")


def common_zones() -> list[str]:
    """Return about 70 well-known zone names, west to east, that cover every UTC offset in use."""
    return list(COMMON_ZONES)


def zone_choices(names: Iterable[str], at: datetime) -> list[tuple[str, str]]:
    """Return (name, words) for a form's list, like ("Asia/Tokyo", "Tokyo (UTC+9)"); offsets as they are `at`, aware."""
    return [(name, _named_offset(name, at)) for name in names]


def place_name(zone_name: str | ZoneInfo) -> str:
    """Return the place a zone is named after, in the active language: "Toronto", "Buenos Aires"."""
    return _place_name(str(zone_name), _locale())


def offset_words(at: datetime) -> str:
    """Return an aware datetime's distance from UTC: "UTC+5:30", "UTC−4" (with a real minus sign)."""
    minutes = round((at.utcoffset() or timedelta()) / timedelta(minutes=1))
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'−' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")


def zone_label(zone: ZoneInfo, at: datetime) -> str:
    """Return whose time it is, at an aware instant: "Toronto time (UTC−4)", or "UTC"."""
    if zone.key == "UTC":
        return "UTC"
    offset = offset_words(at.astimezone(zone))
    if zone.key.startswith("Etc/"):
        return offset
    return _("%(place)s time (%(offset)s)") % {"place": place_name(zone.key), "offset": offset}


def _table(name: str) -> list[list[str]]:
    """Rows of one of the zone database's own tables, without its comments."""
    lines = (files("tzdata") / "zoneinfo" / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


@cache
def _zones_by_country() -> dict[str, tuple[str, ...]]:
    place = {name: place for place, name in enumerate(BEST_KNOWN_ZONES)}
    by_country: dict[str, list[str]] = {}
    for code, _position, name, *_comment in _table("zone.tab"):
        by_country.setdefault(code, []).append(name)
    # Stable: all other zones stay in the table's own order.
    return {code: tuple(sorted(names, key=lambda name: place.get(name, 999))) for code, names in by_country.items()}


@cache
def _countries_by_zone() -> dict[str, str]:
    return {name: code for code, names in _zones_by_country().items() for name in names}


@cache
def _today_names() -> dict[str, str]:
    """The name that each zone has today, by the lower-case form of each name it ever had."""
    today = {name for names in _zones_by_country().values() for name in names}
    links = {name: target for target, name in _links()}
    old_names = get_global("zone_aliases")
    result = {}
    for name in zoneinfo.available_timezones() - {"Factory"}:
        if name.casefold() in AMBIGUOUS:
            continue
        # CLDR first: it keeps Atlantic/Reykjavik apart, where the database's links only keep clocks apart.
        candidates = (name, old_names.get(name), links.get(name))
        result[name.casefold()] = next((found for found in candidates if found in today), _fixed_zone(name, links))
    return result


def _links() -> list[list[str]]:
    """(zone, other name of it) pairs of the zone database."""
    lines = (files("tzdata") / "zoneinfo" / "tzdata.zi").read_text(encoding="utf-8").splitlines()
    return [line.split()[1:] for line in lines if line.startswith("L ")]


def _fixed_zone(name: str, links: dict[str, str]) -> str:
    """The name for a zone of no place: UTC and all that equals it, or Etc/GMT+5 and its like as they are."""
    return "UTC" if links.get(name, name) in {"Etc/UTC", "Etc/GMT"} else name


def _locale() -> str:
    """The active language as Babel names it."""
    try:
        return str(Locale.parse(get_language() or "en", sep="-"))
    except (UnknownLocaleError, ValueError):
        return "en"


@cache
def _countries(locale: str) -> list[tuple[str, str]]:
    # Of a few small places CLDR has the name in English alone.
    names = {**Locale.parse("en").territories, **Locale.parse(locale).territories}
    pairs = [(code, names.get(code, name)) for code, name in _table("iso3166.tab")]
    pairs += [(code, names[code]) for code in MORE_TERRITORIES]
    other = "ltr" if Locale.parse(locale).text_direction == "rtl" else "rtl"  # such names come last
    return sorted(pairs, key=lambda pair: (direction_of(pair[1]) == other, sort_key(pair[1])))


@cache
def _place_name(zone_name: str, locale: str) -> str:
    if zone_name == "UTC" or zone_name.startswith("Etc/"):
        return offset_words(datetime(2000, 1, 1, tzinfo=ZoneInfo(zone_name))) if zone_name != "UTC" else "UTC"
    known = Locale.parse(locale).time_zones
    names = (known[name].get("city") for name in (zone_name, *_names_in_cldr().get(zone_name, ())) if name in known)
    # Without a name in CLDR, Babel derives one from the zone: "Argentina/Buenos_Aires".
    derived = get_timezone_location(ZoneInfo(zone_name), locale=locale, return_city=True).rpartition("/")[2]
    return next(filter(None, names), derived)


@cache
def _names_in_cldr() -> dict[str, list[str]]:
    """The older names of each zone: CLDR keeps the first that it had, Asia/Calcutta."""
    names: dict[str, list[str]] = {}
    for old, today in get_global("zone_aliases").items():
        names.setdefault(today, []).append(old)
    return names


def _named_offset(name: str, at: datetime) -> str:
    place = place_name(name)
    return place if place.startswith("UTC") else f"{place} ({offset_words(at.astimezone(ZoneInfo(name)))})"
