"""The pages for addresses that lead nowhere and for our own faults."""

import sys

from django.db import InterfaceError, OperationalError
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from conference.site.edition import find_edition

SECONDS_UNTIL_ANOTHER_TRY = 30


def not_found(request, exception):
    """Show the page for a wrong address, with ways on. The names of what exists stay out of it."""
    find_edition(request, None, timezone.now(), required=False)
    response = render(request, "404.html", status=404)
    add_never_cache_headers(response)
    return response


def server_error(request):
    """Show the page for a fault of ours. It asks no database, which may be what failed.

    A database that is away, busy or without room is no fault of the page: 503, with the seconds until another try
    (RFC 9110, 10.2.3).
    """
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        page = render(None, "503.html", status=503)
        page["Retry-After"] = str(SECONDS_UNTIL_ANOTHER_TRY)
        add_never_cache_headers(page)
        return page
    return render(None, "500.html", status=500)
