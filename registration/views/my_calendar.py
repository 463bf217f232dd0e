"""All ways into a person's calendar, on one page: our mails link to it instead of to six long addresses."""

from django.template.response import TemplateResponse

from conference.scripts import isolated
from registration import links
from registration.pages.my_days import days_on_page
from registration.pages.words import no_places_words

from .decorators import of_person, personal
from .my import my_page


@personal(of_person("my"), methods=["GET", "HEAD"])
def my_calendar(request, registrant):
    """Show, for each day with a place, a file and the calendars on the web; and the address to subscribe to."""
    days = days_on_page(registrant, now=request.edition.now)
    url = links.calendar_url(registrant)
    context = {
        "registrant": registrant,
        "places": [item for item in days if item.can_join],
        "calendar_token": links.token("calendar", registrant),  # a file that is passed on opens no page
        "calendar_url": url,
        "webcal_url": "webcal" + url[url.index(":") :],  # calendar programs open this by themselves
        "nothing": no_places_words(registrant.carer_name and isolated(registrant.name)),
        "my_url": my_page(registrant),
    }
    return TemplateResponse(request, "registration/calendar.html", context)
