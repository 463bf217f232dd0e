"""The store of the page cache: fresh, bounded, and each page is rendered once even if many ask for it."""

from collections import OrderedDict
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Lock
from time import monotonic

from django.core.signals import request_finished, request_started
from django.db import DatabaseError

from conference.models import ContentVersion
from conference.site.public import MAX_AGE

MOST_BYTES = 16 * 1024 * 1024  # for each process; a page has about 40 KB, plain and in two compressions
OVERHEAD = 2048  # bytes of overhead for each page
LOOK_EVERY = 1  # seconds between two checks of the version
LONGEST_WAIT = 10  # seconds to wait for another thread that makes a page


@dataclass(frozen=True)
class Page:
    """A cached response: headers, body by coding ("" is plain), and when it was made, by the clock of `Pages`."""

    headers: tuple
    bodies: dict
    made_at: float
    etag: str = ""

    @property
    def size(self):
        """Its size in memory, in bytes."""
        return sum(map(len, self.bodies.values())) + OVERHEAD


class Pages:
    """The cached pages of this process, least recently used first. All threads share it.

    `clock` returns seconds; `check_every` is in seconds too.
    """

    def __init__(self, *, most_bytes=MOST_BYTES, check_every=LOOK_EVERY, clock=monotonic):
        self.most_bytes = most_bytes
        self.check_every = check_every
        self.clock = clock
        self.lock = Lock()
        self.being_made = {}
        self.version = None
        self.checked_at = float("-inf")
        self.forget()

    def forget(self):
        """Drop all pages."""
        self.pages = OrderedDict()
        self.bytes = 0

    def check_version(self):
        """Read the version of the content, at most once in `check_every` seconds; drop all pages if it has changed."""
        if self.clock() - self.checked_at >= self.check_every:
            self.checked_at = self.clock()
            try:
                version = newest_version()
            except DatabaseError:
                self.checked_at = self.clock()  # it may have taken seconds, so do not try again for every page
                return  # cached pages can still be served while the database is away
            with self.lock:
                if version != self.version:
                    self.forget()
                    self.version = version

    def version_now(self):
        """Return the version of the content as it was at most `check_every` seconds ago; None if nobody could tell."""
        self.check_version()
        return self.version

    def age(self, page):
        """Return how long ago `page` was made, in seconds."""
        return self.clock() - page.made_at

    def get(self, key):
        """Return the Page for `key`, or None if there is none that may still be shown."""
        if key not in self.pages:
            return None  # without a look: a health check, say, asks no database
        self.check_version()
        with self.lock:
            page = self.pages.get(key)
            if page is None or self.age(page) >= MAX_AGE:
                return None
            self.pages.move_to_end(key)
            return page

    def put(self, key, page, version):
        """Store a page, unless the content has changed since `version`, which was read before the page was rendered."""
        self.check_version()
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

    @contextmanager
    def one_maker(self, key):
        """Yield True to the first thread that wants the page of `key`; let the others wait, then yield False.

        So a crowd that asks for an uncached page causes one rendering. If the page cannot be cached, the others render
        their own.
        """
        with self.lock:
            event = self.being_made.get(key)
            if is_first := event is None:
                event = self.being_made[key] = Event()
        if not is_first:
            event.wait(LONGEST_WAIT)
            yield False
            return
        try:
            yield True
        finally:
            del self.being_made[key]
            event.set()


def newest_version():
    """Return the version of the content.

    It runs outside Django's request cycle, so it manages its connection as Django does: it reopens a broken one, and
    returns it to the pool afterwards.
    """
    request_started.send(sender=Pages, environ={})
    try:
        return ContentVersion.objects.now_shown()
    finally:
        request_finished.send(sender=Pages)


PAGES = Pages()
