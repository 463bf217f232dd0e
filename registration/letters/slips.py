"""What mails say about a day: its name, its time on the reader's clock and in UTC, and the ways to it."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from conference import calendars
from conference.clock import Span, short_date_words, utc_span
from registration import links


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
    file_url: str = ""
    google_url: str = ""
    outlook_url: str = ""

    @property
    def label(self):
        """The day's name: "Day 2"."""
        return _("Day %(number)d") % {"number": self.number}

    @property
    def name(self):
        """The day's name with its conference: "PxP Day 2"."""
        return f"{self.short_name} {self.label}"

    @property
    def when(self):
        """The day on the reader's clock."""
        return Span(self.starts_at, self.ends_at, self.zone)

    @property
    def in_utc(self):
        return utc_span(self.starts_at, self.ends_at)

    @property
    def utc_says_more(self):
        """Whether the reader's own clock is not UTC already."""
        return self.zone.key != "UTC"

    @property
    def date_words(self):
        """The reader's date without the year, for subjects: "Wednesday 13 September"."""
        return short_date_words(self.when.date)


def slip(registration, **urls):
    """Return the slip of one registration, which has its person, day and conference loaded."""
    day = registration.day
    return DaySlip(
        short_name=day.conference.short_name,
        number=day.number,
        title=day.title,
        starts_at=day.starts_at,
        ends_at=day.ends_at,
        zone=registration.registrant.zone,
        is_confirmed=registration.is_confirmed,
        is_waitlisted=registration.is_waitlisted,
        **urls,
    )


def slip_with_links(registration):
    """Return the slip of one registration with all the ways into a calendar."""
    day = registration.day
    url = links.join_url(registration)
    neutral = registration.registrant.neutral_titles
    # The file's address names the year, so it stays true next year.
    path = reverse("edition:day-ics", kwargs={"year": day.conference.slug, "number": day.number})
    return slip(
        registration,
        join_url=url,
        file_url=links.absolute(path),
        google_url=calendars.google_link(day, url=url, neutral=neutral),
        outlook_url=calendars.outlook_link(day, url=url, neutral=neutral),
    )
