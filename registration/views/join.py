"""The day's door: one lasting address per person and day, safe in a calendar that others see."""

from django.conf import settings
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override

from conference.models.access import Offer
from conference.site.edition import find_edition
from registration import links
from registration.models import Registrant
from registration.pages.door import Door, DoorState
from registration.services.attendance import go_through
from registration.services.errors import DoorIsClosed

from .decorators import on_their_clock, personal

# Its form may redirect to other sites: browsers apply form-action also to redirects.
DOOR_CSP = settings.SECURE_CSP | {"form-action": [CSP.SELF, "https:", "http:"]}


@csp_override(DOOR_CSP)
@personal(links.registration_by_join_token)
def join(request, registration):
    """Show the state of the day for this person. POST goes to the meeting, or says with status 409 why it cannot."""
    show_edition_of(request, registration)
    if request.method != "POST":
        return render_page(request, registration)
    try:
        address = go_through(registration, now=request.edition.now)
    except DoorIsClosed:
        return render_page(request, registration, status=409)
    return redirect_to_meeting(address)


def show_edition_of(request, registration):
    """Let all links of the page lead to the person's own edition, which may be a past one."""
    conference = registration.day.conference
    if conference != request.conference:
        find_edition(request, conference.slug, request.edition.now)
        on_their_clock(request, registration.registrant)


def render_page(request, registration, *, status=200):
    """Return the door's page. It does not link to the person's own page: others may see this URL."""
    door = Door(registration, request.edition.now)
    context = {
        "door": door,
        "whose": name_if_shared(registration.registrant),
        "part": f"registration/door/{door.state}.html",
        "is_refused": status == 409,
    }
    if door.state == DoorState.OVER:
        sessions = list(door.day.sessions.all())
        context["recorded"] = [session for session in sessions if session.recording_url]
        offers = [session.offer("recording") for session in sessions] or [door.day.recording]
        context["may_be_recorded"] = any(offer != Offer.NO for offer in offers)
    return TemplateResponse(request, "registration/join.html", context, status=status)


def name_if_shared(person):
    """Return the name of a person whose mailbox has the doors of others too, as their calendar entries do; else "".

    Others count once they have confirmed: a stranger who types the address must not learn or show whose door it is.
    """
    others = Registrant.objects.at_address_of(person).other_than(person).verified()
    return person.name if person.carer_name or others.exists() else ""


def redirect_to_meeting(address):
    """Redirect with 303 See Other (RFC 9110 §15.4.4). The meeting hears nothing of where the visitor came from."""
    response = HttpResponseRedirect(address)
    response.status_code = 303
    response["Referrer-Policy"] = "no-referrer"
    return response
