"""The organiser's own clock: the zone in which times are typed and shown while an organisers' page is made."""

from zoneinfo import ZoneInfo

from django.utils import timezone


def own_zone():
    """Return the ZoneInfo of the organiser's clock, which is Django's current zone, or UTC."""
    zone = timezone.get_current_timezone()
    return zone if isinstance(zone, ZoneInfo) else ZoneInfo("UTC")
