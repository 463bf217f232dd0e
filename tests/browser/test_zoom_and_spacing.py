"""The measures of tests/support/measures.js find what they are for, and what only a picture shows in forced colours."""

from io import BytesIO
from itertools import combinations

import pytest
from PIL import Image

from pxp.dev.styleguide.tokens import contrast

pytestmark = [pytest.mark.sqlite_only, pytest.mark.django_db(transaction=True)]

# (what someone might break, the first word of what must be found)
BROKEN = [
    ("<div style='width: 319px'>Wide</div>", "320 px: 17 px too wide"),
    ("<p style='position: absolute; left: -9px'>Left</p>", "320 px: outside: Left"),
    ("<p style='height: 1em; overflow: hidden'>One<br>two</p>", "320 px: cut off: two"),
    ("<p style='width: 8em; height: 8em; overflow: clip; border-radius: 50%'>Round</p>", "320 px: cut off: Round"),
    ("<p style='width: 140px; white-space: nowrap; overflow: clip'>Nearly as wide</p>", "own spacing: cut off: Nearly"),
    (
        "<p style='position: absolute; top: 9em; width: 140px'>Nearly as wide</p>"
        "<p style='position: absolute; top: 9.9em'>Below</p>",
        "320 px, own spacing: on each other: Nearly as wide / Below",
    ),
    (
        "<p class='disc' style='width: 9em; height: 9em; border-radius: 50%; padding: 6em 0 0'>"
        "<b class='button'>Go</b></p>",
        "320 px: out of its circle: Go",
    ),
    ("<p style='display: flex'>Words of <bdi>Ada</bdi></p>", "320 px: torn apart: Words of Ada"),
    ("<p>Below</p><p style='margin-top: -1.4em'>Above</p>", "320 px: on each other: Below / Above"),
    ("<div style='width: 15em'>Too wide for larger text</div>", "320 px, text-larger: 64 px too wide"),
    ("<button style='height: 40px'>Press</button>", "320 px: small: <button"),
    ("<p><a href='/'>Alone</a></p>", "320 px: small: <a"),
    ("<a class='button' href='/' style='outline: 0'>Go</a>", "400%: no ring: <a"),
    ("<p class='stuck'>Stuck</p><a class='button' href='/'>Go</a>", "400%: something lies over: <a"),
    ("<button class='button' style='border: 0'>Press</button>", "forced colours: no edge: <button"),
    ("<svg><path d='M0 0h9v9z' fill='Canvas'/></svg>", "forced colours: not drawn: <path"),
    ("<p style='color: #fff; background: #000'>White</p>", "on paper, light: too pale to print: White"),
]
FRAME = """<!doctype html><html lang="en"><title>Page</title><link rel="stylesheet" href="/static/site.css">
<style>.stuck { position: fixed; inset: 0; background: #fff }</style><main><div class="wrap">%s</div></main></html>"""


@pytest.mark.parametrize(("html", "found"), BROKEN, ids=[found for _html, found in BROKEN])
def test_measures_find_what_is_lost(site, new_page, losses_of, html, found):
    page = new_page(bypass_csp=True)
    page.route(f"{site}/broken/", lambda route: route.fulfill(body=FRAME % html, content_type="text/html"))

    page.goto(f"{site}/broken/")

    assert [fault for fault in losses_of(page) if found in fault]


def test_measures_find_nothing_where_nothing_is_lost(site, new_page, losses_of):
    page = new_page()
    words = "<h1>Words</h1><p>Some <a href='/'>words</a>.</p><p><a class='button' href='/'>Go</a></p>"
    page.route(f"{site}/whole/", lambda route: route.fulfill(body=FRAME % words, content_type="text/html"))

    page.goto(f"{site}/whole/")

    assert losses_of(page) == []


@pytest.mark.parametrize(
    ("colour", "is_found"), [("#949494", True), ("#767676", True), ("#6b6b6b", True), ("#545454", False)]
)
def test_axe_finds_words_too_pale_for_aa_and_for_aaa(site, new_page, axe, colour, is_found):
    page = new_page(bypass_csp=True)
    html = FRAME % f"<h1>Words</h1><p style='color: {colour}; background: #fff'>Pale</p>"
    page.route(f"{site}/pale/", lambda route: route.fulfill(body=html, content_type="text/html"))

    page.goto(f"{site}/pale/")

    for tags in (None, ["cat.color"]):
        assert any(fault.startswith("color-contrast") for fault in axe(page, tags)) is is_found


# --- The colours of the system ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_drawings_are_seen_in_the_colours_of_the_system(site, page, style_guide, scheme):
    page.emulate_media(forced_colors="active", color_scheme=scheme)
    page.goto(site + style_guide)

    drawings = page.locator("svg:not([data-sample])").all()
    seen = {number: strongest(drawing) for number, drawing in enumerate(drawings) if drawing.is_visible()}

    assert len(seen) >= 19  # fewer than before: days are circles of the style sheet, no drawings
    assert {number: ratio for number, ratio in seen.items() if ratio < 3} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_chosen_and_what_has_the_focus_is_seen_in_the_colours_of_the_system(site, page, style_guide, scheme):
    page.emulate_media(forced_colors="active", color_scheme=scheme)
    page.goto(f"{site}{style_guide}again/")
    page.keyboard.press("Tab")
    row = page.locator(".choice:has([name=days])")
    controls = [page.locator("main .button").last, page.locator("[name=name]"), page.locator(".choice input").first]

    chosen, other = row.filter(has=page.locator(":checked")), row.filter(has_not=page.locator(":checked"))
    assert chosen.first.locator("input").screenshot() != other.first.locator("input").screenshot()
    for control in controls:
        control.scroll_into_view_if_needed()
        at_rest = picture_around(page, control)
        control.focus()
        assert picture_around(page, control) != at_rest


def picture_around(page, control):
    """Return a picture of a control with 8 px around it: the ring of the focus is outside of its box."""
    box = control.bounding_box()
    clip = {"x": box["x"] - 8, "y": box["y"] - 8, "width": box["width"] + 16, "height": box["height"] + 16}
    return page.screenshot(clip=clip)


def strongest(drawing):
    """Return the strongest contrast between two colours of a drawing that one can see, each on 1% of it or more."""
    return max((contrast(one, other) for one, other in combinations(colours_of(drawing), 2)), default=1)


def colours_of(element):
    """Return the colours of an element as it is drawn, as (red, green, blue), without what smooths its edges."""
    image = Image.open(BytesIO(element.screenshot())).convert("RGB")
    return {
        colour
        for count, colour in image.getcolors(image.width * image.height)
        if count >= image.width * image.height / 100
    }
