"""A day as one reader sees it: on their clock, or as announced and in UTC while their zone is unknown.

Used by pages, forms, mails and the door. Texts are in the active language; nothing here reads the clock.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from conference.clock import (
    Span,
    date_words,
    elsewhere_words,
    place_words,
    short_date_words,
    utc_span,
    weekday_and_day_words,
)
from conference.models import Day


@dataclass(frozen=True)
class Announced:
    """The date of a day that a region was told."""

    region: str
    date: date

    @property
    def iso(self) -> str:
        return self.date.isoformat()

    @property
    def words(self) -> str:
        return date_words(self.date)

    @property
    def short_words(self) -> str:
        return short_date_words(self.date)

    def words_beside(self, first: date) -> str:
        """Return the date without its year; also without its month if it follows another date of that month."""
        is_known = self.date != first and self.date.month == first.month
        return weekday_and_day_words(self.date) if is_known else self.short_words


def announced(day: Day) -> list[Announced]:
    """Return the date of a day for each region that was told one. One query, none if they are loaded."""
    return [Announced(told.translated.region, told.date) for told in day.announced_dates.all()]


def announced_by_region(days: Iterable[Day]) -> dict[str, list[date]]:
    """Return {region: the dates that it was told}, the regions in the organisers' order.

    A region with dates for only some of the days is left out: they would look like all of them.
    """
    days = list(days)
    dates: dict[str, list[date]] = {}
    for day in days:
        for told in announced(day):
            dates.setdefault(told.region, []).append(told.date)
    return {region: told for region, told in dates.items() if len(told) == len(days)}


@dataclass(frozen=True)
class ReaderDay:
    """A day for a reader in `zone`, which is None while it is unknown."""

    day: Day
    zone: ZoneInfo | None

    @property
    def in_utc(self) -> Span:
        return utc_span(self.day.starts_at, self.day.ends_at)

    @property
    def here(self) -> Span | None:
        """When it is on the reader's clock; None while the zone is unknown."""
        return self.in_utc.in_zone(self.zone) if self.zone else None

    @property
    def span(self) -> Span:
        """When it is on the reader's clock, or else in UTC."""
        return self.here or self.in_utc

    @property
    def place(self) -> str:
        """Where that clock is: "in Toronto", or ""."""
        return place_words(self.zone, self.here.start) if self.zone and self.here else ""

    @property
    def announced(self) -> list[Announced]:
        """The dates announced to each region, for a reader whose time zone is unknown."""
        return [] if self.zone else announced(self.day)

    @property
    def elsewhere(self) -> str:
        """Which other dates the reader may see elsewhere, or ""."""
        told = [(each.region, each.date) for each in announced(self.day)]
        return elsewhere_words(self.here, told) if self.here else ""

    @property
    def moment_words(self) -> str:
        """When it starts: "Wednesday 13 September, 3:00 pm"; with "UTC" while nobody knows the reader's clock."""
        words = self.span.moment_words
        return words if self.zone else _("%(moment)s UTC") % {"moment": words}

    @property
    def times_words(self) -> str:
        """From when to when: "Wednesday 13 September, 3:00 pm to 6:00 pm"; in UTC while nobody knows the clock."""
        words = self.span.times_words
        return words if self.zone else _("%(moment)s UTC") % {"moment": words}

    @property
    def utc_words(self) -> str:
        """Its hours in UTC: "19:00 to 22:00 UTC", with the date in UTC if a region was told another one.

        An hour in UTC never appears only with another clock's date: it may not be Monday there yet.
        """
        if any(told.date != self.in_utc.date for told in self.announced):
            return _("%(moment)s UTC") % {"moment": self.in_utc.times_words}
        return _("%(hours)s UTC") % {"hours": self.in_utc.hours_words}

    @property
    def dates(self) -> list[tuple[str, str, str]]:
        """(region or "", ISO date or time, words) of each line about when the day is for the reader.

        The first says from when to when. While nobody knows the clock that is in UTC, and each region that was told
        another date has a line with it.
        """
        others = [told for told in self.announced if told.date != self.in_utc.date]
        whole = ("", self.span.start.isoformat(), capfirst(self.times_words))
        beside = ((told.region, told.iso, capfirst(told.words_beside(self.in_utc.date))) for told in others)
        return [whole, *beside]
