"""What somebody can do on their own pages beside their days, in each state: for everybody, and in every look."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from registration import links
from registration.models import AccessRequest
from registration.status import NeedState
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


def state_details(page, site, days):
    page.goto(f"{links.my_url(make_confirmed(*days))}details/")
    expect(page).to_have_title("My details – PxP")


def state_details_with_a_mistake(page, site, days):
    page.goto(f"{links.my_url(make_confirmed(*days))}details/")
    page.get_by_label("What may we call you?").fill("")
    page.get_by_role("button", name="Keep my details").click()
    expect(page).to_have_title("Error: My details – PxP")


def state_needs(page, site, days):
    ada = make_confirmed(*days, needs="More time\nA quiet line")
    AccessRequest.objects.update(state=NeedState.CANNOT_BE_MET, answer="We have no quiet line.")
    page.goto(f"{links.my_url(ada)}needs/")
    page.get_by_label("What do you need to take part?").fill("A person to talk to")
    page.get_by_label("I agree").check()
    page.get_by_role("button", name="Ask for this").click()
    expect(page.get_by_text("Our Access team reads it.")).to_be_visible()


def state_needs_with_a_mistake(page, site, days):
    page.goto(f"{links.my_url(make_confirmed(*days))}needs/")
    page.get_by_role("button", name="Ask for this").click()
    expect(page).to_have_title("Error: What I need – PxP")


def state_switched(page, site, days):
    page.goto(links.my_url(make_confirmed(*days)))
    page.get_by_role("button", name="Send me no reminders").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()


STATES = {name.removeprefix("state_"): state for name, state in list(globals().items()) if name.startswith("state_")}


@pytest.mark.parametrize("name", STATES)
def test_page_can_be_used_by_everybody(site, page, days, faults_of, name):
    STATES[name](page, site, days)

    assert faults_of(page) == []
