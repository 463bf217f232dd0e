"""The easy-read pages: home, program and how to join in easy words, with a picture for each idea."""

from django.template.response import TemplateResponse

from conference.models import Day
from conference.site.edition import with_conference
from conference.site.public import public_page


@public_page
@with_conference
def home(request):
    """Show what PxP is, for whom and when, in easy words."""
    days = Day.objects.for_edition(request.conference).with_conference().with_announced_dates()
    return TemplateResponse(request, "conference/easy_home.html", {"days": days})


@public_page
@with_conference
def program(request):
    """Show each day in easy words: when it is, and how many talks it has."""
    days = Day.objects.for_edition(request.conference).with_announced_dates().with_sessions()
    return TemplateResponse(request, "conference/easy_program.html", {"days": days})


@public_page
@with_conference
def how_to_join(request):
    """Show what happens on the day, step by step, in easy words."""
    return TemplateResponse(request, "conference/easy_how_to_join.html")
