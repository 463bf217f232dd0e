"""Addresses that last year's newsletters and calendars hold, once the next conference is at `/`."""

from functools import wraps

from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse

from conference.models import Conference
from conference.site.edition import find_edition, in_zone


def or_of_an_edition_before(view):
    """Decorate a view of one day, session or speaker, below `with_conference`.

    What the edition at `/` does not have, the newest past one may: then the answer leads there, for now. An address
    with a year, and a preview, have only what their edition has.
    """

    @wraps(view)
    def wrapper(request, **kwargs):
        try:
            return view(request, **kwargs)
        except Http404:
            asked, match = request.edition, request.resolver_match
            if "year" in match.kwargs or getattr(request, "previewed", None) is not None:
                raise
            for edition in Conference.objects.past(asked.now).other_than(asked.conference):
                find_edition(request, edition.slug, asked.now)
                try:
                    view(request, **kwargs)
                except Http404:
                    continue
                path = reverse(f"edition:{match.url_name}", kwargs={"year": edition.slug, **kwargs})
                return redirect(in_zone(path, asked.zone, asked.look))
            request.edition, request.conference, request.visitor_zone = asked, asked.conference, asked.zone
            raise

    return wrapper
