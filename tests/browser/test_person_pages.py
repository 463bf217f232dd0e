"""What somebody can do on their own pages beside their days, in each state: for everybody, and in every look."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from registration import links
from tests.factories import make_conference, make_confirmed, make_day

pytestmark = [pytest.mark.sqlite_only, pytest.mark.django_db(transaction=True)]

NOW = timezone.now().replace(microsecond=0)


@pytest.fixture
def days(db):
    conference = make_conference(name="PxP")
    return [make_day(conference, 1, title="Boost your skills"), make_day(conference, 2)]


def state_delete(page, site, days):
    page.goto(f"{links.my_url(make_confirmed(*days))}delete/")
    expect(page).to_have_title("Delete me – PxP")


def state_deleted(page, site, days):
    page.goto(f"{links.my_url(make_confirmed(*days))}delete/")
    page.get_by_role("button", name="Yes, delete me").click()
    expect(page).to_have_url(f"{site}/deleted/")


STATES = {name.removeprefix("state_"): state for name, state in list(globals().items()) if name.startswith("state_")}


@pytest.mark.parametrize("name", STATES)
def test_page_can_be_used_by_everybody(site, page, days, faults_of, name):
    STATES[name](page, site, days)

    assert faults_of(page) == []
