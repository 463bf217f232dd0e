"""What is printed: the program of three days on one sheet of A4, a day on one, and no buttons."""

import re

import pytest

from tests.browser.test_public_pages import make_everything

pytestmark = [pytest.mark.sqlite_only, pytest.mark.django_db(transaction=True)]

MARGINS = dict.fromkeys(("top", "bottom", "left", "right"), "15mm")


@pytest.mark.parametrize("path", ["/program/?tz=America/Toronto", "/program/", "/program/day-1/?tz=Asia/Kolkata"])
def test_program_is_printed_on_one_sheet(site, page, path):
    make_everything()
    page.goto(site + path)

    paper = page.pdf(format="A4", margin=MARGINS)
    page.emulate_media(media="print")

    assert len(re.findall(rb"/Type\s*/Page[^s]", paper)) == 1
    assert page.locator(".button:visible, nav:visible, summary:visible").count() == 0
