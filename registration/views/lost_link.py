"""Asking for one's own link again. The answer is the same for every address."""

from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from conference.site.edition import in_zone, with_conference
from registration.abuse import limits
from registration.forms import LostLinkForm
from registration.forms import receipt as receipts
from registration.pages.enough_mail import minutes_to_wait
from registration.services import lost_link as service

from .decorators import form_page
from .slow_down import count_lost_link, mark_too_many_requests


@form_page
def lost_link(request):
    """Take an address and write to the people who signed up with it."""
    if request.method != "POST":
        return TemplateResponse(request, "registration/lost_link.html", {"form": LostLinkForm()})
    form = LostLinkForm(request.POST)
    now, network = request.edition.now, limits.network_of(request)
    if seconds := count_lost_link(request, form, now):
        return mark_too_many_requests(TemplateResponse(request, "registration/lost_link.html", {"form": form}), seconds)
    if not form.is_valid():
        return TemplateResponse(request, "registration/lost_link.html", {"form": form}, status=422)
    email = form.cleaned_data["email"]
    service.ask_for_links(request.conference, email, network=network, now=now)
    path = reverse("sign-up:lost-link-sent", args=[receipts.seal_address(email)])
    return redirect(in_zone(path, request.visitor_zone, request.edition.look))


@never_cache
@require_safe
@with_conference
def lost_link_done(request, token):
    """Say what happens next, and show the address: it may have been taken out of what was pasted, or mistyped."""
    try:
        email = receipts.open_address(token)
    except receipts.BadReceipt:
        return redirect("sign-up:lost-link")
    minutes = minutes_to_wait(email, network=limits.network_of(request), now=request.edition.now)
    context = {"email": email, "minutes": minutes}
    response = TemplateResponse(request, "registration/lost_link_sent.html", context)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
