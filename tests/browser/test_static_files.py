"""What collecting makes of the style sheet and of the script: smaller, and for a browser the same."""

import gzip

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from pxp.static_files import SmallStaticFilesStorage, style_sheet
from tests.browser.test_public_pages import make_everything

pytestmark = pytest.mark.sqlite_only

PLAIN = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}

# All that the browser understood of a style sheet, as it writes it down itself.
UNDERSTOOD = """(words) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(words);
  return [...sheet.cssRules].map((rule) => rule.cssText).join("\\n");
}"""


@pytest.fixture
def collected(settings, tmp_path):
    """The folder of the collected static files, as a real site serves them."""
    settings.STATIC_ROOT = tmp_path
    small = {"BACKEND": f"{SmallStaticFilesStorage.__module__}.SmallStaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": small}
    call_command("collectstatic", interactive=False, verbosity=0)
    return tmp_path


def test_small_style_sheet_means_the_same_to_a_browser(page, collected):
    (made,) = collected.glob("site.????????????.css")
    written = style_sheet()

    small = made.read_text()

    assert len(small) < 0.85 * len(written)
    assert "/*" not in small
    # Chromium writes custom properties and conditions as they were typed.
    assert tight(page.evaluate(UNDERSTOOD, small)) == tight(page.evaluate(UNDERSTOOD, written))


def tight(css):
    """Return CSS without the spaces that may be there or not."""
    return css.replace(", ", ",").replace(": ", ":")


def test_style_sheet_lies_ready_in_both_compressions(collected):
    (made,) = collected.glob("site.????????????.css")

    sizes = [made.with_name(made.name + ending).stat().st_size for ending in (".br", ".gz", "")]

    assert sizes == sorted(sizes)
    assert sizes[0] < 6 * 1024
    whole = made.read_bytes()
    small = made.with_name(made.name + ".gz").read_bytes()
    assert gzip.decompress(small) == whole
    assert len(small) < 0.97 * len(gzip.compress(whole, 9))


@pytest.mark.django_db(transaction=True)
def test_small_script_does_the_same_in_under_a_kilobyte(site, new_page, collected, settings):
    scripts = {name: next(collected.glob(f"{name}.????????????.js")) for name in ("site", "sign-up")}
    settings.STORAGES = settings.STORAGES | {"staticfiles": PLAIN}
    make_everything()
    page = new_page(timezone_id="Asia/Calcutta")
    for name, made in scripts.items():
        page.route(f"**/static/{name}.js", lambda route, _request, made=made: route.fulfill(path=made))

    page.goto(f"{site}/time-zone/?next=/program/")
    expect(page.get_by_role("link", name="Use Kolkata time")).to_be_visible()
    page.goto(f"{site}/register/")
    expect(page.get_by_text("Kolkata time (from your device)")).to_be_visible()

    for made in scripts.values():
        assert "/*" not in made.read_text()
        assert made.with_name(made.name + ".br").stat().st_size < 1024
        # Gzip needs some more; few browsers know no Brotli.
        assert made.with_name(made.name + ".gz").stat().st_size < 1200
