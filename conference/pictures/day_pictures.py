"""What the pictures of the days show: the hours of a day, the week around the days, one moment in many places.

Pure: spans and dates in, positions and words out. The templates in templates/conference/partials/when/ draw them.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import groupby
from math import ceil
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import gettext as _

from conference.clock import Span, clock_words, feel_words, hours_from_midnight, is_workday, place_name
from conference.clock.parts import NIGHT, NIGHT_ENDS, WORK_ENDS, WORK_STARTS

LEAST_FREE = 3.2  # hours of a 24-hour bar that a word needs at 320 px
MOST_CELLS = 14  # days around a conference that one strip can show

# Places that many people know, from which somebody anywhere finds one whose clock is near their own.
PLACES = (
    "America/Vancouver", "America/Toronto", "America/Sao_Paulo", "Europe/London", "Africa/Lagos", "Europe/Paris",
    "Africa/Nairobi", "Asia/Kolkata", "Asia/Singapore", "Asia/Tokyo", "Australia/Sydney", "Pacific/Auckland",
)  # fmt: skip


@dataclass(frozen=True)
class HoursBar:
    """A Span on the hours of its local day, midnight to midnight, or longer where it goes past midnight.

    Positions and widths are texts in per cent of the bar, as SVG takes them in any language. `hours` makes bars equally
    long that stand below each other; None fits it to the span. `number` is the day's, None for a session.
    """

    span: Span
    number: int | None = None
    hours: int | None = None

    @property
    def length(self):
        """How many hours the bar shows: 24, or so many sixes more that the span ends on it."""
        return self.hours or hours_needed(self.span)

    @property
    def is_green(self):
        """Whether the span has the colour of the mark's middle circle, as every second day has."""
        return self.number is not None and self.number % 2 == 0

    @property
    def nights(self):
        """(start, width) of each night."""
        return [self._place(*band) for band in self._nights]

    @property
    def working_hours(self):
        """(start, width) of each stretch in which many people work."""
        return [self._place(*band) for band in self._work]

    @property
    def event(self):
        """(start, width) of the span itself."""
        return self._place(*hours_from_midnight(self.span))

    @property
    def event_middle(self):
        return self._percent(sum(hours_from_midnight(self.span)) / 2)

    @property
    def labels(self):
        """(position, word, whether it stands on night) for each band that has room for a word beside the span."""
        named = [(band, _("Night"), True) for band in self._nights]
        named += [(band, _("Work"), False) for band in self._work]
        placed = [(self._free_middle(*band), word, dark) for band, word, dark in named]
        return [(self._percent(middle), word, dark) for middle, word, dark in placed if middle is not None]

    @property
    def ticks(self):
        """(position, time, where the text stands to it) for every six hours."""
        step = 6 if self.length <= 36 else 12
        ends = {0: "start", self.length: "end"}
        return [
            (self._percent(hour), f"{hour % 24 if hour != self.length else self._last:02}:00", ends.get(hour, "middle"))
            for hour in range(0, self.length + 1, step)
        ]

    @property
    def midnights(self):
        """Positions of the midnights within the bar."""
        return [self._percent(hour) for hour in range(24, self.length, 24)]

    @property
    def _last(self):
        return 24 if self.length % 24 == 0 else self.length % 24

    @property
    def _nights(self):
        days = range(ceil(self.length / 24))
        edges = [(0, NIGHT_ENDS), *((24 * day + NIGHT, 24 * day + 24 + NIGHT_ENDS) for day in days)]
        return [(start, min(end, self.length)) for start, end in edges if start < self.length]

    @property
    def _work(self):
        days = range(ceil(self.length / 24))
        working = (day for day in days if is_workday(self.span.date + timedelta(days=day), self.span.zone))
        edges = ((24 * day + WORK_STARTS, min(24 * day + WORK_ENDS, self.length)) for day in working)
        return [(start, end) for start, end in edges if start < end]

    def _free_middle(self, start, end):
        """The middle of the longer part of a band that the span leaves free, or None where a word has no room."""
        begins, until = hours_from_midnight(self.span)
        pieces = [(start, min(end, begins)), (max(start, until), end)]
        start, end = max(pieces, key=lambda piece: piece[1] - piece[0])
        return (start + end) / 2 if (end - start) / self.length >= LEAST_FREE / 24 else None

    def _place(self, start, end):
        return self._percent(start), self._percent(end - start)

    def _percent(self, hours):
        return f"{100 * hours / self.length:.4g}%"


def hours_needed(span):
    """Return how many hours a bar must show so that the span ends on it: 24, 30, 36, …"""
    return max(24, 6 * ceil(hours_from_midnight(span)[1] / 6))


@dataclass(frozen=True)
class Cell:
    """One date in the strip. `numbers` are those of the days that begin on it."""

    date: date
    numbers: tuple
    is_today: bool

    @property
    def weekday(self):
        """Short: "Mon"."""
        return formats.date_format(self.date, "D")

    @property
    def day_of_month(self):
        return self.date.day

    @property
    def month(self):
        """Short, "Oct", where a month begins."""
        return formats.date_format(self.date, "M") if self.date.day == 1 else ""


def week_around(spans, now):
    """Return the Cells of the week with the days in its middle; whole weeks more if they last longer.

    `spans` are (number, Span) on one clock, `now` is an aware instant. [] without days, or if they lie too far apart.
    """
    if not spans:
        return []
    dates = [span.date for _number, span in spans]
    first, length = min(dates), (max(dates) - min(dates)).days + 1
    cells = 7 * ceil(length / 7)
    if cells > MOST_CELLS:
        return []
    today = now.astimezone(spans[0][1].zone).date()
    start = first - timedelta(days=(cells - length) // 2)
    shown = [start + timedelta(days=days) for days in range(cells)]
    return [Cell(on, tuple(n for n, span in spans if span.date == on), on == today) for on in shown]


@dataclass(frozen=True)
class Row:
    """One day of the conference, in words and as a bar."""

    day: object
    span: Span
    bar: HoursBar


@dataclass(frozen=True)
class DaysPicture:
    """The days of a conference on one clock, at the aware instant `now`. `days` are those that take place."""

    days: list
    zone: ZoneInfo
    now: object

    @cached_property
    def rows(self):
        """The days with their bars, all of one length."""
        spans = [(day, Span(day.starts_at, day.ends_at, self.zone)) for day in self.days]
        hours = max((hours_needed(span) for _day, span in spans), default=24)
        return [Row(day, span, HoursBar(span, day.number, hours)) for day, span in spans]

    @property
    def others(self):
        """The rows beside `next`."""
        return [row for row in self.rows if row is not self.next]

    @property
    def is_regular(self):
        """Whether all days have the same hours on this clock, and are alike to those who sleep and work by it."""
        return len({(row.bar.event, feel_words(row.span)) for row in self.rows}) == 1

    @property
    def week(self):
        return week_around([(row.day.number, row.span) for row in self.rows], self.now)

    @property
    def months(self):
        """The month of the strip with its year: "September 2027"; of its beginning, if it reaches into the next."""
        return formats.date_format(self.week[0].date, "F Y") if self.week else ""

    @cached_property
    def next(self):
        """The row of the day that is on or comes next, or None when all are over."""
        return next((row for row in self.rows if row.span.ends_at > self.now), None)


@dataclass(frozen=True)
class Elsewhere:
    """An instant as the clock of one place shows it."""

    zone: ZoneInfo
    instant: object

    @property
    def local(self):
        return self.instant.astimezone(self.zone)

    @property
    def place(self):
        return place_name(self.zone.key)

    @property
    def time(self):
        return clock_words(self.local)


def one_moment(instant):
    """Return (local date, its places from west to east) for each date that PLACES have at an aware instant."""
    places = sorted((Elsewhere(ZoneInfo(name), instant) for name in PLACES), key=lambda here: here.local.isoformat())
    return [(on, list(same_date)) for on, same_date in groupby(places, key=lambda here: here.local.date())]
