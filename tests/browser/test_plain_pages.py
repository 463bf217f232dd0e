"""The plain pages in real Chromium: the access statement and the easy-read pages, for everybody, in every look."""

import pytest
from playwright.sync_api import expect

from tests.factories import make_announced_date, make_program

pytestmark = [pytest.mark.sqlite_only, pytest.mark.django_db(transaction=True)]

LOOK = "text=larger&spacing=wide&contrast=more&font=plain"
PAGES = [
    "/accessibility/",
    "/accessibility/criteria/",
    "/easy-read/",
    "/easy-read/program/",
    "/easy-read/program/?tz=Asia/Tokyo",
    "/easy-read/how-to-join/",
    "/reading/",
    f"/reading/?next=/program/&{LOOK}",
    f"/?{LOOK}",
    f"/program/day-1/?tz=Asia/Tokyo&{LOOK}",
    f"/register/?{LOOK}",
    f"/easy-read/?{LOOK}",
]


def make_all():
    conference = make_program(cost="free", platform="Zoom")
    for day in conference.days.all():
        make_announced_date(day, "Europe, Africa, North and South America", date=day.starts_at.date())
        make_announced_date(day, position=1)


@pytest.mark.parametrize("path", PAGES)
def test_page_can_be_used_by_everybody(site, page, faults_of, path):
    make_all()

    page.goto(site + path)

    assert faults_of(page) == []


def test_visitor_reads_in_larger_text_from_page_to_page_without_script(site, new_page):
    make_all()
    page = new_page(width=390, script=False)
    page.goto(site + "/program/")
    before = size_of_text(page)

    page.get_by_role("link", name="Make it easier to read").click()
    page.get_by_label("Larger text").check()
    page.get_by_label("Plain, wide letters").check()
    page.get_by_role("button", name="Show me").click()
    page.get_by_role("link", name="Go on reading").click()
    page.locator("summary", has_text="Menu").click()
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Speakers").click()

    expect(page).to_have_title("Speakers – PxP")
    assert size_of_text(page) > 1.3 * before
    assert "Verdana" in page.evaluate("getComputedStyle(document.body).fontFamily")
    assert page.context.cookies() == []


def size_of_text(page):
    return page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
