"""Imports of people: a file's rows until they are used, and the people it created, so it can be undone."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conference.models import Conference, RowQuerySet
from registration.status import PEOPLE_FILE_TRANSITIONS, PeopleFileState, check_transition

from .registrants import Registrant


class PeopleFileQuerySet(RowQuerySet):
    def for_edition(self, conference):
        return self.filter(conference=conference)

    def with_edition(self):
        return self.select_related("conference", "user")

    def newest_first(self):
        return self.order_by("-pk")

    def to_work_on(self):
        """Files whose rows the worker still has to look at, bring in or take back, the oldest first."""
        states = (PeopleFileState.PREVIEWING, PeopleFileState.IMPORTING, PeopleFileState.UNDOING)
        return self.filter(state__in=states).order_by("pk")

    def to_write_about(self, now):
        """Those whose people the worker writes to at the UTC instant `now`, the oldest first."""
        return self.filter(state=PeopleFileState.DONE, mails_at__lte=now).order_by("pk")

    def older_than(self, instant):
        """Those that came before the UTC instant and were not used, or were done with before it."""
        is_old = Q(done_at=None, created_at__lt=instant) | Q(done_at__lt=instant, mails_at=None)
        return self.filter(is_old).exclude(state__in=(PeopleFileState.IMPORTING, PeopleFileState.UNDOING))


class PeopleFile(models.Model):
    """One file: what the organiser chose about it, and how far it is. All of it goes after a day."""

    conference = models.ForeignKey(
        Conference, on_delete=models.CASCADE, related_name="people_files", verbose_name=_("conference")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, verbose_name=_("organiser")
    )
    name = models.CharField(_("name of the file"), max_length=100)
    language = models.CharField(max_length=12, default="en", editable=False)  # in which faults are worded
    state = models.CharField(
        _("state"), max_length=10, choices=PeopleFileState, default=PeopleFileState.PREVIEWING, editable=False
    )
    # `people_file.choices.Choices.as_plain`: columns, days, whether they count as confirmed.
    choices = models.JSONField(_("choices"), default=dict)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    portions_done = models.PositiveIntegerField(default=0, editable=False)
    # What the rows would change, then what they did: {"new": 12, "bad": 3, ...}.
    counts = models.JSONField(default=dict, editable=False)
    # The first bad rows: [row, column from 0 or None, sentence].
    faults = models.JSONField(default=list, editable=False)
    # The same of good rows: what a cell says and the site cannot take.
    # With a value of the database too: the version before writes rows without it while a site is updated.
    notes = models.JSONField(default=list, db_default=models.Value([], models.JSONField()), editable=False)
    created_at = models.DateTimeField(_("uploaded"))
    done_at = models.DateTimeField(_("brought in"), null=True, blank=True)
    # When the worker begins to write to its people; until then nobody hears of it. Empty: it writes to nobody.
    mails_at = models.DateTimeField(_("mails leave"), null=True, blank=True)

    objects = PeopleFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file with people")
        verbose_name_plural = _("files with people")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=PeopleFileState.values), name="people_file_state_is_known"),
        ]

    def __str__(self):
        return self.name

    def change_state(self, to):
        """Give a locked file another state, which the caller saves. Nothing else does. Raises ImpossibleTransition."""
        check_transition(PEOPLE_FILE_TRANSITIONS, PeopleFileState(self.state), to)
        self.state = to

    @property
    def is_previewing(self):
        return self.state == PeopleFileState.PREVIEWING

    @property
    def is_ready(self):
        return self.state == PeopleFileState.READY

    @property
    def is_importing(self):
        return self.state == PeopleFileState.IMPORTING

    @property
    def is_done(self):
        return self.state == PeopleFileState.DONE

    @property
    def is_undoing(self):
        return self.state == PeopleFileState.UNDOING

    @property
    def is_taken_back(self):
        return self.state == PeopleFileState.TAKEN_BACK


class FilePortionQuerySet(RowQuerySet):
    def for_file(self, file):
        return self.filter(file=file).order_by("number")


class FilePortion(models.Model):
    """Some rows of a file, as they are in it. It is deleted when its people are in."""

    file = models.ForeignKey(PeopleFile, on_delete=models.CASCADE, related_name="portions")
    number = models.PositiveIntegerField()  # from 0
    first_row = models.PositiveIntegerField()  # the number of its first row, as spreadsheet programs count
    rows = models.JSONField()
    merged = models.JSONField(default=list)  # the numbers of the rows that have merged cells
    people = models.JSONField(default=list)  # hashes of the people in it

    objects = FilePortionQuerySet.as_manager()

    class Meta:
        verbose_name = _("rows of a file")
        verbose_name_plural = _("rows of files")
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="file_portion_once")]

    def __str__(self):
        return f"{self.file}: {self.number}"


class FilePersonQuerySet(RowQuerySet):
    def for_file(self, file):
        return self.filter(file=file).order_by("pk")

    def for_person(self, registrant):
        return self.filter(registrant=registrant)

    def untold(self):
        return self.filter(told_at=None)

    def with_people(self):
        return self.select_related("registrant__conference")


class FilePerson(models.Model):
    """A person whom a file brought or gave a day, and what of it is the file's: for a day, to take it back."""

    file = models.ForeignKey(PeopleFile, on_delete=models.CASCADE, related_name="people")
    registrant = models.ForeignKey(Registrant, on_delete=models.CASCADE, related_name="+")
    is_new = models.BooleanField()
    was_verified = models.BooleanField()
    # The keys of the registrations that it made, and of those that had waited for the person to confirm.
    made = models.JSONField(default=list)
    seated = models.JSONField(default=list)
    # A hash of what is known about the person, to see whether that has changed since.
    mark = models.CharField(max_length=64)
    told_at = models.DateTimeField(null=True)

    objects = FilePersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person of a file")
        verbose_name_plural = _("people of files")
        constraints = [models.UniqueConstraint(fields=["file", "registrant"], name="file_person_once")]

    def __str__(self):
        return str(self.registrant_id)
