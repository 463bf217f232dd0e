"""What every public page knows: its edition, and its one lasting address."""

from django.conf import settings
from django.urls import reverse


def edition(request):
    """Give templates `edition`, `conference` and `visitor_zone` (None outside public pages), `canonical_url`,
    and whether pages of the program are not there to be linked to."""
    shown = getattr(request, "edition", None)
    return {
        "edition": shown,
        "conference": shown and shown.conference,
        "visitor_zone": shown and shown.zone,
        "canonical_url": canonical_url(request, shown),
        "has_no_program": hasattr(request, "edition") and (shown is None or not shown.conference.is_published),
    }


def canonical_url(request, shown):
    """Return the absolute address under which this page should be known, or "" for pages of a person.

    `/2027/program/` and `/program/` are one page while 2027 is current; a time zone makes no other page.
    """
    match = request.resolver_match
    if shown is None or match is None or "token" in match.kwargs:
        return ""
    if match.namespace == "edition" and shown.is_current:
        parts = {name: value for name, value in match.kwargs.items() if name != "year"}
        return settings.SITE_URL + reverse(f"conference:{match.url_name}", kwargs=parts)
    return settings.SITE_URL + request.path
