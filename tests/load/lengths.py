"""Measures each page in each of its states, in real Chromium: its length, and how far down the main thing is.

Columns: px high at 390 and 1280 px, words seen, sizes of type, most filled buttons on one screen (844 px), and y of the
thing wanted at 390 px. Holds: the bounds of PAGES, four sizes, one filled button a screen, a head of 72 px in one row
from 320 px up. The day and session pages begin their sessions by y = 600, and the thing wanted is on the first screen.

The site runs as in production, with the program of nine sessions; days are moved to now, so each state is the real one.
"""

import argparse
import os
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from playwright.sync_api import sync_playwright

from tests.load.page_weight import database, load_program, site
from tests.support.browser import CHROMIUM_OPTIONS, find_chromium

SCREEN = 844  # px high, a phone of 390 px
MOST_SIZES, MOST_FILLED, MOST_HEAD = 4, 1, 72
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TORONTO, KOLKATA = "?tz=America/Toronto", "?tz=Asia/Kolkata"


@dataclass(frozen=True)
class Page:
    """A kind of page: most px high at 390 px, what one wants there (a selector), by which y, and px in October 2026."""

    most: int
    wanted: str
    by: int = SCREEN
    before: str = "-"


PAGES = {
    "home": Page(4800, ".hero .button", before="10,615"),
    "program": Page(4800, ".sessions", by=600, before="6,524"),
    "day": Page(2600, ".sessions", by=600),
    "session": Page(2600, "h1"),
    "sign-up": Page(2300, "main input[type=checkbox]", before="5,819"),
    "my page": Page(2600, ".next .button, h1", before="5,219 to 5,960"),
}

MEASURE = """(wanted) => {
  const shown = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true })
    && !element.closest(".visually-hidden, .skip-link");
  const sizes = new Set(), walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const parent = walk.currentNode.parentElement;
    if (walk.currentNode.data.trim() && !parent.closest("script, style, template, option") && shown(parent))
      sizes.add(Math.round(parseFloat(getComputedStyle(parent).fontSize) * 10) / 10);
  }
  const clear = (colour) => ["transparent", "rgba(0, 0, 0, 0)"].includes(colour);
  const filled = [...document.querySelectorAll(".button")].filter((button) =>
    shown(button) && !clear(getComputedStyle(button).backgroundColor))
    .map((button) => button.getBoundingClientRect().top);
  const thing = [...document.querySelectorAll(wanted)].find(shown);
  return {
    height: document.documentElement.scrollHeight,
    wide: document.documentElement.scrollWidth,
    head: document.querySelector(".head").getBoundingClientRect().height,
    words: document.querySelector("main").innerText.split(/\\s+/).filter(Boolean).length,
    sizes: [...sizes].sort((one, other) => one - other),
    filled: Math.max(0, ...filled.map((top) => filled.filter((other) => other >= top && other < top + SCREEN).length)),
    y: thing ? Math.round(thing.getBoundingClientRect().top) : null,
  };
}""".replace("SCREEN", str(SCREEN))


def ahead(now):
    """The conference is far away."""
    move_days((now + 200 * DAY).replace(hour=19, minute=0))


def near(now):
    """Day 1 starts in 40 minutes."""
    move_days(now + 40 * HOUR / 60)


def on(now):
    """Day 1 is on."""
    move_days(now - HOUR)


def over(now):
    """All days are over."""
    move_days(now - 10 * DAY)


def closed(now):
    """Nobody can sign up any more."""
    ahead(now)
    set_days(sign_up_closes_at=now - DAY)


def full(now):
    """No day has a place left."""
    ahead(now)
    set_days(capacity=0)


def states():
    """Yield (kind of page, state, path, function of the current instant that brings it about)."""
    for kind, path in (("home", "/"), ("program", "/program/"), ("day", "/program/day-1/")):
        yield kind, "no zone", path, ahead
        yield kind, "zone", path + TORONTO, ahead
        yield kind, "late at night", path + KOLKATA, ahead
        yield kind, "closed", path + TORONTO, closed
        yield kind, "full", path + TORONTO, full
        yield kind, "starts in 40 minutes", path + TORONTO, near
        yield kind, "on now", path + TORONTO, on
        yield kind, "after", path + TORONTO, over
    session = "/program/sessions/day-1-session-1/"
    yield "session", "no zone", session, ahead
    yield "session", "zone", session + TORONTO, ahead
    yield "session", "late at night", session + KOLKATA, ahead
    yield "sign-up", "no zone", "/register/day-1/", ahead
    yield "sign-up", "zone", "/register/day-1/" + TORONTO, ahead
    yield "sign-up", "full", "/register/day-1/" + TORONTO, full
    yield "my page", "days ahead", "person", ahead
    yield "my page", "waiting", "waiting person", ahead
    yield "my page", "starts in 40 minutes", "person", near
    yield "my page", "on now", "person", on
    yield "my page", "after", "person", over


def set_days(**fields):
    """Change all days of the edition; what is not named is as loaded."""
    from conference.models import Day

    Day.objects.update(**{"sign_up_closes_at": None, "capacity": None} | fields)


def move_days(first):
    """Let Day 1 begin at the UTC instant `first`, the others a day apart, and their sessions with them."""
    from conference.models import Day

    set_days()
    for day in Day.objects.all():
        starts_at = first + (day.number - 1) * DAY
        day.sessions.update(starts_at=None, ends_at=None)
        Day.objects.filter(pk=day.pk).update(starts_at=starts_at, ends_at=starts_at + 3 * HOUR)
        for place, told in enumerate(day.announced_dates.all()):
            told.date = starts_at.date() + place * DAY
            told.save()


def make_people():
    """Sign up Maureen for Days 1 and 2; Bob waits for Day 1. Return the addresses of their pages."""
    from conference.models import Day
    from registration import links
    from tests.factories import make_confirmed

    now = datetime.now(UTC)
    ahead(now)
    days = list(Day.objects.order_by("number"))
    maureen = make_confirmed(*days[:2], name="Maureen", now=now)
    full(now)
    bob = make_confirmed(Day.objects.get(pk=days[0].pk), name="Bob", now=now)
    return {"person": path_of(links.my_url(maureen)), "waiting person": path_of(links.my_url(bob))}


def path_of(url):
    return "/" + url.split("/", 3)[3]


def main():
    """Measure all pages in all states; exit with 1 if a bound does not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one state of each page")
    quick = parser.parse_args().quick
    faults, longest = [], 0
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps a loop in this thread
    with database() as environment:
        load_program()
        people = make_people()
        with site(environment | {"PAGE_CACHE": "0"}) as address, sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_OPTIONS)
            print(f"{'page':<9}{'state':<22}{'390':>7}{'1280':>7}{'words':>7}{'sizes':>7}{'filled':>7}{'y':>6}  before")
            for kind, state, path, prepare in one_of_each(states()) if quick else states():
                prepare(datetime.now(UTC))
                url = address + people.get(path, path)
                phone, desk = look(chromium, url, 390, PAGES[kind]), look(chromium, url, 1280, PAGES[kind])
                found = [*faults_of(kind, phone), *narrow_faults(chromium, url, PAGES[kind])]
                print(
                    f"{kind:<9}{state:<22}{phone['height']:>7,}{desk['height']:>7,}{phone['words']:>7}"
                    f"{len(phone['sizes']):>7}{phone['filled']:>7}{phone['y'] or '-':>6}  {PAGES[kind].before}"
                    f"{'   ' if found else ''}{'; '.join(found)}",
                    flush=True,
                )
                faults += [f"{kind}, {state}: {fault}" for fault in found]
                longest = max(longest, phone["height"])
            chromium.close()
    print(f"lengths: the longest is {longest:,} px; {'holds' if not faults else f'{len(faults)} bounds FAIL'}")
    sys.exit(bool(faults))


def one_of_each(all_states):
    """Yield the second state of each page, with a zone: the usual one."""
    seen = {}
    for state in all_states:
        seen.setdefault(state[0], []).append(state)
    yield from (found[min(1, len(found) - 1)] for found in seen.values())


def look(chromium, url, width, kind):
    """Return what MEASURE finds in a window of `width` px."""
    context = chromium.new_context(viewport={"width": width, "height": SCREEN})
    page = context.new_page()
    page.goto(url, wait_until="load")
    found = page.evaluate(MEASURE, kind.wanted)
    context.close()
    return found


def faults_of(kind, found):
    """Return what does not hold of a page at 390 px."""
    page = PAGES[kind]
    faults = []
    if found["height"] > page.most:
        faults.append(f"{found['height']:,} px high, at most {page.most:,}")
    if len(found["sizes"]) > MOST_SIZES:
        faults.append(f"{len(found['sizes'])} sizes of type {found['sizes']}")
    if found["filled"] > MOST_FILLED:
        faults.append(f"{found['filled']} filled buttons on a screen")
    if found["y"] is None or found["y"] > page.by:
        faults.append(f"{page.wanted} at y = {found['y']}, by {page.by}")
    return faults


def narrow_faults(chromium, url, kind):
    """Return what does not hold of the head at 320 px, and whether the page scrolls sideways there."""
    found = look(chromium, url, 320, kind)
    faults = [f"the head is {found['head']:.0f} px at 320 px"] if found["head"] > MOST_HEAD else []
    return faults + ([f"{found['wide']} px wide at 320 px"] if found["wide"] > 320 else [])


if __name__ == "__main__":
    main()
