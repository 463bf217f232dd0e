"""Registrations: one person on one day."""

import uuid
from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from conference.models import Day, RowQuerySet, prepared
from conference.scripts import labelled
from registration.status import HOLDS_PLACE, LIVE, CancelledBy, News, Status

from .registrants import Registrant


class RegistrationQuerySet(RowQuerySet):
    def for_person(self, registrant):
        """All registrations of one person, in the order of the days; the current one is the last of a day."""
        return self.filter(registrant=registrant).rounds_in_order("day__number")

    def rounds_in_order(self, *first):
        """Order by the columns `first`, then one person's rows for one day as they ended, a live one last.

        Not by key alone: two sign-ups of one person that became one (`services.merges`) have rows of the same age.
        """
        return self.order_by(*first, models.F("cancelled_at").asc(nulls_last=True), "pk")

    def for_day(self, day):
        return self.filter(day=day)

    def on_days(self, days):
        """Rows of any of these days, or of days with these keys."""
        return self.filter(day__in=days)

    def for_edition(self, conference):
        """Everything at one edition."""
        return self.filter(day__conference=conference)

    def for_people(self, people):
        """All registrations of several people (a QuerySet)."""
        return self.filter(registrant__in=people.values("pk")).order_by("registrant", "day__number", "pk")

    def listed_for_edition(self, conference):
        """As `for_edition`, for lists with another order: a join would sort all rows before it returns a hundred."""
        days = Day.objects.filter(pk=models.OuterRef("day_id"), conference=conference)
        return self.filter(models.Exists(days))

    def from_country(self, code):
        return self._of(Registrant.objects.from_country(code))

    def with_language(self, code):
        return self._of(Registrant.objects.with_language(code))

    def matching(self, words):
        """Registrations of people whose name or address holds each of the words; all if there are no words.

        One query at once, for the people: of a few of them the registrations are looked up, not asked one by one.
        """
        if not words.strip():
            return self
        people = Registrant.objects.matching(words)
        few = people.keys_if_few()
        return self._of(people) if few is None else self.filter(registrant__in=few)

    def _of(self, people):
        """Registrations of these people by subquery: a join would sort all of them before it returns a hundred."""
        return self.filter(models.Exists(people.filter(pk=models.OuterRef("registrant_id"))))

    def counted_by_day(self):
        """Return {day's key: {status: number of registrations}} in one query.

        A registration that ended because the day was called off is not a cancellation.
        """
        counts = {}
        rows = self.exclude(cancelled_by=CancelledBy.DAY).order_by()
        for day, status, number in rows.values_list("day", "status").annotate(number=models.Count("*")):
            counts.setdefault(day, {})[status] = number
        return counts

    def numbers_by_day(self):
        """Return {day's key: {status: number, "came": number}} as `counted_by_day`, in one query."""
        counts = {}
        rows = self.exclude(cancelled_by=CancelledBy.DAY).order_by().values_list("day", "status")
        # Counts rows, not keys: a key is not part of the index of these columns.
        numbered = rows.annotate(number=models.Count("*"), came=models.Count("attended_at"))
        for day, status, number, came in numbered:
            of_day = counts.setdefault(day, {})
            of_day[status] = number
            of_day["came"] = of_day.get("came", 0) + came
        return counts

    def invited(self):
        """Rows of which some version of the invite was queued."""
        return self.filter(is_invited=True)

    def with_entries(self, now):
        """Rows whose entry a calendar may have, of days that are not over at the UTC instant `now`."""
        return self.confirmed().invited().not_over(now)

    def live(self):
        """Rows that have not ended."""
        return self.filter(status__in=LIVE)

    def pending(self):
        return self.filter(status=Status.PENDING)

    def not_pending(self):
        return self.exclude(status=Status.PENDING)

    def confirmed(self):
        return self.filter(status=Status.CONFIRMED)

    def had_a_place(self):
        """Rows that have or had a place."""
        return self.filter(confirmed_at__isnull=False)

    def places_once(self):
        """As `had_a_place`, without a row that ended and went on as another, with the same time of confirmation."""
        later = Registration.objects.filter(
            registrant=models.OuterRef("registrant"),
            day=models.OuterRef("day"),
            confirmed_at=models.OuterRef("confirmed_at"),
            pk__gt=models.OuterRef("pk"),
        )
        return self.had_a_place().filter(Q(cancelled_at=None) | ~models.Exists(later))

    def waitlisted(self):
        return self.filter(status=Status.WAITLISTED)

    def times_of_day(self):
        """Return the columns of the times that the person knows, for an update to the day's current times."""
        day = Day.objects.filter(pk=models.OuterRef("day_id"))
        return {
            "invited_starts_at": models.Subquery(day.values("starts_at")),
            "invited_ends_at": models.Subquery(day.values("ends_at")),
        }

    def came(self):
        """Rows of people who went through the door to the meeting."""
        return self.filter(attended_at__isnull=False)

    def did_not_come(self):
        return self.filter(attended_at__isnull=True)

    def newest_of_same(self, row):
        """All rows for the person and the day of `row`, the current one first, otherwise the last that ended."""
        rows = self.filter(registrant=row.registrant_id, day=row.day_id)
        return rows.order_by(models.F("cancelled_at").desc(nulls_first=True), "-pk")

    def holding_places(self):
        """Rows that count against a day's capacity."""
        return self.filter(status__in=HOLDS_PLACE)

    def in_queue_order(self):
        """The waiting list, first in line first: by the instant they confirmed."""
        return self.order_by("waitlisted_at", "pk")

    def last_turn(self):
        """The UTC instant at which the last in line confirmed; None if nobody waits."""
        return self.waitlisted().aggregate(last=models.Max("waitlisted_at"))["last"]

    def with_news(self):
        """Rows whose people have not been written to yet about a change of the day, oldest first."""
        return self.exclude(news="").order_by("pk")

    def waited_only(self):
        return self.filter(confirmed_at=None, waitlisted_at__isnull=False)

    def cancelled(self):
        return self.filter(status=Status.CANCELLED)

    def not_on_days(self, days):
        """Rows of other days than these (a QuerySet of keys)."""
        return self.exclude(day__in=days)

    def with_this_news(self, news):
        return self.filter(news=news)

    def to_hear_of(self):
        """Rows about which a mail may be written: with a place, on a waiting list, or with news."""
        return self.filter(~Q(news="") | Q(status__in=(Status.CONFIRMED, Status.WAITLISTED)))

    def untold(self):
        """Rows that ended with their day, of whose end nobody heard: it is still to be told, or never would be."""
        never_told = Q(confirmed_at=None, waitlisted_at=None)
        return self.filter(Q(news=News.CALLED_OFF) | never_told, cancelled_by=CancelledBy.DAY)

    def invited_to(self, starts_at, ends_at):
        """Rows of people whose newest mail about the day has these times."""
        return self.filter(invited_starts_at=starts_at, invited_ends_at=ends_at)

    def ended_with_day(self):
        """Rows that ended because their day was called off, also if a later row followed."""
        return self.filter(cancelled_by=CancelledBy.DAY)

    def with_states(self, states):
        return self.filter(status__in=states)

    def taking_place(self):
        """Rows of days that are not called off."""
        return self.filter(day__called_off_at=None)

    def not_over(self, now):
        """Rows of days that end after the UTC instant `now`."""
        return self.filter(day__ends_at__gt=now)

    def with_status(self, status):
        """Rows of a status, as `counted_by_day` counts them."""
        return self.filter(status=status).exclude(cancelled_by=CancelledBy.DAY)

    def to_confirm(self, now):
        """Rows without a place yet, of days that are neither over at the UTC instant `now` nor called off."""
        return self.with_states((Status.PENDING, Status.WAITLISTED)).taking_place().not_over(now)

    def count_for_confirming(self, now):
        """Return how many rows are `to_confirm`, and how many of days that are over, or called off."""
        over = Q(day__ends_at__lte=now) | Q(day__called_off_at__isnull=False)
        return self.order_by().to_confirm(now).count(), self.order_by().filter(over).count()

    def told_when_cancelled(self):
        """Live rows whose people get a mail when an organiser cancels: their address is verified."""
        return self.live().filter(Q(confirmed_at__isnull=False) | Q(registrant__verified_at__isnull=False))

    def count_for_cancelling(self):
        """Return how many rows there are, how many of a day in a calendar, and how many others with a mail in words."""
        in_words = Q(is_invited=False, registrant__verified_at__isnull=False)
        numbers = {"all": Count("pk"), "invited": Count("pk", filter=Q(is_invited=True))}
        found = self.order_by().aggregate(**numbers, told=Count("pk", filter=in_words))
        return found["all"], found["invited"], found["told"]

    def told_of_end(self):
        """Live rows whose people get a mail when the day is called off: they think that it takes place."""
        return self.live().not_pending().exclude(news=News.RESTORED)

    def told_of_return(self):
        """Rows that ended with their day, whose people get a mail when it takes place after all: they know it ended."""
        return self.filter(news="").exclude(confirmed_at=None, waitlisted_at=None)

    def ended_with(self, days):
        """Rows that ended when these days were called off, the last time."""
        of_days = [Q(day=day, cancelled_at=day.called_off_at) for day in days]
        return self.filter(reduce(or_, of_days), cancelled_by=CancelledBy.DAY)

    def called_off_at(self, called_off_at):
        """Rows that ended when their day was called off at that UTC instant."""
        return self.filter(cancelled_by=CancelledBy.DAY, cancelled_at=called_off_at).order_by("pk")

    def known_as(self, reference):
        """The registration with this reference."""
        return self.filter(reference=reference)

    def with_sessions(self):
        """Their days' sessions, loaded in one more query."""
        return self.prefetch_related("day__sessions")

    def with_people(self):
        return self.select_related("registrant__conference", "day__conference")


class Registration(models.Model):
    """One person on one day. A cancelled row stays; a person who comes back gets a new one."""

    registrant = models.ForeignKey(
        Registrant, on_delete=models.CASCADE, related_name="registrations", verbose_name=_("person")
    )
    day = models.ForeignKey(Day, on_delete=models.PROTECT, related_name="registrations", verbose_name=_("day"))
    reference = models.UUIDField(_("reference"), default=uuid.uuid4, unique=True, editable=False)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.PENDING)
    created_at = models.DateTimeField(_("asked for"))
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    waitlisted_at = models.DateTimeField(_("on the waiting list since"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    cancelled_by = models.CharField(_("cancelled by"), max_length=10, choices=CancelledBy, blank=True)
    attended_at = models.DateTimeField(
        _("came"), null=True, blank=True, help_text=_("When they first went through the door to the meeting.")
    )
    # RFC 5545 §3.8.4.7: random, and the same in every update; a person who comes back has a new row with a new UID.
    invite_uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # RFC 5545 §3.8.7.4: raised in the transaction that queues the new version, never taken from a clock.
    invite_sequence = models.PositiveIntegerField(default=0, editable=False)
    # Whether some version of the invite was queued: then a calendar may have an entry to change or remove.
    is_invited = models.BooleanField(default=False, editable=False)
    # The start and end in the newest queued version of the invite, from which this person sees the day move.
    invited_starts_at = models.DateTimeField(null=True, editable=False)
    invited_ends_at = models.DateTimeField(null=True, editable=False)
    # Set in the transaction that changed the day; the worker writes the mail and clears it (services.day_changes).
    news = models.CharField(max_length=10, choices=News, blank=True, editable=False)

    has_line: bool  # of `pending_days` alone

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        ordering = ["day", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["registrant", "day"],
                condition=Q(status__in=LIVE),
                name="registration_one_live_per_person_and_day",
                violation_error_message=_("This person is already on that day."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=Status.values),
                name="registration_status_is_known",
                violation_error_message=_("That is not a status a registration can have."),
            ),
            models.CheckConstraint(
                condition=Q(status=Status.CANCELLED, cancelled_at__isnull=False)
                | (~Q(status=Status.CANCELLED) & Q(cancelled_at__isnull=True)),
                name="registration_cancelled_has_its_time",
                violation_error_message=_(
                    "A cancelled registration needs the time it was cancelled, others have none."
                ),
            ),
            models.CheckConstraint(
                condition=(Q(status=Status.CANCELLED) & ~Q(cancelled_by=""))
                | (~Q(status=Status.CANCELLED) & Q(cancelled_by="")),
                name="registration_cancelled_names_by_whom",
                violation_error_message=_("A cancelled registration says who cancelled it, others do not."),
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.CONFIRMED) | Q(confirmed_at__isnull=False),
                name="registration_confirmed_has_its_time",
                violation_error_message=_("A confirmed registration needs the time it was confirmed."),
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.WAITLISTED) | Q(waitlisted_at__isnull=False),
                name="registration_waitlisted_has_its_time",
                violation_error_message=_("A place on the waiting list needs the time it was taken."),
            ),
        ]
        indexes = [
            models.Index(fields=["day", "status", "waitlisted_at"], name="registration_queue"),
            models.Index(fields=["id"], condition=~Q(news=""), name="registration_news"),
            # For the organisers' numbers and list, with 300,000 rows in them.
            models.Index(fields=["day", "status", "cancelled_by", "attended_at"], name="registration_numbers"),
            models.Index(fields=["-created_at", "-id"], name="registration_newest"),
        ]

    def __str__(self):
        return labelled(f"{self.registrant}, {self.day.label}", self.get_status_display())

    @property
    def ended_unconfirmed(self):
        """Whether its day was called off before the person had confirmed."""
        return self.cancelled_by == CancelledBy.DAY and self.confirmed_at is None and self.waitlisted_at is None

    @property
    def is_pending(self):
        return self.status == Status.PENDING

    @property
    def is_confirmed(self):
        return self.status == Status.CONFIRMED

    @property
    def is_waitlisted(self):
        return self.status == Status.WAITLISTED

    @property
    def is_cancelled(self):
        return self.status == Status.CANCELLED

    @property
    def is_live(self):
        return self.status in LIVE


@prepared
def days_of_person(registrant):
    """All registrations of one person."""
    return Registration.objects.for_person(registrant)


@prepared
def pending_days(registrant):
    """One person's pending registrations, each with `has_line`: whether people wait for a place on its day."""
    line = Registration.objects.filter(day=models.OuterRef("day")).waitlisted()
    return Registration.objects.for_person(registrant).pending().annotate(has_line=models.Exists(line))


@prepared
def pending_day_keys(registrant):
    """The keys of those days."""
    return Registration.objects.filter(registrant=registrant).pending().order_by().values_list("day_id")


@prepared
def with_person_and_day(key):
    """The registration with this key, its person and their edition, and the day, whose edition is the same."""
    return Registration.objects.with_id(key).select_related("registrant__conference", "day")


@prepared
def live_statuses(registrant):
    """(Day's key, status) of a person's live registrations."""
    return Registration.objects.filter(registrant=registrant).live().order_by().values_list("day_id", "status")
