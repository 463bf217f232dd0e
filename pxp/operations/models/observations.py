"""The last observation of each thing that workers watch: when it was, and whether it was wrong."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from conference.models import RowQuerySet


class Watched(models.TextChoices):
    WORKER = "worker", _("worker")
    DISK = "disk", _("disk")
    CERTIFICATE = "certificate", _("certificate")
    BACKUP = "backup", _("backup")
    CLOCK = "clock", _("clock")
    TOLD = "told", _("daily mail")


class ObservationQuerySet(RowQuerySet):
    def for_thing(self, thing):
        return self.filter(thing=thing)

    def faults(self):
        """The problems found at the last look."""
        return self.filter(is_fault=True)

    def seen_before(self, instant):
        return self.filter(seen_at__lt=instant)

    def seen_after(self, instant):
        return self.filter(seen_at__gt=instant)

    def note(self, thing, *, now, is_fault=False, number=0):
        """Write down how a thing looks at the UTC instant `now`."""
        self.update_or_create(thing=thing, defaults={"seen_at": now, "is_fault": is_fault, "number": number})


class Observation(models.Model):
    """One row for each thing. `number` says how much is left or how old it is, in that thing's unit."""

    thing = models.CharField(_("thing"), max_length=20, choices=Watched.choices, unique=True)
    seen_at = models.DateTimeField(_("seen"))
    is_fault = models.BooleanField(_("is wrong"), default=False)
    number = models.IntegerField(_("number"), default=0)

    objects = ObservationQuerySet.as_manager()

    class Meta:
        db_table = "operations_sight"  # the version before, which an operator may go back to, knows no other
        verbose_name = _("look at the machine")
        verbose_name_plural = _("looks at the machine")

    def __str__(self):
        return self.get_thing_display()
