"""A registration's whole life on a phone, without script, by keyboard: from a full day to the day nothing is left."""

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import expect

from conference.models import Day
from registration.models import Registrant, Registration
from registration.services.days import cancel
from tests.factories import make_confirmed, the_registration
from tests.support.mail import link_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


@pytest.fixture
def full_day(db):
    """Day 1 of the real program, with one place, which Grace has."""
    call_command("load_program", "data/pxp-2023.yaml", first_day="2027-09-12", verbosity=0)
    Day.objects.numbered([1]).update(capacity=1)
    day = Day.objects.numbered([1]).with_conference().get()
    make_confirmed(day, name="Grace", now=timezone.now())
    return day


class Phone:
    """A phone without script whose owner uses keys alone, and the mailbox beside it."""

    def __init__(self, page, server):
        self.page, self.server, self.read = page, server, 0

    def press(self, role, name, **options):
        """Go to a link or button by keyboard and press Enter."""
        target = self.page.locator("main").get_by_role(role, name=name, **options).first
        target.focus()
        expect(target).to_be_focused()
        self.page.keyboard.press("Enter")

    def unfold(self, words):
        """Open the part of the page that is closed behind `words`."""
        summary = self.page.locator("main summary").filter(has_text=words)
        summary.focus()
        expect(summary).to_be_focused()
        self.page.keyboard.press("Enter")

    def type(self, label, words):
        """Replace what a field holds."""
        field = self.page.locator("main").get_by_label(label)
        field.focus()
        expect(field).to_be_focused()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(words)

    def mails(self):
        """The mails that came since the last look."""
        call_command("run_worker", once=True)
        new, self.read = self.server.received[self.read :], len(self.server.received)
        return [mail.message for mail in new]

    def open(self, mail, kind):
        """Open a link of a mail: "confirm", "my", "address", "private"."""
        self.page.goto(link_in(mail, kind))

    def sign_up(self, name, email):
        """Fill in the form, whose days the address chose, and send it."""
        self.type("Your name", name)
        self.type("Your email address", email)
        self.press("button", "Sign up", exact=True)
        self.sees("Check your email")

    def sees(self, heading):
        """Expect a page by its heading."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)


def status_of(name):
    return Registration.objects.for_person(Registrant.objects.named(name).get()).last().status


def test_a_registration_lives_from_the_waiting_list_to_the_last_deletion(site, full_day, smtp_server, new_page):
    phone = Phone(new_page(width=390, script=False), smtp_server)
    phone.mails()
    phone.read = len(smtp_server.received)
    page = phone.page

    # The day is full: Ada signs up all the same, and waits.
    page.goto(f"{site}/register/day-1/")
    phone.sign_up("Ada", "ada@example.org")
    [mail] = phone.mails()
    phone.open(mail, "confirm")
    phone.press("button", "Join the waiting list")
    phone.sees("You are on the waiting list for Day 1")
    assert status_of("Ada") == "waitlisted"
    phone.mails()

    # Grace cannot come: the place goes to Ada at once, with a mail and the invite.
    cancel(the_registration(Registrant.objects.named("Grace").get(), full_day), now=timezone.now())
    to_ada = [mail for mail in phone.mails() if "ada@example.org" in mail["To"]]
    assert "You have a place" in to_ada[0]["Subject"]
    assert any(part.get_content_type() == "text/calendar" for mail in to_ada for part in mail.walk())
    assert status_of("Ada") == "confirmed"

    # A new address counts when it is confirmed; the old one is told, and its links stop.
    phone.open(to_ada[0], "my")
    old_page = page.url
    phone.unfold("Details and clock")
    phone.press("link", "Change my address")
    phone.type("Your new email address", "ada.new@example.org")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Check your email at the new address.")).to_be_visible()
    mails = phone.mails()
    assert {mail["To"].addresses[0].addr_spec for mail in mails} == {"ada@example.org", "ada.new@example.org"}
    assert Registrant.objects.named("Ada").get().email == "ada@example.org"
    phone.open(next(mail for mail in mails if "ada.new" in mail["To"]), "address")
    phone.press("button", "Use this address")
    expect(page.get_by_text("We now use your new address.")).to_be_visible()
    assert Registrant.objects.named("Ada").get().email == "ada.new@example.org"
    assert page.goto(old_page).status == 404

    # The link is lost, and comes again to the new address.
    phone.mails()
    page.goto(f"{site}/lost-link/")
    phone.type("Your email address", "ada.new@example.org")
    page.keyboard.press("Enter")
    phone.sees("Check your email")
    [mail] = phone.mails()
    phone.open(mail, "my")
    expect(page.get_by_role("button", name="Cancel Day 1")).to_be_visible()
    my_page = page.url

    # Ada also looks after two people: each is a person of their own at her address.
    for name in ("Bob", "Kofi"):
        page.goto(f"{site}/register/day-2/")
        phone.unfold("signing up someone else")
        phone.type("The name of the person attending", name)
        phone.sign_up("Ada", "ada.new@example.org")
        [mail] = phone.mails()
        phone.open(mail, "confirm")
        phone.press("button", f"Confirm {name}’s place")
        expect(page.get_by_text(f"{name} is signed up")).to_be_visible()
        assert status_of(name) == "confirmed"
        confirmation = phone.mails()[0]
        assert f"This email is about {name}." in confirmation.get_body(("plain",)).get_content()

    # Ada deletes herself, by a link that only her mailbox has; Bob and Kofi stay.
    page.goto(my_page)
    phone.unfold("My link and my data")
    phone.press("link", "Delete my data")
    phone.press("button", "Email me the link")
    expect(page.get_by_text("Check your email.")).to_be_visible()
    assert Registrant.objects.named("Ada").exists()
    [mail] = phone.mails()
    phone.open(mail, "private")
    private_page = page.url
    phone.press("link", "Delete Ada’s data")
    phone.press("button", "Yes, delete Ada’s data")
    phone.sees("Your data is deleted")
    assert [page.goto(address).status for address in (my_page, private_page)] == [404, 404]
    [mail] = phone.mails()
    assert "ada.new@example.org" in mail["To"]
    assert sorted(Registrant.objects.for_edition(full_day.conference).values_list("name", flat=True)) == [
        "Bob",
        "Grace",
        "Kofi",
    ]
