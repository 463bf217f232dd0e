"""Organisers' own words in automatic mails."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from conference.models import RowQuerySet, prepared


class LetterText(models.Model):
    """The organisers' words in one letter (`letters.wording`)."""

    name = models.CharField(_("letter"), max_length=30, unique=True)
    # {language: {our sentence, as translators know it: theirs}}
    words = models.JSONField(_("words"), default=dict, blank=True)
    changed_at = models.DateTimeField(_("changed"))

    objects = RowQuerySet.as_manager()

    class Meta:
        verbose_name = _("words of a mail")
        verbose_name_plural = _("words of mails")

    def __str__(self):
        return self.name


@prepared
def _words_by_letter():
    return LetterText.objects.values_list("name", "words")


def all_words():
    """Return {letter: {language: {sentence: words}}}, in one query."""
    return dict(_words_by_letter.rows())
