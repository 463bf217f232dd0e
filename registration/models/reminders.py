"""Which reminders people were sent."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registration.status import ReminderKind

from .registrations import Registration


class Reminder(models.Model):
    """One person was reminded of one day, once for each kind. It commits with the mail."""

    registration = models.ForeignKey(
        Registration, on_delete=models.CASCADE, related_name="reminders", verbose_name=_("registration")
    )
    kind = models.CharField(_("kind"), max_length=6, choices=ReminderKind)
    at = models.DateTimeField(_("written"))

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [
            models.UniqueConstraint(fields=["registration", "kind"], name="reminder_once_per_registration_and_kind"),
            models.CheckConstraint(condition=Q(kind__in=ReminderKind.values), name="reminder_kind_is_known"),
        ]

    def __str__(self):
        return self.get_kind_display()
