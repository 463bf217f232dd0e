"""Fixtures that check the accessibility of a page."""

from contextlib import contextmanager
from pathlib import Path

import pytest

MEASURES = Path(__file__).with_name("measures.js")
# A small phone, narrow as 400% of 1280 px is (WCAG 1.4.10), and a desk; each by day and by night. The two later looks
# can differ from the two before in their colours alone, and axe takes half a second for all its rules.
LOOKS = [(320, "light", None), (1280, "dark", None), (320, "dark", ["cat.color"]), (1280, "light", ["cat.color"])]
ZOOMED = {"width": 320, "height": 256}  # what 400% leaves of 1280 by 1024 px
PAPER = 680  # px between the margins of A4
# How visitors may want to read (conference/site/looks.py), one by one and all at once.
READING = ["text-larger", "spacing-wide", "contrast-more", "font-plain"]
READING = [*READING, " ".join(READING)]

# WCAG 1.4.12: nothing may get lost when people set their own spacing. By script, as our policy allows no other way.
SET_SPACING = """(is_set) => { for (const element of document.querySelectorAll("body, body *")) {
  const own = [["line-height", "1.5"], ["letter-spacing", ".12em"], ["word-spacing", ".16em"]];
  if (element.matches("p")) own.push(["margin-block-end", "2em"]);
  for (const [name, value] of own)
    is_set ? element.style.setProperty(name, value, "important") : element.style.removeProperty(name);
} }"""
SET_READING = "(classes) => { document.documentElement.className = classes; }"


@pytest.fixture
def faults_of(axe, nu, losses_of):
    """A function `(page) -> list[str]`: all that axe, the Nu checker and our own measures find in each look."""

    def find(page):
        page.wait_for_load_state()  # a title is there before the rest of its page
        faults = nu(page.content())
        for width, scheme, tags in LOOKS:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            faults += [f"{width} px, {scheme}: {fault}" for fault in axe(page, tags)]
        page.emulate_media(color_scheme="light")
        return faults + losses_of(page)

    return find


@pytest.fixture(scope="session")
def losses_of():
    """A function `(page, only=()) -> list[str]`: losses of a page that is narrow, zoomed, spaced, printed, recoloured.

    `only` names looks of `looks_at`; without it all are measured.
    """
    source = MEASURES.read_text()

    def find(page, only=()):
        page.evaluate(source)
        faults = []
        for look, measures in looks_at(page):
            if only and look not in only:
                continue
            faults += [f"{look}: {fault}" for name in measures for fault in page.evaluate(f"measures.{name}()")]
        return faults

    return find


def looks_at(page):
    """Bring the page into each look, one after the other; give the look's name and the measures to take in it."""
    for width in (320, 390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        yield f"{width} px", ["lost", "round", "small"]
        with own_spacing(page):
            yield f"{width} px, own spacing", ["lost"]
    page.set_viewport_size(ZOOMED)
    page.keyboard.press("Shift")  # keyboard users must see the focus
    yield "400%", ["lost", "unseen"]
    before = page.evaluate("document.documentElement.className")
    for classes in READING:
        page.evaluate(SET_READING, classes)
        yield f"320 px, {classes}", ["lost"]
    page.evaluate(SET_READING, before)
    page.emulate_media(forced_colors="active")
    yield "forced colours", ["lost", "faded"]
    page.set_viewport_size({"width": PAPER, "height": 900})
    for scheme in ("dark", "light"):
        page.emulate_media(media="print", forced_colors="none", color_scheme=scheme)
        yield f"on paper, {scheme}", ["lost", "pale"]
    page.emulate_media(media="screen", color_scheme="light")


@contextmanager
def own_spacing(page):
    """Space lines, letters, words and paragraphs as WCAG 1.4.12 says."""
    page.evaluate(SET_SPACING, True)
    yield
    page.evaluate(SET_SPACING, False)
