"""A person's details and needs, each on a page of its own."""

from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from registration import links
from registration.forms import DetailsForm, NeedsForm
from registration.models import AccessRequest
from registration.services import my_needs, person
from registration.services.errors import AlreadySignedUp

from .decorators import of_person, personal
from .my import my_page


@personal(of_person("my"))
def details(request, registrant):
    """Show what somebody told us of themselves, and keep what they change."""
    posted = request.POST if request.method == "POST" else None
    form = DetailsForm(posted, registrant=registrant)
    if form.is_valid() and changed(registrant, form):
        return redirect(my_page(registrant, "details"))
    context = {"registrant": registrant, "form": form, "my_url": my_page(registrant)}
    return TemplateResponse(request, "registration/details.html", context, status=422 if form.is_bound else 200)


def changed(registrant, form):
    """Keep the details of a valid form. Return whether that worked; if not, the form says why."""
    try:
        person.change_details(registrant, details=form.cleaned_data)
    except AlreadySignedUp:
        form.add_error("name", _("Somebody with this name has signed up with your address already. Take another name."))
        return False
    return True


@personal(of_person("my"))
def needs(request, registrant):
    """Show what somebody asked of the Access team and what became of it; take one more request, or take one back."""
    if "take-back" in request.POST:
        number = request.POST["take-back"]
        if number.isdecimal() and len(number) < 10:
            my_needs.take_back(registrant, int(number))
        return redirect(needs_page(registrant, "taken-back"))
    form = NeedsForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        my_needs.ask_for(registrant, form.cleaned_data["needs"], now=request.edition.now)
        return redirect(needs_page(registrant, "asked"))
    context = {
        "registrant": registrant,
        "form": form,
        "my_url": my_page(registrant),
        "requests": AccessRequest.objects.of(registrant),
        "done": request.GET.get("done", ""),
    }
    return TemplateResponse(request, "registration/needs.html", context, status=422 if form.is_bound else 200)


def needs_page(registrant, done):
    """Return the path of the page with a person's needs, with the word for what was just done."""
    return f"{reverse('registration:my-needs', args=[links.token('my', registrant)])}?done={done}"
