"""A person presses two buttons at once, in two windows or twice on a slow phone: no page ever breaks."""

from functools import partial

import pytest
from django.test import Client
from django.utils import timezone

from registration import links
from registration.models import Registrant
from tests.factories import make_confirmed, make_program
from tests.support.at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)

# What each button sends: the path behind the person's own page (the last one has a page of its own), and its fields.
BUTTONS = {
    "delete": ("delete/", {}),
    "drop": ("", {"action": "drop", "day": "1"}),
    "add": ("", {"action": "add", "day": "2"}),
    "send-again": ("", {"action": "send-again"}),
    "zone": ("", {"action": "time-zone", "time_zone": "Asia/Tokyo"}),
    "reminders": ("", {"action": "reminders-off"}),
    "titles": ("", {"action": "neutral-titles-on"}),
    "need": ("needs/", {"needs": "More time", "consent": "on"}),
    "address": ("address/", {"email": "new@example.org"}),
    "new-link": ("new-link/", {}),
}
ROUNDS = 2


def press(name, path):
    """Send one form; return the button's name and the status."""
    return name, Client(raise_request_exception=False).post(path, BUTTONS[name][1]).status_code


def page_of(person, name):
    """Return the address to which a button sends."""
    if name == "delete":
        return f"/private/{links.private_token(person, now=timezone.now())}/delete/"
    return f"/my/{links.token('my', person)}/{BUTTONS[name][0]}"


def press_both(person, *names):
    """Press two buttons of one person at once; return (name, status) of each."""
    return at_once(*[partial(press, name, page_of(person, name)) for name in names])


PAIRS = [("delete", name) for name in BUTTONS] + [(name, name) for name in BUTTONS if name != "delete"]


@pytest.mark.parametrize("names", PAIRS, ids="+".join)
def test_two_buttons_at_once_break_nothing(names):
    conference = make_program(sessions=0)
    day = conference.days.get(number=1)

    for number in range(ROUNDS):
        person = make_confirmed(day, email=f"ada{number}@example.org")
        pressed = press_both(person, *names)
        assert {status for _name, status in pressed} <= {302, 404, 409, 422, 429}, pressed
        if "delete" in names:
            # Where the new link came first, the old one, which they pressed "delete" with, works no more.
            came_late = "new-link" in names and ("delete", 404) in pressed
            assert Registrant.objects.with_id(person.pk).exists() == came_late, pressed
