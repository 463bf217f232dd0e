"""Mails to the accounts of organisers, until the worker has sent them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class AccountMail(models.TextChoices):
    """Why an account is written to."""

    NEW_PASSWORD = "password", _("New password")
    SECOND_FACTOR_RESET = "factor", _("Second factor taken away")


class AccountLetterQuerySet(models.QuerySet):
    def oldest_first(self):
        return self.select_related("user").order_by("pk")

    def asked_before(self, instant):
        """Mails that could not be sent, from before the UTC instant."""
        return self.filter(asked_at__lt=instant)


class AccountLetter(models.Model):
    """One mail to one account. It holds no text: the link in it is made when it is sent."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, verbose_name=_("account"))
    kind = models.CharField(_("kind"), max_length=10, choices=AccountMail)
    asked_at = models.DateTimeField(_("asked"))

    objects = AccountLetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail to an account")
        verbose_name_plural = _("mails to accounts")
        constraints = [models.CheckConstraint(condition=Q(kind__in=AccountMail.values), name="account_letter_is_known")]

    def __str__(self):
        return self.get_kind_display()
