"""Keeps whole public pages as ready bytes and answers with them before Django runs.

Kept is only what a view marked as the same for everybody (`public_page`), that was asked for without a session, sets
no cookie and is no error: so never a page of a person. A page lives for a minute, since it says "in 12 days", and at
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
# Their addresses may have parameters of their own, and none of their pages is public.
NOT_OURS = (settings.STATIC_URL, "/organisers/", "/preview/", "/mail-events/", "/_")
# Health checks, which ask no database for the process to be up, and files.
ASK_NOTHING = ("/healthz", settings.STATIC_URL)
VARY = ("Vary", "Accept-Encoding")
OF_NOT_MODIFIED = {"Age", "Cache-Control", "ETag", "Expires", "Last-Modified", "Vary"}  # RFC 9110 15.4.5


class PageCache:
    """A WSGI application around Django's: it answers with a ready page, or lets one be made and keeps it."""

    def __init__(self, application):
        self.application = application

    def __call__(self, environ, start_response):
        """Answer with a kept page if possible. Views never see unknown parameters."""
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
        """Let Django answer. It may use kept facts of this version of the content; organisers always get fresh ones."""
        if not has_session(environ):
            environ[CONTENT_VERSION] = kept_pages.PAGES.version_now()
        return self.application(environ, start_response)

    def make(self, key, environ, start_response):
        """Let Django make the page as for a first visitor, keep it if it may be kept, and send it."""
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
    """Return the key of a public page, or None if its answer may be neither kept nor taken from the kept ones.

    The Host is as it was sent: one that is not ours gets an error, and errors are not kept.
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
    """A whole answer of an application: `status`, `headers` and `body`, an iterable response."""

    def __init__(self, application, environ):
        self.environ = environ
        self.body = application(environ, self.start)

    def start(self, status, headers, exc_info=None):
        """Note status and headers, as WSGI's start_response."""
        self.status, self.headers = status, headers

    def may_be_kept(self):
        """Whether it is a page for everybody: marked so by its view, and nothing on its way made it personal."""
        names = {name.lower(): value for name, value in self.headers}
        return (
            FOR_EVERYBODY in self.environ
            and "etag" in names
            and self.status == "200 OK"
            and not {"set-cookie", "content-encoding"} & names.keys()
            and names.get("vary", "").lower() in ("", "accept-encoding")
        )

    def send(self, environ, start_response):
        """Pass it on as it is, or say that the browser has it already."""
        if self.status == "200 OK" and has_it(environ, dict(self.headers).get("ETag")):
            self.close()
            start_response("304 Not Modified", not_modified(self.headers))
            return []
        start_response(self.status, self.headers)
        return self.body

    def close(self):
        """End the response, as WSGI asks of those who keep it for themselves."""
        if hasattr(self.body, "close"):
            self.body.close()

    def page(self, made_at):
        """Return it as a Page, compressed, and end the response."""
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
    """Answer with a page made `age` seconds ago as the browser takes it: compressed, plain, or "you have it"."""
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
    """Return those of an answer's headers that "you have it already" sends too."""
    return [(name, value) for name, value in headers if name in OF_NOT_MODIFIED]


def has_it(environ, etag):
    """Whether the browser holds the page of this ETag (RFC 9110 13.1.2)."""
    held = environ.get("HTTP_IF_NONE_MATCH")
    if held is None or etag is None:
        return False
    return held.strip() == "*" or weaken(etag) in map(weaken, parse_etags(held))


@lru_cache(maxsize=256)
def best_coding(accept_encoding):
    """Return the coding in which a browser gets a page: "br", "gzip" or "", which is plain."""
    return next((coding for coding in ("br", "gzip") if accepts(accept_encoding, coding)), "")
