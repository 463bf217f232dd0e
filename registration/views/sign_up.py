"""Sign-up: the form, and the page that says what happens next."""

from functools import partial

from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference.models import Conference
from conference.site.edition import in_zone
from conference.site.kept_facts import FACTS, days_of
from registration.abuse import limits
from registration.forms import SignUpForm
from registration.forms.receipt import Receipt
from registration.models import Question
from registration.services import sign_up as service
from registration.services.errors import RegistrationClosed

from .decorators import form_page
from .slow_down import count_sign_up, mark_too_many_requests

ALL = "all"
OTHER_DAYS = gettext_lazy("The conference that this form was for is over. Choose days of the next one.")


@form_page
def sign_up(request, number=None):
    """Show the form, with day `number` (or "all" of them) chosen beforehand; take it and sign the person up."""
    if request.method != "POST" and number is None and request.GET.get("days") == ALL:
        return redirect(in_zone(reverse("sign-up:sign-up-all"), request.visitor_zone, request.edition.look))
    now, visitor = request.edition.now, visitor_of(request, number)
    if request.method != "POST":
        return form_response(request, SignUpForm(**visitor))
    if "places" in request.POST:
        return form_response(request, SignUpForm.kept(request.POST, **visitor))
    form = SignUpForm(request.POST, **visitor)
    if is_of_an_edition_before(form, request.conference, now):
        return form_response(request, SignUpForm.without_days(request.POST, OTHER_DAYS, **visitor), status=422)
    if seconds := count_sign_up(request, form, now):
        return mark_too_many_requests(form_response(request, form), seconds)
    if not form.is_valid():
        return form_response(request, form, status=422)
    if not try_sign_up(request, form, now):
        return form_response(request, form, status=422)
    return redirect(thanks_page(request, receipt_of(form, now)))


def is_of_an_edition_before(form, conference, now):
    """Whether a form was opened while another edition was at `/`: its Day 1 is not the one of `conference`."""
    before = Conference.objects.past(now).other_than(conference).first()
    return bool(before and form.opened_at and form.opened_at < before.last_end)


def try_sign_up(request, form, now):
    """Sign up the person of a valid form. Return whether that worked; if not, the form says why."""
    try:
        service.sign_up(
            request.conference,
            person=form.person(),
            days=form.cleaned_data["days"],
            needs=form.cleaned_data["needs"],
            answers=form.answers(),
            network=limits.network_of(request),
            now=now,
        )
    except RegistrationClosed:
        form.add_error("days", _("Sign-up for one of these days has just closed. Choose another day."))
        return False
    return True


def receipt_of(form, now):
    """Return the Receipt of a valid form that signed a person up at the UTC instant `now`."""
    cleaned = form.cleaned_data
    return Receipt(form.person(), [day.number for day in cleaned["days"]], now, cleaned["needs"], form.answers())


def thanks_page(request, receipt):
    """Return the path of the page that says what happens next, in the visitor's zone and look."""
    sealed = receipt.seal()
    path = reverse("sign-up:thanks-to", args=[sealed]) if sealed else reverse("sign-up:thanks")
    return in_zone(path, request.visitor_zone, request.edition.look)


def visitor_of(request, number=None):
    """Return the arguments of `SignUpForm` for an address. Raises Http404 for a day that does not exist."""
    days = days_of(request, request.conference)
    numbers = [day.number for day in days]
    if number not in (None, ALL, *numbers):
        raise Http404("No such day.")
    return {
        "days": days,
        "questions": FACTS.get(
            request, ("required questions", request.conference.pk), partial(find_questions, request)
        ),
        "now": request.edition.now,
        "zone": request.visitor_zone,
        "chosen": numbers if number == ALL else [number] if number else [],
    }


def find_questions(request):
    """Return the organisers' own questions that must be answered, in order."""
    return list(Question.objects.for_edition(request.conference).required().filter(is_asked=True))


def title_of(kwargs):
    """Return the page's title, which names the day in its address."""
    number = kwargs.get("number")
    if number == ALL:
        return _("Sign up for all days")
    return _("Sign up for Day %(number)d") % {"number": number} if number else _("Sign up")


def form_response(request, form, *, status=200, is_shown_again=False):
    """Return the page with the form, or the one that says why nobody can sign up now."""
    template = "registration/sign_up.html" if form.open_days else "registration/sign_up_closed.html"
    context = {"form": form, "is_shown_again": is_shown_again, "title": title_of(request.resolver_match.kwargs)}
    return TemplateResponse(request, template, context, status=status)
