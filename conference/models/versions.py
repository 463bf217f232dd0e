"""The number of the last change to anything that the public reads."""

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from .rows import RowQuerySet

ONLY_KEY = 1  # of the only row


class ContentVersionQuerySet(RowQuerySet):
    def now_shown(self):
        """The number of the last change; 0 before the first one."""
        return self.values_list("number", flat=True).first() or 0

    def raise_by_one(self, now):
        """Count a change made at the UTC instant `now`. The row stays locked until the transaction ends."""
        if not self.update(number=F("number") + 1, changed_at=now):
            self.get_or_create(pk=ONLY_KEY, defaults={"number": 1, "changed_at": now})

    def leap(self, now):
        """Raise the number past all that a database had before it was put back, at the UTC instant `now`."""
        self.raise_by_one(now)
        self.update(number=F("number") + 1_000_000)


class ContentVersion(models.Model):
    """One row: each change to what is published raises its number, and every process then forgets its ready pages."""

    number = models.PositiveBigIntegerField(_("number"), default=0)
    changed_at = models.DateTimeField(_("changed at"), help_text=_("In UTC."))

    objects = ContentVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of the content")
        verbose_name_plural = _("versions of the content")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pk=ONLY_KEY),
                name="content_version_has_one_row",
                violation_error_message=_("There is one version for all content."),
            ),
        ]

    def __str__(self):
        return str(self.number)


def raise_content_version(*, now):
    """Let every process forget its ready pages, since what the public reads changed at the UTC instant `now`.

    Call it in the transaction of the change.
    """
    ContentVersion.objects.raise_by_one(now)
