"""Organisers' own words in the mails that leave by themselves."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from conference.models import RowQuerySet


class LetterTextQuerySet(RowQuerySet):
    def all_words(self):
        """Return {letter: {language: {sentence: words}}} in one query."""
        return dict(self.values_list("name", "words"))


class LetterText(models.Model):
    """The words of one letter (`letters.wording`), as far as they are not ours."""

    name = models.CharField(_("letter"), max_length=30, unique=True)
    # {language: {our sentence, as translators know it: theirs}}
    words = models.JSONField(_("words"), default=dict, blank=True)
    changed_at = models.DateTimeField(_("changed"))

    objects = LetterTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("words of a mail")
        verbose_name_plural = _("words of mails")

    def __str__(self):
        return self.name
