"""Countries and their time zones as a form offers them: few to choose from, none left out."""

from functools import cache
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from conference import clock


def country_choices():
    """Return the choices of a country list, an empty one first."""
    return [("", _("Choose your country")), *clock.countries()]


def country_of(zone):
    """Return the code of the country whose clock a ZoneInfo is, or "" for none and for None."""
    return _countries_by_zone().get(zone.key, "") if zone else ""


def zone_choices(*, country, chosen, at, blank):
    """Return the choices of a zone list, in groups: `blank` first, the country's own places, then well-known ones.

    Args:
        country: ISO 3166 code, or "".
        chosen: an IANA name that must be in the list, or "".
        at: the aware instant whose UTC offsets are named.
        blank: the words for no choice; empty for a list that must be answered.
    """
    own = clock.zones_of(country)
    others = [name for name in clock.common_zones() if name not in own]
    if chosen and chosen not in own and chosen not in others and clock.is_zone(chosen):
        others.insert(0, chosen)
    groups = [("", blank)] if blank else []
    if own:
        title = _("Places in %(country)s") % {"country": clock.country_name(country)}
        groups.append((title, clock.zone_choices(own, at)))
    return [*groups, (_("Other places"), clock.zone_choices(others, at))]


def only_clock_of(country, instants):
    """Return the zone of a country whose places all show the same time at each of `instants`, or "" if they differ.

    Germany has two zones in the database and one clock: nobody there should be asked which.
    """
    zones = clock.zones_of(country)
    clocks = {tuple(at.astimezone(ZoneInfo(name)).utcoffset() for at in instants) for name in zones}
    return zones[0] if len(clocks) == 1 else ""


@cache
def _countries_by_zone():
    # The zone database's own countries last: Skopje is in North Macedonia, though Kosovo has its clock.
    codes = sorted((code for code, _name in clock.countries()), key=lambda code: code not in clock.MORE_TERRITORIES)
    return {name: code for code in codes for name in clock.zones_of(code)}
