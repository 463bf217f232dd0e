"""Compresses pages that are not cached: one round trip on a slow connection is 14 KB."""

import brotli
from django.conf import settings
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers

from conference.site.etags import weaken
from conference.site.public import FOR_EVERYBODY

BEING_KEPT = "pxp.is_being_kept"  # WSGI environment key: the page cache wants the uncompressed page
BROTLI_QUALITY = 5  # takes 5 ms a page; level 11 is a tenth smaller and takes 90


def compress_pages(get_response):
    """Make the middleware. It is outside all others, so it sees the final page.

    Safe against BREACH: only the person can request pages with their token, forms contain no secret, and pages behind a
    login are not compressed. Public pages are compressed in the page cache.
    """
    gzipped = GZipMiddleware(get_response)

    def answer(request):
        response = get_response(request)
        is_page = response.get("Content-Type", "").startswith("text/html") and not response.streaming
        is_kept = BEING_KEPT in request.META and FOR_EVERYBODY in request.META and response.status_code == 200
        if not is_page or is_kept or settings.SESSION_COOKIE_NAME in request.COOKIES:
            return response
        patch_vary_headers(response, ["Accept-Encoding"])
        accepted = request.META.get("HTTP_ACCEPT_ENCODING", "")
        if not accepts(accepted, "br"):
            # Django's own look at the header finds "gzip" also where a weight of 0 refuses it.
            return gzipped.process_response(request, response) if accepts(accepted, "gzip") else response
        response.content = brotli.compress(response.content, mode=brotli.MODE_TEXT, quality=BROTLI_QUALITY)
        response["Content-Encoding"] = "br"
        response["Content-Length"] = str(len(response.content))
        if "ETag" in response:
            response["ETag"] = weaken(response["ETag"])
        return response

    return answer


def accepts(accept_encoding, coding):
    """Return whether a browser with this Accept-Encoding header reads `coding`: "br", "gzip" (RFC 9110 12.5.3)."""
    for part in accept_encoding.lower().split(","):
        name, _semicolon, weight = part.partition(";")
        if name.strip() == coding:
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
