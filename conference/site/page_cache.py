"""Caches whole public pages, compressed, and serves them before Django runs.

It stores only responses that a view marked as the same for everybody (`public_page`), to requests without a session,
without cookies and errors: so never a person's own page. A page lives for a minute, since it says "in 12 days", and at
most until the next published change (`conference.models.versions`).
"""

import gzip
from functools import lru_cache

import brotli
from django.conf import settings
from django.utils.cache import parse_etags

from conference.site import kept_pages
from conference.site.compression import BEING_KEPT, BROTLI_QUALITY, accepts
from conference.site.etags import weaken
from conference.site.kept_facts import CONTENT_VERSION
from conference.site.kept_pages import Page
from conference.site.languages import without_language
from conference.site.parameters import read_query
from conference.site.public import FOR_EVERYBODY

CONDITIONS = ("HTTP_IF_MATCH", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_UNMODIFIED_SINCE")
# Their URLs may have other parameters, and none of their pages is public.
NOT_OURS = (settings.STATIC_URL, "/organisers/", "/preview/", "/mail-events/", "/_")
# Files, and health checks, which must not use the database.
ASK_NOTHING = ("/healthz", settings.STATIC_URL)
VARY = ("Vary", "Accept-Encoding")
OF_NOT_MODIFIED = {"Age", "Cache-Control", "ETag", "Expires", "Last-Modified", "Vary"}  # RFC 9110 15.4.5


class PageCache:
    """A WSGI middleware around Django: it serves a cached page, or lets Django render one and stores it."""

    def __init__(self, application):
        self.application = application

    def __call__(self, environ, start_response):
        """Serve a cached page if possible. Views never see unknown parameters."""
        if not settings.PAGE_CACHE or environ["PATH_INFO"].startswith(ASK_NOTHING):
            return self.application(environ, start_response)
        key, pages = key_of(environ), kept_pages.PAGES
        if key is None:
            return self.ask(environ, start_response)
        if page := pages.get(key):
            return send(page, pages.age(page), environ, start_response)
        if environ["REQUEST_METHOD"] == "HEAD":
            return self.ask(environ, start_response)
        with pages.one_maker(key) as is_maker:
            if not is_maker and (page := pages.get(key)):
                return send(page, pages.age(page), environ, start_response)
            return self.make(key, environ, start_response) if is_maker else self.ask(environ, start_response)

    def ask(self, environ, start_response):
        """Let Django answer. It may use cached facts of this version of the content; organisers get fresh ones."""
        if not has_session(environ):
            environ[CONTENT_VERSION] = kept_pages.PAGES.version_now()
        return self.application(environ, start_response)

    def make(self, key, environ, start_response):
        """Let Django render the page without conditional headers, store it if allowed, and send it."""
        pages = kept_pages.PAGES
        version, made_at = pages.version_now(), pages.clock()
        asked = {name: environ.pop(name) for name in CONDITIONS if name in environ}
        answer = Answer(self.application, environ | {BEING_KEPT: True, CONTENT_VERSION: version})
        if not answer.may_be_kept():
            return answer.send(environ | asked, start_response)
        page = answer.page(made_at)
        pages.put(key, page, version)
        return send(page, pages.age(page), environ | asked, start_response)


def key_of(environ):
    """Return the cache key of a request, or None if its response may not be cached.

    It contains the Host as sent: an unknown one gets an error, and errors are not cached.
    """
    path, host = environ["PATH_INFO"], environ.get("HTTP_HOST")
    if without_language(path).startswith(NOT_OURS):
        return None
    environ["QUERY_STRING"], is_shared = read_query(environ.get("QUERY_STRING", ""))
    if not is_shared or not host or environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
        return None
    if "HTTP_AUTHORIZATION" in environ or has_session(environ):
        return None
    scheme = environ.get("HTTP_X_FORWARDED_PROTO") or environ["wsgi.url_scheme"]
    return (scheme.partition(",")[0].strip() == "https", host, path, environ["QUERY_STRING"])


def has_session(environ):
    """Whether the request may be an organiser's."""
    return settings.SESSION_COOKIE_NAME in environ.get("HTTP_COOKIE", "")


class Answer:
    """A complete WSGI response: `status`, `headers` and `body`, an iterable."""

    def __init__(self, application, environ):
        self.environ = environ
        self.body = application(environ, self.start)

    def start(self, status, headers, exc_info=None):
        """Record status and headers, as WSGI's start_response."""
        self.status, self.headers = status, headers

    def may_be_kept(self):
        """Whether it is the same for everybody: marked by its view, and not made personal by any middleware."""
        names = {name.lower(): value for name, value in self.headers}
        return (
            FOR_EVERYBODY in self.environ
            and "etag" in names
            and self.status == "200 OK"
            and not {"set-cookie", "content-encoding"} & names.keys()
            and names.get("vary", "").lower() in ("", "accept-encoding")
        )

    def send(self, environ, start_response):
        """Send it unchanged, or as 304 Not Modified."""
        if self.status == "200 OK" and has_it(environ, dict(self.headers).get("ETag")):
            self.close()
            start_response("304 Not Modified", not_modified(self.headers))
            return []
        start_response(self.status, self.headers)
        return self.body

    def close(self):
        """Close the response, as WSGI requires of those who consume it."""
        if hasattr(self.body, "close"):
            self.body.close()

    def page(self, made_at):
        """Return it as a compressed Page, and close the response."""
        try:
            plain = b"".join(self.body)
        finally:
            self.close()
        headers = {name: value for name, value in self.headers if name not in ("Content-Length", "Vary")}
        headers["ETag"] = weaken(headers["ETag"])
        bodies = {
            "": plain,
            "gzip": gzip.compress(plain, mtime=0),
            "br": brotli.compress(plain, mode=brotli.MODE_TEXT, quality=BROTLI_QUALITY),
        }
        return Page((*headers.items(), VARY), bodies, made_at, headers["ETag"])


def send(page, age, environ, start_response):
    """Send a page made `age` seconds ago: compressed, plain, or as 304 Not Modified."""
    headers = [*page.headers, ("Age", str(int(age)))]
    if has_it(environ, page.etag):
        start_response("304 Not Modified", not_modified(headers))
        return []
    coding = best_coding(environ.get("HTTP_ACCEPT_ENCODING", ""))
    body = page.bodies[coding]
    if coding:
        headers.append(("Content-Encoding", coding))
    start_response("200 OK", [*headers, ("Content-Length", str(len(body)))])
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def not_modified(headers):
    """Return the headers that a 304 Not Modified keeps."""
    return [(name, value) for name, value in headers if name in OF_NOT_MODIFIED]


def has_it(environ, etag):
    """Whether the browser has the page with this ETag (RFC 9110 §13.1.2)."""
    held = environ.get("HTTP_IF_NONE_MATCH")
    if held is None or etag is None:
        return False
    return held.strip() == "*" or weaken(etag) in map(weaken, parse_etags(held))


@lru_cache(maxsize=256)
def best_coding(accept_encoding):
    """Return the coding in which a browser gets a page: "br", "gzip" or "", which is plain."""
    return next((coding for coding in ("br", "gzip") if accepts(accept_encoding, coding)), "")
