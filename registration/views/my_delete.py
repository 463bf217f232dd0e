"""Deleting oneself: a page that says what it means, with one button, and a calm page afterwards."""

from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from conference.site.edition import with_conference
from registration.pages.my_days import days_on_page
from registration.services.erase import erase

from .decorators import of_person, personal
from .my import my_page


@personal(of_person("my"))
def delete(request, registrant):
    """Show what deleting means, and on POST delete the person at once."""
    now = request.edition.now
    if request.method == "POST":
        erase(registrant, now=now)
        return redirect("registration:deleted")
    days = [item for item in days_on_page(registrant, now=now) if item.can_drop]
    context = {"registrant": registrant, "days": days, "my_url": my_page(registrant)}
    return TemplateResponse(request, "registration/delete.html", context)


@require_safe
@with_conference
def deleted(request):
    """Say that it is done. The page knows nobody, so its address can be opened by anybody."""
    return TemplateResponse(request, "registration/deleted.html")
