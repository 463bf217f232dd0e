"""News of a day that people are told with a delay: until then an organiser can undo it."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from conference.models import Day, RowQuerySet
from conference.scripts import labelled
from registration.status import MORE_PLACES, News


class DayNoticeQuerySet(RowQuerySet):
    def news_of_day(self, day):
        """Acts on a day that everybody on it is told of and that nobody took back, the newest first."""
        return self.news().filter(day=day, taken_back_at=None).order_by("-pk")

    def news(self):
        """Acts that everybody on the day is told of: not more places, of which only the first in line hear."""
        return self.exclude(news=MORE_PLACES)

    def waiting(self, now):
        """Acts that nobody has been told of yet at the UTC instant `now`."""
        return self.filter(due_at__gt=now, taken_back_at=None, done_at=None)

    def with_this_news(self, news):
        return self.filter(news=news)

    def open_to_take_back(self, now):
        """Acts that can be taken back at the UTC instant `now`: of a day its newest news, and more places."""
        newer = DayNotice.objects.news().filter(day=OuterRef("day"), taken_back_at=None, pk__gt=OuterRef("pk"))
        return self.waiting(now).filter(Q(news=MORE_PLACES) | ~Exists(newer))

    def more_places(self):
        """Acts that gave a day more places, while nobody in line has got one of them."""
        return self.filter(news=MORE_PLACES, taken_back_at=None, done_at=None).order_by("pk")

    def more_places_of(self, day):
        """The act of this kind on a day, or None."""
        return self.more_places().filter(day=day).first()

    def due(self, now):
        """Acts that can no longer be undone at the UTC instant `now`, on days that take place."""
        return self.filter(due_at__lte=now, day__called_off_at=None)

    def newest_first(self):
        return self.select_related("day__conference", "user").order_by("-pk")


class DayNotice(models.Model):
    """A day was moved, called off, brought back or got more places, by whom, and why in words for its people."""

    day = models.ForeignKey(Day, on_delete=models.CASCADE, related_name="notices", verbose_name=_("day"))
    news = models.CharField(_("what happened"), max_length=10, choices=[*News.choices, (MORE_PLACES, _("More places"))])
    why = models.CharField(_("why"), max_length=300, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, verbose_name=_("organiser")
    )
    people = models.PositiveIntegerField(_("people who hear of it"), default=0)
    noted_at = models.DateTimeField(_("when"))
    due_at = models.DateTimeField(_("mails leave"))
    taken_back_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    # The day's times before it was moved.
    was_starts_at = models.DateTimeField(null=True, editable=False)
    was_ends_at = models.DateTimeField(null=True, editable=False)
    # How many places it had before; empty for no limit. Until `done_at` the waiting list gets no more than these.
    was_capacity = models.PositiveIntegerField(null=True, editable=False)
    done_at = models.DateTimeField(null=True, editable=False)

    objects = DayNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("news of a day")
        verbose_name_plural = _("news of days")
        constraints = [
            models.CheckConstraint(condition=Q(news__in=[*News.values, MORE_PLACES]), name="notice_news_is_known"),
            models.CheckConstraint(
                condition=~Q(news=News.MOVED) | Q(was_starts_at__isnull=False, was_ends_at__isnull=False),
                name="notice_of_a_move_has_the_old_times",
            ),
        ]

    def __str__(self):
        return labelled(self.day.label, self.get_news_display())

    def is_waiting(self, now):
        return self.taken_back_at is None and self.done_at is None and self.due_at > now
