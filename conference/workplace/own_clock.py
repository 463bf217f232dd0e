"""The organiser's own time zone: the admin's forms and lists read and show times in it.

It is Django's current zone while an organisers' page is made (`pxp.accounts.clock`), and UTC elsewhere.
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from conference.clock import Span, clock_words, place_name


def own_zone() -> ZoneInfo:
    """Return the zone in which the organiser types and reads times."""
    zone = timezone.get_current_timezone()
    return zone if isinstance(zone, ZoneInfo) else ZoneInfo("UTC")


def own_zone_words() -> str:
    """Return whose clock that is, for a label: "Toronto time", or "UTC"."""
    zone = own_zone()
    if zone.key == "UTC" or zone.key.startswith("Etc/"):
        return place_name(zone.key)
    return _("%(place)s time") % {"place": place_name(zone.key)}


def own_words(instant: datetime | None, *, with_zone: bool = True) -> str:
    """Return an aware instant on the organiser's clock: "Sun 12 Sep 2027, 3:00 pm, Toronto time"; a dash for None."""
    if instant is None:
        return "-"
    here = instant.astimezone(own_zone())
    day = formats.date_format(here.date(), pgettext("Django date format: short weekday and date", "D j M Y"))
    words = {"date": day, "time": clock_words(here), "zone": own_zone_words()}
    if not with_zone:
        return _("%(date)s, %(time)s") % words
    if own_zone().key == "UTC":
        return _("%(date)s, %(time)s UTC") % words
    return _("%(date)s, %(time)s, %(zone)s") % words


def own_span(starts_at: datetime, ends_at: datetime) -> Span:
    """Return the span from one aware instant to another on the organiser's clock."""
    return Span(starts_at, ends_at, own_zone())


def own_date(instant: datetime):
    """Return the date of an aware instant on the organiser's clock."""
    return instant.astimezone(own_zone()).date()


def time_as_typed(value) -> str:
    """Return a time of day as a field shows it, so it can be typed back: "3:00 pm", or "15:00"."""
    if value.second or value.microsecond:
        return value.isoformat()
    return clock_words(datetime.combine(datetime.now(UTC).date(), value, tzinfo=own_zone()))
