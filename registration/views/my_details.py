"""A person's details and needs, each on a page of its own."""

from dataclasses import replace

from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from conference.models import are_over
from conference.site.kept_facts import days_of
from registration import links
from registration.forms import DetailsForm, NeedsForm
from registration.models import AccessRequest
from registration.services import my_needs, person
from registration.services.errors import AlreadySignedUp

from .decorators import of_person, personal
from .my import my_page
from .private import title_of


@personal(of_person("my"))
def details(request, registrant):
    """Show a person's details, and save their changes."""
    posted = request.POST if request.method == "POST" else None
    form = DetailsForm(posted, registrant=registrant)
    if form.is_valid() and save_details(registrant, form):
        return redirect(my_page(registrant, "details"))
    context = {"registrant": registrant, "form": form, "my_url": my_page(registrant)}
    return TemplateResponse(request, "registration/details.html", context, status=422 if form.is_bound else 200)


def save_details(registrant, form):
    """Keep the details of a valid form. Return whether that worked; if not, the form says why."""
    try:
        person.change_details(registrant, details=form.cleaned_data)
    except AlreadySignedUp:
        form.add_error("name", _("Someone with this name has already signed up with your address. Use another name."))
        return False
    return True


@personal(of_person("my"))
def needs(request, registrant):
    """Take one more request for the Access team, until the conference is over: nobody would read it.

    Earlier ones are behind a mailed link: this page may be forwarded.
    """
    now = request.edition.now
    is_over = are_over(days_of(request, registrant.conference), now)
    form = NeedsForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and not is_over:
        my_needs.ask_for(registrant, form.cleaned_data["needs"], now=now)
        return redirect(needs_page(registrant, "asked"))
    context = {
        "registrant": registrant,
        "title": title_of("need", registrant),
        "form": form,
        "is_over": is_over,
        "my_url": my_page(registrant),
        "requests_url": requests_url(registrant),
        "done": request.GET.get("done", ""),
        "own_edition": replace(request.edition, conference=registrant.conference),
    }
    status = 200 if not form.is_bound else 409 if is_over else 422
    return TemplateResponse(request, "registration/needs.html", context, status=status)


def requests_url(registrant):
    """Return the path of the page that offers the person's requests, or "" if there are none."""
    if not AccessRequest.objects.for_person(registrant).shown_to_the_person().exists():
        return ""
    return reverse("registration:my-needs-told", args=[links.token("my", registrant)])


def needs_page(registrant, done):
    """Return the path of the page with a person's needs, with the word for what was just done."""
    return f"{reverse('registration:my-needs', args=[links.token('my', registrant)])}?done={done}"
