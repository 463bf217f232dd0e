"""Pictures of people, in three sizes. They are rows, so every process and every backup has them.

Why they are kept here: docs/decisions/0017-pictures-of-speakers-are-rows.md
"""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from .rows import RowQuerySet

SIZES = {"small": 96, "medium": 192, "large": 384}  # pixels across and down
UNUSED_FOR = timedelta(days=7)  # a draft may still use it, or an organiser may be about to


class PictureQuerySet(RowQuerySet):
    def named(self, key):
        """The picture with `key` in its URL."""
        return self.filter(key=key)

    def unused(self, now):
        """Pictures that no published row uses, added long before the UTC instant `now`."""
        return self.filter(speakers__isnull=True, added_at__lt=now - UNUSED_FOR)


class Picture(models.Model):
    """One square picture as JPEG, without metadata. Its key is a hash of its content, so it never changes."""

    key = models.CharField(_("key"), max_length=32, unique=True)
    small = models.BinaryField(_("small"))
    medium = models.BinaryField(_("medium"))
    large = models.BinaryField(_("large"))
    added_at = models.DateTimeField(_("added at"), help_text=_("In UTC."))

    objects = PictureQuerySet.as_manager()

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")

    def __str__(self):
        return self.key
