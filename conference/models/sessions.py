"""Sessions: what happens within a day."""

import hashlib
import secrets
from datetime import timedelta

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from conference.scripts import labelled

from .access import AccessOffers, Offer
from .days import Day
from .editions import Conference
from .from_file import FromFile
from .rows import RowQuerySet
from .translations import Translated

HIGHEST_SESSION = 999  # the highest number of a session in its day
# Letters and digits that cannot be confused.
_SIGNS = "bcdfghjkmnpqrstvwxz23456789"


def new_session_slug():
    """Return a random, unguessable slug for a session that no other session ever had."""
    return "s-" + "".join(secrets.choice(_SIGNS) for _sign in range(6))


def steady_session_slug(*parts):
    """Return a slug for a session that is always the same for the same parts, and differs for others."""
    number = int.from_bytes(hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).digest())
    return "s-" + "".join(_SIGNS[number // len(_SIGNS) ** place % len(_SIGNS)] for place in range(6))


def numbered_session_slug(day_number, number):
    """Return the slug that a program file gives a session by its place, where it names none: "day-1-session-2"."""
    return f"day-{day_number}-session-{number}"


class SessionQuerySet(RowQuerySet):
    def create(self, **fields):
        """Create a session; without a slug it gets a new one."""
        return super().create(**{"slug": new_session_slug()} | fields)

    def published(self):
        """Sessions that the public may read."""
        return self.filter(day__conference__is_published=True)

    def for_edition(self, conference):
        """The sessions of one edition, in the order of its days."""
        return self.filter(day__conference=conference).in_program_order()

    def in_program_order(self):
        return self.order_by("day__number", "number")

    def with_day(self):
        return self.select_related("day__conference")

    def for_day(self, day):
        """The sessions of one day, in order."""
        return self.filter(day=day).order_by("number")

    def recorded(self):
        """Sessions with something to watch."""
        return self.exclude(recording_url="")

    def numbered(self, day_number, number):
        return self.filter(day__number=day_number, number=number)

    def named(self, slug):
        """The session whose web address ends in `slug`; one edition has at most one."""
        return self.filter(slug=slug)

    def with_people(self):
        return self.select_related("day__conference").prefetch_related("appearances__speaker")

    def with_announced_dates(self):
        return self.prefetch_related("day__announced_dates")


class FormerSessionQuerySet(RowQuerySet):
    def for_edition(self, conference):
        return self.filter(conference=conference)

    def named(self, slug):
        """The former session whose web address ends in `slug`; one edition has at most one."""
        return self.filter(slug=slug)


class Session(FromFile, AccessOffers, Translated):
    """One item of a day's program. Its number is its place in the day; `slug` identifies it wherever it moves.

    Addresses, plans, calendars and images name a session by its slug alone. Those of program files, and of the days
    when the place was the name, look like "day-1-session-2".
    """

    TRANSLATED = ("title", "summary", "description", "access_note", "break_title")

    day = models.ForeignKey(Day, on_delete=models.PROTECT, related_name="sessions", verbose_name=_("day"))
    number = models.PositiveSmallIntegerField(
        _("number"),
        validators=[MinValueValidator(1), MaxValueValidator(HIGHEST_SESSION)],
        help_text=_("Its place in the day. The others move up or down. Its web address stays the same."),
    )
    slug = models.SlugField(_("name in the web address"), max_length=40, editable=False)
    title = models.CharField(_("title"), max_length=300, blank=True, help_text=_("Empty: to be announced."))
    title_is_description = models.BooleanField(
        _("the title only describes it"),
        default=False,
        help_text=_("Tick this while the real title is not known and the words above only say what it is about."),
    )
    summary = models.CharField(_("in one line"), max_length=300, blank=True)
    description = models.TextField(_("description"), blank=True)
    starts_at = models.DateTimeField(_("starts at"), null=True, blank=True, help_text=_("Empty: to be announced."))
    ends_at = models.DateTimeField(_("ends at"), null=True, blank=True, help_text=_("Empty: to be announced."))
    recording_url = models.URLField(_("recording"), blank=True)
    follows = models.BooleanField(
        _("starts when the one before ends"),
        default=False,
        editable=False,
        help_text=_("Its times are worked out from what comes before it in the day (conference.moving)."),
    )
    break_minutes = models.PositiveSmallIntegerField(
        _("break afterwards, in minutes"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(24 * 60)],
        help_text=_("Empty: the next session begins at once."),
    )
    break_title = models.CharField(_("words for the break"), max_length=100, blank=True, help_text=_("Empty: Break."))
    rewatch_party = models.BooleanField(
        _("watched again together"), default=False, help_text=_("A rewatch party was held for this session.")
    )

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["day", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["day", "number"],
                name="session_number_once_per_day",
                violation_error_message=_("This day already has a session with that number."),
            ),
            models.UniqueConstraint(
                fields=["day", "slug"],
                name="session_slug_once_per_day",
                violation_error_message=_("This day already has a session with that web address."),
            ),
            models.CheckConstraint(
                condition=~Q(slug=""),
                name="session_has_a_slug",
                violation_error_message=_("A session needs a name for its web address."),
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=HIGHEST_SESSION),
                name="session_number_is_1_to_999",
                violation_error_message=_("Give the session a number from 1 to 999."),
            ),
            models.CheckConstraint(
                condition=Q(starts_at__isnull=True, ends_at__isnull=True)
                | Q(starts_at__isnull=False, ends_at__isnull=False, ends_at__gt=F("starts_at")),
                name="session_has_both_times_or_none",
                violation_error_message=_("Give both times, the end after the start, or leave both empty."),
            ),
            models.CheckConstraint(
                condition=Q(break_minutes__isnull=True) | Q(break_minutes__gte=1, break_minutes__lte=24 * 60),
                name="session_break_is_1_minute_to_24_hours",
                violation_error_message=_("Write how many minutes the break lasts, from 1 to 1440."),
            ),
        ]

    def __str__(self):
        return labelled(f"{self.day.label}, {self.label}", self.title or _("to be announced"))

    @property
    def label(self):
        """The session's name within its day: "Session 2"."""
        return _("Session %(number)d") % {"number": self.number}

    def offer(self, feature):
        """The session's value for one of `FEATURES`: its own, else its day's, else empty for unknown."""
        return getattr(self, feature) or getattr(self.day, feature)

    @property
    def may_be_recorded(self):
        """Whether there may be a recording later."""
        return self.offer("recording") != Offer.NO

    @property
    def is_announced(self):
        """Whether its page says more than that it is to be announced. Prefetch its appearances."""
        words = self.title or self.summary or self.description or self.access_note or self.recording_url
        return bool(words or self.appearances.all())

    @property
    def has_time(self):
        return self.starts_at is not None

    @property
    def break_ends_at(self):
        """The UTC instant at which the break after it ends, or None."""
        return self.ends_at + timedelta(minutes=self.break_minutes) if self.break_minutes and self.ends_at else None

    @property
    def break_words(self):
        """The name of the break after it."""
        return self.translated.break_title or _("Break")

    @property
    def timed(self):
        """What has its times: the session itself, or its day while its own time is unknown."""
        return self if self.has_time else self.day


class FormerSession(models.Model):
    """A session that is no longer on the program: its page says so, and links to the day."""

    conference = models.ForeignKey(
        Conference, on_delete=models.CASCADE, related_name="former_sessions", verbose_name=_("conference")
    )
    day = models.ForeignKey(
        Day, on_delete=models.SET_NULL, null=True, related_name="former_sessions", verbose_name=_("day")
    )
    slug = models.SlugField(_("name in the web address"), max_length=40)
    title = models.CharField(_("title"), max_length=300, blank=True)

    objects = FormerSessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("former session")
        verbose_name_plural = _("former sessions")
        constraints = [
            models.UniqueConstraint(
                fields=["conference", "slug"],
                name="former_session_once_per_conference",
                violation_error_message=_("This session is gone already."),
            ),
        ]

    def __str__(self):
        return self.title or self.slug
