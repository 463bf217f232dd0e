"""Pages to download or delete everything, behind a separate link that is sent by mail and works for a day."""

from django.http import JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conference.raw_input import whole_number
from conference.scripts import isolated
from registration import links
from registration.models import AccessRequest
from registration.pages.my_data import data_about
from registration.pages.my_days import days_on_page
from registration.services import my_needs
from registration.services.erase import erase
from registration.services.private_link import send_private_link

from .decorators import of_person, personal
from .my import my_page

# The titles of these pages and of their parts: for a person themselves, and for readers who may have several people's.
TITLES = {
    "data": (_("Download my data"), _("Download %(name)s’s data")),
    "delete": (_("Delete my data"), _("Delete %(name)s’s data")),
    "needs": (_("What I told you I need"), _("What %(name)s needs")),
    "all": (_("My data"), _("%(name)s’s data")),
    "need": (_("What I need"), _("What %(name)s needs")),
    "told": (_("What you told us you need"), _("What %(name)s needs")),
}


def title_of(what, registrant):
    """Return a title: it names the person if someone else may read their mail, as a carer or in one mailbox."""
    own, named = TITLES[what]
    return named % {"name": isolated(registrant.name)} if registrant.must_be_named else own


def in_private(token):
    """Open a private token now."""
    return links.registrant_by_private_token(token, now=timezone.now())


def ask_for(what):
    """Return the view that says that a mail comes first, and on POST sends it."""

    @personal(of_person("my"))
    def ask(request, registrant):
        if request.method == "POST":
            is_sent = send_private_link(registrant, now=request.edition.now)
            return redirect(f"{request.path}?done={'sent' if is_sent else 'enough'}")
        context = {
            "title": title_of(what, registrant),
            "what": what,
            "email": registrant.email,
            "done": request.GET.get("done", ""),
            "my_url": my_page(registrant),
        }
        return TemplateResponse(request, "registration/ask_by_mail.html", context)

    return ask


@personal(in_private)
def private(request, registrant):
    """Show what the person told the Access team, and the ways to all data and to the end of it. POST takes back one."""
    if "take-back" in request.POST:
        if (number := whole_number(request.POST["take-back"])) is not None:
            my_needs.take_back(registrant, number)
        return redirect(request.path)
    context = {
        "registrant": registrant,
        "title": title_of("all", registrant),
        "requests": AccessRequest.objects.for_person(registrant).shown_to_the_person(),
        "needs_title": title_of("told", registrant),
        "data_title": title_of("data", registrant),
        "data_url": f"{request.path}data/",
        "delete_title": title_of("delete", registrant),
        "delete_url": f"{request.path}delete/",
        "my_url": my_page(registrant),
    }
    return TemplateResponse(request, "registration/private.html", context)


@personal(in_private, methods=["GET", "HEAD"])
def data(request, registrant):
    """Return everything that we hold about the person, as a JSON file to keep."""
    content = data_about(registrant, now=request.edition.now)
    response = JsonResponse(content, json_dumps_params={"indent": 2, "ensure_ascii": False})
    response["Content-Disposition"] = 'attachment; filename="pxp-my-data.json"'
    return response


@personal(in_private)
def delete(request, registrant):
    """Show what deleting means, and on POST delete the person at once. A last mail says so."""
    now = request.edition.now
    if request.method == "POST":
        erase(registrant, now=now, tell=True)
        return redirect(reverse("sign-up:deleted"))
    days = [item for item in days_on_page(registrant, now=now) if item.can_drop]
    context = {"registrant": registrant, "days": days, "my_url": my_page(registrant)}
    return TemplateResponse(request, "registration/delete.html", context)
