"""The edition that organisers work on: each page names it, and lists are filtered by it at first."""

from django.http import Http404
from django.utils import timezone

from conference.models import Conference
from conference.models.editions import one_at_work
from conference.raw_input import whole_number


def edition_at_work(request, now=None):
    """Return the edition that is worked on at the UTC instant `now`, or None on an empty site; asked once a request."""
    return _editions(request, now)[0]


def has_past_editions(request, now):
    """Whether editions other than the one at work are over at the UTC instant `now`. No query beyond the one above."""
    return _editions(request, now)[1]


def _editions(request, now):
    if not hasattr(request, "_editions"):
        now = now or timezone.now()
        rows = list(Conference.objects.in_order_of_years())
        at_work = one_at_work(rows, now)
        request._editions = at_work, any(row.last_end and row.last_end < now for row in rows if row != at_work)
    return request._editions


def edition_asked_for(request):
    """Return the edition whose key the address or form has in "edition", or else the one at work. Raises Http404."""
    key = (request.POST or request.GET).get("edition", "")
    found = Conference.objects.with_id(whole_number(key)).first() if key else edition_at_work(request)
    if found is None:
        raise Http404
    return found
