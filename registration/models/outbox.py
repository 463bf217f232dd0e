"""The outbox: every mail as a row that commits with the change that caused it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registration.status import MailKind, MailState

from .registrants import Registrant
from .registrations import Registration


class OutboxQuerySet(models.QuerySet):
    def queued(self):
        return self.filter(state=MailState.QUEUED)

    def to(self, registrant):
        return self.filter(registrant=registrant)

    def about(self, registration):
        return self.filter(registration=registration)

    def finished_before(self, instant):
        """Mails that were sent, given up or withdrawn before the UTC `instant`."""
        return self.filter(finished_at__lt=instant)

    def newest_first(self):
        return self.order_by("-pk")


class OutboxMessage(models.Model):
    """One mail, ready to send.

    It is rendered when it is queued, so that a template's fault stops what caused the mail, never the queue.
    """

    registrant = models.ForeignKey(
        Registrant, on_delete=models.CASCADE, related_name="mails", verbose_name=_("person"), null=True
    )
    registration = models.ForeignKey(
        Registration,
        on_delete=models.CASCADE,
        related_name="mails",
        verbose_name=_("registration"),
        null=True,
        blank=True,
    )
    kind = models.CharField(_("kind"), max_length=20, choices=MailKind)
    state = models.CharField(_("state"), max_length=12, choices=MailState, default=MailState.QUEUED)
    to_email = models.EmailField(_("to"), max_length=254)
    subject = models.CharField(_("subject"), max_length=300)
    # One mail, one Message-ID, however often it is tried (RFC 5322 §3.6.4), so a mail client can drop a second copy.
    message_id = models.CharField(max_length=200, unique=True, editable=False)
    # The mail's bytes (RFC 5322), emptied when they are no longer needed: they hold personal links.
    raw = models.BinaryField(editable=False)
    created_at = models.DateTimeField(_("queued"))
    due_at = models.DateTimeField(_("next try"))
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    # A worker that dies leaves its lease to run out; then another takes the mail.
    leased_until = models.DateTimeField(null=True, editable=False)
    lease = models.UUIDField(null=True, editable=False)
    finished_at = models.DateTimeField(_("done"), null=True, blank=True)
    last_error = models.TextField(_("what went wrong"), blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("outbox")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=MailState.values),
                name="mail_state_is_known",
                violation_error_message=_("That is not a state a mail can have."),
            ),
            models.CheckConstraint(
                condition=Q(state=MailState.QUEUED, finished_at__isnull=True)
                | (~Q(state=MailState.QUEUED) & Q(finished_at__isnull=False)),
                name="mail_done_has_its_time",
                violation_error_message=_("A mail that is done needs the time it was done, a waiting one has none."),
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(state=MailState.QUEUED), name="mail_due"),
            models.Index(fields=["registrant", "id"], condition=Q(state=MailState.QUEUED), name="mail_order"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} ({self.get_state_display()})"
