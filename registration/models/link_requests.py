"""Requests for lost links, until the worker has answered them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from conference.models import Conference, RowQuerySet


class LinkRequestQuerySet(RowQuerySet):
    def oldest_first(self):
        return self.select_related("conference").order_by("pk")


class LinkRequest(models.Model):
    """A request for the links of an address. The worker deletes the row once it has answered."""

    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, verbose_name=_("conference"))
    email = models.EmailField(_("address"), max_length=254)
    # The network it came from, for the pace of mails (`limits.network_of`).
    network = models.CharField(_("network"), max_length=64, blank=True)
    asked_at = models.DateTimeField(_("asked"))

    objects = LinkRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for a link")
        verbose_name_plural = _("requests for a link")

    def __str__(self):
        return str(_("Request for a link"))
