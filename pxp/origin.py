"""Refuses cross-site form submissions. Public forms have no token and need no cookie; organisers' forms have both.

The rule is that of Go 1.25's CrossOriginProtection: browsers say where a request comes from, and no page can forge
that. django-modern-csrf does nearly this, but it believes the Host header, and it cannot guard a view that has no
token.
"""

from urllib.parse import urlsplit

from django.conf import settings

from registration.views.press_again import press_again

SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")  # RFC 9110 9.2.1
PORTS = {"http": 80, "https": 443}


class OriginMiddleware:
    """Accepts forms that come from our own pages, or from a program that is not a browser."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Do nothing here: `process_view` checks."""
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        """Return the page that offers the form again if another site sent it, otherwise None."""
        if request.method in SAFE or getattr(view, "is_open_to_all_origins", False):
            return None
        return press_again(request) if comes_from_elsewhere(request.headers) else None


def comes_from_elsewhere(headers):
    """Return whether the headers of a browser (W3C Fetch Metadata; RFC 6454 7) name another site than ours.

    Browsers of before 2023 send no Sec-Fetch-Site, and none does by http; programs send neither header.
    """
    if site := headers.get("Sec-Fetch-Site"):
        return site not in ("same-origin", "none")  # "none": the person, by hand
    sent_by = headers.get("Origin")
    return sent_by is not None and origin_of(sent_by) != origin_of(settings.SITE_URL)


def origin_of(url):
    """Return (scheme, host, port) of a URL, or None for a value that is not a URL, such as "null"."""
    try:
        parts = urlsplit(url)
        return (parts.scheme, parts.hostname, parts.port or PORTS[parts.scheme])
    except (ValueError, KeyError):
        return None
