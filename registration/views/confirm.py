"""Confirming: a mail's link shows a button, the button confirms. Mail scanners open links, they press nothing."""

from django.shortcuts import redirect
from django.template.response import TemplateResponse

from registration.models import AccessRequest
from registration.pages.my_days import days_on_page
from registration.services import days as service

from .decorators import of_person, personal
from .my import my_page


@personal(of_person("confirm"))
def confirm(request, registrant):
    """Show the days to confirm, and on POST confirm them. Repeating it shows where they stand."""
    now = request.edition.now
    days = days_on_page(registrant, now=now)
    to_confirm = [item for item in days if item.is_to_confirm]
    has_needs = AccessRequest.objects.of(registrant).unconfirmed().exists()
    is_over = all(item.is_over for item in days)
    if request.method == "POST" and not is_over:
        service.confirm(registrant, now=now)
        return redirect(my_page(registrant, "confirmed" if to_confirm else "needs" if has_needs else ""))
    context = {
        "to_confirm": to_confirm,
        "confirmed": [item for item in days if item.can_drop],
        "has_needs": has_needs,
        "is_over": is_over,
        "my_url": my_page(registrant) if registrant.is_verified else "",
    }
    return TemplateResponse(request, "registration/confirm.html", context)
