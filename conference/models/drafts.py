"""Drafts: organisers' changes to a published edition that are not published yet."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .editions import Conference
from .rows import RowQuerySet


class DraftQuerySet(RowQuerySet):
    def for_edition(self, conference):
        return self.filter(conference=conference)

    def changes_of(self, conference):
        """The changes of one edition's draft; none without a draft."""
        draft = self.for_edition(conference).first()
        return draft.changes if draft else []

    def waiting(self):
        """Drafts that change something."""
        return self.exclude(changes=[])


class Draft(models.Model):
    """The unpublished changes of one edition, as `conference.drafts` writes and reads them.

    `changes` is a list of {"model", "pk", "kind": "new" | "changed" | "gone", "fields": {name: value}}.
    """

    conference = models.OneToOneField(
        Conference, on_delete=models.CASCADE, related_name="draft", verbose_name=_("conference")
    )
    changes = models.JSONField(_("changes"), default=list)
    saved_at = models.DateTimeField(_("saved at"), null=True, help_text=_("In UTC."))
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("saved by")
    )
    before_file = models.JSONField(
        _("before the last file"), null=True, help_text=_("What takes back what a program file brought.")
    )
    file_at = models.DateTimeField(_("last file at"), null=True, help_text=_("In UTC."))

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")

    def __str__(self):
        return str(self.conference)
