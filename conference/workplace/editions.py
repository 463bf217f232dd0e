"""Which edition the organisers work on: it heads each page, and lists begin with it."""

from django.utils import timezone

from conference.models import Conference


def edition_at_work(request, now=None):
    """Return the edition that is worked on at the UTC instant `now`, or None on an empty site; asked once a request."""
    if not hasattr(request, "_edition_at_work"):
        request._edition_at_work = Conference.objects.at_work(now or timezone.now())
    return request._edition_at_work
