"""The row ids of recently erased people. Restoring an older backup erases them again."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from conference.models import RowQuerySet


class ErasureQuerySet(RowQuerySet):
    def after(self, pk):
        """Erasures with a higher key, oldest first."""
        return self.filter(pk__gt=pk).order_by("pk")

    def older_than(self, instant):
        """Erasures from before the UTC instant."""
        return self.filter(erased_at__lt=instant)


class Erasure(models.Model):
    """One person who was erased. Written with the erasure itself; workers copy it to a list outside the database."""

    public_id = models.UUIDField(_("public id"))
    erased_at = models.DateTimeField(_("erased"), db_index=True)

    objects = ErasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")

    def __str__(self):
        return str(self.public_id)
