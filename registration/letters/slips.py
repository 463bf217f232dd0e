"""A day in a mail: its name, its time on the reader's clock and in UTC, and the links to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import pgettext

from conference.clock import reminder_words, reminder_words_anywhere
from conference.reader_days import ReaderDay
from registration.models import Registration


@dataclass(frozen=True)
class DaySlip(ReaderDay):
    """One day of one person, for a mail's template. Its words come out in the active language."""

    is_confirmed: bool
    is_waitlisted: bool
    join_url: str = ""

    @property
    def name(self) -> str:
        """The day's name with its conference: "PxP Day 2"."""
        return self.day.full_label

    @property
    def within(self) -> str:
        """The same within a sentence: "PxP Day 2", in French "jour 2 de PxP" after the article."""
        words = {"conference": self.day.conference.short_name, "day": self.day.within}
        return pgettext("within a sentence", "%(conference)s %(day)s") % words

    def near_words(self, now: datetime) -> str:
        """Return when it starts, from the UTC instant `now`: "tomorrow, 3:00 pm"."""
        return (reminder_words if self.zone else reminder_words_anywhere)(self.span, now)

    @property
    def utc_says_more(self) -> bool:
        """Whether the reader's own clock is not UTC already."""
        return self.zone is not None and self.zone.key != "UTC"


def slip(registration: Registration, **urls: str) -> DaySlip:
    """Return the slip of one registration, which has its person, day and conference loaded."""
    return DaySlip(
        day=registration.day,
        zone=registration.registrant.clock,
        is_confirmed=registration.is_confirmed,
        is_waitlisted=registration.is_waitlisted,
        **urls,
    )


def earliest_first(registrations: Iterable[Registration]) -> list[Registration]:
    """Return registrations in the order in which their days start: one put off may come after higher numbers."""
    return sorted(registrations, key=lambda registration: registration.day.starts_at)
