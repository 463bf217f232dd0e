"""The program in machine-readable formats, for apps, partners' sites and community calendars."""

from django.conf import settings
from django.http import HttpResponse, JsonResponse

from conference.models import Day
from conference.schedules import schedule_json, schedule_xml
from conference.site.edition import with_conference
from conference.site.public import public_page

from .downloads import page_of


@public_page
@with_conference
def program_json(request):
    """Send the program as schedule JSON, as pretalx does. Every site may fetch it (CORS)."""
    return _for_every_site(JsonResponse(_data(request)))


@public_page
@with_conference
def program_xml(request):
    """Send the program as frab XML. Every site may fetch it (CORS)."""
    return _for_every_site(HttpResponse(schedule_xml(_data(request)), content_type="application/xml; charset=utf-8"))


def _data(request):
    days = Day.objects.for_edition(request.conference).with_program()
    home = settings.SITE_URL + request.edition.lasting_url("home")
    return schedule_json(
        request.conference,
        days,
        url_of=lambda session: page_of(request, session),
        home=home,
        now=request.edition.now,
    )


def _for_every_site(response):
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
