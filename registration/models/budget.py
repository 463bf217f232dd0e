"""What mails have cost: those that a form or a button caused, and how fast more may follow."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from conference.models import RowQuerySet


class SpentMailQuerySet(RowQuerySet):
    pass


class SpentMail(models.Model):
    """One mail to a mailbox that somebody caused on our pages. The keys are keyed hashes: no address can be read."""

    mailbox = models.CharField(_("mailbox"), max_length=64)
    # Empty where anyone could cause it; else the person whose page did.
    person = models.CharField(_("person"), max_length=64, blank=True)
    # The mail, which may be deleted before this row; empty where an address that nobody uses got none.
    message_id = models.CharField(max_length=200, blank=True)
    due_at = models.DateTimeField(_("may leave"))

    objects = SpentMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail that was asked for")
        verbose_name_plural = _("mails that were asked for")
        indexes = [models.Index(fields=["mailbox", "due_at"], name="spent_mail_by_mailbox")]

    def __str__(self):
        return f"{self.due_at:%Y-%m-%d %H:%M}"


class PaceQuerySet(RowQuerySet):
    def for_key(self, name, key):
        return self.filter(name=name, key=key)


class Pace(models.Model):
    """How far ahead of time the mails of a network, to a domain or of the whole site are. The key is a keyed hash."""

    name = models.CharField(_("limit"), max_length=30)
    key = models.CharField(_("key"), max_length=64)
    free_at = models.DateTimeField(_("free again"))

    objects = PaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("pace of mails")
        verbose_name_plural = _("paces of mails")
        constraints = [models.UniqueConstraint(fields=["name", "key"], name="pace_once_per_key")]

    def __str__(self):
        return self.name
