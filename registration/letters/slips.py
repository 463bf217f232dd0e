"""What mails say about a day: its name, its time on the reader's clock and in UTC, and the ways to it."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from conference.clock import Span, short_date_words, utc_span
from conference.models import Day
from registration.models import Registration


@dataclass(frozen=True)
class DaySlip:
    """One day of one person, for a mail's template: plain values, whose words come out in the active language."""

    short_name: str
    number: int
    title: str
    starts_at: datetime
    ends_at: datetime
    zone: ZoneInfo
    is_confirmed: bool
    is_waitlisted: bool
    join_url: str = ""
    # (region, date) as announced, while nobody knows the reader's clock.
    announced: tuple = ()

    @property
    def label(self) -> str:
        """The day's name: "Day 2"."""
        return _("Day %(number)d") % {"number": self.number}

    @property
    def name(self) -> str:
        """The day's name with its conference: "PxP Day 2"."""
        return f"{self.short_name} {self.label}"

    @property
    def when(self) -> Span:
        """The day on the reader's clock."""
        return Span(self.starts_at, self.ends_at, self.zone)

    @property
    def in_utc(self) -> Span:
        return utc_span(self.starts_at, self.ends_at)

    @property
    def utc_says_more(self) -> bool:
        """Whether the reader's own clock is not UTC already."""
        return self.zone.key != "UTC"

    @property
    def moment_words(self) -> str:
        """When it starts, for subjects: "Wednesday 13 September, 3:00 pm"; with "UTC" while nobody knows the clock."""
        words = self.when.moment_words
        return _("%(moment)s UTC") % {"moment": words} if self.announced else words


def announced(day: Day) -> tuple[tuple[str, str], ...]:
    """Return (region, date in words) for each region that was told a date of the day. One query."""
    return tuple((told.said.region, short_date_words(told.date)) for told in day.announced_dates.all())


def slip(registration: Registration, **urls: str) -> DaySlip:
    """Return the slip of one registration, which has its person, day and conference loaded."""
    day = registration.day
    return DaySlip(
        short_name=day.conference.short_name,
        number=day.number,
        title=day.said.title,
        starts_at=day.starts_at,
        ends_at=day.ends_at,
        zone=registration.registrant.zone,
        announced=announced(day) if registration.registrant.clock is None else (),
        is_confirmed=registration.is_confirmed,
        is_waitlisted=registration.is_waitlisted,
        **urls,
    )
