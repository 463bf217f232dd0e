"""The top of a person's page: their next day, and their state on it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from conference.clock import place_words, until_words, until_words_anywhere
from conference.scripts import isolated

from .my_days import PageDay
from .words import waiting_words


@dataclass(frozen=True)
class NextDay:
    """One PageDay as the large circle shows it at the UTC instant `now`."""

    item: PageDay
    now: datetime

    @property
    def title(self):
        """The person's state in one line, for the heading: "Day 1 starts in 40 minutes"."""
        person = self.item.registration.registrant
        words = {"day": self.item.day.within, "wait": self._wait, "name": isolated(person.name)}
        if self.item.is_waiting:
            own, other = _("You are on the waiting list for %(day)s"), _("%(name)s is on the waiting list for %(day)s")
            return (other if person.carer_name else own) % words
        if self.item.is_to_confirm:
            return _("%(day)s is not confirmed yet") % words
        if self.item.is_on:
            return _("%(day)s is on now") % words
        return _("%(day)s starts %(wait)s") % words

    @property
    def _wait(self):
        if self.item.zone is None:
            return until_words_anywhere(self.item.span, self.now)
        return until_words(self.item.span, self.now)

    @property
    def when(self):
        """When it is: "Today, 3:00 pm to 6:00 pm in Toronto"; date and hours in UTC while nobody knows the clock."""
        span = self.item.span
        if self.item.zone is None:
            return capfirst(self.item.times_words)  # the days below say which regions were told another date
        words = {"hours": span.hours_words, "place": place_words(span.zone, span.start), "moment": span.times_words}
        if span.is_in_small_hours:
            return capfirst(_("%(moment)s %(place)s") % words)
        words["date"] = _("Today") if span.date == self.now.astimezone(span.zone).date() else span.short_words
        return capfirst(_("%(date)s, %(hours)s %(place)s") % words)

    @property
    def meaning(self):
        """A sentence about waiting, or "" for a person who has a place."""
        if not self.item.is_waiting:
            return ""
        person = self.item.registration.registrant
        return waiting_words(isolated(person.name) if person.carer_name else "")

    @property
    def door_is_open(self):
        """Whether the meeting can be entered now, so the button says so."""
        return self.item.can_join and bool(self.item.day.meeting_url) and self.now >= self.item.day.door_opens_at


def nothing_to_come(days, *, about=""):
    """Return the heading if nothing is to come: they have no day, or all of theirs are over.

    `about` is the name of the person the page is about, if a carer reads it.
    """
    if any(item.is_taken for item in days):
        own, other = _("You have no more days to come"), _("%(name)s has no more days to come")
    else:
        own, other = _("You are not signed up for any day"), _("%(name)s is not signed up for any day")
    return other % {"name": about} if about else own


def next_day(days, now):
    """Return the NextDay of a person's PageDays at the UTC instant `now`: the earliest that they have or wait for.

    None if nothing is to come.
    """
    coming = [item for item in days if item.is_ahead and item.is_taken]
    return NextDay(min(coming, key=lambda item: item.day.starts_at), now) if coming else None
