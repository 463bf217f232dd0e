"""Calendar files for everybody: one session, one day, the whole program (METHOD:PUBLISH, RFC 5546 3.2.1)."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from conference import calendars
from conference.models import Day, Session
from conference.site.before import or_of_an_edition_before
from conference.site.edition import with_conference
from conference.site.etags import etag_of
from conference.site.public import public_page

# When the file was made says nothing about what is in it.
NOT_CONTENT = (b"DTSTAMP:", b"LAST-MODIFIED:", b"CREATED:")


@public_page
@with_conference
def program_ics(request):
    """Send the whole program as one calendar file."""
    days = Day.objects.for_edition(request.conference).with_conference().with_program()
    content = calendars.program_calendar(
        request.conference, days, url_of=lambda item: page_of(request, item), now=request.edition.now
    )
    return calendar_file(request, content, "program")


@public_page
@with_conference
@or_of_an_edition_before
def day_ics(request, number):
    """Send one day's calendar file. Answers 404 if the edition has no such day."""
    day = get_object_or_404(Day.objects.for_edition(request.conference).with_conference().numbered([number]))
    content = calendars.day_calendar(day, url=page_of(request, day), now=request.edition.now)
    return calendar_file(request, content, day.slug)


@public_page
@with_conference
@or_of_an_edition_before
def session_ics(request, slug):
    """Send one session's calendar file. Answers 404 if there is no such session."""
    session = get_object_or_404(Session.objects.for_edition(request.conference).named(slug).with_people())
    content = calendars.session_calendar(session, url=page_of(request, session), now=request.edition.now)
    return calendar_file(request, content, session.slug)


def page_of(request, item):
    """Return the absolute address of a day's or session's page, the same in whatever zone it was asked for."""
    name = "day" if isinstance(item, Day) else "session"
    return settings.SITE_URL + request.edition.lasting_url(name, item)


def calendar_file(request, content, name):
    """Answer with a file to save. Its ETag changes with what it says, not with when it was made."""
    lines = [line for line in content.splitlines() if not line.startswith(NOT_CONTENT)]
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="pxp-{request.conference.slug}-{name}.ics"'
    response["ETag"] = etag_of(b"".join(lines))
    return response
