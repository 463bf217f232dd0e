"""The heading of the home page: the name, what is on now or next, or that it is over.

Pure: days, the edition and its instant in, words out.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from conference.clock import Span, dates_words, place_words, until_words, until_words_anywhere
from conference.reader_days import announced

# From this long before the first day, the heading says when it starts instead of the conference's name.
NEAR = timedelta(hours=12)


@dataclass(frozen=True)
class FirstScreen:
    """The days of a conference as a visitor sees them at the aware instant `now`, on the clock of `zone` or of nobody.

    `days` are all of the edition's, in order, with their sessions.
    """

    days: list
    now: object
    zone: ZoneInfo | None = None

    @cached_property
    def taking_place(self):
        """The days that are not called off."""
        return [day for day in self.days if not day.is_called_off]

    @property
    def called_off(self):
        """The days that would be on now, or soon, and are called off while others take place: people come for them."""
        near = [day for day in self.days if day.starts_at - NEAR <= self.now and not day.has_ended(self.now)]
        return [day for day in near if day.is_called_off] if self.taking_place else []

    @cached_property
    def next(self):
        """The day that is on or comes next, or None. Not by number: Day 1 may have been put off until after Day 3."""
        coming = [day for day in self.taking_place if not day.has_ended(self.now)]
        return min(coming, key=lambda day: day.starts_at, default=None)

    @cached_property
    def spans(self):
        """The days that take place, on the visitor's clock, or in UTC."""
        return [Span(day.starts_at, day.ends_at, self.zone or ZoneInfo("UTC")) for day in self.taking_place]

    @property
    def is_on(self):
        """Whether a day is on now."""
        return self.next is not None and self.next.starts_at <= self.now

    @property
    def is_running(self):
        """Whether the conference has begun, or begins within NEAR, and is not over."""
        return self.next is not None and min(day.starts_at for day in self.taking_place) - NEAR <= self.now

    @cached_property
    def span(self):
        """The day that is on or comes next, as a Span."""
        return self.spans[self.taking_place.index(self.next)] if self.next else None

    @property
    def place(self):
        """Where the visitor's clock is: "in Toronto", "UTC"."""
        return place_words(self.spans[0].zone, self.spans[0].start) if self.spans else ""

    @property
    def headline(self):
        """The heading about what is on or next: "Day 1 is on now", "Day 1 starts in 3 hours"; "" before and after."""
        if not self.is_running:
            return ""
        if self.is_on:
            return _("%(day)s is on now") % {"day": self.next.within}
        near = until_words(self.span, self.now) if self.zone else until_words_anywhere(self.span, self.now)
        return _("%(day)s starts %(near)s") % {"day": self.next.within, "near": near}

    @property
    def session(self):
        """The session that is on or comes next on this day, or None if no time is known."""
        timed = [session for session in self.next.sessions.all() if session.has_time] if self.next else []
        return next((session for session in timed if session.ends_at > self.now), None)

    @property
    def has_recordings(self):
        """Whether there is something to watch."""
        return any(part.recording_url for day in self.days for part in (day, *day.sessions.all()))

    @property
    def each_day(self):
        """The hours of all days alike: "3:00 pm to 6:00 pm each day in Toronto", or "" if they differ.

        With the dates in UTC if regions were told others: "12 to 14 September, 19:00 to 22:00 UTC each day".
        """
        hours = {(span.start_words, span.end_words) for span in self.spans}
        if len(hours) != 1:
            return ""
        ((start, end),) = hours
        words = {"start": start, "end": end, "place": self.place}
        if len(self.spans) == 1:
            return self._with_dates_in_utc(_("%(start)s to %(end)s %(place)s") % words)
        if self.spans[0].zone.key != "UTC":
            return _("%(start)s to %(end)s each day %(place)s") % words
        return self._with_dates_in_utc(_("%(start)s to %(end)s UTC each day") % words)

    def _with_dates_in_utc(self, hours):
        """Return hours in UTC, after their dates if a region was told others: it is not Monday in UTC yet."""
        pairs = zip(self.taking_place, self.spans, strict=True)
        if self.zone or all(told.date == span.date for day, span in pairs for told in announced(day)):
            return hours
        dates = dates_words(span.date for span in self.spans)
        return _("%(date)s, %(hours)s") % {"date": dates, "hours": hours}
