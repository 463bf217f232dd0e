"""One page of each template in French and in Arabic, in real Chromium: the words are longer, or run the other way.

The English pages are looked at in every look (test_public_pages.py, test_sign_up_pages.py); here one of each kind does.
"""

import pytest

from conference.site.languages import in_language
from registration import links
from registration.models import Registrant
from tests.browser.test_public_pages import make_everything
from tests.factories import make_conference, make_confirmed, make_day, the_registration

pytestmark = [pytest.mark.sqlite_only, pytest.mark.django_db(transaction=True)]

# Of each template one.
PAGES = [
    "/?tz=Asia/Tokyo",
    "/program/",
    "/program/my-plan/?pick=day-1-session-1",
    "/program/day-1/?tz=Asia/Tokyo",
    "/program/sessions/day-1-session-1/",
    "/speakers/",
    "/speakers/grace/",
    "/how-to-join/",
    "/easy-read/program/",
    "/new-here/",
    "/glossary/",
    "/partners/",
    "/accessibility/",
    "/privacy/",
    "/contact/",
    "/reading/?next=/program/",
    "/time-zone/",
    "/offline/",
    "/register/",
    "/register/thanks/",
    "/lost-link/",
]
# The narrowest screen, people's own spacing on it, the largest zoom, and the system's own colours.
ONCE = ["320 px", "320 px, own spacing", "400%", "forced colours"]


@pytest.fixture
def page_of(page, site):
    """A function `(path, language)` that opens a page and returns it."""

    def open_(path, language):
        page.goto(site + in_language(path, language))
        return page

    return open_


def faults_in(page, axe, nu, losses_of):
    page.set_viewport_size({"width": 320, "height": 900})
    return [*nu(page.content()), *axe(page), *losses_of(page, ONCE)]


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_pages_can_be_used_in_a_language(page_of, axe, nu, losses_of, language):
    make_everything()

    faults = {path: faults_in(page_of(path, language), axe, nu, losses_of) for path in PAGES}

    assert {path: found for path, found in faults.items() if found} == {}


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_pages_of_a_person_can_be_used_in_a_language(page, site, axe, nu, losses_of, language):
    conference = make_conference(name="PxP")
    days = [make_day(conference, number, title="Boost your skills") for number in (1, 2, 3)]
    make_confirmed(*days[:2])
    Registrant.objects.update(language=language)
    registrant = Registrant.objects.get()
    urls = [links.my_url(registrant), links.join_url(the_registration(registrant, days[0]))]

    faults = []
    for url in urls:
        page.goto(url)
        faults += faults_in(page, axe, nu, losses_of)

    assert page.locator("html").get_attribute("lang") == language
    assert faults == []
