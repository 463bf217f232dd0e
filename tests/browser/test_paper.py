"""What is printed: the program of three days on one sheet of A4, a day on one, and no buttons."""

import re
from datetime import timedelta
from itertools import pairwise

import pytest

from tests.browser.test_public_pages import make_everything
from tests.factories import make_conference, make_day, make_session

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


@pytest.mark.parametrize("path", ["/register/", "/program/", "/contact/"])
def test_title_keeps_off_the_line_above_it_on_paper(site, page, path):
    make_everything()
    page.goto(site + path)
    page.emulate_media(media="print")

    line, title = (page.locator(part).bounding_box() for part in (".head", "h1"))

    assert title["y"] - line["y"] - line["height"] >= 8


def test_hours_of_a_session_keep_off_its_title_on_paper(site, page):
    day = make_day(make_conference(name="PxP"))
    for number in range(1, 13):
        start = day.starts_at + timedelta(minutes=15 * (number - 1))
        make_session(day, number, starts_at=start, ends_at=start + timedelta(minutes=15))
    page.goto(f"{site}/program/day-1/?tz=Europe/Paris")
    page.set_viewport_size({"width": 680, "height": 900})
    page.emulate_media(media="print")

    gaps = page.locator(".sessions article").evaluate_all(
        """articles => articles.map(article => {
          const words = document.createRange();
          words.selectNodeContents(article.querySelector(".kicker"));
          return article.querySelector("h3").getBoundingClientRect().x - words.getBoundingClientRect().right;
        })"""
    )

    assert min(gaps) >= 6


@pytest.mark.parametrize(
    "path", ["/", "/program/day-1/", "/speakers/grace/", "/how-to-join/", "/easy-read/", "/partners/", "/new-here/"]
)
def test_each_heading_has_words_below_it_on_paper(site, page, path):
    make_everything()
    page.goto(site + path)
    page.emulate_media(media="print")

    printed = [line.strip() for line in page.locator("main").inner_text().splitlines() if line.strip()]
    headings = {words.strip() for words in page.locator("main h2").all_inner_texts()}
    lonely = [line for line, after in pairwise([*printed, ""]) if line in headings and after in headings | {""}]

    assert lonely == []
