"""Gives the tests one judgement on a page as it stands: whether everybody can use it."""

import pytest

# A phone, narrow as 400% of 1280 px is (WCAG 1.4.10), and a desk; each by day and by night.
LOOKS = [(320, "light"), (320, "dark"), (1280, "dark"), (1280, "light")]

# WCAG 1.4.12: nothing may get lost when people set their own spacing. By script, as our policy allows no other way.
SET_SPACING = """() => { for (const element of document.querySelectorAll("body, body *")) {
  for (const [name, value] of [["line-height", "1.5"], ["letter-spacing", ".12em"], ["word-spacing", ".16em"]])
    element.style.setProperty(name, value, "important");
} }"""

# What lies outside the window sideways, or cuts its own words off.
LOST = """() => {
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  const cut = [...document.querySelectorAll("a, button, p, dd, dt, h1, h2, h3, label")].filter((element) =>
    getComputedStyle(element).overflowX === "hidden" && element.scrollWidth > element.clientWidth + 1
    && !element.closest(".visually-hidden"));
  return [...(wide > 0 ? [`${wide} px too wide`] : []), ...cut.map((element) => `cut off: ${element.outerHTML}`)];
}"""

# WCAG 2.5.5: 44 px for what one presses, but for links within a sentence or a list of words.
SMALL = """() => [...document.querySelectorAll("button, select, input:not([type=hidden]), .button, nav a, .back")]
  .filter((element) => element.checkVisibility() && !element.closest(".visually-hidden, .skip-link"))
  .filter((element) => !["checkbox", "radio"].includes(element.type))
  .filter((element) => element.getBoundingClientRect().height < 43.9)
  .map((element) => `small: ${element.outerHTML.slice(0, 200)}`)"""


@pytest.fixture
def faults_of(axe, nu):
    """A function `(page) -> list[str]`: all that axe, the Nu checker and our own measures find in every look."""

    def find(page):
        faults = nu(page.content())
        for width, scheme in LOOKS:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            found = axe(page) + page.evaluate(LOST) + page.evaluate(SMALL)
            faults += [f"{width} px, {scheme}: {fault}" for fault in found]
        page.set_viewport_size({"width": 320, "height": 900})
        page.evaluate(SET_SPACING)
        return faults + [f"own spacing: {fault}" for fault in page.evaluate(LOST)]

    return find
