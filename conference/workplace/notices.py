"""What needs an organiser today: each app registers its notices here; the first page shows the most urgent first.

@notices.register
def backups(desk):
    if is_old:
        yield Notice(Urgency.NOW, _("The last backup is old"), _("It is from …"), _("See how to make one"), url)

@notices.register_calm
def backup_is_fine(desk):
    return _("Last night's backup is fine.")
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum

from django.utils.translation import gettext_lazy as _

from .desk import Desk


class Urgency(IntEnum):
    """How urgent a notice is, with its label and CSS class."""

    NOW = 1
    WEEK = 2
    LATER = 3

    @property
    def words(self):
        return {Urgency.NOW: _("Now"), Urgency.WEEK: _("This week"), Urgency.LATER: _("When you can")}[self]

    @property
    def css_class(self):
        return {Urgency.NOW: "now", Urgency.WEEK: "week", Urgency.LATER: "later"}[self]


@dataclass(frozen=True)
class Notice:
    """One thing that needs attention: a headline, one sentence, and one button ("" if the reader can do nothing)."""

    urgency: Urgency
    title: str
    sentence: str
    button: str
    url: str


_needs: list[Callable[[Desk], Iterable[Notice]]] = []
_calm: list[Callable[[Desk], str]] = []


def register(function):
    """Register a function that takes the Desk and yields the Notices for that organiser."""
    _needs.append(function)
    return function


def register_calm(function):
    """Register a function that takes the Desk and returns a sentence for the calm line, or "" for none."""
    _calm.append(function)
    return function


def notices_for(desk):
    """Return the Notices for one organiser, the most urgent first, otherwise in the order in which apps gave them."""
    return sorted((notice for needs in _needs for notice in needs(desk)), key=lambda notice: notice.urgency)


def calm_words(desk):
    """Return the sentences about what is fine."""
    return [words for calm in _calm if (words := calm(desk))]
