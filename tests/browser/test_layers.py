"""The style sheet without its layers, as it is served, and with them, as it is written: for a browser the same look.

Browsers without cascade layers (iOS before 15.4, Chrome before 99) skip all that is in one, so they get none. Then the
order of the files and the weight of the selectors decide, and no earlier layer may win by its weight.
"""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from pxp.static_files import LAYERS, layer_files, style_sheet, without_layer
from tests.browser.test_public_pages import make_everything

pytestmark = pytest.mark.sqlite_only

PAGES = ["/", "/?tz=Asia/Tokyo", "/program/", "/program/day-1/?tz=Asia/Tokyo", "/register/day-1/"]
PAGES += ["/easy-read/", "/accessibility/", "/reading/?text=larger"]

# Where elements and their drawings look different under the second style sheet than under the first: element, property
# and both values, as the browser works them out.
DIFFERENCES = """([one, other]) => {
  for (const link of document.querySelectorAll("link[rel=stylesheet]")) link.disabled = true;
  const parts = [...document.querySelectorAll("html, body, body *:not(option)")]
    .flatMap((element) => [[element, null], [element, "::before"], [element, "::after"]])
    .filter(([element, part]) => !part || getComputedStyle(element, part).content !== "none");
  const looks = [one, other].map((words) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(words);
    document.adoptedStyleSheets = [sheet];
    return parts.map(([element, part]) => {
      const style = getComputedStyle(element, part);
      return [...style].map((property) => [property, style.getPropertyValue(property)]);
    });
  });
  const found = new Set();
  parts.forEach(([element, part], at) => looks[0][at].forEach(([property, value], place) => {
    const [, now] = looks[1][at][place];
    const name = `${element.tagName}.${element.getAttribute("class") ?? ""}${part ?? ""}`;
    if (value !== now) found.add([name, property, value, now].join(" | "));
  }));
  return [...found];
}"""


def with_layers():
    """Return the style sheet as it is written, in layers."""
    written = "".join(file.read_text(encoding="utf-8") for file in layer_files())
    return f"@layer {', '.join(LAYERS)};\n{written}"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("width", "media"), [(320, "screen"), (1280, "screen"), (1280, "print")])
def test_page_looks_the_same_with_and_without_layers(site, new_page, width, media):
    make_everything()
    page = new_page(width=width)
    page.emulate_media(media=media)

    found = {}
    for path in PAGES:
        page.goto(site + path)
        found |= {path: each} if (each := page.evaluate(DIFFERENCES, [with_layers(), style_sheet()])) else {}

    assert found == {}


def test_heavier_selector_in_an_earlier_layer_is_found(page):
    page.set_content("<main><h1 class=light>Heading</h1></main>")
    base, later = "body main h1:first-child { color: red }", ".light { color: green }"

    found = page.evaluate(DIFFERENCES, [f"@layer base {{ {base} }} @layer components {{ {later} }}", base + later])

    assert "H1.light | color | rgb(0, 128, 0) | rgb(255, 0, 0)" in found


def test_every_rule_is_in_a_layer_and_none_is_served_in_one():
    names = [re.match(r"/\*.*?\*/\s*@layer (\w+) ", file.read_text(), re.DOTALL)[1] for file in layer_files()]

    assert sorted(set(names), key=names.index) == list(LAYERS)
    assert "@layer" not in style_sheet()


@pytest.mark.parametrize("css", [".a { color: red; }", "@layer a { .a {} } .b {}", "@layer a, b;"])
def test_rules_outside_of_a_layer_are_refused(css):
    with pytest.raises(ValueError, match="outside"):
        without_layer(css)


def test_a_change_shows_at_the_next_load(settings, tmp_path):
    (tmp_path / "static" / "site").mkdir(parents=True)
    layer = tmp_path / "static" / "site" / "base.css"
    settings.BASE_DIR = tmp_path
    shown = []

    for colour in ("red", "green"):
        layer.write_text(f"@layer base {{ a {{ color: {colour}; }} }}")
        shown.append(Path(finders.find("site.css")).read_text().strip())

    assert shown == ["a { color: red; }", "a { color: green; }"]
