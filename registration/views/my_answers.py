"""A person's answers to questions that nobody must answer, on a page of their own."""

from django.shortcuts import redirect
from django.template.response import TemplateResponse

from registration.forms import AnswersForm
from registration.models import Answer, Question
from registration.services import answers as answer_service
from registration.services import person as person_service

from .decorators import of_person, personal
from .my import my_page


@personal(of_person("my"))
def answers(request, registrant):
    """Show a person's answers, and save their changes."""
    form = AnswersForm(
        request.POST if request.method == "POST" else None,
        registrant=registrant,
        questions=Question.objects.for_person(registrant),
        answers=Answer.objects.for_person(registrant),
    )
    if form.is_valid():
        person_service.change_details(registrant, details=form.parts())
        answer_service.change_answers(registrant, form.answers())
        return redirect(my_page(registrant, "answers"))
    context = {"registrant": registrant, "form": form, "my_url": my_page(registrant)}
    return TemplateResponse(request, "registration/answers.html", context, status=422 if form.is_bound else 200)
