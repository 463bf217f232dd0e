"""The organisers' navigation: a few areas, named after jobs, with the pages of each.

An app adds its pages when its admin is loaded:

    areas.add(areas.PROGRAM, _("Days"), "admin:conference_day_changelist", "conference.view_day", position=1)
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PROGRAM, PEOPLE, MAILS, PAGES, FILES, TEAM = "program", "people", "mails", "pages", "files", "team"
NAMES = {
    PROGRAM: _("Program"),
    PEOPLE: _("People"),
    MAILS: _("Mails"),
    PAGES: _("Pages"),
    FILES: _("Files"),
    TEAM: _("Team"),
}


@dataclass(frozen=True)
class Page:
    """One page of an area: its name, its URL name, and who may open it (a permission, or a function of the user)."""

    words: str | Promise
    url_name: str
    right: str | Callable
    position: int

    @property
    def url(self):
        return reverse(self.url_name)

    def opens_for(self, user):
        """Whether this organiser may open it."""
        return self.right(user) if callable(self.right) else user.has_perm(self.right)


@dataclass(frozen=True)
class Area:
    """One area as one organiser sees it: its pages, the first of which it leads to."""

    key: str
    words: str | Promise
    pages: list
    current_page: Page | None

    @property
    def url(self):
        return self.pages[0].url

    @property
    def is_current(self):
        return self.current_page is not None


_pages: dict[str, list[Page]] = {key: [] for key in NAMES}


def add(area, words, url_name, right, *, position):
    """Add a page to an area; `position` is where it comes among the others.

    `right` is the name of a permission, or a function that takes the user. An area leads to its first page.
    """
    pages = _pages[area]
    pages.append(Page(words, url_name, right, position))
    pages.sort(key=lambda page: page.position)


_states: dict[str, list[Callable]] = {key: [] for key in NAMES}


def describe(area):
    """Register a function that takes the Desk and returns one or two short sentences about an area, or ""."""

    def register(function):
        _states[area].append(function)
        return function

    return register


def state_of(area, desk):
    """Return what the first page says under an area."""
    return " ".join(words for state in _states[area] if (words := state(desk)))


def areas_for(user, path=""):
    """Return the Areas that this user may open, in their order; `path` says where the user is now: on one page."""
    allowed = {key: [page for page in _pages[key] if page.opens_for(user)] for key in NAMES}
    matching = [page for pages in allowed.values() for page in pages if path.startswith(page.url)]
    current = max(matching, key=lambda page: len(page.url), default=None)
    return [
        Area(key, NAMES[key], pages, current if current in pages else None) for key, pages in allowed.items() if pages
    ]
