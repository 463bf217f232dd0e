"""What someone can do on their own pages beside their days, in each state: for everybody, and in every look."""

import pytest
from playwright.sync_api import expect

from registration import links
from registration.models import AccessRequest
from registration.status import NeedState
from tests.factories import make_conference, make_confirmed, make_day, make_pending

pytestmark = [pytest.mark.sqlite_only, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def days(db):
    conference = make_conference(name="PxP")
    return [make_day(conference, 1, title="Boost your skills"), make_day(conference, 2)]


def state_delete(page, site, days):
    page.goto(f"{links.my_url(make_confirmed(*days))}delete/")
    expect(page).to_have_title("Delete my data – PxP")


def state_deleted(page, site, days):
    page.goto(f"{site}/deleted/")


def state_details(page, site, days):
    page.goto(f"{links.my_url(make_confirmed(*days))}details/")
    expect(page).to_have_title("Details – PxP")


def state_details_with_a_mistake(page, site, days):
    page.goto(f"{links.my_url(make_confirmed(*days))}details/")
    page.get_by_label("Your name").fill("")
    page.get_by_role("button", name="Save").click()
    expect(page).to_have_title("Error: Details – PxP")


def state_needs(page, site, days):
    ada = make_confirmed(*days, needs="More time\nA quiet line")
    AccessRequest.objects.update(state=NeedState.CANNOT_BE_MET, answer="We have no quiet line.")
    page.goto(f"{links.my_url(ada)}needs/")
    page.get_by_label("What would help?").fill("A person to talk to")
    page.get_by_label("I agree").check()
    page.get_by_role("button", name="Tell the access team").click()
    expect(page.get_by_text("The access team will read this.")).to_be_visible()


def state_needs_with_a_mistake(page, site, days):
    page.goto(f"{links.my_url(make_confirmed(*days))}needs/")
    page.get_by_role("button", name="Tell the access team").click()
    expect(page).to_have_title("Error: What I need – PxP")


def state_switched(page, site, days):
    page.goto(links.my_url(make_confirmed(*days)))
    page.get_by_text("Calendar and emails").click()
    page.get_by_role("button", name="Stop reminders").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()


def state_address_with_a_mistake(page, site, days):
    page.goto(f"{links.my_url(make_confirmed(*days))}address/")
    page.get_by_label("Your new email address").fill("ada")
    page.get_by_role("button", name="Send an email there").click()
    expect(page).to_have_title("Error: My address – PxP")


def ask_for_address(page, ada):
    page.goto(f"{links.my_url(ada)}address/")
    page.get_by_label("Your new email address").fill("ada@new.example.org")
    page.get_by_role("button", name="Send an email there").click()
    expect(page.get_by_text("Check your email at the new address.")).to_be_visible()
    ada.refresh_from_db()


def state_address_asked(page, site, days):
    ada = make_confirmed(*days)
    ask_for_address(page, ada)
    page.goto(f"{links.my_url(ada)}address/")


def state_address_to_take(page, site, days):
    ada = make_confirmed(*days)
    ask_for_address(page, ada)
    page.goto(links.address_url(ada))


def state_address_taken(page, site, days):
    ada = make_confirmed(*days)
    ask_for_address(page, ada)
    page.goto(links.address_url(ada))
    page.get_by_role("button", name="Use this address").click()
    expect(page.get_by_text("We now use your new address.")).to_be_visible()


def state_address_taken_before(page, site, days):
    ada = make_confirmed(*days)
    ask_for_address(page, ada)
    page.goto(links.address_url(ada))
    link = page.url
    page.get_by_role("button", name="Use this address").click()
    page.goto(link)
    expect(page.get_by_text("The link to your page is in our latest email")).to_be_visible()


def state_new_link(page, site, days):
    page.goto(f"{links.my_url(make_confirmed(*days))}new-link/")


def state_new_link_sent(page, site, days):
    page.goto(f"{links.my_url(make_confirmed(*days))}new-link/")
    page.get_by_role("button", name="Get a new link").click()
    expect(page).to_have_url(f"{site}/new-link/")


def state_reminders(page, site, days):
    page.goto(links.unsubscribe_url(make_confirmed(*days)))
    expect(page).to_have_title("Reminders – PxP")


def state_no_more_reminders(page, site, days):
    page.goto(links.unsubscribe_url(make_confirmed(*days)))
    page.get_by_role("button", name="Stop reminders").click()
    expect(page).to_have_title("Reminders are off – PxP")


def state_reminders_again(page, site, days):
    state_no_more_reminders(page, site, days)
    page.get_by_role("button", name="Send me reminders again").click()
    expect(page.get_by_role("heading", name="Reminders are on")).to_be_visible()


def state_someone_else(page, site, days):
    page.goto(f"{site}/register/day-1/")
    page.get_by_text("I’m signing up someone else").click()
    page.get_by_label("The name of the person attending").fill("Bob")
    page.locator("main").get_by_role("button", name="Sign up", exact=True).click()
    expect(page).to_have_title("Error: Sign up for Day 1 – PxP")


def state_page_of_someone_else(page, site, days):
    ada = make_confirmed(*days, carer_name="Bob")
    page.goto(links.my_url(ada))
    expect(page.get_by_text("My link and Ada’s data")).to_be_visible()


def test_name_of_another_direction_stays_in_its_sentence(site, page, days, losses_of):
    reem = make_confirmed(*days, name="د. ريم", carer_name="Bob")
    bob = make_pending(*days, name="Bo", carer_name="Bob", email="bob@example.org")
    make_pending(*days, name="دانة", carer_name="Bob", email="bob@example.org")
    paths = ["", "details/", "delete/", "new-link/"]

    torn = []
    for address in [*(links.my_url(reem) + path for path in paths), links.confirm_url(reem), links.confirm_url(bob)]:
        page.goto(address)
        torn += [fault for fault in losses_of(page, only=["390 px"]) if "torn" in fault]

    expect(page.get_by_role("button", name="Confirm دانة’s place")).to_be_visible()
    assert torn == []


STATES = {name.removeprefix("state_"): state for name, state in list(globals().items()) if name.startswith("state_")}


@pytest.mark.parametrize("name", STATES)
def test_page_can_be_used_by_everybody(site, page, days, faults_of, name):
    STATES[name](page, site, days)

    assert faults_of(page) == []
