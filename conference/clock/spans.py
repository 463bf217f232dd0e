"""Dates and times in words, on the clock of a zone."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from .dates import date_words, short_date_words, weekday_words
from .hours import said_clock_words
from .zones import offset_words, zone_label

# Until this hour of the clock, people still call it the night of the day before.
SMALL_HOURS = timedelta(hours=4)


LocalDate = date  # inside Span, `date` is its own property


@dataclass(frozen=True)
class Span:
    """From one instant to a later one, as a clock in `zone` shows it. Both instants aware, in any zone."""

    starts_at: datetime
    ends_at: datetime
    zone: ZoneInfo

    @cached_property
    def start(self) -> datetime:
        return self.starts_at.astimezone(self.zone)

    @cached_property
    def end(self) -> datetime:
        return self.ends_at.astimezone(self.zone)

    @property
    def date(self) -> LocalDate:
        """The local date on which it starts."""
        return self.start.date()

    @property
    def date_words(self) -> str:
        return date_words(self.date)

    @property
    def short_words(self) -> str:
        """The local date on which it starts, without the year: "Wednesday 13 September"."""
        return short_date_words(self.date)

    @property
    def start_words(self) -> str:
        """The time it starts: "3:00 pm"; "1:30 am (UTC−4)" in an hour that clocks show twice that night."""
        return _with_offset_if_twice(said_clock_words(self.start), self.start)

    @property
    def is_in_small_hours(self) -> bool:
        """Whether it starts when people still say "last night": from midnight to 04:00. UTC is nobody's night."""
        return timedelta(hours=self.start.hour) < SMALL_HOURS and self.zone.key != "UTC"

    @property
    def evening(self) -> LocalDate:
        """The date of the evening that it belongs to: Sunday for what starts at 00:30 on Monday."""
        return self.date - timedelta(days=1) if self.is_in_small_hours else self.date

    @property
    def night_words(self) -> str:
        """Which night it is, if the date alone would mislead: "late on Sunday night", else ""."""
        if not self.is_in_small_hours:
            return ""
        return _("late on %(weekday)s night") % {"weekday": weekday_words(self.evening)}

    @property
    def moment_words(self) -> str:
        """When it starts: "Sunday 12 September, 3:00 pm"; "late on Sunday night (00:30 on Monday 13 September)"."""
        words = {"date": self.short_words, "time": self.start_words, "night": self.night_words}
        if self.is_in_small_hours:
            return _("%(night)s (%(time)s on %(date)s)") % words
        return _("%(date)s, %(time)s") % words

    @property
    def times_words(self) -> str:
        """When it starts and ends: "Sunday 12 September, 3:00 pm to 6:00 pm".

        In the small hours with their night: "late on Sunday night (00:30 to 03:30 on Monday 13 September)".
        """
        words = {"date": self.short_words, "hours": self.hours_words, "night": self.night_words}
        # Hours that end on a later date have a date of their own.
        if self.is_in_small_hours and not self.ends_next_day:
            return _("%(night)s (%(hours)s on %(date)s)") % words
        return _("%(date)s, %(hours)s") % words

    @property
    def end_words(self) -> str:
        """The time it ends: "07:00"; "midnight" if that is the very end of the day on which it starts.

        With its offset in an hour that clocks show twice, and if clocks change in between: an end before its start
        would look wrong.
        """
        words = _("midnight") if self.ends_at_midnight else said_clock_words(self.end)
        if self.start.utcoffset() != self.end.utcoffset():
            return _with_offset(words, self.end)
        return _with_offset_if_twice(words, self.end)

    @property
    def ends_at_midnight(self) -> bool:
        """Whether it ends with the day on which it starts: nobody has to think of the next day."""
        return self.end.date() - self.date == timedelta(days=1) and (self.end.hour, self.end.minute) == (0, 0)

    @property
    def ends_next_day(self) -> bool:
        """Whether some of it lies on a later local date than its start."""
        return self.end.date() > self.date and not self.ends_at_midnight

    @property
    def end_date_words(self) -> str:
        """The local date on which it ends, without the year: "Thursday 14 September"."""
        return short_date_words(self.end.date())

    @property
    def minutes(self) -> int:
        return round((self.ends_at - self.starts_at) / timedelta(minutes=1))

    @property
    def zone_words(self) -> str:
        return zone_label(self.zone, self.start)

    @property
    def hours_words(self) -> str:
        """The times without the first date: "04:00 to 07:00", "22:00 until 01:00 the next day, Friday 15 September"."""
        words = {"start": self.start_words, "end": self.end_words, "date": self.end_date_words}
        if not self.ends_next_day:
            return _("%(start)s to %(end)s") % words
        if self.end.date() - self.date == timedelta(days=1):
            return _("%(start)s until %(end)s the next day, %(date)s") % words
        return _("%(start)s until %(end)s on %(date)s") % words

    def sentence(self) -> str:
        """Return all of it: "Wednesday 13 September 2028, 04:00 to 07:00, Tokyo time (UTC+9)".

        From midnight to 04:00 with the night that people call it: "00:30 to 03:30, late on Sunday night, ...".
        """
        parts = (self.date_words, self.hours_words, self.night_words, self.zone_words)
        return _(", ").join(part for part in parts if part)

    def in_zone(self, zone: ZoneInfo) -> "Span":
        """Return the same span on another zone's clock."""
        return Span(self.starts_at, self.ends_at, zone)


def _with_offset(words: str, at: datetime) -> str:
    return f"{words} ({offset_words(at)})"


def _with_offset_if_twice(words: str, at: datetime) -> str:
    """Return the words for a time of day, with the offset if clocks are set back and show it again (PEP 495)."""
    is_twice = at.replace(fold=0).utcoffset() != at.replace(fold=1).utcoffset()
    return _with_offset(words, at) if is_twice else words


def utc_span(starts_at: datetime, ends_at: datetime) -> Span:
    """Return the span on the clock of UTC."""
    return Span(starts_at, ends_at, ZoneInfo("UTC"))
