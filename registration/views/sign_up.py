"""Sign-up: the form, and the page that says what happens next."""

from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from conference import clock
from conference.models import Day
from conference.site.edition import in_zone, with_conference
from registration.forms import SignUpForm
from registration.models import Question
from registration.services import sign_up as service
from registration.services.errors import RegistrationClosed

from .decorators import form_page
from .slow_down import count_sign_up, slowed


@form_page
def sign_up(request, number=None):
    """Show the form, with day `number` chosen beforehand; take it and sign the person up."""
    now, visitor = request.edition.now, visitor_of(request, number)
    if request.method != "POST":
        return form_response(request, SignUpForm(**visitor))
    if "places" in request.POST:
        return form_response(request, SignUpForm.with_places(request.POST, **visitor))
    form = SignUpForm(request.POST, **visitor)
    if not form.is_valid():
        return form_response(request, form, status=422)
    if seconds := count_sign_up(request, form, now):
        return slowed(form_response(request, form), seconds)
    if not signed_up(request.conference, form, now):
        return form_response(request, form, status=422)
    return redirect(in_zone(reverse("registration:thanks"), request.visitor_zone, request.edition.look))


def signed_up(conference, form, now):
    """Sign up the person of a valid form. Return whether that worked; if not, the form says why."""
    try:
        service.sign_up(
            conference,
            person=form.person(),
            days=form.cleaned_data["days"],
            needs=form.cleaned_data["needs"],
            answers=form.answers(),
            now=now,
        )
    except RegistrationClosed:
        form.add_error("days", _("Sign-up for one of these days has just closed. Choose another day."))
        return False
    return True


def visitor_of(request, number=None):
    """Return the arguments of `SignUpForm` for this visitor. Raises Http404 for a day that does not exist."""
    days = list(Day.objects.of(request.conference).with_conference().with_announced_dates())
    if number is not None and number not in [day.number for day in days]:
        raise Http404("No such day.")
    return {
        "days": days,
        "questions": Question.objects.of(request.conference).asked(),
        "now": request.edition.now,
        "zone": request.visitor_zone,
        "country": clock.guess_country(request.headers.get("Accept-Language")),
        "chosen": [day.number for day in days if number == day.number or request.GET.get("days") == "all"],
    }


def form_response(request, form, *, status=200, is_shown_again=False):
    """Return the page with the form, or the one that says why nobody can sign up now."""
    template = "registration/sign_up.html" if form.open_days else "registration/sign_up_closed.html"
    context = {"form": form, "is_shown_again": is_shown_again}
    return TemplateResponse(request, template, context, status=status)


@require_safe
@with_conference
def thanks(request):
    """Say what happens next. The page is the same for everybody, so its address can be opened and kept."""
    return TemplateResponse(request, "registration/thanks.html")
