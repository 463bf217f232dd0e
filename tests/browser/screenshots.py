"""Draws every page and mail at three widths, light and dark, into var/screenshots/: `make screenshots`.

Not a test: pytest runs it only when it is named. `ONLY=home,my make screenshots` draws some of them, `IN=fr` draws them
in French. Look at what it drew. The best of it is in docs/images/.
"""

import os
import re
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone, translation

from conference.models import Conference, Day
from conference.site.languages import in_language
from registration import links
from registration.letters.samples import NOW as OF_SAMPLES
from registration.letters.samples import samples
from registration.letters.writing import compose
from registration.models import AccessRequest
from registration.services.day_changes import call_off
from registration.services.needs import answer_need
from registration.status import NeedState
from tests.factories import make_confirmed, make_pending, make_staff, the_registration

WIDTHS = (320, 390, 1280)
FOLDER = Path(settings.BASE_DIR) / "var" / "screenshots"
IMAGES = Path(settings.BASE_DIR) / "docs" / "images"
LANGUAGE = os.environ.get("IN", "en")
PASSWORD = "only for pictures"
EVERY_LOOK = "text=larger&spacing=wide&contrast=more&font=plain"
PAGES = {
    "home": "/",
    "home-tokyo": "/?tz=Asia/Tokyo",
    "home-every-look": f"/?{EVERY_LOOK}",
    "program": "/program/",
    "program-tokyo": "/program/?tz=Asia/Tokyo",
    "day": "/program/day-1/?tz=America/Toronto",
    "session": "/program/sessions/day-1-session-1/",
    "session-unknown": "/program/sessions/day-2-session-1/",
    "my-plan": "/program/my-plan/?pick=day-1-session-1&tz=Africa/Nairobi",
    "my-plan-empty": "/program/my-plan/",
    "offline": "/offline/",
    "speakers": "/speakers/",
    "how-to-join": "/how-to-join/",
    "easy-read": "/easy-read/",
    "easy-read-program": "/easy-read/program/",
    "easy-read-how-to-join": "/easy-read/how-to-join/",
    "new-here": "/new-here/",
    "glossary": "/glossary/",
    "partners": "/partners/",
    "accessibility": "/accessibility/",
    "accessibility-criteria": "/accessibility/criteria/",
    "reading": "/reading/?next=/program/",
    "reading-larger": "/reading/?next=/program/&text=larger&spacing=wide",
    "privacy": "/privacy/",
    "patients-included": "/patients-included/",
    "contact": "/contact/",
    "time-zone": "/time-zone/",
    "time-zone-places": "/time-zone/?country=CA",
    "sign-up": "/register/day-1/",
    "sign-up-tokyo": "/register/?tz=Asia/Tokyo",
    "thanks": "/register/thanks/",
    "lost-link": "/lost-link/",
    "deleted": "/deleted/",
    "new-link-sent": "/new-link/",
    "past-home": "/2025/",
    "past-program": "/2025/program/",
    "past-session": "/2025/program/sessions/day-1-session-1/",
    "past-speakers": "/2025/speakers/",
    "not-found": "/no-such-page/",
    "wrong-link": "/my/no-such-key/",
}
BEST = [
    ("home", "en", 1280, False, "home.png"),
    ("program-tokyo", "en", 390, True, "program-phone-dark.png"),
    ("day", "en", 390, False, "day-phone.png"),
    ("program", "ar", 390, False, "program-arabic-phone.png"),
    ("easy-read", "en", 390, False, "easy-read-phone.png"),
]


@pytest.fixture
def days():
    """The days of the real program, with the conference of 2025 behind them."""
    call_command("load_program", "data/pxp-2023.yaml", first_day="2027-09-12", verbosity=0)
    call_command("load_program", "data/pxp-2025.yaml", verbosity=0)
    return list(Day.objects.for_edition(Conference.objects.current(timezone.now())).with_conference())


@pytest.fixture
def drawn(site, new_page, days, style_guide):
    """A function `({name: address, or a function that opens a page})`: draws all of them in every look."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    only = os.environ.get("ONLY", "").split(",")

    def draw(pages):
        pages = {name: page for name, page in pages.items() if only == [""] or name in only}
        looks = [(width, is_dark) for width in WIDTHS for is_dark in (False, True)] if pages else []
        for width, is_dark in looks:
            page = new_page(width=width, dark=is_dark, timezone_id="America/Toronto")
            for name, opened in pages.items():
                opened(page) if callable(opened) else page.goto(opened)
                look = f"{LANGUAGE}-{width}-{'dark' if is_dark else 'light'}"
                page.screenshot(path=FOLDER / f"{name}-{look}.png", full_page=True)
            page.context.close()

    return draw


@pytest.mark.timeout(1800)
def test_draw_every_page(site, days, drawn, style_guide, new_page):
    ada = make_confirmed(days[0], days[2], needs="More time\nA quiet line", now=timezone.now(), language=LANGUAGE)
    answer_need(
        AccessRequest.objects.for_person(ada).with_people().get(),
        state=NeedState.CANNOT_BE_MET,
        answer="We have no quiet line. You can ask all in the chat, and a person reads it out.",
        now=timezone.now(),
    )
    bob = make_pending(days[1], name="Bob", now=timezone.now(), language=LANGUAGE)
    door = links.join_url(the_registration(ada, days[2]))

    drawn({name: site + in_language(path, LANGUAGE) for name, path in PAGES.items()})
    drawn(pages_of(ada, site) | pages_of_bob(bob, days[1]))
    drawn({"style-guide": site + style_guide, "style-guide-mistakes": f"{site}{style_guide}mistakes/"})
    drawn(mails())
    drawn(organisers_pages(site, days[0], ada))

    Day.objects.with_ids([days[1].pk]).update(capacity=0)
    eve = make_confirmed(days[1], name="Eve", now=timezone.now(), language=LANGUAGE)
    full = {"sign-up-full": "/register/", "day-full": "/program/day-2/"}
    full = {name: site + in_language(path, LANGUAGE) for name, path in full.items()} | {"my-waiting": links.my_url(eve)}
    drawn(full | {"door-waiting": links.join_url(the_registration(eve, days[1]))})

    move(days[2], timedelta(minutes=20))
    drawn({"door-no-meeting": door})
    Day.objects.with_ids([days[2].pk]).update(meeting_url="https://meeting.example.org/")
    drawn({"door-open": door})
    move(days[2], timedelta(hours=-4))
    drawn({"door-over": door, "my-over": links.my_url(ada)})

    for day in days:
        call_off(day, now=timezone.now())
    called_off = {"sign-up-closed": "/register/", "home-called-off": "/", "day-called-off": "/program/day-1/"}
    called_off = {name: site + in_language(path, LANGUAGE) for name, path in called_off.items()}
    drawn(called_off | {"door-called-off": links.join_url(the_registration(ada, days[0]))})


def test_draw_the_best(site, days, new_page):
    IMAGES.mkdir(parents=True, exist_ok=True)
    for name, language, width, is_dark, file in BEST:
        page = new_page(width=width, dark=is_dark)
        page.goto(site + in_language(PAGES[name], language))
        page.screenshot(path=IMAGES / file)


def pages_of(ada, site):
    """The pages of someone with two days, also those that a button leads to."""
    my = links.my_url(ada)

    def sign_up_with_mistakes(page):
        page.goto(site + in_language("/register/", LANGUAGE))
        page.locator("[name=email]").fill("zoe")
        page.locator("[name=email]").press("Enter")

    def details_with_a_mistake(page):
        page.goto(f"{my}details/")
        page.locator("[name=name]").fill("")
        page.locator("[name=name]").press("Enter")

    return {
        "my": my,
        "my-dropped": f"{my}?done=reminders-on",
        "my-details": f"{my}details/",
        "my-details-mistake": details_with_a_mistake,
        "my-address": f"{my}address/",
        "my-needs": f"{my}needs/",
        "my-new-link": f"{my}new-link/",
        "my-delete": f"{my}delete/",
        "confirmed": links.confirm_url(ada),
        "unsubscribe": links.unsubscribe_url(ada),
        "door-early": links.join_url(ada.registrations.first()),
        "sign-up-mistakes": sign_up_with_mistakes,
    }


def pages_of_bob(bob, day):
    """The pages of someone who has not confirmed."""
    return {
        "confirm": links.confirm_url(bob),
        "my-pending": links.my_url(bob),
        "door-pending": links.join_url(the_registration(bob, day)),
    }


def mails():
    """The HTML part of every letter in every state: {name: a function that shows it on a page}."""
    shown = {}
    for name, loaded in samples(LANGUAGE):
        with translation.override(LANGUAGE):
            html = compose(loaded, now=OF_SAMPLES).alternatives[0].content
        shown[f"mail-{re.sub('[^a-z0-9]+', '-', name)}"] = partial(show, html=html)
    return shown


def show(page, *, html):
    """Show HTML that has no address."""
    page.set_content(html)


def organisers_pages(site, day, ada):
    """What organisers see, logged in."""
    make_staff(password=PASSWORD)

    def log_in(page):
        page.goto(f"{site}/organisers/")
        page.get_by_label("Username").fill("organiser")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()

    pages = {
        "organisers-day": ("conference_day_change", [day.pk]),
        "organisers-days": ("conference_day_changelist", []),
        "organisers-person": ("registration_registrant_change", [ada.pk]),
        "organisers-people": ("registration_registrant_changelist", []),
    }
    addresses = {name: site + reverse(f"admin:{page}", args=args) for name, (page, args) in pages.items()}
    return {"organisers-login": f"{site}/organisers/", "organisers": log_in} | addresses


def move(day, wait):
    """Let a day start so long (a timedelta) from now."""
    starts_at = timezone.now().replace(microsecond=0) + wait
    Day.objects.with_ids([day.pk]).update(starts_at=starts_at, ends_at=starts_at + timedelta(hours=3))
