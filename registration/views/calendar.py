"""A person's own calendar, to which calendar programs subscribe, and each of its days as a file."""

from datetime import UTC, datetime

from django.http import Http404, HttpResponse

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
    for row in rows:
        row.registrant = registrant  # one for all days, which asks once who shares the address

    def write(now):
        return invites.feed(registrant, rows, now=now, with_sessions=with_sessions)

    return answer(request, write, 'inline; filename="pxp.ics"')


@personal(of_person("calendar"), methods=["GET", "HEAD"], may_be_kept=True)
def day(request, registrant, number):
    """Return one day as a file, the same entry as in its invite. Raises Http404 if the person has no place."""
    rows = Registration.objects.for_person(registrant).confirmed().taking_place().with_people()
    row = next((row for row in rows if row.day.number == number), None)
    if row is None:
        raise Http404("No place on such a day.")
    name = f"pxp-{registrant.conference.slug}-{row.day.slug}.ics"
    return answer(request, lambda now: invites.file(row, now=now), f'attachment; filename="{name}"')


def answer(request, write, disposition):
    """Return what `write(now)` makes as a calendar, with an ETag of what it says."""
    response = HttpResponse(write(request.edition.now), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = disposition
    response["ETag"] = etag_of(write(_ANY_TIME))
    return response
