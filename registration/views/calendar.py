"""A person's own calendar, to which calendar programs subscribe."""

from datetime import UTC, datetime

from django.http import HttpResponse

from conference.site.etags import etag_of
from registration.letters import invites
from registration.models import Registration

from .decorators import of_person, personal

# Calendar programs ask again every few hours. Their answer is the same until one of their days changes, but for
# the time of writing (RFC 5545 §3.8.7.2), so the tag is that of the calendar as written at a fixed time.
_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)


@personal(of_person("calendar"), methods=["GET", "HEAD"], may_be_kept=True)
def calendar(request, registrant):
    """Return the days on which the person has a place; with `?sessions`, each session that has a time by itself."""
    with_sessions = "sessions" in request.GET
    rows = list(Registration.objects.for_person(registrant).confirmed().with_people().with_sessions())

    def written(now):
        return invites.feed(registrant, rows, now=now, with_sessions=with_sessions)

    response = HttpResponse(written(request.edition.now), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="pxp.ics"'
    response["ETag"] = etag_of(written(_ANY_TIME))
    return response
