"""When people are reminded of a day, and which reminders were sent."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from conference.models import Conference, RowQuerySet

from .registrations import Registration

MINUTES_A_DAY = 24 * 60
SHORTEST = 5  # minutes: a reminder that arrives late must not come after the start
LONGEST = 60 * MINUTES_A_DAY
USUAL = (7 * MINUTES_A_DAY, MINUTES_A_DAY, 60)  # minutes before


class ReminderMarkQuerySet(RowQuerySet):
    def for_edition(self, conference):
        """The marks of one edition, the earliest first."""
        return self.filter(conference=conference).order_by("-minutes_before")


class ReminderMark(models.Model):
    """A reminder: a mail to people with a place, this long before each day. An edition can have any number."""

    conference = models.ForeignKey(
        Conference, on_delete=models.CASCADE, related_name="reminder_marks", verbose_name=_("conference")
    )
    minutes_before = models.PositiveIntegerField(_("minutes before the day"))

    objects = ReminderMarkQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [
            models.UniqueConstraint(
                fields=["conference", "minutes_before"],
                name="reminder_mark_once_per_conference",
                violation_error_message=_("Two reminders have the same time. Remove one of them."),
            ),
            models.CheckConstraint(
                condition=Q(minutes_before__range=(SHORTEST, LONGEST)), name="reminder_mark_is_in_range"
            ),
        ]

    def __str__(self):
        number, unit = amount_and_unit(self.minutes_before)
        return UNIT_WORDS[unit](number)

    @property
    def lead(self):
        return timedelta(minutes=self.minutes_before)

    @property
    def is_shared(self):
        """Whether one mail covers all days that are near: two days ahead, a mail for each would be too many."""
        return self.minutes_before >= 2 * MINUTES_A_DAY

    def due_rows(self, registrations, *, joined_by):
        """Filter registrations to those that this mark still has to remind, in the order of their days.

        A reminder of the same start, at this mark or a later one, has been sent. A day that moves has another start, so
        its marks count again. `joined_by` is a UTC instant.
        """
        same_start = {"registration": OuterRef("pk"), "starts_at": OuterRef("day__starts_at")}
        sent = Exists(Reminder.objects.filter(minutes_before__lte=self.minutes_before, **same_start))
        people = {"registrant__reminders": True, "registrant__undeliverable_at": None}
        rows = registrations.confirmed().filter(~sent, confirmed_at__lte=joined_by, news="", **people)
        return rows.with_people().order_by("day__starts_at", "pk")


UNIT_MINUTES = {"days": MINUTES_A_DAY, "hours": 60, "minutes": 1}
UNIT_WORDS = {
    "days": lambda number: ngettext("%d day before", "%d days before", number) % number,
    "hours": lambda number: ngettext("%d hour before", "%d hours before", number) % number,
    "minutes": lambda number: ngettext("%d minute before", "%d minutes before", number) % number,
}


def amount_and_unit(minutes):
    """Return minutes in the largest unit that needs no fraction: 120 is (2, "hours")."""
    return next((minutes // size, unit) for unit, size in UNIT_MINUTES.items() if minutes % size == 0)


def check_minutes(minutes):
    """Raise ValidationError for a mark closer than five minutes to the day, or more than 60 days away."""
    if not SHORTEST <= minutes <= LONGEST:
        raise ValidationError(_("Choose a time from 5 minutes to 60 days before the day."))


class Reminder(models.Model):
    """One person was reminded of one day, once for each mark and start. It commits with the mail."""

    registration = models.ForeignKey(
        Registration, on_delete=models.CASCADE, related_name="reminders", verbose_name=_("registration")
    )
    minutes_before = models.PositiveIntegerField(_("minutes before the day"))
    starts_at = models.DateTimeField(_("start that it told of"))
    at = models.DateTimeField(_("written"))

    class Meta:
        verbose_name = _("reminder sent")
        verbose_name_plural = _("reminders sent")
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "minutes_before", "starts_at"], name="reminder_once_per_mark_and_start"
            ),
        ]

    def __str__(self):
        return str(ReminderMark(minutes_before=self.minutes_before))
