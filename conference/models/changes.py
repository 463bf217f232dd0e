"""Published changes to a program, for returning readers."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .days import Day
from .editions import Conference
from .rows import RowQuerySet
from .sessions import Session
from .speakers import Speaker


class ProgramChangeQuerySet(RowQuerySet):
    def for_edition(self, conference):
        """The changes of one edition, newest first."""
        return self.filter(conference=conference).newest_first()

    def for_day(self, day):
        """The changes of one day and its sessions, newest first."""
        return self.filter(day=day).newest_first()

    def newest_first(self):
        return self.order_by("-at", "-pk")

    def with_names(self):
        """Prefetch what `conference.changes` needs to describe a change, in one more query."""
        return self.select_related("conference", "day", "session__day").prefetch_related("people")


class ChangeKind(models.TextChoices):
    """What changed."""

    NEW = "new", _("New")
    TITLE = "title", _("Title")
    TIME = "time", _("Time")
    PEOPLE = "people", _("New people")
    PEOPLE_LEFT = "people-left", _("Fewer people")
    RECORDING = "recording", _("Recording")
    CALLED_OFF = "called-off", _("Called off")
    RESTORED = "restored", _("Takes place after all")
    REMOVED = "removed", _("Removed")


class ProgramChange(models.Model):
    """One public change to a day or session. `conference.changes` writes these rows and puts them into words.

    It stores facts, not sentences: the text depends on the visitor's language and clock. People are foreign keys, so a
    corrected name is corrected here too, and a person removed from the site is no longer named here.
    """

    conference = models.ForeignKey(
        Conference, on_delete=models.CASCADE, related_name="changes", verbose_name=_("conference")
    )
    day = models.ForeignKey(Day, on_delete=models.CASCADE, null=True, related_name="changes", verbose_name=_("day"))
    session = models.ForeignKey(
        Session, on_delete=models.CASCADE, null=True, related_name="changes", verbose_name=_("session")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=ChangeKind)
    at = models.DateTimeField(_("changed at"), help_text=_("In UTC."))
    words = models.CharField(_("new title, or the name of what is gone"), max_length=300, blank=True)
    was_words = models.CharField(_("title before"), max_length=300, blank=True)
    starts_at = models.DateTimeField(_("new start"), null=True)
    ends_at = models.DateTimeField(_("new end"), null=True)
    was_starts_at = models.DateTimeField(_("start before"), null=True)
    was_ends_at = models.DateTimeField(_("end before"), null=True)
    own_words = models.CharField(
        _("in your words"), max_length=300, blank=True, help_text=_("Empty: the site's own sentence.")
    )
    people = models.ManyToManyField(Speaker, blank=True, related_name="+", verbose_name=_("new people"))

    objects = ProgramChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change to the program")
        verbose_name_plural = _("changes to the program")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["conference", "-at"], name="program_change_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(session__isnull=True) | Q(day__isnull=False),
                name="program_change_of_session_has_day",
                violation_error_message=_("A change to a session names its day too."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ChangeKind.values),
                name="program_change_kind_is_known",
                violation_error_message=_("Choose a kind of change from the list."),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.at:%Y-%m-%d %H:%M}"
