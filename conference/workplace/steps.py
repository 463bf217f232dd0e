"""The to-do list of a conference, from its dates to the deletion of its data.

Each app adds its own steps; `position` is where a step comes among the others.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from .desk import Desk


class State(StrEnum):
    """How far a step is."""

    DONE = "done"
    NOW = "now"
    LATER = "later"


@dataclass(frozen=True)
class Step:
    """One step: what to do, its page, its state, and in short until when or how many of how many."""

    position: int
    words: str
    state: State
    url: str = ""
    due: str = ""
    note: str = ""


@dataclass(frozen=True)
class Steps:
    """The steps as the first page shows them."""

    done: list
    now: list
    later: list

    @property
    def first(self):
        """The step to begin with, or None."""
        return self.now[0] if self.now else None


_steps: list[Callable[[Desk], Iterable[Step]]] = []


def register(function):
    """Register a function that takes the Desk and yields Steps."""
    _steps.append(function)
    return function


def steps_for(desk):
    """Return the Steps of one organiser."""
    steps = sorted((step for steps in _steps for step in steps(desk)), key=lambda step: step.position)
    return Steps(*([step for step in steps if step.state == state] for state in State))


def step_of(position, words, ready, wanted, url, note=""):
    """Return a step that is done when `ready` of `wanted` things are; it says how many are, once some are."""
    state = State.DONE if wanted and ready >= wanted else State.NOW
    due = _("%(ready)d of %(wanted)d") % {"ready": ready, "wanted": wanted} if wanted and state == State.NOW else ""
    return Step(position, words, state, url, due, note)
