"""The organisers' navigation: a few doors, named after jobs, with the pages behind each.

An app adds its pages when its admin is loaded:

    doors.add(doors.PROGRAM, _("Days"), "admin:conference_day_changelist", "conference.view_day", place=1)
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
class Room:
    """One page behind a door: its name, its URL name, and who may open it (a permission, or a function of the user)."""

    words: str | Promise
    url_name: str
    right: str | Callable
    place: int

    @property
    def url(self):
        return reverse(self.url_name)

    def opens_for(self, user):
        """Whether this organiser may open it."""
        return self.right(user) if callable(self.right) else user.has_perm(self.right)


@dataclass(frozen=True)
class Door:
    """One door as one organiser sees it: the pages behind it, the first of which it leads to."""

    key: str
    words: str | Promise
    rooms: list
    current_room: Room | None

    @property
    def url(self):
        return self.rooms[0].url

    @property
    def is_current(self):
        return self.current_room is not None


_rooms: dict[str, list[Room]] = {key: [] for key in NAMES}


def add(door, words, url_name, right, *, place):
    """Add a page behind a door; `place` is its position among the others there.

    `right` is the name of a permission, or a function that takes the user. A door leads to its first page.
    """
    rooms = _rooms[door]
    rooms.append(Room(words, url_name, right, place))
    rooms.sort(key=lambda room: room.place)


_states: dict[str, list[Callable]] = {key: [] for key in NAMES}


def describe(door):
    """Register a function that takes the Desk and returns one or two short sentences about a door, or ""."""

    def register(function):
        _states[door].append(function)
        return function

    return register


def state_of(door, desk):
    """Return what the first page says under a door."""
    return " ".join(words for state in _states[door] if (words := state(desk)))


def doors_for(user, path=""):
    """Return the Doors that this user may open, in their order; `path` says where the user is now: in one room."""
    behind = {key: [room for room in _rooms[key] if room.opens_for(user)] for key in NAMES}
    within = [room for rooms in behind.values() for room in rooms if path.startswith(room.url)]
    current = max(within, key=lambda room: len(room.url), default=None)
    return [
        Door(key, NAMES[key], rooms, current if current in rooms else None) for key, rooms in behind.items() if rooms
    ]
