"""Keeps whole public pages as ready bytes: the first middleware answers with them before anything else runs.

Kept is only what a view marked as the same for everybody (`public_page`), that was asked for without a session, sets
no cookie and is no error: so never a page of a person. A page lives for a minute, since it says "in 12 days", and at
most until the next published change (`conference.models.versions`).

All other pages but the organisers' are compressed as well, on their way out: one round trip on a slow line is 14 KB.
"""

import gzip
import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from time import monotonic

import brotli
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.db import DatabaseError
from django.http import HttpResponse
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import get_language

from conference.clock import UnknownZone, canonical_zone
from conference.models import ContentVersion
from conference.site.looks import LOOKS, look_asked_for
from conference.site.public import MAX_AGE

MOST_BYTES = 16 * 1024 * 1024  # for each process; a page has about 10 KB, compressed in two ways
OVERHEAD = 2048  # bytes that a page costs beside its words
BROTLI_QUALITY = 5  # 5 ms a page; 11 is a tenth smaller and takes 90
LOOK_EVERY = 1  # seconds between two looks at the version
PERSONAL_COOKIES = ("messages", settings.SESSION_COOKIE_NAME)
CONDITIONS = ("HTTP_IF_MATCH", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_UNMODIFIED_SINCE")


@dataclass(frozen=True)
class Page:
    """A ready answer: its headers, its body as gzip and as Brotli, and when it was made, by the clock of `Pages`."""

    headers: tuple
    body: bytes
    made_at: float
    brotli: bytes = b""

    @property
    def size(self):
        """What it takes of the memory, in bytes."""
        return len(self.body) + len(self.brotli) + OVERHEAD


class Pages:
    """The ready pages of this process, those used last at the end. All threads share it.

    `clock` returns seconds; `look_every` is in seconds too.
    """

    def __init__(self, *, most_bytes=MOST_BYTES, look_every=LOOK_EVERY, clock=monotonic):
        self.most_bytes = most_bytes
        self.look_every = look_every
        self.clock = clock
        self.lock = Lock()
        self.version = None
        self.looked_at = float("-inf")
        self.forget()

    def forget(self):
        """Drop all pages."""
        self.pages = OrderedDict()
        self.bytes = 0

    def look(self):
        """Find out the version of the content, at most once in `look_every`; drop all pages when it is another one."""
        if self.clock() - self.looked_at >= self.look_every:
            self.looked_at = self.clock()
            try:
                version = ContentVersion.objects.now_shown()
            except DatabaseError:
                return  # what is ready stays readable while the database is away
            with self.lock:
                if version != self.version:
                    self.forget()
                    self.version = version

    def age(self, page):
        """Return how long ago `page` was made, in seconds."""
        return self.clock() - page.made_at

    def get(self, key):
        """Return the Page for `key`, or None if there is none that may still be shown."""
        if key not in self.pages:
            return None  # without a look: a health check, say, asks no database
        self.look()
        with self.lock:
            page = self.pages.get(key)
            if page is None or self.age(page) >= MAX_AGE:
                return None
            self.pages.move_to_end(key)
            return page

    def put(self, key, page, version):
        """Keep a page, unless the content changed since it had `version`, which was known before the page was made."""
        self.look()
        with self.lock:
            if version != self.version:
                return
            self.drop(key)
            self.pages[key] = page
            self.bytes += page.size
            while self.bytes > self.most_bytes:
                self.drop(next(iter(self.pages)))

    def drop(self, key):
        """Drop one page, if it is there."""
        if (page := self.pages.pop(key, None)) is not None:
            self.bytes -= page.size


PAGES = Pages()


def page_cache(get_response):
    """Make the middleware. It stands before all others, so a ready page costs neither session nor template."""

    gzipped = GZipMiddleware(get_response)

    def answer(request):
        key = key_of(request) if settings.PAGE_CACHE else None
        if key is None:
            return light(request, get_response(request), gzipped)
        page = PAGES.get(key)
        if page is None:
            version = PAGES.version
            response, page = made(request, get_response, PAGES.clock())
            if page is None:
                return light(request, response, gzipped)
            PAGES.put(key, page, version)
        return sent(request, page, PAGES.age(page))

    return answer


def light(request, response, gzipped):
    """Return an answer that is not kept, compressed if it is a page of words and nobody is logged in.

    Its length tells nobody what stands in the page (BREACH): Django writes a CSRF token in a new way each time, a
    person's key stands in pages that only they can ask for, and pages behind a log-in are left as they are.
    """
    is_page = response.get("Content-Type", "").startswith("text/html") and not response.streaming
    if not is_page or settings.SESSION_COOKIE_NAME in request.COOKIES:
        return response
    if not takes(request.META.get("HTTP_ACCEPT_ENCODING", ""), "br"):
        return gzipped.process_response(request, response)
    response.content = brotli.compress(response.content, mode=brotli.MODE_TEXT, quality=BROTLI_QUALITY)
    response["Content-Encoding"] = "br"
    response["Content-Length"] = str(len(response.content))
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


def key_of(request):
    """Return what tells a public page from all others, or None where nothing may be kept or taken from what is kept."""
    if request.method not in ("GET", "HEAD") or request.path.startswith(settings.STATIC_URL):
        return None
    if "HTTP_AUTHORIZATION" in request.META or any(name in request.COOKIES for name in PERSONAL_COOKIES):
        return None
    asked, look = request.GET.getlist("tz"), look_asked_for(request.GET)
    if len(asked) > 1 or len(request.GET) > len(asked) + len(look):
        return None
    if any(len(request.GET.getlist(name)) > 1 for name in LOOKS):
        return None
    try:
        zone = canonical_zone(asked[0]).key if asked and asked[0].strip() else ""
        return (request.scheme, request.get_host(), request.path, zone, look, get_language())
    except (UnknownZone, DisallowedHost):
        return None


def made(request, get_response, now):
    """Return the answer of the other middleware and the view, and the Page to keep, or None if it must not be kept."""
    asked = {name: request.META.pop(name) for name in CONDITIONS if name in request.META}
    response = get_response(request)
    request.META |= asked
    if request.method != "GET" or not may_be_kept(response):
        return get_conditional_response(request, response.get("ETag"), response=response) if asked else response, None
    if "ETag" not in response:
        # Weak, because the same page is sent compressed and plain (RFC 9110 8.8.1).
        response["ETag"] = f'W/"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    patch_vary_headers(response, ["Accept-Encoding"])
    body = gzip.compress(response.content, mtime=0)
    smaller = brotli.compress(response.content, mode=brotli.MODE_TEXT, quality=BROTLI_QUALITY)
    headers = [(name, value) for name, value in response.items() if name != "Content-Length"]
    return response, Page(tuple(headers), body, now, smaller)


def may_be_kept(response):
    """Whether an answer is a page for everybody: marked so by its view, and nothing on its way made it personal."""
    return (
        getattr(response, "is_for_everybody", False)
        and response.status_code == 200
        and not response.streaming
        and not response.cookies
        and not response.has_header("Content-Encoding")
        and response.get("Vary", "").lower() in ("", "accept-encoding")
    )


def sent(request, page, age):
    """Return a page made `age` seconds ago as the browser takes it: compressed, plain, or "you have it already"."""
    response = HttpResponse(headers=dict(page.headers))
    response["Age"] = str(int(age))
    accepts = request.META.get("HTTP_ACCEPT_ENCODING", "")
    if takes(accepts, "br"):
        response.content = page.brotli
        response["Content-Encoding"] = "br"
    elif takes(accepts, "gzip"):
        response.content = page.body
        response["Content-Encoding"] = "gzip"
    else:
        response.content = gzip.decompress(page.body)
    response["Content-Length"] = str(len(response.content))
    if request.method == "HEAD":
        response.content = b""
    return get_conditional_response(request, response["ETag"], response=response)


def takes(accept_encoding, coding):
    """Whether a browser that sends this Accept-Encoding header can read `coding`: "br", "gzip" (RFC 9110 12.5.3)."""
    for part in accept_encoding.lower().split(","):
        name, _semicolon, weight = part.partition(";")
        if name.strip() == coding:
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
