"""Does three jobs of the organisers as volunteers do, in real Chromium, and counts their presses.

Presses are links, buttons and Enter; typing does not count. Holds: from an empty site to a sign-up that is open, with
the next step always on the first page; two more volunteers invited, of whom one has only a phone (390 px), and both
come in by the link in their mail; next year's conference from this one in at most 8 presses.
"""

import argparse
import os
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from playwright.sync_api import sync_playwright

from tests.load.page_weight import database, site
from tests.load.program_by_hand import PASSWORD, YEAR, Volunteer, make_organiser
from tests.support.browser import CHROMIUM_OPTIONS, find_chromium

MOST_PRESSES_NEXT_YEAR = 8


def main():
    """Do all three; exit with 1 if one does not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the same: it takes under a minute")
    parser.parse_args()
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps a loop in this thread
    with database() as environment:
        make_lead()
        with site(environment) as address, sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_OPTIONS)

            def new_volunteer(width=1280):
                page = chromium.new_context(viewport={"width": width, "height": 800}, locale="en-US").new_page()
                page.set_default_timeout(20_000)
                return Volunteer(page, address)

            vera = new_volunteer()
            log_in(vera, "vera")
            opened = open_sign_up(vera, new_volunteer())
            came = sum(invite(vera, name, new_volunteer(width)) for name, width in (("juno", 1280), ("kofi", 390)))
            next_year = make_next_year(vera)
            chromium.close()
    holds = came == 2 and next_year <= MOST_PRESSES_NEXT_YEAR
    print(
        f"workplace_by_hand: sign-up open after {opened} presses from an empty site; {came} of 2 invited came in, "
        f"one by phone; next year in {next_year} presses of {MOST_PRESSES_NEXT_YEAR}: {'holds' if holds else 'FAILS'}"
    )
    sys.exit(0 if holds else 1)


def make_lead():
    """Make an organiser who may invite others, too."""
    from django.contrib.auth.models import Group, User

    from registration.groups import LEADS

    make_organiser()
    User.objects.get().groups.add(Group.objects.get(name=LEADS))


def log_in(volunteer, name):
    """Come to the first page."""
    page = volunteer.page
    page.goto(f"{volunteer.address}/organisers/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


def open_sign_up(vera, reader):
    """Make a conference of one day and publish it; return the presses once a reader sees the form."""
    page = vera.page
    vera.draw("empty-site")
    page.locator("main a.button:not(.button--quiet)").first.click()  # the one filled button of an empty site
    vera.presses = 1
    page.get_by_label("Name:", exact=True).fill(f"PxP {YEAR}")
    page.get_by_label("Year:").fill(str(YEAR))
    vera.press("Save")
    go_on(vera)
    page.get_by_label("Conference:").select_option(index=1)
    page.get_by_label("Number:").fill("1")
    page.get_by_label("Title:").fill("Boost your skills")
    for name, at in (("starts_at", "3:00 pm"), ("ends_at", "6:00 pm")):
        page.locator(f"#id_{name}_0").fill(f"12 September {YEAR}")
        page.locator(f"#id_{name}_1").fill(at)
    vera.press("Save")
    vera.press("Publish…", role="link")
    vera.press("Publish")
    vera.see("Readers see all of it")
    reader.page.goto(f"{reader.address}/register/")
    reader.page.get_by_label("Email").first.wait_for()
    print(f"{vera.presses:5} presses from an empty site to a sign-up that is open")
    return vera.presses


def go_on(vera):
    """Go to the first page, and press the next step on the way to the conference."""
    page = vera.page
    page.goto(f"{vera.address}/organisers/")
    step = page.locator("main a.button:not(.button--quiet)").first
    print(f"    next     {step.inner_text()}")
    step.click()
    vera.presses += 2


def invite(vera, name, volunteer):
    """Invite an organiser, who opens the link of the mail and logs in; return whether they came to their first page."""
    page = vera.page
    page.goto(f"{vera.address}/organisers/team/")
    vera.press("Invite an organiser", role="link")
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Email address").fill(f"{name}@example.org")
    page.locator("input[name=roles]").nth(1).check()
    vera.press("Invite, and send the mail")
    own = volunteer.page
    own.goto(link_in_mail_to(name, volunteer.address))
    for field in own.locator("main input[type=password]").all():
        field.fill(PASSWORD)
    volunteer.press("Use this password")
    log_in(volunteer, name)
    own.wait_for_load_state()
    own.locator("main h1").wait_for()
    wide = own.evaluate("document.documentElement.scrollWidth > innerWidth")
    volunteer.draw(f"invited-{name}")
    print(f"    came     {name}, at {own.viewport_size['width']} px, after {volunteer.presses + 1} presses")
    return own.title().startswith("Today") and not wide


def link_in_mail_to(name, address):
    """Return the address in the mail that the worker would send now."""
    from django.contrib.auth.models import User

    from registration.services.accounts import _invitation

    _subject, text = _invitation(User.objects.get(username=name))
    return address + re.search(r"https?://[^/\s]+(/\S+)", text.split("Choose your password here")[1])[1]


def make_next_year(vera):
    """Make next year's conference from this one; return the presses, from the first page on."""
    from conference.models import Conference

    page, before = vera.page, vera.presses
    page.goto(f"{vera.address}/organisers/")
    vera.press("Program", role="link", within=page.locator("body"))
    vera.press("Years", role="link", within=page.locator("body"))
    page.locator("#result_list tbody a").first.click()
    vera.presses += 1
    vera.press("Next year from this one", role="link")
    vera.draw("next-year")
    vera.press("Make the next conference")
    vera.see("is ready as a draft")
    assert Conference.objects.filter(slug=str(YEAR + 1), is_published=False).exists()
    print(f"{vera.presses - before:5} presses for next year")
    return vera.presses - before


if __name__ == "__main__":
    main()
