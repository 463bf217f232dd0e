"""The passages of pages that organisers changed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .editions import Conference
from .rows import RowQuerySet
from .translations import Translated


class TextQuerySet(RowQuerySet):
    def for_edition(self, conference):
        return self.filter(conference=conference).order_by("key")

    def changed(self):
        """Passages with words of the organisers' own."""
        return self.exclude(body="")

    def unchanged(self):
        return self.filter(body="")


class Text(Translated):
    """One passage of one edition's pages, in Markdown. An empty body means the standard words of `conference.texts`."""

    TRANSLATED = ("body",)

    conference = models.ForeignKey(
        Conference, on_delete=models.CASCADE, related_name="texts", verbose_name=_("conference")
    )
    key = models.SlugField(_("passage"), max_length=80)
    body = models.TextField(
        _("your words"),
        blank=True,
        help_text=_("Leave empty for the standard words. Blank line: new paragraph. Lines with “- ” make a list."),
    )

    objects = TextQuerySet.as_manager()

    class Meta:
        verbose_name = _("text")
        verbose_name_plural = _("texts")
        ordering = ["key"]
        constraints = [
            models.UniqueConstraint(
                fields=["conference", "key"],
                name="text_once_per_conference",
                violation_error_message=_("This conference already has its own words for that passage."),
            ),
        ]

    def __str__(self):
        return self.key

    @property
    def is_changed(self):
        """Whether organisers replaced the standard words."""
        return bool(self.body.strip())
