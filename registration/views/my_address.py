"""Changing the address that we write to, and ending a link that others have."""

from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from conference.site.edition import with_conference
from registration.forms import AddressForm
from registration.models import Registration
from registration.services import address as service
from registration.services.errors import AlreadySignedUp

from .decorators import of_person, personal
from .my import my_page


@personal(of_person("my"))
def change(request, registrant):
    """Take a new address, which is used once it is confirmed, or cancel the request."""
    now = request.edition.now
    if "take-back" in request.POST:
        service.forget_new_address(registrant, now=now)
        return redirect(my_page(registrant, "address-kept"))
    form = AddressForm(request.POST if request.method == "POST" else None, registrant=registrant)
    if form.is_valid():
        if service.ask_for_address(registrant, form.cleaned_data["email"], now=now):
            return redirect(my_page(registrant, "address-asked"))
        form.add_error("email", _("We sent enough of these emails for today. Try again tomorrow."))
    context = {"registrant": registrant, "form": form, "my_url": my_page(registrant)}
    return TemplateResponse(request, "registration/address.html", context, status=422 if form.is_bound else 200)


@personal(of_person("address"))
def confirm(request, registrant):
    """Show a button, and on POST use the new address. Opened again it says that this is done, and shows no link."""
    is_taken = False
    if request.method == "POST":
        try:
            if service.take_new_address(registrant, now=request.edition.now):
                registrant.refresh_from_db()
                return redirect(my_page(registrant, "address"))
        except AlreadySignedUp:
            is_taken = True
    context = {"registrant": registrant, "is_done": not registrant.new_email, "is_taken": is_taken}
    return TemplateResponse(request, "registration/take_address.html", context, status=409 if is_taken else 200)


@personal(of_person("my"))
def renew(request, registrant):
    """Say what a new link means, and on POST end the old one and send the new one by mail. It is shown to nobody."""
    now = request.edition.now
    if request.method == "POST":
        service.renew_links(registrant, now=now)
        return redirect("sign-up:new-link")
    has_entries = Registration.objects.for_person(registrant).with_entries(now).exists()
    context = {"registrant": registrant, "my_url": my_page(registrant), "has_entries": has_entries}
    return TemplateResponse(request, "registration/renew_link.html", context)


@require_safe
@with_conference(required=False)
def renew_done(request):
    """Say that the new link is on its way. The page shows no personal data."""
    return TemplateResponse(request, "registration/new_link.html")
