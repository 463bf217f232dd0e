"""The program: all of it, one day, one session."""

from http import HTTPStatus
from itertools import pairwise

from django.conf import settings
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.cache import add_never_cache_headers

from conference import calendars
from conference.models import Day, FormerSession, Session
from conference.site.before import or_of_an_edition_before
from conference.site.edition import with_conference
from conference.site.public import public_page


@public_page
@with_conference
def program(request):
    """Show all days with their sessions."""
    days = Day.objects.for_edition(request.conference).with_conference().with_program()
    return TemplateResponse(request, "conference/program.html", {"days": days})


@public_page
@with_conference
@or_of_an_edition_before
def day(request, number):
    """Show one day, and the way to the days around it. Answers 404 if the edition has no such day."""
    days = Day.objects.for_edition(request.conference)
    shown = get_object_or_404(days.with_conference().numbered([number]).with_program())
    page = settings.SITE_URL + request.edition.lasting_url("day", shown)
    context = {
        "day": shown,
        "days": days,
        "google_url": calendars.google_link(shown, url=page),
        "outlook_url": calendars.outlook_link(shown, url=page),
    }
    return TemplateResponse(request, "conference/day.html", context | around(shown, days))


@public_page
@with_conference
@or_of_an_edition_before
def session(request, slug):
    """Show one session, and the way to those around it that day. One that is gone says so, with 410."""
    sessions = Session.objects.for_edition(request.conference).named(slug)
    shown = sessions.with_people().with_announced_dates().first()
    if shown is None:
        return former_session(request, slug)
    days = Day.objects.for_edition(request.conference)
    context = {"session": shown, "day": shown.day, "days": days} | around(shown, shown.day.sessions.all())
    return TemplateResponse(request, "conference/session.html", context)


def former_session(request, slug):
    """Say that a session is no longer on the program, and lead on to its day. Answers 404 if there never was one."""
    gone = get_object_or_404(FormerSession.objects.for_edition(request.conference).named(slug).select_related("day"))
    context = {"session": gone, "is_to_come": gone.day is not None and gone.day.is_to_come(request.edition.now)}
    response = TemplateResponse(request, "conference/former_session.html", context, status=HTTPStatus.GONE)
    add_never_cache_headers(response)
    return response


def around(shown, all_in_order):
    """Return what comes before and after `shown`, None at either end."""
    neighbours = [None, *all_in_order, None]
    return {
        "before": next(before for before, item in pairwise(neighbours) if item == shown),
        "after": next(after for item, after in pairwise(neighbours) if item == shown),
    }
