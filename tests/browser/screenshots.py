"""Draws every page of the real program at three widths, light and dark, into var/screenshots/: `make screenshots`.

Not a test: pytest runs it only when it is named. Look at what it drew. The best of it stands in docs/images/.
"""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from conference.models import Conference, Day
from registration import links
from tests.factories import make_confirmed, make_pending, the_registration

WIDTHS = (320, 390, 1280)
FOLDER = Path(settings.BASE_DIR) / "var" / "screenshots"
IMAGES = Path(settings.BASE_DIR) / "docs" / "images"
PAGES = {
    "home": "/",
    "home-tokyo": "/?tz=Asia/Tokyo",
    "program": "/program/",
    "program-tokyo": "/program/?tz=Asia/Tokyo",
    "day": "/program/day-1/?tz=America/Toronto",
    "session": "/program/sessions/day-1-session-1/",
    "session-unknown": "/program/sessions/day-2-session-1/",
    "my-plan": "/program/my-plan/?pick=day-1-session-1&tz=Africa/Nairobi",
    "speakers": "/speakers/",
    "how-to-join": "/how-to-join/",
    "new-here": "/new-here/",
    "glossary": "/glossary/",
    "partners": "/partners/",
    "accessibility": "/accessibility/",
    "privacy": "/privacy/",
    "patients-included": "/patients-included/",
    "contact": "/contact/",
    "time-zone": "/time-zone/",
    "sign-up": "/register/day-1/",
    "thanks": "/register/thanks/",
    "lost-link": "/lost-link/",
    "past-home": "/2025/",
    "past-program": "/2025/program/",
    "not-found": "/no-such-page/",
}
BEST = [("home", 1280, False, "home.png"), ("program-tokyo", 390, True, "program-phone-dark.png")]


@pytest.fixture
def pages(site):
    """The addresses of all pages, with a program and two people."""
    call_command("load_program", "data/pxp-2023.yaml", first_day="2027-09-12", verbosity=0)
    call_command("load_program", "data/pxp-2025.yaml", verbosity=0)
    conference = Conference.objects.current(timezone.now())
    days = list(Day.objects.of(conference).with_conference())
    ada = make_confirmed(days[0], days[2], now=timezone.now())
    bob = make_pending(days[1], name="Bob", now=timezone.now())
    personal = {
        "my": links.my_url(ada),
        "confirm": links.confirm_url(bob),
        "join": links.join_url(the_registration(ada, days[0])),
        "unsubscribe": links.unsubscribe_url(ada),
    }
    return {name: site + path for name, path in PAGES.items()} | personal


@pytest.mark.timeout(900)
def test_draw_every_page(pages, new_page):
    FOLDER.mkdir(parents=True, exist_ok=True)
    IMAGES.mkdir(parents=True, exist_ok=True)
    for width in WIDTHS:
        for is_dark in (False, True):
            page = new_page(width=width, dark=is_dark)
            for name, url in pages.items():
                page.goto(url)
                page.screenshot(path=FOLDER / f"{name}-{width}-{'dark' if is_dark else 'light'}.png", full_page=True)
            page.context.close()
    for name, width, is_dark, file in BEST:
        page = new_page(width=width, dark=is_dark)
        page.goto(pages[name])
        page.screenshot(path=IMAGES / file)
