"""Asking for one's own link again. The answer is the same for every address."""

from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from registration.abuse import limits
from registration.forms import LostLinkForm
from registration.services import lost_link as service

from .decorators import form_page
from .slow_down import count_lost_link, slowed


@form_page
def lost_link(request):
    """Take an address and write to whoever signed up with it."""
    if request.method != "POST":
        return TemplateResponse(
            request, "registration/lost_link.html", {"form": LostLinkForm(), "is_done": "done" in request.GET}
        )
    form = LostLinkForm(request.POST)
    now, network = request.edition.now, limits.network_of(request)
    if seconds := count_lost_link(request, form, now):
        return slowed(TemplateResponse(request, "registration/lost_link.html", {"form": form}), seconds)
    if not form.is_valid():
        return TemplateResponse(request, "registration/lost_link.html", {"form": form}, status=422)
    service.ask_for_links(request.conference, form.cleaned_data["email"], network=network, now=now)
    return redirect(f"{reverse('registration:lost-link')}?done=1")
