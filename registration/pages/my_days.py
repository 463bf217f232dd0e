"""A person's days on their own page: the state of each, and what they can do."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.utils.translation import gettext as _

from conference import calendars
from conference.models import Day, Session
from conference.reader_days import ReaderDay
from registration import links
from registration.models import Registration
from registration.models.registrations import days_of_person
from registration.pages.availability import Availability, availability_of
from registration.pages.words import places_words, why_closed


@dataclass(frozen=True)
class PageDay(ReaderDay):
    """One day, the person's newest registration for it (or None), and the UTC instant at which the page is read."""

    registration: Registration | None
    now: datetime
    availability: Availability | None = None  # None is no limit
    is_recorded: bool = False  # whether there is something to watch

    @property
    def is_on(self):
        """Whether the day takes place now."""
        return self.day.is_on(self.now)

    @property
    def is_over(self):
        return self.day.has_ended(self.now)

    @property
    def is_ahead(self):
        """Whether the day will take place, or takes place now."""
        return self.day.is_to_come(self.now)

    @property
    def is_taken(self):
        """Whether the person is on the day, waits for it, or has yet to confirm it."""
        return self.registration is not None and self.registration.is_live

    @property
    def is_confirmed(self):
        return self.registration is not None and self.registration.is_confirmed

    @property
    def is_invited(self):
        """Whether an invite went out in this round: then the day may be in their calendar."""
        return self.registration is not None and self.registration.is_invited

    @property
    def is_waiting(self):
        return self.registration is not None and self.registration.is_waitlisted

    @property
    def is_to_confirm(self):
        """Whether the person has asked for the day, can still have it, and has not confirmed yet."""
        return self.registration is not None and self.registration.is_pending and self.is_ahead

    @property
    def is_too_late(self):
        """Whether the person asked for the day and did not confirm before it was over, or called off."""
        row = self.registration
        return row is not None and not self.is_ahead and (row.is_pending or row.ended_unconfirmed)

    @property
    def can_join(self):
        return self.is_confirmed and self.is_ahead

    @property
    def can_drop(self):
        return self.is_ahead and (self.is_confirmed or self.is_waiting)

    @property
    def can_add(self):
        return not self.is_confirmed and not self.is_waiting and self.day.sign_up_is_open(self.now)

    @property
    def others_wait(self):
        """Whether other people wait for a place on the day."""
        return self.availability is not None and self.availability.waiting > int(self.is_waiting)

    @property
    def is_final(self):
        """Whether nobody can give the person back what they drop: others wait, or sign-up has closed."""
        return self.others_wait or not self.day.sign_up_is_open(self.now)

    @property
    def is_full(self):
        """Whether a newcomer gets a place on the waiting list only."""
        return self.availability is not None and self.availability.free == 0

    @property
    def can_come_back(self):
        """Whether the person would have a place again at once."""
        return self.can_add and (self.availability is None or self.availability.free > 0)

    @property
    def status_words(self):
        """The person's state on the day, in words that also suit a carer who reads the page."""
        is_read_by_carer = self.registration is not None and bool(self.registration.registrant.carer_name)
        if self.day.is_called_off:
            return _("Called off")
        if self.is_over:
            return _("Over")
        if self.is_confirmed:
            return _("Has a place") if is_read_by_carer else _("You have a place")
        if self.is_waiting:
            return _("On the waiting list") if is_read_by_carer else _("You are on the waiting list")
        if self.is_to_confirm:
            return _("Not confirmed yet")
        return _("Not signed up")

    @property
    def mark(self):
        """How the day's circle looks: "on" is full, "wait" a sand-coloured ring, "off" a plain ring."""
        if self.is_ahead and self.is_confirmed:
            return "on"
        return "wait" if self.is_ahead and self.is_waiting else "off"

    @property
    def places_words(self):
        """The sentence about the day's places, for a person who can add it."""
        return places_words(self.availability.free) if self.can_add and self.availability else ""

    @property
    def why_closed(self):
        """Why the day cannot be added, or ""."""
        return "" if self.is_taken or not self.is_ahead else why_closed(self.day, self.now, self.zone)

    @cached_property
    def join_url(self):
        """The day's door for this person. Absolute, since it also goes into calendars."""
        return links.join_url(self.registration)

    @property
    def recordings_url(self):
        """The day's door once it is over and there is something to watch, or ""."""
        return self.join_url if self.is_over and self.is_recorded and self.registration else ""

    @property
    def google_url(self):
        return calendars.google_link(self.day, url=self.join_url, **self._entry)

    @property
    def outlook_url(self):
        return calendars.outlook_link(self.day, url=self.join_url, **self._entry)

    @property
    def _entry(self):
        """How a calendar calls the day, the same as in its invite."""
        registrant = self.registration.registrant
        neutral = registrant.neutral_titles
        title = registrant.entry_title(calendars.day_title(self.day, neutral=neutral))
        return {"title": title, "neutral": neutral}


def loss_words(item, about=""):
    """Return what a person loses for good with a day that `is_final`; `about` is their name, if a carer reads it."""
    own, other = {
        (True, True): (
            _("Others are waiting too. You will lose your turn."),
            _("Others are waiting too. %(name)s will lose this turn."),
        ),
        (True, False): (
            _("Others are waiting. You may not get your place back."),
            _("Others are waiting. %(name)s may not get the place back."),
        ),
        (False, True): (
            _("Sign-up has closed. You cannot join the waiting list again."),
            _("Sign-up has closed. %(name)s cannot join the waiting list again."),
        ),
        (False, False): (
            _("Sign-up has closed. You will not get your place back."),
            _("Sign-up has closed. %(name)s will not get the place back."),
        ),
    }[item.others_wait, item.is_waiting]
    return other % {"name": about} if about else own


def days_on_page(registrant, *, now, days=None):
    """Return a PageDay for each day of the person's edition, in order.

    `days` are these days with the edition and announced dates, if the caller has them. Two queries, one with `days`;
    one more if a day has a limit, and one if a day is over.
    """
    newest = {row.day_id: row for row in days_of_person.rows(registrant)}
    for row in newest.values():
        row.registrant = registrant
    if days is None:
        days = list(Day.objects.for_edition(registrant.conference).with_conference().with_announced_dates())
    found, clock, recorded = availability_of(days), registrant.clock, _recorded(days, now)
    return [PageDay(day, clock, newest.get(day.pk), now, found.get(day.pk), day.pk in recorded) for day in days]


def _recorded(days, now):
    """Return the keys of those days that are over and have a recording, of the day or of a session."""
    over = [day for day in days if day.has_ended(now) and not day.is_called_off]
    of_sessions = Session.objects.filter(day__in=over).recorded().values_list("day", flat=True) if over else ()
    return {day.pk for day in over if day.recording_url} | set(of_sessions)
