"""Draws the pictures of the organisers' handbook: `make handbook`.

Not a test: pytest runs it only when it is named. Each picture is in two widths, of which the handbook shows the one
that fits; tests/conference/test_handbook.py looks whether all are there. Commit what changed.
"""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from conference.models import Conference, Day
from conference.workplace.handbook import PICTURE_HEIGHT, WIDTHS
from registration import groups
from registration.models import Question
from registration.services.broadcasts.drafts import begin
from registration.services.day_changes import reschedule
from tests.factories import make_confirmed, make_pending, make_staff

FOLDER = Path(settings.BASE_DIR) / "static" / "organisers" / "help"
PASSWORD = "only for pictures"


@pytest.mark.timeout(600)
def test_draw_the_handbook(site, new_page):
    pages = pages_of_jobs()
    for width in WIDTHS:
        page = new_page(width=width, timezone_id="America/Toronto")
        page.set_default_timeout(60_000)
        page.set_viewport_size({"width": width, "height": PICTURE_HEIGHT})
        page.goto(f"{site}/organisers/")
        page.get_by_label("Username").fill("grace")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        for name, address in pages.items():
            page.goto(site + address)
            page.locator("h1").evaluate("heading => window.scrollTo(0, heading.offsetTop - 24)")
            keep(page.screenshot(), FOLDER / f"{name}-{width}.webp")
        page.context.close()


def keep(png, file):
    """Save a picture as WebP, small: words stay sharp, and areas of one colour cost nothing."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    Image.open(io.BytesIO(png)).convert("RGB").save(file, "WEBP", quality=55, method=6)


def pages_of_jobs():
    """Make a conference with people, and return {name of the picture: address}."""
    now = timezone.now()
    first_day = f"{now.year + 1}-09-12"
    call_command("load_program", "data/pxp-2023.yaml", first_day=first_day, verbosity=0)
    conference = Conference.objects.current(now)
    days = list(Day.objects.for_edition(conference).with_conference())
    grace = make_staff(*groups.MAY, username="grace", password=PASSWORD, first_name="Grace")
    make_staff(groups.PROGRAM, username="alan", first_name="Alan")
    ada = make_confirmed(days[0], days[1], name="Ada Lovelace", needs="Captions, please", now=now)
    twice = make_confirmed(days[0], days[1], name="Ada L.", email="lovelace@example.org", now=now)
    make_pending(days[0], name="Charles Babbage", now=now)
    for name in ("Mary Somerville", "Sophie Germain", "Emmy Noether"):
        make_confirmed(days[2], name=name, now=now)
    Question.objects.create(conference=conference, label="How did you hear of us?")
    message = begin(conference, user=grace, now=now)
    by = timedelta(hours=1)
    reschedule(
        days[2],
        starts_at=days[2].starts_at + by,
        ends_at=days[2].ends_at + by,
        now=now,
        user=grace,
        why="Our first speaker lives in Tokyo.",
    )
    return {
        "first-page": reverse("admin:index"),
        "day": reverse("admin:conference_day_program", args=[days[0].pk]),
        "publish": reverse("admin:conference_conference_publish", args=[conference.pk]),
        "people": reverse("admin:registration_registrant_changelist"),
        "person": reverse("admin:registration_registrant_change", args=[ada.pk]),
        "add-person": reverse("admin:registration_registrant_add"),
        "same-person": reverse("admin:registration_registrant_merge", args=[ada.pk, twice.pk]),
        "write": reverse("admin:broadcast-whom", args=[message.pk]),
        "waits": reverse("admin:waiting"),
        "words": reverse("admin:registration_lettertext_change", args=["confirmation"]),
        "files": reverse("admin:files"),
        "team": reverse("admin:team"),
    }
