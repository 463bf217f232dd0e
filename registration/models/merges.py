"""Merges of two sign-ups of one person, with the data to undo them."""

from datetime import timedelta

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from conference.models import RowQuerySet

from .registrants import Registrant

# How long an organiser can undo a merge.
UNDO_FOR = timedelta(days=1)


class MergeQuerySet(RowQuerySet):
    def into(self, registrant):
        """The merges into this person, the newest first."""
        return self.filter(kept=registrant).order_by("-pk")

    def for_public_id(self, public_id):
        """The merge that removed the person with this public id."""
        return self.filter(public_id=public_id).select_related("kept__conference")

    def too_old(self, now):
        """Those that nobody can undo any more at the UTC instant `now`, with the rows to do so."""
        return self.filter(merged_at__lte=now - UNDO_FOR).exclude(facts={})


class Merge(models.Model):
    """A second sign-up that was merged into the first; its own row is deleted."""

    kept = models.ForeignKey(Registrant, on_delete=models.CASCADE, related_name="merges", verbose_name=_("person"))
    public_id = models.UUIDField(_("public id"), unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, verbose_name=_("organiser")
    )
    merged_at = models.DateTimeField(_("when"))
    # Whether the old links lead to the person who stays: both read one mailbox. They do so while that person's own
    # links are those of the merge; the first two columns are the versions of the links of the one who went.
    leads_on = models.BooleanField(default=False, editable=False)
    page_link_version = models.PositiveSmallIntegerField(editable=False)
    calendar_link_version = models.PositiveSmallIntegerField(editable=False)
    kept_page_link_version = models.PositiveSmallIntegerField(editable=False)
    kept_calendar_link_version = models.PositiveSmallIntegerField(editable=False)
    # What `services.merges` needs to undo it; emptied after a day.
    facts = models.JSONField(default=dict, encoder=DjangoJSONEncoder, editable=False)

    objects = MergeQuerySet.as_manager()

    class Meta:
        verbose_name = _("merge of two people")
        verbose_name_plural = _("merges of two people")

    def __str__(self):
        return str(self.public_id)

    def can_be_undone(self, now):
        """Whether it is the newest of its person, and not older than UNDO_FOR at the UTC instant `now`."""
        newest = Merge.objects.into(self.kept_id).first()
        return bool(self.facts) and newest == self and self.merged_at > now - UNDO_FOR

    @property
    def undo_until(self):
        """The UTC instant until which it can be undone."""
        return self.merged_at + UNDO_FOR
