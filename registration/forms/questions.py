"""Fields for the organisers' own questions, made from their rows, and the form with nothing but them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registration.models import Answer, Question, QuestionKind, Registrant
from registration.models.details import columns_on, details_on

from .fields import LineField, WordsField, line_of, longest

SHORT_LIMIT = 300
LONG_LIMIT = 2000
WRITE = gettext_lazy("Answer this question.")
CHOOSE = gettext_lazy("Choose an answer to this question.")
FROM_LIST = gettext_lazy("Choose from the list only.")


def field_name(question: Question) -> str:
    """Return the name of a question's field: "question_7"."""
    return f"question_{question.pk}"


def question_field(question: Question, values: Sequence[str] = ()) -> forms.Field:
    """Return the field of a Question; `values` are the texts that the person answered before."""
    is_required = question.is_required and question.is_asked
    given: dict[str, Any] = {
        "label": question.translated.label,
        "help_text": question.translated.hint,
        "required": is_required,
    }
    errors = {"required": CHOOSE if question.has_options else WRITE, "invalid_choice": FROM_LIST}
    given |= {"error_messages": errors}
    first = values[0] if values else ""
    if question.kind == QuestionKind.SHORT:
        return LineField(limit=SHORT_LIMIT, initial=first, **given)
    if question.kind == QuestionKind.LONG:
        return WordsField(limit=LONG_LIMIT, initial=first, widget=forms.Textarea(attrs={"rows": 4}), **given)
    options = question.option_pairs
    # Keep an answer that is no longer offered: otherwise saving anything else on the page would delete it.
    options += [(value, question.option_words(value)) for value in values if value not in dict(options)]
    if question.kind == QuestionKind.SEVERAL:
        widget = forms.CheckboxSelectMultiple
        return forms.MultipleChoiceField(choices=options, initial=list(values), widget=widget, **given)
    # A radio button cannot be unticked, so what may be left out has one that says so.
    nothing = [] if is_required else [("", _("No answer"))]
    return forms.ChoiceField(choices=[*options, *nothing], initial=first, widget=forms.RadioSelect, **given)


class QuestionsMixin(forms.Form):
    """Adds a field for each question."""

    questions: Sequence[Question] = ()

    def set_questions(self, questions: Iterable[Question], answers: Mapping[int, list[str]] | None = None) -> None:
        """Add the fields. `answers` maps primary keys of questions to what the person answered before."""
        self.questions = list(questions)
        for question in self.questions:
            self.fields[field_name(question)] = question_field(question, (answers or {}).get(question.pk, ()))

    def answers(self) -> dict[int, list[str]]:
        """Return what a valid form answers: lists of texts by the question's primary key, empty for no answer."""
        answers: dict[int, list[str]] = {}
        for question in self.questions:
            value = self.cleaned_data[field_name(question)]
            answers[question.pk] = value if isinstance(value, list) else [value] if value else []
        return answers


class AnswersForm(QuestionsMixin):
    """A person's part in health research, and their answers to organisers: nobody needs them to take part."""

    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Which of these apply?"),
        required=False,
        choices=Registrant.Role.choices,
        error_messages={"invalid_choice": FROM_LIST},
        widget=forms.CheckboxSelectMultiple,
    )
    role_words = LineField(
        label=gettext_lazy("Or in your own words"),
        required=False,
        limit=longest(Registrant, "role_words"),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        registrant: Registrant,
        questions: Iterable[Question],
        answers: Iterable[Answer],
    ) -> None:
        """Make the form; `answers` are the person's Answer rows."""
        super().__init__(data, initial={name: getattr(registrant, name) for name in columns_on("answers")})
        for detail in details_on("answers"):
            if detail.column not in self.fields:
                self.fields[detail.column] = line_of(detail)
        self.set_questions(questions, {answer.question_id: answer.values for answer in answers})
        self.helper = FormHelper()
        self.helper.layout = Layout(*self.fields, Submit("keep", _("Save"), css_class="button--big"))

    @property
    def has_required(self) -> bool:
        """Whether a question must be answered: the sign-up form asks it, but not of people whom organisers add."""
        return any(field.required for field in self.fields.values())

    def parts(self) -> dict[str, Any]:
        """Return what a valid form says of their part in health research, as for `person.change_details`."""
        return {name: self.cleaned_data[name] for name in columns_on("answers")}
