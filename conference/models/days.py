"""Days of an edition, each with its own registration, and their dates as announced by region."""

from datetime import timedelta

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import connection, models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from conference.clock import region_words

from .access import AccessOffers
from .editions import Conference
from .from_file import FromFile
from .rows import RowQuerySet
from .translations import Translated, TranslatedText

# The first key of the advisory locks of days; the second is the day's primary key.
QUEUE = 1
HIGHEST_DAY = 31
READ = "SELECT * FROM conference_day WHERE id IN (%s) ORDER BY id"
# The inner SELECT runs first, completely and in order: the advisory locks come before the row locks.
SHARED = """
WITH queue AS MATERIALIZED (
    SELECT id, pg_advisory_xact_lock_shared(%%s, id::int)
    FROM (SELECT id FROM conference_day WHERE id IN (%s) ORDER BY id) AS asked
)
SELECT * FROM conference_day WHERE id IN (SELECT id FROM queue) ORDER BY id FOR SHARE
"""


class DayQuerySet(RowQuerySet):
    def published(self):
        """Days that the public may read."""
        return self.filter(conference__is_published=True)

    def for_edition(self, conference):
        """The days of one edition, in order."""
        return self.filter(conference=conference).in_order()

    def in_order(self):
        return self.order_by("conference_id", "number")

    def newest_edition_first(self):
        """For organisers' lists: with the edition loaded, the days of each in order."""
        return self.select_related("conference").order_by("-conference__slug", "number")

    def numbered(self, numbers):
        """The days with one of `numbers`."""
        return self.filter(number__in=numbers)

    def starting_within(self, since, until):
        """Days that take place and start after the UTC instant `since` and by `until`, the earliest first."""
        return self.filter(called_off_at=None, starts_at__gt=since, starts_at__lte=until).order_by("starts_at", "pk")

    def with_conference(self):
        return self.select_related("conference")

    def with_announced_dates(self):
        return self.prefetch_related("announced_dates")

    def with_sessions(self):
        """Prefetch sessions, without their people."""
        return self.prefetch_related("sessions")

    def with_program(self):
        """Prefetch announced dates, sessions and their people, in four more queries."""
        return self.prefetch_related("sessions__appearances__speaker", "announced_dates")

    def shared(self, ids):
        """Return the days whose primary keys are in `ids`, a list or (SQL, parameters), held as they are until the end.

        Any number of transactions may hold a day; `locked` waits for all of them, and they wait for it. Enough if no
        limited place is taken. Not a QuerySet, because Django has no FOR SHARE. A request made after `locked_in_turn`
        waits behind it.
        """
        among, values = (", ".join(["%s"] * len(ids)), ids) if isinstance(ids, list) else ids
        if connection.vendor == "sqlite":
            return list(self.raw(READ % among, values))
        return list(self.raw(SHARED % among, [QUEUE, *values]))

    def locked_in_turn(self, pk):
        """Lock the day with this key and return it. Later requests for the lock queue behind this one.

        PostgreSQL grants a shared row lock even while another transaction waits for an exclusive one, so a stream of
        sign-ups would starve an organiser. Its advisory locks have a fair queue. Call this before you lock a row of a
        day, or you and the queue would deadlock.
        """
        _take_turn([pk])
        return self.with_ids([pk]).locked().get()

    def lock_in_turn(self):
        """Lock these days as `locked_in_turn` does, and return them."""
        _take_turn(self.order_by("pk").values_list("pk", flat=True))
        return list(self.locked())

    def held_for_places(self, ids):
        """Return these days, locked to give places: shared if none has a limit, else exclusively and read again.

        An organiser who sets a limit waits for all who share the day; the next one sees the limit.
        """
        if connection.vendor == "sqlite":
            return self.shared(ids)
        with transaction.atomic():  # rolling back the savepoint releases shared locks taken within it
            days = self.shared(ids)
            if not any(day.has_capacity for day in days):
                return days
            transaction.set_rollback(True)
        return list(self.with_ids([day.pk for day in days]).locked())


def _take_turn(keys):
    if connection.vendor != "sqlite":
        with connection.cursor() as cursor:
            for pk in list(keys):
                cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [QUEUE, pk])


class Day(FromFile, AccessOffers, Translated):
    """One day of the live broadcast: one window of UTC time that people join from every zone."""

    TRANSLATED = ("title", "summary", "access_note")

    conference = models.ForeignKey(
        Conference, on_delete=models.PROTECT, related_name="days", verbose_name=_("conference")
    )
    number = models.PositiveSmallIntegerField(
        _("number"), validators=[MinValueValidator(1), MaxValueValidator(HIGHEST_DAY)], help_text=_("1 for Day 1.")
    )
    title = models.CharField(_("title"), max_length=200, blank=True, help_text=_("Empty: to be announced."))
    summary = models.TextField(_("summary"), blank=True)
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    called_off_at = models.DateTimeField(
        _("called off"), null=True, blank=True, editable=False, help_text=_("When organisers called this day off.")
    )
    capacity = models.PositiveIntegerField(
        _("places"),
        null=True,
        blank=True,
        help_text=_("Empty: no limit. Lowering it takes nobody's place away."),
    )
    sign_up_opens_at = models.DateTimeField(
        _("sign-up opens at"), null=True, blank=True, help_text=_("Empty: as for the whole conference.")
    )
    sign_up_closes_at = models.DateTimeField(
        _("sign-up closes at"), null=True, blank=True, help_text=_("Empty: as for the whole conference.")
    )
    meeting_url = models.URLField(
        _("address of the meeting"),
        max_length=500,
        blank=True,
        help_text=_("Only people with a place get it: their join page leads there, shortly before the start."),
    )
    recording_url = models.URLField(_("recording of the day"), max_length=500, blank=True)

    objects = DayQuerySet.as_manager()

    class Meta:
        verbose_name = _("day")
        verbose_name_plural = _("days")
        ordering = ["conference", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["conference", "number"],
                name="day_number_once_per_conference",
                violation_error_message=_("This conference already has a day with that number."),
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=HIGHEST_DAY),
                name="day_number_is_1_to_31",
                violation_error_message=_("Give the day a number from 1 to 31."),
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="day_ends_after_start",
                violation_error_message=_("The day must end after it starts."),
            ),
            models.CheckConstraint(
                condition=Q(sign_up_opens_at__isnull=True)
                | Q(sign_up_closes_at__isnull=True)
                | Q(sign_up_closes_at__gt=F("sign_up_opens_at")),
                name="day_sign_up_closes_after_opening",
                violation_error_message=_("Sign-up must close after it opens."),
            ),
        ]

    def __str__(self):
        return f"{self.conference.short_name} {self.conference.slug}, {self.label}"

    @property
    def label(self):
        """The day's name within its edition: "Day 2"."""
        return _("Day %(number)d") % {"number": self.number}

    @property
    def full_label(self):
        """Its name with its conference: "PxP Day 2"."""
        return _("%(conference)s %(day)s") % {"conference": self.conference.short_name, "day": self.label}

    @property
    def within(self):
        """Its name within a sentence, which may differ: "jour 2" in French, after the article."""
        return pgettext("within a sentence", "Day %(number)d") % {"number": self.number}

    @property
    def slug(self):
        """How URLs name the day: "day-2"."""
        return f"day-{self.number}"

    @property
    def is_called_off(self):
        return self.called_off_at is not None

    @property
    def has_capacity(self):
        """Whether the number of places is limited."""
        return self.capacity is not None

    @property
    def opens_at(self):
        """The UTC instant from which people can sign up for this day, or None for no limit."""
        return self.sign_up_opens_at or self.conference.sign_up_opens_at

    @property
    def closes_at(self):
        """The UTC instant at which sign-up ends: at the latest the day's end."""
        return min(self.ends_at, self.sign_up_closes_at or self.conference.sign_up_closes_at or self.ends_at)

    def sign_up_is_open(self, now):
        """Whether people can sign up for this day at the UTC instant `now`."""
        opens_at = self.opens_at
        return not self.is_called_off and (opens_at is None or now >= opens_at) and now < self.closes_at

    def sign_up_is_to_come(self, now):
        """Whether sign-up opens later than the UTC instant `now`."""
        opens_at = self.opens_at
        return not self.is_called_off and opens_at is not None and now < opens_at < self.closes_at

    @property
    def door_opens_at(self):
        """The UTC instant from which people with a place can go to the meeting."""
        return self.starts_at - timedelta(minutes=self.conference.door_opens_minutes)

    def is_on(self, now):
        """Whether the day takes place at the UTC instant `now`."""
        return not self.is_called_off and self.starts_at <= now < self.ends_at

    def is_to_come(self, now):
        """Whether the day is on at the UTC instant `now`, or will be. Other days are past or called off."""
        return not self.is_called_off and not self.has_ended(now)

    def has_ended(self, now):
        """Whether the day is over at the UTC instant `now`."""
        return now >= self.ends_at


def are_over(days, now):
    """Whether an edition with these days is over at the UTC instant `now`: see `ConferenceQuerySet.with_last_end`."""
    taking_place = [day for day in days if not day.is_called_off]
    return all(day.has_ended(now) for day in taking_place or days)


class AnnouncedDate(Translated):
    """A day's calendar date as announced to one region of the world.

    A region is a text, not a set of time zones: visitors' own dates are computed from their zone.
    """

    TRANSLATED = ("region",)

    day = models.ForeignKey(Day, on_delete=models.CASCADE, related_name="announced_dates", verbose_name=_("day"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    region = models.CharField(_("region"), max_length=200, help_text=_("For example: Asia and Oceania."))
    date = models.DateField(_("date"))

    class Meta:
        verbose_name = _("announced date")
        verbose_name_plural = _("announced dates")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["day", "region"],
                name="announced_date_once_per_region",
                violation_error_message=_("This day already has a date for that region."),
            ),
        ]

    def __str__(self):
        return f"{self.region}: {self.date:%Y-%m-%d}"

    def words_in(self, name, language):
        """Return the region in a language; if nobody translated it, as CLDR names parts of the world."""
        text = super().words_in(name, language)
        if text.language == language or not (words := region_words(self.region, language)):
            return text
        return TranslatedText(words, language)
