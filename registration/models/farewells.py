"""Addresses of deleted people, until they have been told so."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .direct_mails import DirectMail, DirectMailQuerySet


class Farewell(DirectMail):
    """The last mail to a person whose data was deleted: only the address, deleted once the mail is sent."""

    email = models.EmailField(_("address"), max_length=254)
    language = models.CharField(_("language"), max_length=12)

    objects = DirectMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("last mail to a deleted person")
        verbose_name_plural = _("last mails to deleted people")

    def __str__(self):
        return str(_("Last mail"))
