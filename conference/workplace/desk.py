"""The context of the organisers' first page: one organiser, one instant, one edition, loaded once for all apps."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch

from conference.models import Appearance, Conference, Day, Draft


@dataclass(eq=False)
class Desk:
    """One organiser's first page at the UTC instant `now`. `conference` is None on an empty site."""

    user: Any
    now: datetime
    conference: Conference | None
    meta: dict = field(default_factory=dict)  # of the request
    kept: dict = field(default_factory=dict)

    def get_or_make(self, name, make):
        """Return what `make()` returns, called once: several apps need the same numbers."""
        if name not in self.kept:
            self.kept[name] = make()
        return self.kept[name]

    def may(self, right):
        """Whether this organiser has a permission, such as "registration.view_registrant"."""
        return self.user.has_perm(right)

    @cached_property
    def days(self):
        """The edition's days in order, with all of their program, and whether a draft waits: four queries."""
        if self.conference is None:
            return []
        people = Prefetch("sessions__appearances", Appearance.objects.select_related("speaker"))
        has_draft = Exists(Draft.objects.waiting().filter(conference=OuterRef("conference")))
        rows = Day.objects.for_edition(self.conference).annotate(has_draft=has_draft)
        rows = rows.prefetch_related("sessions", people, "announced_dates")
        for day in rows:
            day.conference = self.conference  # which is the same row, with `last_end`
        return list(rows)

    @cached_property
    def sessions(self):
        """The edition's sessions, in order."""
        return [session for day in self.days for session in day.sessions.all()]

    @property
    def next_day(self):
        """The day that is on, or the next to come; None when there is none left."""
        to_come = [day for day in self.days if day.ends_at > self.now and not day.is_called_off]
        return min(to_come, key=lambda day: day.starts_at, default=None)
