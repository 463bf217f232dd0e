"""How far away something is, and whose clock that is: "in 1 hour, tonight at 00:30", "in Tokyo"."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conference.scripts import list_words

from .dates import short_date_words, weekday_words
from .parts import EVENING
from .spans import SMALL_HOURS, Span
from .zones import offset_words, place_name

HOUR = timedelta(hours=1)
HALF_A_DAY = 12 * HOUR


def until_words(span: Span, now: datetime) -> str:
    """Return how far a Span is from the aware instant `now`: "in 20 minutes", "in 5 hours", "tomorrow", "in 12 days".

    Days are counted in nights on the Span's own clock, and 00:30 belongs to the evening before. Anything less than 12
    hours away is never "tomorrow". Hours and minutes are rounded down: a reader who trusts them comes early, not late.
    "now" while it lasts, "" once it is over.
    """
    left = span.starts_at - now
    if left <= timedelta(0):
        return _("now") if now < span.ends_at else ""
    nights = _nights(span, now)
    if left < HALF_A_DAY or nights == 0:
        return _in_hours(left)
    return _("tomorrow") if nights == 1 else _in_days(nights)


def until_words_anywhere(span: Span, now: datetime) -> str:
    """Return how far a Span is from `now` in words that hold on every clock: "in 20 minutes", "in 30 hours".

    For readers whose zone is unknown: "today" is only true for half of the world.
    """
    left = span.starts_at - now
    if left <= timedelta(0):
        return _("now") if now < span.ends_at else ""
    return _in_hours(left) if left < timedelta(days=2) else _in_days(left.days)


def place_words(zone: ZoneInfo, at: datetime) -> str:
    """Return the place of a clock at an aware instant: "in Tokyo"; "UTC" or "UTC−5" for zones without a place."""
    if zone.key == "UTC":
        return "UTC"
    if zone.key.startswith("Etc/"):
        return offset_words(at.astimezone(zone))
    return _("in %(place)s") % {"place": place_name(zone.key)}


def reminder_words(span: Span, now: datetime) -> str:
    """Return when a Span starts, for the title of a mail: "tomorrow, 3:00 pm"; "in 1 hour, tonight at 00:30".

    Where the hour alone would mislead: "tomorrow, late on Sunday night (00:30 on Monday 13 September)".
    """
    words = {"near": until_words(span, now), "time": span.start_words, "moment": span.moment_words}
    nights = _nights(span, now)
    if span.starts_at - now >= HALF_A_DAY and nights > 0:
        is_plain = nights == 1 and not span.is_in_small_hours
        return (_("%(near)s, %(time)s") if is_plain else _("%(near)s, %(moment)s")) % words
    if nights <= 0 and (span.is_in_small_hours or span.start.hour >= EVENING):
        return _("%(near)s, tonight at %(time)s") % words
    if span.date == now.astimezone(span.zone).date():
        return _("%(near)s, today at %(time)s") % words
    return _("%(near)s, at %(time)s") % words


def reminder_words_anywhere(span: Span, now: datetime) -> str:
    """Return when a Span starts, in words that hold on every clock: "in 23 hours, Sunday 12 September, 19:00 UTC"."""
    words = {"near": until_words_anywhere(span, now), "moment": span.in_zone(ZoneInfo("UTC")).moment_words}
    return _("%(near)s, %(moment)s UTC") % words


def elsewhere_words(span: Span, announced: Iterable[tuple[str, date]]) -> str:
    """Return which other dates people may read, and which weekday it is here; "" if everybody was told this date.

    'You may see “Sunday 12 September” elsewhere. It is the same event; for you it is Monday.'
    """
    others = sorted({date for _region, date in announced if date != span.date})
    if not others:
        return ""
    dates = list_words([_("“%(date)s”") % {"date": short_date_words(date)} for date in others], "or")
    words = {"dates": dates, "weekday": weekday_words(span.date)}
    return _("You may see %(dates)s elsewhere. It is the same event; for you it is %(weekday)s.") % words


def _nights(span: Span, now: datetime) -> int:
    """How many nights are between the instant `now` and a Span, on its own clock; evenings for the small hours."""
    if span.is_in_small_hours:
        now -= SMALL_HOURS
    return (span.evening - now.astimezone(span.zone).date()).days


def _in_hours(left: timedelta) -> str:
    if left >= HOUR:
        hours = left // HOUR
        return ngettext("in %(hours)d hour", "in %(hours)d hours", hours) % {"hours": hours}
    minutes = max(1, left // timedelta(minutes=1))
    return ngettext("in %(minutes)d minute", "in %(minutes)d minutes", minutes) % {"minutes": minutes}


def _in_days(days: int) -> str:
    return ngettext("in %(days)d day", "in %(days)d days", days) % {"days": days}
