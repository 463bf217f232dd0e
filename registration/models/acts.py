"""Acts on many people that an organiser asked for, until the worker has done them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conference.models import Day, RowQuerySet
from registration.status import Act


class PlannedActQuerySet(RowQuerySet):
    def due(self, now):
        """Acts that may begin at the UTC instant `now`, the oldest first."""
        return self.filter(due_at__lte=now).order_by("pk")

    def waiting(self, now):
        """Acts that have not begun, and can be taken back."""
        return self.filter(due_at__gt=now).select_related("user", "day__conference").order_by("pk")


class PlannedAct(models.Model):
    """One act, and the keys of the rows that still wait for it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, verbose_name=_("organiser"))
    act = models.CharField(_("what"), max_length=10, choices=Act)
    keys = models.JSONField(_("rows"), default=list)
    day = models.ForeignKey(Day, on_delete=models.CASCADE, null=True, verbose_name=_("to which day"))
    planned_at = models.DateTimeField(_("asked"))
    # Until then it can be undone.
    due_at = models.DateTimeField(_("begins"), default=timezone.now)

    objects = PlannedActQuerySet.as_manager()

    class Meta:
        verbose_name = _("planned act")
        verbose_name_plural = _("planned acts")
        constraints = [
            models.CheckConstraint(condition=Q(act__in=Act.values), name="planned_act_is_known"),
            models.CheckConstraint(
                condition=(Q(act=Act.MOVE) & Q(day__isnull=False)) | (~Q(act=Act.MOVE) & Q(day__isnull=True)),
                name="planned_act_moves_to_a_day",
            ),
        ]

    def __str__(self):
        return self.get_act_display()
