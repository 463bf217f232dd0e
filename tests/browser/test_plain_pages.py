"""The plain pages in real Chromium: the access statement and the easy-read pages, for everybody, in every look."""

import pytest

from tests.factories import make_announced_date, make_program

pytestmark = [pytest.mark.sqlite_only, pytest.mark.django_db(transaction=True)]

PAGES = [
    "/accessibility/",
    "/accessibility/criteria/",
    "/easy-read/",
    "/easy-read/program/",
    "/easy-read/program/?tz=Asia/Tokyo",
    "/easy-read/how-to-join/",
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
