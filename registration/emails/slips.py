"""What mails say about a day: its name, its time on the reader's clock and in UTC, and the ways to it."""

from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse

from conference import calendars
from conference.clock import Span, UnknownZone, canonical_zone, short_date_words, utc_span
from registration import links
from registration.models import Registration


@dataclass(frozen=True)
class DaySlip:
    """One day of one person, in words for a mail's template. `zone` is the reader's."""

    registration: Registration
    zone: ZoneInfo

    @property
    def day(self):
        return self.registration.day

    @property
    def name(self):
        """The day's name with its conference: "PxP Day 2"."""
        return calendars.day_title(self.day, neutral=True)

    @cached_property
    def when(self):
        return Span(self.day.starts_at, self.day.ends_at, self.zone)

    @cached_property
    def in_utc(self):
        return utc_span(self.day.starts_at, self.day.ends_at)

    @property
    def utc_says_more(self):
        """Whether the reader's own clock is not UTC already."""
        return self.zone.key != "UTC"

    @property
    def date_words(self):
        """The reader's date without the year, for subjects: "Wednesday 13 September"."""
        return short_date_words(self.when.date)

    @cached_property
    def join_url(self):
        return links.join_url(self.registration)

    @property
    def file_url(self):
        """The day's file to download. Its address names the year, so it stays true next year."""
        path = {"year": self.day.conference.slug, "number": self.day.number}
        return links.absolute(reverse("edition:day-ics", kwargs=path))

    @property
    def google_url(self):
        return calendars.google_link(self.day, url=self.join_url, neutral=self._is_neutral)

    @property
    def outlook_url(self):
        return calendars.outlook_link(self.day, url=self.join_url, neutral=self._is_neutral)

    @property
    def _is_neutral(self):
        return self.registration.registrant.neutral_titles

    @property
    def is_confirmed(self):
        return self.registration.is_confirmed

    @property
    def is_waitlisted(self):
        return self.registration.is_waitlisted


def zone_of(registrant):
    """Return the person's zone; UTC if the zone they gave is not in the database any more."""
    try:
        return canonical_zone(registrant.time_zone)
    except UnknownZone:
        return ZoneInfo("UTC")


def slip(registration):
    """Return the slip of one registration, which has its person, day and conference loaded."""
    return DaySlip(registration, zone_of(registration.registrant))


def reply_to(conference):
    """Return where answers go: the organisers' address, or nothing, which means the sender's."""
    return conference.contact_email


def contact_url(conference):
    """Return the address of the contact page of an edition."""
    return links.absolute(reverse("edition:contact", kwargs={"year": conference.slug}))


def site_url():
    """Return the site's home, for the mail's foot."""
    return settings.SITE_URL + "/"
