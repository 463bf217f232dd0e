"""Builds a program as a volunteer does, in real Chromium, from an empty site on, and counts her presses.

Presses are links, buttons and Enter; typing does not count. Holds: nine sessions with speakers and times, on three
days, in at most 60 presses, with the conference and its days; and three mistakes made on purpose (a month swapped, a
clash, a day that people have a place on moved) are each named before anything is published.
"""

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from playwright.sync_api import sync_playwright

from tests.load.page_weight import database, site
from tests.support.browser import CHROMIUM_OPTIONS, find_chromium

MOST_PRESSES = 60
YEAR = datetime.now(UTC).year + 1
PASSWORD = "a long password of nobody"
SESSIONS = 3  # a day
PEOPLE = (
    "Rosa Delgado",
    "Hana Sato",
    "Ben Adeyemi",
    "山田 太郎",
    "Maeve Byrne",
    "Dinesh Rao",
    "Chloé Martin",
    "Ada",
    "Bob",
)
PICTURES = Path(__file__).resolve().parents[2] / "var" / "screenshots" / "program"


class Volunteer:
    """Someone at a page of the organisers: `presses` so far."""

    def __init__(self, page, address):
        self.page, self.address, self.presses = page, address, 0

    def press(self, name, *, role="button", within=None):
        """Press one button or link."""
        (within or self.page.locator("main")).get_by_role(role, name=name, exact=True).first.click()
        self.presses += 1

    def open(self, locator):
        """Open a fold."""
        locator.click()
        self.presses += 1

    def see(self, words):
        """Stop where the page does not say this."""
        said = " ".join(self.page.locator("main").inner_text().split())
        if words not in said:
            sys.exit(f"FAILS: the page does not say “{words}”:\n{said[:2000]}")
        print(f"    caught   {words}")

    def draw(self, name):
        """Keep pictures of the page at three widths, light and dark, where that is asked for."""
        if not PICTURES.is_dir():
            return
        for width in (320, 390, 1280):
            self.page.set_viewport_size({"width": width, "height": 900})
            for scheme in ("light", "dark") if width != 320 else ("light",):
                self.page.emulate_media(color_scheme=scheme)
                self.page.screenshot(path=PICTURES / f"{name}-{width}-{scheme}.png", full_page=True)
        self.page.emulate_media(color_scheme="light")


def main():
    """Build it once; exit with 1 if a bound does not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the same: it takes under a minute")
    parser.add_argument("--pictures", action="store_true", help="keep pictures in var/screenshots/program")
    if parser.parse_args().pictures:
        PICTURES.mkdir(parents=True, exist_ok=True)
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps a loop in this thread
    with database() as environment:
        make_organiser()
        with site(environment) as address, sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_OPTIONS)
            page = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="en-US").new_page()
            volunteer = Volunteer(page, address)
            log_in(volunteer)
            build(volunteer)
            presses = volunteer.presses
            make_mistakes(volunteer)
            chromium.close()
    holds = presses <= MOST_PRESSES and program_is_whole()
    print(
        f"program_by_hand: {presses} presses (at most {MOST_PRESSES}) for a conference of 3 days and 9 sessions with "
        f"speakers and times; 3 of 3 mistakes named before publishing: {'holds' if holds else 'FAILS'}"
    )
    sys.exit(0 if holds else 1)


def make_organiser():
    """Make an organiser of Toronto, who may do all that organisers do."""
    from registration.models import Organiser
    from tests.factories import make_staff

    user = make_staff(username="vera", password=PASSWORD)
    Organiser.objects.update_or_create(user=user, defaults={"time_zone": "America/Toronto"})


def log_in(volunteer):
    """Log in, and begin to count."""
    page = volunteer.page
    page.goto(f"{volunteer.address}/organisers/conference/conference/add/")
    page.get_by_label("Username").fill("vera")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


def build(volunteer):
    """Make the conference, its three days, and three sessions on each."""
    page = volunteer.page
    page.get_by_label("Name:", exact=True).fill(f"PxP {YEAR}")
    page.get_by_label("Year:").fill(str(YEAR))
    volunteer.press("Save")
    page.goto(f"{volunteer.address}/organisers/conference/day/add/")
    volunteer.presses += 2  # "Days" and "Add day"
    page.get_by_label("Conference:").select_option(index=1)
    page.get_by_label("Number:").fill("1")
    page.get_by_label("Title:").fill("Boost your skills")
    for name, at in (("starts_at", "3:00 pm"), ("ends_at", "6:00 pm")):
        page.locator(f"#id_{name}_0").fill(f"12 September {YEAR}")
        page.locator(f"#id_{name}_1").fill(at)
    volunteer.press("Save")
    for day in range(3):
        for number in range(SESSIONS):
            volunteer.press("Add a session")
            row = page.locator("tr[data-key]").nth(number)
            row.locator("input[name^=title]").fill(f"Session {number + 1} of day {day + 1}")
            row.locator("input[name^=minutes]").fill("45")
            volunteer.open(row.locator(".c-speakers summary"))
            row.locator("input[name^=add]").fill(PEOPLE[3 * day + number])
        volunteer.press("Add a break")
        if day == 0:
            volunteer.draw("day")
        if day < 2:
            volunteer.press("Add a day")
    print(f"{volunteer.presses:5} presses for the program")


def make_mistakes(volunteer):
    """Swap a month, let two sessions clash, publish, and move a day that someone has a place on."""
    from conference.models import Conference, Day, Session

    page, day = volunteer.page, Day.objects.get(number=1)
    url = f"{volunteer.address}/organisers/conference/day/{day.pk}/program/"
    page.goto(url)
    page.locator("#date").fill(f"9/12/{YEAR}")
    page.locator("#date").press("Enter")
    volunteer.see("can be read in two ways. Write the month as a word")
    page.locator("#date").fill(f"9 December {YEAR}")
    page.locator("#date").press("Enter")
    volunteer.see("It starts before Day 1 ends. Put the days in order of time.")
    page.locator("#date").fill(f"12 September {YEAR}")
    page.locator("#date").press("Enter")

    second = page.locator("tr[data-key]").nth(1)
    second.locator("input[name^=start]").fill("3:30 pm")
    second.locator("input[name^=start]").press("Enter")
    volunteer.see("It is at the same time as Day 1, Session 1.")
    volunteer.draw("day-clash")
    volunteer.press("Publish…", role="link")
    volunteer.see("It is at the same time as Day 1, Session 1.")
    volunteer.draw("publish")
    page.goto(url)
    second.locator("input[name^=start]").fill("")
    second.locator("input[name^=start]").press("Enter")
    volunteer.press("Publish…", role="link")
    volunteer.press("Publish")
    volunteer.see("Readers see all of it")
    assert Conference.objects.get().is_published

    sign_up_someone(day)
    page.goto(url)
    page.locator("#date").fill(f"13 September {YEAR}")
    page.locator("#begins").fill("4 pm")
    page.locator("#finishes").fill("7 pm")
    page.locator("#begins").press("Enter")
    volunteer.see("Draft: readers do not see")
    volunteer.draw("day-draft")
    volunteer.press("Publish…", role="link")
    volunteer.see("Publish, and write to 1 person?")
    volunteer.draw("publish-moved")
    day.refresh_from_db()
    assert day.starts_at.day == 12, "nothing moves before it is published"
    page.goto(f"{volunteer.address}/organisers/conference/conference/{day.conference_id}/link/")
    volunteer.draw("link")
    page.goto(page.locator("#address").input_value())
    volunteer.draw("preview")
    assert Session.objects.count() == 3 * SESSIONS


def sign_up_someone(day):
    """Give someone a place on a day."""
    from tests.factories import make_confirmed

    make_confirmed(day, now=datetime.now(UTC))


def program_is_whole():
    """Whether every session has a title, a time and someone to speak."""
    from conference.models import Session

    sessions = list(Session.objects.prefetch_related("appearances"))
    return len(sessions) == 3 * SESSIONS and all(
        session.title and session.has_time and session.appearances.all() for session in sessions
    )


if __name__ == "__main__":
    main()
