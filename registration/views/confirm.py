"""Confirming: a mail's link shows a button, the button confirms. Mail scanners open links, but press no buttons."""

from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from conference.models import are_over
from conference.raw_input import whole_number
from conference.scripts import isolated
from conference.site.kept_facts import days_of
from registration.models.access import unconfirmed_needs
from registration.pages.my_days import days_on_page
from registration.pages.neighbours import neighbours
from registration.pages.words import why_closed
from registration.services import days as service

from .decorators import of_person, personal
from .my import my_page


@personal(of_person("confirm"))
def confirm(request, registrant):
    """Show the days to confirm, and on POST confirm those that the page listed. Repeating it shows their status."""
    now, days = request.edition.now, days_of(request, registrant.conference)
    is_over = are_over(days, now)
    if request.method == "POST" and not is_over:
        return confirm_listed_days(request, registrant, now)
    items = days_on_page(registrant, now=now, days=days)
    to_confirm = [item for item in items if item.is_to_confirm]
    has_needs = unconfirmed_needs.exists(registrant)
    is_full = bool(to_confirm) and all(item.is_full for item in to_confirm)
    context = {
        "registrant": registrant,
        "heading": heading_of(registrant, to_confirm, items, has_needs=has_needs, is_over=is_over, is_full=is_full),
        "button": button_of(registrant, to_confirm, is_full=is_full),
        "listed": " ".join(str(item.day.number) for item in to_confirm),
        "neighbours": [] if is_over else neighbours(registrant, now=now),
        "to_confirm": to_confirm,
        "too_late": [why_closed(item.day, now, item.zone) for item in items if item.is_too_late],
        "confirmed": [item for item in items if item.can_drop],
        "has_needs": has_needs,
        "is_over": is_over,
        "my_url": my_page(registrant) if registrant.is_verified else "",
    }
    return TemplateResponse(request, "registration/confirm.html", context)


def confirm_listed_days(request, registrant, now):
    """Confirm the days above the button; return the way to others who wait there, or to the person's page."""
    listed = listed_in(request)
    # Without a day on the page the button was for what they need.
    has_needs = not listed and unconfirmed_needs.exists(registrant)
    moved = service.confirm(registrant, days=listed, now=now)
    if neighbours(registrant, now=now):
        return redirect(request.get_full_path())
    if moved or has_needs:
        return redirect(my_page(registrant, "confirmed" if moved else "needs"))
    items = days_on_page(registrant, now=now, days=days_of(request, registrant.conference))
    late = [item.day.number for item in items if item.is_too_late and (listed is None or item.day.number in listed)]
    return redirect(my_page(registrant, f"closed-{late[0]}" if late else ""))


def heading_of(registrant, to_confirm, days, *, has_needs, is_over, is_full):
    """Return the title of the page. It names the person if a carer reads our emails, or several people share them."""
    words = {"name": isolated(registrant.name)}
    names = registrant.must_be_named
    if is_over:
        return _("The conference is over")
    if to_confirm and is_full:
        return _("Put %(name)s on the waiting list") % words if names else _("Join the waiting list")
    if to_confirm:
        return _("Confirm %(name)s’s place") % words if names else _("Confirm your place")
    if has_needs:
        return _("Confirm what %(name)s needs") % words if names else _("Confirm what you need")
    if any(item.is_confirmed for item in days):
        return _("%(name)s is signed up") % words if names else _("You are signed up")
    if any(item.is_waiting for item in days):
        return _("%(name)s is on the waiting list") % words if names else _("You are on the waiting list")
    return _("Nothing left to confirm")


def button_of(registrant, to_confirm, *, is_full):
    """Return the words of the button."""
    if not to_confirm:
        return _("Yes, that was me")
    if is_full:
        return _("Join the waiting list")
    if registrant.must_be_named:
        return _("Confirm %(name)s’s place") % {"name": isolated(registrant.name)}
    return _("Confirm my place")


def listed_in(request):
    """Return the numbers of the days that the page showed when the button was pressed; None if it says nothing."""
    if "days" not in request.POST:
        return None
    return {whole_number(word) for word in request.POST["days"].split()} - {None}
