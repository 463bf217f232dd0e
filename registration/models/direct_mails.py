"""The columns of mails that go past the outbox: a row is deleted once its mail was sent."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conference.models import RowQuerySet


class DirectMailQuerySet(RowQuerySet):
    def due(self, now):
        """Mails that are due at the UTC instant `now`: not leased by a worker, nor postponed by a server."""
        return self.filter(Q(due_at=None) | Q(due_at__lte=now))


class DirectMail(models.Model):
    """A mail to one address. A worker moves `due_at` forward before it sends, so no other worker sends it too."""

    asked_at = models.DateTimeField(_("asked"))
    due_at = models.DateTimeField(_("next try"), null=True, blank=True)

    class Meta:
        abstract = True
