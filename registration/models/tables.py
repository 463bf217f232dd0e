"""The columns that an organiser chose last for the table of people."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from conference.models import RowQuerySet


class TableColumnsQuerySet(RowQuerySet):
    def for_account(self, user):
        return self.filter(user=user)


class TableColumns(models.Model):
    """One account's choice, deleted with the account."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("organiser")
    )
    columns = models.JSONField(_("columns"), default=list)

    objects = TableColumnsQuerySet.as_manager()

    class Meta:
        verbose_name = _("chosen columns")
        verbose_name_plural = _("chosen columns")

    def __str__(self):
        return str(self.user)
