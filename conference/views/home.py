"""The home page: what PxP is, when it is, and how to sign up."""

from django.template.response import TemplateResponse

from conference.models import Conference, Day
from conference.site.edition import with_conference
from conference.site.public import public_page


@public_page
@with_conference(required=False)
def home(request):
    """Show the home page of an edition; while nothing is published, say so."""
    if request.conference is None:
        return TemplateResponse(request, "conference/nothing_yet.html")
    days = Day.objects.for_edition(request.conference).with_conference().with_program()
    past = Conference.objects.past(request.edition.now).other_than(request.conference)
    return TemplateResponse(request, "conference/home.html", {"days": days, "past_editions": past})
