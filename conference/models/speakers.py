"""Speakers, and where they appear."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from .editions import Conference
from .from_file import FromFile
from .pictures import SIZES, Picture
from .rows import RowQuerySet
from .sessions import Session
from .translations import Translated


class SpeakerQuerySet(RowQuerySet):
    def published(self):
        """Speakers that the public may see."""
        return self.filter(conference__is_published=True)

    def for_edition(self, conference):
        """The speakers of one edition, by name."""
        return self.filter(conference=conference).order_by(Lower("name"), "pk")

    def named(self, slug):
        """The speaker whose web address ends in `slug`; one edition has at most one."""
        return self.filter(slug=slug)

    def slugs(self):
        """The names of these speakers' addresses, as a set."""
        return set(self.values_list("slug", flat=True))

    def with_pictures(self):
        """With the URLs of their pictures, without the image bytes."""
        return self.select_related("picture").defer(*(f"picture__{name}" for name in SIZES))

    def with_sessions(self):
        """Where each appears, in the order of the program, in one more query."""
        return self.prefetch_related(models.Prefetch("appearances", Appearance.objects.in_program_order()))


class Speaker(FromFile, Translated):
    """A person on the program of one edition."""

    TRANSLATED = ("affiliation", "bio", "picture_alt")
    NAMES = ("affiliation",)

    conference = models.ForeignKey(
        Conference, on_delete=models.PROTECT, related_name="speakers", verbose_name=_("conference")
    )
    slug = models.SlugField(_("name in the web address"), max_length=120, allow_unicode=False)
    name = models.CharField(_("name"), max_length=200)
    affiliation = models.CharField(_("works or speaks for"), max_length=200, blank=True)
    bio = models.TextField(_("about"), blank=True)
    pronouns = models.CharField(_("pronouns"), max_length=40, blank=True, help_text=_("For example: she/her."))
    links = models.TextField(
        _("links"), blank=True, help_text=_("Their web addresses, one a line. Each may have words before it.")
    )
    picture = models.ForeignKey(
        Picture,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="speakers",
        verbose_name=_("picture"),
    )
    picture_alt = models.CharField(
        _("the picture in words"),
        max_length=300,
        blank=True,
        help_text=_("For people who cannot see it. For example: Grace, laughing in front of a bookshelf."),
    )

    objects = SpeakerQuerySet.as_manager()

    class Meta:
        verbose_name = _("speaker")
        verbose_name_plural = _("speakers")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["conference", "slug"],
                name="speaker_slug_once_per_conference",
                violation_error_message=_("Another speaker of this conference has that web address."),
            ),
            models.CheckConstraint(
                condition=Q(picture__isnull=True) | ~Q(picture_alt=""),
                name="speaker_picture_has_words",
                violation_error_message=_("Say what the picture shows, for people who cannot see it."),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def labelled_links(self):
        """(words, address) of each of their links; without words before it, the address says itself."""
        found = []
        for line in self.links.splitlines():
            words, _space, address = line.strip().rpartition(" ")
            if address:
                found.append((words.strip(" :") or address.partition("://")[2].rstrip("/"), address))
        return found


class AppearanceQuerySet(RowQuerySet):
    def with_people(self):
        return self.select_related("speaker")

    def in_program_order(self):
        """By day and session, with both loaded."""
        return self.select_related("session__day").order_by("session__day__number", "session__number")


class AppearanceRole(models.TextChoices):
    """A person's role in a session."""

    SPEAKER = "speaker", _("Speaker")
    FACILITATOR = "facilitator", _("Facilitator")


class Appearance(FromFile):
    """A speaker in a session, with a role."""

    session = models.ForeignKey(
        Session, on_delete=models.CASCADE, related_name="appearances", verbose_name=_("session")
    )
    speaker = models.ForeignKey(
        Speaker, on_delete=models.PROTECT, related_name="appearances", verbose_name=_("speaker")
    )
    role = models.CharField(_("role"), max_length=12, choices=AppearanceRole, default=AppearanceRole.SPEAKER)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = AppearanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("appearance")
        verbose_name_plural = _("appearances")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "speaker"],
                name="speaker_once_per_session",
                violation_error_message=_("This person is already in this session."),
            ),
            models.CheckConstraint(
                condition=Q(role__in=AppearanceRole.values),
                name="appearance_role_is_known",
                violation_error_message=_("Choose speaker or facilitator."),
            ),
        ]

    def __str__(self):
        return f"{self.speaker} ({self.get_role_display()})"

    @property
    def is_facilitator(self):
        return self.role == AppearanceRole.FACILITATOR
