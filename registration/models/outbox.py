"""The outbox: every mail as a row that commits with the change that caused it."""

from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Lower, NullIf
from django.utils.translation import gettext_lazy as _

from conference.models import RowQuerySet, prepared
from registration.addresses import ascii_address
from registration.status import (
    CALENDAR_KINDS,
    MAIL_TRANSITIONS,
    Letter,
    MailFault,
    MailKind,
    MailState,
    check_transition,
)

from .broadcasts import Broadcast
from .registrants import Registrant
from .registrations import Registration

# An equality instead of NOT (... = ...), which PostgreSQL expects to match most rows, so it would not use the index.
HAS_CAPITALS = Q(to_email=NullIf("to_email", Lower("to_email")))


@dataclass(frozen=True)
class Backlog:
    """Mails that have not left, in numbers; `oldest_due` is when the first urgent one should have left (UTC)."""

    queued: int
    dead: int
    held_back: int
    by_fault: dict
    oldest_due: datetime | None


class OutboxQuerySet(RowQuerySet):
    def queued(self):
        return self.filter(state=MailState.QUEUED)

    def not_begun(self):
        """Mails that certainly have not left: queued, and no try is in progress or ended without a reply."""
        return self.queued().filter(lease=None)

    def never_tried(self):
        return self.not_begun().filter(attempts=0)

    def put_off_from_after(self, now):
        """Mails that wait for an instant after `now` (UTC), and may do so by a clock that was past `now`.

        Not one that a worker took after the clock was corrected, nor one that the budget held back since then. Another
        one that waits for its next try gets it early, which does no harm.
        """
        is_in_no_hand = Q(is_held_back=False) & (Q(lease=None) | Q(tried_at=None))
        return self.queued().filter(Q(tried_at__gt=now) | Q(created_at__gt=now) | is_in_no_hand, due_at__gt=now)

    def unsent(self):
        """Mails that wait, as `not_begun`, or were given up: organisers may have these tried again."""
        return self.filter(Q(state=MailState.QUEUED, lease=None) | Q(state=MailState.DEAD))

    def possibly_sent(self):
        """Mails that were sent, or may have been."""
        return self.filter(Q(state=MailState.SENT) | Q(state=MailState.QUEUED, lease__isnull=False))

    def with_entry(self):
        """Mails with a version of a calendar entry in them."""
        return self.filter(sequence__isnull=False)

    def held_back(self):
        """Mails that the budget delays."""
        return self.filter(is_held_back=True)

    def for_person(self, registrant):
        return self.filter(registrant=registrant)

    def for_address(self, email):
        return self.filter(to_email__iexact=ascii_address(email))

    def for_registration(self, registration):
        return self.filter(registration=registration)

    def of_kind(self, *kinds):
        return self.filter(kind__in=kinds)

    def versions_of_invite(self, registration):
        """Mails that carry or would carry one registration's calendar entry, oldest first."""
        return self.for_registration(registration).of_kind(*CALENDAR_KINDS).order_by("pk")

    def written_at(self, instant):
        """Mails written at this UTC instant: those of one act, which passes the same `now` to all of them."""
        return self.filter(created_at=instant)

    def newer_than(self, row):
        return self.filter(pk__gt=row.pk)

    def due(self, now):
        """Mails that may be sent at the UTC instant `now`, longest due first.

        A mail goes only when no earlier one to the same person waits, so a CANCEL never overtakes its REQUEST. Mail
        to a new address does not wait for an old one that may not work any more. One that the budget holds back stops
        no other: a newer version of the same entry takes its place in any case.
        """
        same = {"registrant": OuterRef("registrant"), "to_email": OuterRef("to_email")}
        # Not NOT EXISTS: PostgreSQL turns that into a join, and may read the whole queue for each mail.
        in_line = self.model.objects.queued().filter(Q(is_held_back=False) | Q(due_at__lte=now), **same)
        first = in_line.order_by("pk").values("pk")[:1]
        is_first = Q(registrant=None) | Q(pk=Subquery(first))
        makes_sense = Q(expires_at=None) | Q(expires_at__gt=now)
        return self.queued().filter(is_first, makes_sense, due_at__lte=now).order_by("due_at", "pk")

    def urgent(self):
        """All except mails to many, which wait until nothing else is due."""
        return self.filter(is_bulk=False)

    def bulk(self):
        return self.filter(is_bulk=True)

    def any_due(self, now):
        """Whether anything may be sent at the UTC instant `now`. Each half has an index of its own."""
        return self.due(now).urgent().exists() or self.due(now).bulk().exists()

    def promote_bulk(self, now):
        """Let a mail to many go with the others if another mail to the same person, due at `now`, waits for it.

        Returns how many these are.
        """
        behind = self.queued().urgent().filter(due_at__lte=now, registrant__isnull=False)
        people = list(behind.values_list("registrant", flat=True).distinct()[:1000])
        return self.queued().bulk().filter(registrant__in=people).update(is_bulk=False) if people else 0

    def for_broadcast(self, broadcast):
        return self.filter(broadcast=broadcast)

    def for_everybody(self):
        """Mails that all organisers may see: not those of messages to people with access needs."""
        return self.exclude(broadcast__is_about_needs=True)

    def in_trouble(self):
        """Mails that were refused for good, then those that wait for another try, each the newest first."""
        return self.filter(Q(state=MailState.DEAD) | Q(state=MailState.QUEUED, last_error__gt="")).order_by(
            "state", "-pk"
        )

    def in_state(self, state):
        return self.filter(state=state)

    def sent_since(self, instant):
        return self.filter(state=MailState.SENT, finished_at__gt=instant)

    def withdrawn_since(self, instant):
        return self.filter(state=MailState.WITHDRAWN, finished_at__gte=instant)

    def lock_unheld(self):
        """Lock those of these rows that no other worker is about to take. SQLite has one writer at a time."""
        return self.select_for_update(of=("self",), skip_locked=True)

    def for_edition(self, conference):
        """Mails to the people of one edition."""
        return self.filter(registrant__conference=conference)

    def listed_for_edition(self, conference):
        """As `for_edition`, for lists with another order: a join would sort all rows before it returns a hundred."""
        people = Registrant.objects.filter(pk=OuterRef("registrant_id"), conference=conference)
        return self.filter(models.Exists(people))

    def after(self, pk):
        """Mails queued later than the one with that key; None is before all."""
        return self.filter(pk__gt=pk or 0)

    def for_people(self, people):
        """Mails to any of several people, given as keys."""
        return self.filter(registrant__in=people)

    def counted_by_state(self):
        """Return {state: number of mails} in one query."""
        return dict(self.order_by().values_list("state").annotate(models.Count("pk")))

    def counted_by_fault(self):
        """Return {fault: number of mails that wait because of it} in one query."""
        rows = self.queued().exclude(fault="").order_by()
        return dict(rows.values_list("fault").annotate(models.Count("pk")))

    def backlog(self):
        """Return the Backlog, in one query of what waits or was given up."""
        rows = self.filter(state__in=(MailState.QUEUED, MailState.DEAD)).order_by()
        numbers = {"queued": 0, "dead": 0, "held_back": 0}
        by_fault, oldest = {}, []
        groups = rows.values_list("state", "fault", "is_held_back", "is_bulk")
        numbered = groups.annotate(models.Count("pk"), models.Min("due_at"))
        for state, fault, is_held_back, is_bulk, number, due_at in numbered:
            numbers[state] += number
            if state == MailState.QUEUED:
                numbers["held_back"] += number if is_held_back else 0
                by_fault[fault] = by_fault.get(fault, 0) + number
                oldest += [] if is_bulk else [due_at]
        return Backlog(**numbers, by_fault=by_fault, oldest_due=min(oldest, default=None))

    def last_left_at(self):
        """The UTC instant at which the last mail was sent, or None."""
        sent = self.filter(state=MailState.SENT).order_by("-finished_at")
        return sent.values_list("finished_at", flat=True).first()

    def newest_key(self):
        return self.aggregate(newest=models.Max("pk"))["newest"]

    def matching(self, words):
        """Mails to people whose name or address holds each of the words, or to an address that does; all for none.

        One query at once, as `Registration.objects.matching`.
        """
        if not words.strip():
            return self
        people = Registrant.objects.matching(words)
        few = people.keys_if_few()
        of_them = people.filter(pk=OuterRef("registrant_id"))
        to_them = Q(models.Exists(of_them)) if few is None else Q(registrant__in=few)
        if len(words.split()) > 1:  # no address contains a space, and searching all of them takes long
            return self.filter(to_them)
        return self.filter(to_them | self._to_address_with(words.strip()))

    def _to_address_with(self, text):
        """The condition for addresses that hold a text, in any case.

        Few contain a capital, and a partial index has these: lower-casing all 100,000 would take most of the time.
        """
        capitals = self.model.objects.filter(HAS_CAPITALS, to_email__icontains=text)
        few = capitals.keys_if_few()
        keys = capitals.values("pk") if few is None else few
        return Q(to_email__contains=text.lower()) | Q(pk__in=keys)

    def newest_first(self):
        return self.order_by("-pk")

    def with_people(self):
        return self.select_related("registrant")

    def withdraw(self, now):
        """Take these mails back at the UTC instant `now`, unless they are done. Returns how many it took back."""
        return self.filter(state__in=CAN_BE_WITHDRAWN).update(
            **new_state(MailState.WITHDRAWN, was=CAN_BE_WITHDRAWN, now=now)
        )


CAN_BE_WITHDRAWN = tuple(state for state in MailState if MailState.WITHDRAWN in MAIL_TRANSITIONS[state])


def new_state(state, *, was, now):
    """Return the columns to update when mails change to `state` at the UTC instant `now`.

    `was` are the states they may be in; the caller's query finds no others. No other code writes a mail's state.
    Raises ImpossibleTransition if MAIL_TRANSITIONS does not allow one of these steps.
    """
    for old in was:
        check_transition(MAIL_TRANSITIONS, old, state)
    if state == MailState.QUEUED:
        return {"state": state, "finished_at": None, "lease": None}
    return {"state": state, "finished_at": now, "lease": None, "fault": ""}


class OutboxMessage(models.Model):
    """One mail: which letter, to whom, and the facts that must not change between two tries to send it.

    The worker writes the letter when its turn comes (`letters.writing`), so the row is small and holds no link.
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
    broadcast = models.ForeignKey(
        Broadcast, on_delete=models.CASCADE, related_name="mails", verbose_name=_("message"), null=True, blank=True
    )
    kind = models.CharField(_("kind"), max_length=20, choices=MailKind)
    letter = models.CharField(max_length=20, choices=Letter, editable=False)
    language = models.CharField(max_length=12, editable=False)
    state = models.CharField(_("state"), max_length=12, choices=MailState, default=MailState.QUEUED)
    to_email = models.EmailField(_("to"), max_length=254)
    # Known once the letter is written, so empty while the mail waits.
    subject = models.CharField(_("subject"), max_length=300, blank=True)
    # One mail, one Message-ID, however often it is tried (RFC 5322 §3.6.4), so a mail client can drop a second copy.
    message_id = models.CharField(max_length=200, unique=True, editable=False)
    # Also DTSTAMP of a calendar entry (RFC 5545 §3.8.7.2).
    created_at = models.DateTimeField(_("queued"))
    # While a worker tries to send it, this is when its lease runs out: then another worker takes the mail.
    due_at = models.DateTimeField(_("next try"))
    expires_at = models.DateTimeField(_("of no use after"), null=True, blank=True)
    # Whether it was due later from the start (abuse/budget.py): then later mails to the person do not wait for it.
    is_held_back = models.BooleanField(default=False, editable=False)
    # One of a mail to many: it leaves when nothing else is due.
    is_bulk = models.BooleanField(default=False, editable=False)
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    tried_at = models.DateTimeField(_("last try"), null=True, blank=True, editable=False, db_index=True)
    # Set while a try is under way, and kept if nobody knows how it ended (a worker died, a line broke after the last
    # byte): such a mail may have arrived, so it can no longer be taken back.
    lease = models.UUIDField(null=True, editable=False)
    finished_at = models.DateTimeField(_("done"), null=True, blank=True)
    last_error = models.TextField(_("what went wrong"), blank=True)
    fault = models.CharField(_("waits because"), max_length=10, choices=MailFault, blank=True)
    # A version of a calendar entry: its SEQUENCE (empty for words alone), the day's times in it, and the times the
    # person knew before (empty: this is the first they hear).
    sequence = models.PositiveIntegerField(null=True, editable=False)
    starts_at = models.DateTimeField(null=True, editable=False)
    ends_at = models.DateTimeField(null=True, editable=False)
    was_starts_at = models.DateTimeField(null=True, editable=False)
    was_ends_at = models.DateTimeField(null=True, editable=False)
    # The letter's other rows, as primary keys: {"registrations": [...]}, {"people": [...]} or {"need": ...}.
    facts = models.JSONField(default=dict, blank=True, editable=False)

    # No columns: a worker's notes on a mail that it took (mail/leases.py).
    due_before_lease: datetime
    may_have_arrived: bool = False

    objects = OutboxQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
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
            models.CheckConstraint(
                condition=Q(letter__in=Letter.values),
                name="mail_letter_is_known",
                violation_error_message=_("That is not a letter that the site can write."),
            ),
            models.CheckConstraint(
                condition=Q(sequence=None)
                | Q(registration__isnull=False, starts_at__isnull=False, ends_at__isnull=False),
                name="mail_entry_has_its_day_and_times",
                violation_error_message=_("A calendar entry needs its registration and the day's times."),
            ),
            models.UniqueConstraint(
                fields=["broadcast", "registrant"],
                condition=Q(broadcast__isnull=False),
                name="mail_once_per_message_and_person",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(state=MailState.QUEUED, is_bulk=False), name="mail_due"),
            models.Index(
                fields=["due_at", "id"], condition=Q(state=MailState.QUEUED, is_bulk=True), name="mail_due_bulk"
            ),
            models.Index(fields=["registrant", "id"], condition=Q(state=MailState.QUEUED), name="mail_order"),
            models.Index(fields=["-finished_at"], condition=Q(state=MailState.SENT), name="mail_last_sent"),
            models.Index(fields=["state"], condition=~Q(state=MailState.SENT), name="mail_not_sent"),
            models.Index(fields=["fault"], condition=Q(state=MailState.QUEUED) & ~Q(fault=""), name="mail_fault"),
            models.Index(fields=["to_email"], condition=HAS_CAPITALS, name="mail_to_capitals"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} ({self.get_state_display()})"

    @property
    def was(self):
        """(start, end) as the person knew them before this mail, UTC instants; None for the first they hear."""
        return None if self.was_starts_at is None else (self.was_starts_at, self.was_ends_at)

    @property
    def is_dead(self):
        return self.state == MailState.DEAD


@prepared
def held_back_questions(conference, email_key):
    """The mails held back that ask people at an address to confirm, and have not begun to leave."""
    people = Registrant.objects.for_edition(conference).filter(email_key=email_key)
    rows = OutboxMessage.objects.for_people(people.values("pk")).of_kind(MailKind.PLEASE_CONFIRM)
    return rows.not_begun().held_back()


@prepared
def note_sent(key, lease, now, subject):
    """Note that the mail with this key and lease left at the UTC instant `now`, with its subject."""
    # Only queued mails have a lease. Filtering by state too makes PostgreSQL use the index of all queued mails.
    done = new_state(MailState.SENT, was=[MailState.QUEUED], now=now)
    return OutboxMessage.objects.filter(pk=key, lease=lease), done | {"last_error": "", "subject": subject}


@prepared
def withdraw_unsent_links(conference, email_key, now):
    """Take back, at the UTC instant `now`, the mails with links for an address that have not left."""
    people = Registrant.objects.for_edition(conference).filter(email_key=email_key)
    rows = OutboxMessage.objects.for_people(people.values("pk")).of_kind(MailKind.LINK)
    return rows.not_begun(), new_state(MailState.WITHDRAWN, was=[MailState.QUEUED], now=now)
