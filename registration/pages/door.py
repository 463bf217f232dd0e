"""The door to a day's meeting as one person sees it at one instant. Nothing here reads the clock or the database."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property

from django.utils.translation import gettext as _

from conference.clock import Span, until_words, until_words_anywhere
from conference.reader_days import ReaderDay
from conference.scripts import isolated
from registration.models import Registration
from registration.pages.words import why_closed

# How long after a day its page promises a recording "in a few days".
RECORDED_WITHIN = timedelta(days=14)


class DoorState(StrEnum):
    """The states of the door. Each has a template of its name in templates/registration/door/."""

    CALLED_OFF = "called_off"
    OVER = "over"
    PENDING = "pending"
    WAITING = "waiting"
    AWAY = "away"  # they dropped the day, or an organiser took them off it
    EARLY = "early"
    NO_MEETING = "no_meeting"  # it is time, but organisers have not entered the meeting's URL
    OPEN = "open"


@dataclass(frozen=True)
class Door:
    """One registration, with its day, person and conference loaded, at the UTC instant `now`."""

    registration: Registration
    now: datetime

    @property
    def day(self):
        return self.registration.day

    @cached_property
    def span(self):
        """When the day is, on the person's clock."""
        return ReaderDay(self.day, self.registration.registrant.clock).span

    @property
    def opens_minutes(self):
        """How many minutes before the day starts the button is there."""
        return self.day.conference.door_opens_minutes

    @cached_property
    def waiting_room(self):
        """From when the button is there until the day starts, on the person's clock."""
        return Span(self.day.door_opens_at, self.day.starts_at, self.span.zone)

    @property
    def opens_on_another_date(self):
        """Whether the button is there on the date before the day's own: its hour alone would mislead."""
        return self.waiting_room.date != self.span.date

    @property
    def wait_words(self):
        """How long it is until the day starts: "in 12 days", "in 20 minutes"; "now" once it has.

        While nobody knows the person's clock, in words that hold on every clock.
        """
        say = until_words if self.registration.registrant.clock else until_words_anywhere
        return say(self.span, self.now)

    @property
    def title(self):
        """The state of the day for this person, in one line: "Day 1 starts in 40 minutes"."""
        person, state = self.registration.registrant, self.state
        is_read_by_carer = bool(person.carer_name)
        words = {
            DoorState.CALLED_OFF: _("%(day)s is called off"),
            DoorState.OVER: _("%(day)s is over"),
            DoorState.PENDING: _("%(day)s is not confirmed yet"),
            DoorState.WAITING: _("%(name)s is on the waiting list for %(day)s")
            if is_read_by_carer
            else _("You are on the waiting list for %(day)s"),
            DoorState.AWAY: _("%(name)s is not signed up for %(day)s")
            if is_read_by_carer
            else _("You are not signed up for %(day)s"),
        }
        coming = _("%(day)s is on now") if self.has_started else _("%(day)s starts %(wait)s")
        known = {"day": self.day.within, "wait": self.wait_words, "name": isolated(person.name)}
        return words.get(state, coming) % known

    @property
    def is_just_over(self):
        """Whether a recording may be expected within days."""
        return self.day.ends_at <= self.now < self.day.ends_at + RECORDED_WITHIN

    @property
    def has_started(self):
        return self.now >= self.day.starts_at

    @property
    def state(self):
        """The DoorState: the day's state comes before the person's."""
        if self.day.is_called_off:
            return DoorState.CALLED_OFF
        if self.day.has_ended(self.now):
            return DoorState.OVER
        if not self.registration.is_confirmed:
            return self._state_without_place
        if self.now < self.waiting_room.starts_at:
            return DoorState.EARLY
        return DoorState.OPEN if self.day.meeting_url else DoorState.NO_MEETING

    @property
    def _state_without_place(self):
        if self.registration.is_waitlisted:
            return DoorState.WAITING
        return DoorState.PENDING if self.registration.is_pending else DoorState.AWAY

    @property
    def why_closed(self):
        """Why a person who is away cannot add the day now, as a sentence, or "" if they can."""
        return why_closed(self.day, self.now, self.registration.registrant.clock)

    @property
    def is_open(self):
        """Whether this person can go through it now."""
        return self.state == DoorState.OPEN
