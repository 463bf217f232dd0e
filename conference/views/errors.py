"""The page for addresses that lead nowhere."""

from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from conference.site.edition import NothingPublished, find_edition


def not_found(request, exception):
    """Show the page for a wrong address, with ways on. The names of what exists stay out of it.

    A right address that was opened too early says that the site is being prepared.
    """
    find_edition(request, None, timezone.now(), required=False)
    is_too_early = isinstance(exception, NothingPublished)
    response = render(request, "conference/nothing_yet.html" if is_too_early else "404.html", status=404)
    add_never_cache_headers(response)
    return response
