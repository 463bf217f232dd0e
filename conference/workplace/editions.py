"""Which edition the organisers work on: it heads each page, and lists begin with it."""

from django.http import Http404
from django.utils import timezone

from conference.models import Conference
from conference.sent import whole_number


def edition_at_work(request, now=None):
    """Return the edition that is worked on at the UTC instant `now`, or None on an empty site; asked once a request."""
    if not hasattr(request, "_edition_at_work"):
        request._edition_at_work = Conference.objects.at_work(now or timezone.now())
    return request._edition_at_work


def edition_asked_for(request):
    """Return the edition whose key the address or form has in "edition", or else the one at work. Raises Http404."""
    key = (request.POST or request.GET).get("edition", "")
    found = Conference.objects.with_id(whole_number(key)).first() if key else edition_at_work(request)
    if found is None:
        raise Http404
    return found
