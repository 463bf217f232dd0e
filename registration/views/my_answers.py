"""The part of a person's page with their answers to the organisers' own questions."""

from registration.forms import AnswersForm
from registration.models import Answer, Question


def answers_form(registrant, data=None):
    """Return the form with a person's answers, as posted in `data`, or None where nothing is asked."""
    questions = list(Question.objects.for_person(registrant))
    return AnswersForm(data, questions=questions, answers=Answer.objects.of(registrant)) if questions else None
