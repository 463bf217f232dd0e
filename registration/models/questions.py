"""Questions that organisers add to the form, and people's answers."""

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from conference.models import Conference, RowQuerySet, Translated, TranslatedText
from conference.pasted_text import without_bullets

from .registrants import Registrant


class QuestionQuerySet(RowQuerySet):
    def for_edition(self, conference):
        """The questions of one edition, in the organisers' order."""
        return self.filter(conference=conference).order_by("position", "pk")

    def required(self):
        """Those that the sign-up form asks; people meet the others once they have confirmed."""
        return self.filter(is_required=True)

    def for_person(self, registrant):
        """Their edition's current questions, and earlier ones that they answered, in the organisers' order."""
        answered = Q(pk__in=Answer.objects.for_person(registrant).values("question"))
        return self.for_edition(registrant.conference_id).filter(Q(is_asked=True) | answered)

    def for_people(self, people):
        """The questions of all editions that have one of `people` (a QuerySet)."""
        editions = people.order_by().values("conference")
        return self.filter(conference__in=editions).order_by("conference", "position", "pk")

    def with_answer_counts(self):
        """Annotate `people`: how many have answered."""
        return self.annotate(people=models.Count("answers"))


class QuestionKind(models.TextChoices):
    """How people answer."""

    SHORT = "short", _("Short text")
    LONG = "long", _("Long text")
    ONE = "one", _("One of")
    SEVERAL = "several", _("Several of")


TEXT_KINDS = [QuestionKind.SHORT, QuestionKind.LONG]


class Question(Translated):
    """One question of one edition's form."""

    TRANSLATED = ("label", "hint", "options")

    conference = models.ForeignKey(
        Conference, on_delete=models.CASCADE, related_name="questions", verbose_name=_("conference")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    kind = models.CharField(_("kind"), max_length=7, choices=QuestionKind, default=QuestionKind.SHORT)
    label = models.CharField(_("question"), max_length=200)
    hint = models.CharField(_("hint"), max_length=300, blank=True)
    options = models.TextField(
        _("answers to choose from"),
        blank=True,
        validators=[MaxLengthValidator(4000)],
        help_text=_("One a line. Only for “one of” and “several of”."),
    )
    is_required = models.BooleanField(_("must be answered"), default=False)
    is_asked = models.BooleanField(
        _("is asked"), default=True, help_text=_("Off: the form no longer asks it. Existing answers stay.")
    )

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=QuestionKind.values),
                name="question_kind_is_known",
                violation_error_message=_("Choose what kind of question it is."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=TEXT_KINDS) | ~Q(options=""),
                name="question_with_choices_has_options",
                violation_error_message=_("Write the answers to choose from, one a line."),
            ),
        ]

    def __str__(self):
        return self.label

    @property
    def has_options(self):
        """Whether people choose from a list."""
        return self.kind not in TEXT_KINDS

    @property
    def option_list(self):
        """The answers to choose from, in order, each once."""
        return _lines_of(self.options)

    @property
    def option_pairs(self):
        """(answer as it is kept, its words in the active language) of each, in order."""
        return [(kept, self.option_words(kept)) for kept in self.option_list]

    def fault_in_translation(self, name, words):
        """Return what to do about a translation whose lines are not those of the answers to choose from, or ""."""
        number = len(self.option_list)
        if name != "options" or not words or len(_lines_of(words)) == number:
            return ""
        return _("Write %(n)d different answers, one a line, in the order of the original.") % {"n": number}

    def option_words(self, kept):
        """Return the words of an answer, as it is kept, in the active language; in its own without a translation.

        Each line of a translation is of the line from which it was made, and follows that one to another place. A line
        that is new or in other words since has no translation: people would choose what they did not read.
        """
        language = get_language() or settings.LANGUAGE_CODE
        found = self.translation("options", language) if language != settings.LANGUAGE_CODE else None
        originals, words = (_lines_of(found["of"]), _lines_of(without_bullets(found["words"]))) if found else ([], [])
        if kept in originals and len(originals) == len(words):
            return TranslatedText(words[originals.index(kept)], language)
        return TranslatedText(kept, settings.LANGUAGE_CODE)


def _lines_of(text):
    lines = (line.strip() for line in text.splitlines())
    return list(dict.fromkeys(line for line in lines if line))


class AnswerQuerySet(RowQuerySet):
    def for_person(self, registrant):
        return self.filter(registrant=registrant).select_related("question").order_by("question__position", "pk")

    def for_question(self, question):
        """Everybody's answers to one question."""
        return self.filter(question=question)


class Answer(models.Model):
    """One person's answer: a list of texts, one for a text or a single choice."""

    registrant = models.ForeignKey(
        Registrant, on_delete=models.CASCADE, related_name="answers", verbose_name=_("person")
    )
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers", verbose_name=_("question"))
    values = models.JSONField(_("answer"), default=list)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["question", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["registrant", "question"],
                name="answer_once_per_person_and_question",
                violation_error_message=_("This person answered that question already."),
            ),
        ]

    def __str__(self):
        return str(self.question)

    @property
    def words(self):
        return "; ".join(self.values)
