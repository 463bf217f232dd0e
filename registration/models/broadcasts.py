"""Mails that organisers write to many people: audience, words, time and result."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from conference.models import Conference, RowQuerySet
from registration.status import BroadcastState

from .audiences import Audience

# In the counts of a message that was stopped: people who match it, and for whom no mail was queued.
NEVER_QUEUED = "never queued"


class BroadcastQuerySet(RowQuerySet):
    def for_edition(self, conference):
        return self.filter(conference=conference)

    def asking(self):
        """Those that ask people once more to confirm."""
        return self.filter(asks_to_confirm=True)

    def to_particular_people(self):
        """Those that name the people they go to."""
        return self.exclude(audience__people=[])

    def for_everybody(self):
        """Those that all organisers may see: only the Access team may know who has needs."""
        return self.filter(is_about_needs=False)

    def drafts(self):
        return self.filter(state=BroadcastState.DRAFT)

    def past(self):
        """Messages that were sent, or will be."""
        return self.exclude(state=BroadcastState.DRAFT)

    def to_write(self, now):
        """Messages whose mails the worker should queue at the UTC instant `now`, the longest due first."""
        is_due = Q(state=BroadcastState.WAITING, leaves_at__lte=now) | Q(state=BroadcastState.WRITING)
        return self.filter(is_due).order_by("leaves_at", "pk")

    def unfinished(self):
        """Those whose mails are all queued or taken back, and of which some may still be on their way."""
        ended = (BroadcastState.LEAVING, BroadcastState.STOPPED, BroadcastState.DONE)  # the last: tried again by hand
        return self.filter(state__in=ended, finished_at=None)

    def finished_before(self, instant):
        return self.filter(finished_at__lt=instant)

    def drafted_before(self, instant):
        """Drafts that nobody changed since the UTC instant."""
        return self.drafts().filter(changed_at__lt=instant)

    def newest_first(self):
        return self.order_by("-pk")

    def with_authors(self):
        return self.select_related("author", "conference")


class Broadcast(models.Model):
    """One mail to many. Its words may change as long as it is a draft; the worker queues it in portions."""

    conference = models.ForeignKey(
        Conference, on_delete=models.CASCADE, related_name="broadcasts", verbose_name=_("conference")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, verbose_name=_("written by")
    )
    state = models.CharField(_("state"), max_length=10, choices=BroadcastState, default=BroadcastState.DRAFT)
    # `Audience.as_plain`. It contains no names, but may contain keys of people.
    audience = models.JSONField(_("to whom"), default=dict)
    is_about_needs = models.BooleanField(_("for the Access team alone"), default=False)
    # The only message to people who have not confirmed: they are asked once more, in our words.
    asks_to_confirm = models.BooleanField(_("asks to confirm"), default=False)
    # People who stopped messages that are not about their own place do not get one.
    is_about_places = models.BooleanField(_("about their own place"), default=True)
    # {language: {"subject": ..., "body": ...}}, in Markdown with fields (letters.message_fields).
    words = models.JSONField(_("words"), default=dict, blank=True)
    created_at = models.DateTimeField(_("begun"))
    changed_at = models.DateTimeField(_("changed"))
    # Until then it can be undone.
    leaves_at = models.DateTimeField(_("leaves"), null=True, blank=True)
    finished_at = models.DateTimeField(_("done"), null=True, blank=True)
    # The worker queues people in the order of their keys; those up to this one are done.
    last_key = models.BigIntegerField(default=0, editable=False)
    # {state of a mail, or NEVER_QUEUED: number}, kept when the mails' own rows go.
    counts = models.JSONField(default=dict, blank=True, editable=False)
    # When the author's own test was sent, to say whether the text has changed since.
    tested_at = models.DateTimeField(_("last test"), null=True, blank=True, editable=False)

    objects = BroadcastQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=BroadcastState.values), name="broadcast_state_is_known"),
            models.CheckConstraint(
                condition=Q(state=BroadcastState.DRAFT) | Q(leaves_at__isnull=False), name="broadcast_has_its_time"
            ),
        ]

    def __str__(self):
        if self.asks_to_confirm:
            return gettext("Please confirm")
        return self.subject or gettext("Message without a subject")

    @property
    def whom(self):
        return Audience.from_plain(self.audience)

    @property
    def subject(self):
        """The subject in the fallback language."""
        return self.words_in(self.fallback).get("subject", "")

    @property
    def languages(self):
        """The languages in which there are words, the site's own first."""
        return [code for code, _name in settings.LANGUAGES if any(self.words_in(code).values())]

    @property
    def fallback(self):
        """The language for people in whose own there are no words."""
        return next(iter(self.languages), settings.LANGUAGE_CODE)

    def words_in(self, language):
        """The words in one language: {"subject": ..., "body": ...}, or an empty dict."""
        return self.words.get(language, {})

    def language_for(self, language):
        """The language of the message for a reader who gets mails in `language`."""
        return language if language in self.languages else self.fallback

    @property
    def is_draft(self):
        return self.state == BroadcastState.DRAFT

    @property
    def is_waiting(self):
        return self.state == BroadcastState.WAITING

    @property
    def is_stopped(self):
        return self.state == BroadcastState.STOPPED

    @property
    def is_done(self):
        return self.state == BroadcastState.DONE

    @property
    def is_leaving(self):
        """Whether some of it has left, or may have, and more may follow."""
        return self.state in (BroadcastState.WRITING, BroadcastState.LEAVING)

    @property
    def is_all_queued(self):
        return self.state in (BroadcastState.LEAVING, BroadcastState.DONE, BroadcastState.STOPPED)
