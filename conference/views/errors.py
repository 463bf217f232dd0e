"""The page for addresses that lead nowhere."""

from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from conference.site.edition import find_edition


def not_found(request, exception):
    """Show the page for a wrong address, with ways on. The names of what exists stay out of it."""
    find_edition(request, None, timezone.now(), required=False)
    response = render(request, "404.html", status=404)
    add_never_cache_headers(response)
    return response
