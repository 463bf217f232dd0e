"""Countries as a form offers them, and their clocks."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from conference import clock


def country_choices() -> list[tuple[str, str]]:
    """Return the choices of a country list, an empty one first."""
    return [("", _("Choose your country")), *clock.countries()]


def country_of(zone: ZoneInfo | None) -> str:
    """Return the code of the country whose clock a ZoneInfo is, or "" for none and for None."""
    return clock.territory_of(zone.key) if zone else ""


def only_clock_of(country: str, instants: Iterable[datetime]) -> str:
    """Return the zone of a country whose places all show the same time at each of `instants`, or "" if they differ.

    Germany has two zones in the database and one clock: nobody there should be asked which.
    """
    zones = clock.zones_of(country)
    clocks = {tuple(at.astimezone(ZoneInfo(name)).utcoffset() for at in instants) for name in zones}
    return zones[0] if len(clocks) == 1 else ""
