"""Counts that stay when people are deleted."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conference.models import Conference, Day, RowQuerySet
from registration.status import Status


class GrowthCount(models.Model):
    """How one edition grew, as the worker last counted it: it names nobody, and can be counted again at any time."""

    conference = models.OneToOneField(
        Conference, on_delete=models.CASCADE, related_name="growth", verbose_name=_("conference")
    )
    made_at = models.DateTimeField(_("counted at"))
    numbers = models.JSONField(_("numbers"), default=dict)

    class Meta:
        verbose_name = _("count of sign-ups")
        verbose_name_plural = _("counts of sign-ups")

    def __str__(self):
        return str(self.conference)


class ErasedCountQuerySet(RowQuerySet):
    def for_day(self, day):
        return self.filter(day=day)


class ErasedCount(models.Model):
    """How many people with deleted data had which status on a day. It names nobody."""

    day = models.ForeignKey(Day, on_delete=models.CASCADE, related_name="erased_counts", verbose_name=_("day"))
    status = models.CharField(_("status"), max_length=12, choices=Status)
    people = models.PositiveIntegerField(_("people"), default=0)
    came = models.PositiveIntegerField(_("of these came"), default=0)

    objects = ErasedCountQuerySet.as_manager()

    class Meta:
        verbose_name = _("count of erased people")
        verbose_name_plural = _("counts of erased people")
        ordering = ["day", "status"]
        constraints = [
            models.UniqueConstraint(fields=["day", "status"], name="erased_count_once_per_day_and_status"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="erased_count_status_is_known"),
            models.CheckConstraint(condition=Q(came__lte=models.F("people")), name="erased_count_came_within_people"),
        ]

    def __str__(self):
        return f"{self.day}: {self.people} {self.get_status_display()}"
