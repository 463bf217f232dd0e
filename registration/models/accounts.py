"""Organisers' accounts: our columns besides Django's, and mails to them until the worker has sent them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conference.models import RowQuerySet

from .direct_mails import DirectMail, DirectMailQuerySet


class AccountMailKind(models.TextChoices):
    """Why an account is written to."""

    NEW_PASSWORD = "password", _("New password")
    SECOND_FACTOR_RESET = "factor", _("Second factor removed")
    INVITATION = "invited", _("Invitation")
    NEEDS_WAIT = "needs", _("Access requests wait")


class Organiser(models.Model):
    """An account's time zone, and when it was invited. An account made by a command has no row at first."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="organiser", verbose_name=_("account")
    )
    time_zone = models.CharField(_("own clock"), max_length=64, blank=True)
    invited_at = models.DateTimeField(_("invited"), null=True, blank=True)

    objects = RowQuerySet.as_manager()

    class Meta:
        verbose_name = _("organiser")
        verbose_name_plural = _("organisers")

    def __str__(self):
        return str(self.user)


class AccountLetterQuerySet(DirectMailQuerySet):
    def of_kind(self, kind):
        """Mails of one `AccountMailKind`."""
        return self.filter(kind=kind)


class AccountLetter(DirectMail):
    """One mail to one account, without its text: the link in it is made when it is sent."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, verbose_name=_("account"))
    kind = models.CharField(_("kind"), max_length=10, choices=AccountMailKind)

    objects = AccountLetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail to an account")
        verbose_name_plural = _("mails to accounts")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=AccountMailKind.values), name="account_letter_is_known")
        ]

    def __str__(self):
        return self.get_kind_display()
