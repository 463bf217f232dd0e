"""Editions of the conference: one row a year."""

from datetime import timedelta

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Count, F, Max, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from .rows import RowQuerySet
from .translations import Translated

# A date ends last in UTC−12.
EARTHS_LAST_CLOCK = timedelta(hours=12)


class ConferenceQuerySet(RowQuerySet):
    def published(self):
        """Editions that the public may read."""
        return self.filter(is_published=True)

    def with_last_end(self):
        """Annotate `last_end`: the UTC instant when the last day that takes place ends, or None without days.

        If all are called off, that is when the last of them would have ended.
        """
        taking_place = Max("days__ends_at", filter=Q(days__called_off_at=None))
        return self.annotate(last_end=Coalesce(taking_place, Max("days__ends_at")))

    def with_open_days(self, now):
        """Annotate `open_days`: how many days take sign-ups at the UTC instant `now`, as `Day.sign_up_is_open` says."""
        has_opened = (
            Q(days__sign_up_opens_at__lte=now)
            | Q(days__sign_up_opens_at=None, sign_up_opens_at=None)
            | Q(days__sign_up_opens_at=None, sign_up_opens_at__lte=now)
        )
        has_not_closed = Q(days__ends_at__gt=now) & (
            Q(days__sign_up_closes_at__gt=now)
            | Q(days__sign_up_closes_at=None, sign_up_closes_at=None)
            | Q(days__sign_up_closes_at=None, sign_up_closes_at__gt=now)
        )
        is_open = Q(days__called_off_at=None) & has_opened & has_not_closed
        return self.annotate(open_days=Count("days", filter=is_open))

    def current(self, now):
        """The published edition that `/` shows at the UTC instant `now`, or None; with its `open_days`.

        That is the next one to end or, if none is to come, the one that ended last.
        """
        editions = self.published().with_last_end().with_open_days(now)
        coming = editions.filter(last_end__gte=now).order_by("last_end", "pk").first()
        # An edition without days has no end; PostgreSQL would put it first.
        return coming or editions.order_by(F("last_end").desc(nulls_last=True), "-pk").first()

    def in_order_of_years(self):
        """All editions with their `last_end`, the earliest year first, for `one_at_work`."""
        return self.with_last_end().order_by("slug")

    def at_work(self, now):
        """The edition that organisers work on at the UTC instant `now`, published or not, or None."""
        return one_at_work(list(self.in_order_of_years()), now)

    def for_year(self, year):
        """The edition of `year`, a text like "2027"."""
        return self.filter(slug=year)

    def had_year(self, year):
        """The edition that had `year` before its year was changed."""
        return self.filter(former_years__year=year)

    def past(self, now):
        """Published editions whose last day has ended at the UTC instant `now`, newest first."""
        return self.published().with_last_end().filter(last_end__lt=now).order_by("-last_end")

    def ended_before(self, instant):
        """Editions, published or not, whose last day ended before the UTC `instant`."""
        return self.with_last_end().filter(last_end__lt=instant)

    def newest_first(self):
        return self.order_by("-slug")


class ClockState(models.TextChoices):
    """Whether the times of an edition are settled."""

    PROVISIONAL = "provisional", _("Provisional: times may still change")
    PUBLISHED = "published", _("Published: times are settled")


class Conference(Translated):
    """One edition. Its slug is its year, as in its URLs (`/2027/`)."""

    TRANSLATED = ("name", "tagline", "cost", "format", "platform", "supported_by")
    NAMES = ("name", "platform", "supported_by")

    slug = models.CharField(
        _("year"),
        max_length=4,
        unique=True,
        validators=[RegexValidator(r"^2\d{3}$", _("Enter a year with four digits, like 2027."))],
        help_text=_("The year in the web address: /2027/."),
    )
    name = models.CharField(_("name"), max_length=200)
    short_name = models.CharField(
        _("short name"), max_length=40, default="PxP", help_text=_("Used in mail subjects and calendar titles.")
    )
    tagline = models.CharField(_("tagline"), max_length=200, blank=True)
    cost = models.CharField(_("cost"), max_length=100, blank=True, help_text=_("For example: free."))
    format = models.CharField(_("format"), max_length=100, blank=True, help_text=_("For example: virtual."))
    platform = models.CharField(_("meeting platform"), max_length=100, blank=True, help_text=_("For example: Zoom."))
    supported_by = models.CharField(_("supported by"), max_length=300, blank=True)
    clock = models.CharField(
        _("are the times settled?"),
        max_length=12,
        choices=ClockState,
        default=ClockState.PROVISIONAL,
        help_text=_("While provisional, every page says that times may still change."),
    )
    contact_email = models.EmailField(
        _("contact address"),
        blank=True,
        help_text=_("Shown on the contact page; answers to our mails go there. Empty: the site's sender address."),
    )
    sign_up_opens_at = models.DateTimeField(
        _("sign-up opens at"), null=True, blank=True, help_text=_("Empty: it is open from the start.")
    )
    sign_up_closes_at = models.DateTimeField(
        _("sign-up closes at"), null=True, blank=True, help_text=_("Empty: each day closes when it ends.")
    )
    needs_by = models.DateField(
        _("ask for access needs by"),
        null=True,
        blank=True,
        help_text=_("The last date on which we can promise to arrange what people need. Empty: no date is named."),
    )
    door_opens_minutes = models.PositiveSmallIntegerField(
        _("the door opens, minutes before"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(24 * 60)],
        help_text=_("From then on people see the button to the meeting on their join page."),
    )
    is_published = models.BooleanField(
        _("published"),
        default=False,
        help_text=_("Until then it is a draft: only organisers see it, and its changes are not announced."),
    )
    first_slug = models.CharField(_("year at first"), max_length=4, blank=True, editable=False)

    objects = ConferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("conference")
        verbose_name_plural = _("conferences")
        permissions = [("translate_conference", "Can translate the words of a conference")]
        constraints = [
            models.CheckConstraint(
                condition=Q(clock__in=ClockState.values),
                name="conference_clock_is_known",
                violation_error_message=_("Say whether the times are provisional or published."),
            ),
            models.CheckConstraint(
                condition=Q(sign_up_opens_at__isnull=True)
                | Q(sign_up_closes_at__isnull=True)
                | Q(sign_up_closes_at__gt=F("sign_up_opens_at")),
                name="conference_sign_up_closes_after_opening",
                violation_error_message=_("Sign-up must close after it opens."),
            ),
        ]

    def __str__(self):
        return f"{self.name} ({self.slug})"

    @property
    def lasting_slug(self):
        """Its id in calendars and feeds: its first year. Changing the year must not create duplicates there."""
        return self.first_slug or self.slug

    @property
    def is_free(self):
        """Whether organisers said, in one word, that it costs nothing."""
        return self.cost.strip(" .!").casefold() in ("free", _("free").casefold())

    @property
    def times_are_provisional(self):
        return self.clock == ClockState.PROVISIONAL

    def takes_needs_at(self, instant):
        """Whether a need told at the UTC `instant` is in time. The last date counts everywhere on Earth."""
        return self.needs_by is None or (instant - EARTHS_LAST_CLOCK).date() <= self.needs_by


class FormerYear(models.Model):
    """A year that a published edition had before: its old URLs redirect to the new ones."""

    conference = models.ForeignKey(
        Conference, on_delete=models.CASCADE, related_name="former_years", verbose_name=_("conference")
    )
    year = models.CharField(
        _("year before"), max_length=4, unique=True, error_messages={"unique": _("This year has a new one already.")}
    )

    class Meta:
        verbose_name = _("former year")
        verbose_name_plural = _("former years")

    def __str__(self):
        return self.year


# How long organisers keep working on an edition after its end, before they turn to the draft of the next one.
AFTERWARDS = timedelta(days=14)


def one_at_work(editions, now):
    """Return that of all `editions` (`in_order_of_years`) that organisers work on at the UTC instant `now`, or None.

    That is the one at `/` until `AFTERWARDS` have passed since its end, for thanks and recordings; then the newest
    draft, or the last one if there is no draft.
    """
    public = [edition for edition in editions if edition.is_published]
    coming = [edition for edition in public if edition.last_end and edition.last_end >= now]
    drafts = [one for one in editions if not one.is_published and (one.last_end is None or one.last_end >= now)]
    ended = [edition for edition in public if edition.last_end]
    last = max(ended, key=lambda edition: (edition.last_end, edition.pk), default=None)
    return (
        min(coming, key=lambda edition: (edition.last_end, edition.pk), default=None)
        or (last if last and last.last_end + AFTERWARDS >= now else None)
        or next(reversed(drafts), None)
        or last
        or next(reversed(editions), None)
    )
