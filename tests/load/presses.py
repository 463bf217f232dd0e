"""Counts what a newcomer does and reads, in real Chromium on a phone: from the newsletter's link to "confirmed", and
from there to the open door.

Presses are links and buttons; typing does not count. Words are those of ours that can be seen: all of `main` on each
page on the way, and the mail without its foot. Holds: at most 4 presses and 250 words to "confirmed" (6 and about 700
in October 2026), and at most 3 presses from there to the meeting.
"""

import argparse
import os
import re
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from playwright.sync_api import sync_playwright

from tests.load.page_weight import database, load_program, site
from tests.support.browser import CHROMIUM_OPTIONS, find_chromium

MOST_PRESSES, MOST_WORDS, MOST_TO_THE_DOOR = 4, 250, 3
MEETING = "/how-to-join/"  # a page of the site itself plays the meeting


class Walk:
    """One person's way: `presses` and `words` so far, on a Playwright page."""

    def __init__(self, page):
        self.page = page
        self.presses = 0
        self.words = 0

    def read(self, selector="main"):
        """Count the words that can be seen on the page where they are."""
        text = self.page.locator(selector).first.inner_text()
        count = len(text.split())
        print(f"{count:5} words  {self.page.title()}")
        self.words += count

    def press(self, role, name):
        """Press one link or button of the page's main part."""
        self.page.locator("main").get_by_role(role, name=name, exact=True).first.click()
        self.presses += 1
        print(f"    1 press  {name}")


def main():
    """Walk once; exit with 1 if a bound does not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the same: it takes half a minute")
    parser.parse_args()
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps a loop in this thread
    with database() as environment:
        load_program()
        with site(environment) as address, sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_OPTIONS)
            context = chromium.new_context(
                viewport={"width": 390, "height": 844}, timezone_id="America/Toronto", locale="en-US"
            )
            walk = Walk(context.new_page())
            begun = time.monotonic()
            to_confirmed(walk, address)
            seconds, presses, words = time.monotonic() - begun, walk.presses, walk.words
            to_the_door(walk, address)
            chromium.close()
    to_door = walk.presses - presses
    holds = presses <= MOST_PRESSES and words <= MOST_WORDS and to_door <= MOST_TO_THE_DOOR
    print(
        f"{presses} presses (at most {MOST_PRESSES}) and {words} words (at most {MOST_WORDS}) to confirmed, in "
        f"{seconds:.1f} s of machine time; {to_door} presses more to the meeting (at most {MOST_TO_THE_DOOR})"
    )
    sys.exit(0 if holds else 1)


def to_confirmed(walk, address):
    """Go from the newsletter's link to the page that says that one is signed up."""
    walk.page.goto(f"{address}/register/day-1/")
    walk.page.locator(".said", has_text="from your device").wait_for()
    walk.read()
    walk.page.get_by_label("Your name").fill("Maureen Tan")
    walk.page.get_by_label("Your email address").fill("maureen@example.org")
    walk.press("button", "Sign up")
    walk.read()
    mail = newest_html().replace("http://127.0.0.1/", f"{address}/")
    walk.page.set_content(mail)
    walk.read()
    walk.press("link", "Confirm my place")
    walk.read()
    walk.press("button", "Confirm my place")
    walk.page.get_by_text("You are signed up for Day 1.").wait_for()
    walk.read(".notice")


def to_the_door(walk, address):
    """Go from there to the meeting, on the day, half an hour before."""
    from conference.models import Day
    from conference.models.versions import raise_content_version

    starts_at = datetime.now(UTC) + timedelta(minutes=25)
    Day.objects.filter(number=1).update(
        starts_at=starts_at, ends_at=starts_at + timedelta(hours=3), meeting_url=f"{address}{MEETING}"
    )
    raise_content_version(now=datetime.now(UTC))
    walk.page.wait_for_timeout(1100)  # the site keeps what everybody asks for, a second at most
    walk.page.reload()
    button = walk.page.locator(".next .button")
    button.evaluate(
        "(link, address) => { link.href = link.href.replace('http://127.0.0.1/', address); }", f"{address}/"
    )
    walk.press("link", "Go to the meeting")
    walk.press("button", "Go to the meeting")
    walk.page.wait_for_url(re.compile(re.escape(MEETING)))


def newest_html():
    """Return the HTML part of the newest mail that waits."""
    from registration.models import OutboxMessage
    from tests.letters import html_of

    return html_of(OutboxMessage.objects.newest_first().first(), now=datetime.now(UTC))


if __name__ == "__main__":
    main()
