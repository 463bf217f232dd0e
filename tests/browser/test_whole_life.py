"""A registration's whole life on a phone, without script, by keyboard: from a full day to the day nothing is left."""

import re

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import expect

from conference.models import Day
from registration.models import Registrant, Registration
from registration.services.days import cancel
from tests.factories import make_confirmed, the_registration

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

    def tick(self, label):
        self.page.get_by_label(label).first.focus()
        self.page.keyboard.press("Space")

    def type(self, label, words):
        self.page.get_by_label(label, exact=isinstance(label, str)).focus()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(words)

    def mails(self):
        """The mails that came since the last look."""
        call_command("run_worker", once=True)
        new, self.read = self.server.received[self.read :], len(self.server.received)
        return [mail.message for mail in new]

    def open(self, mail, kind):
        """Open a link of a mail: "confirm", "my", "address"."""
        self.page.goto(re.search(rf"http://\S+/{kind}/[\w-]+/", mail.get_body(("plain",)).get_content())[0])

    def sign_up(self, name, email):
        self.type("What may we call you?", name)
        self.type("Your email address", email)
        self.page.get_by_label("Which country are you in?").select_option("Kenya")
        self.press("button", "Sign up", exact=True)
        expect(self.page.get_by_role("heading", level=1)).to_have_text("Now look in your mail")


def standing(name):
    return Registration.objects.of(Registrant.objects.named(name).get()).last().status


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
    phone.press("button", "Yes, I will come")
    expect(page.get_by_text("waiting list").first).to_be_visible()
    assert standing("Ada") == "waitlisted"
    phone.mails()

    # Grace cannot come: the place goes to Ada at once, with a mail and the invite.
    cancel(the_registration(Registrant.objects.named("Grace").get(), full_day), now=timezone.now())
    to_ada = [mail for mail in phone.mails() if "ada@example.org" in mail["To"]]
    assert ["a place" in mail["Subject"] for mail in to_ada] == [True]
    assert any(part.get_content_type() == "text/calendar" for part in to_ada[0].walk())
    assert standing("Ada") == "confirmed"

    # A new address counts when it is confirmed; the old one is told, and its links stop.
    phone.open(to_ada[0], "my")
    old_page = page.url
    phone.press("link", "Change my address")
    page.get_by_role("textbox").first.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("ada.new@example.org")
    page.keyboard.press("Enter")
    expect(page.get_by_text("ada.new@example.org").first).to_be_visible()
    mails = phone.mails()
    assert {mail["To"].addresses[0].addr_spec for mail in mails} == {"ada@example.org", "ada.new@example.org"}
    phone.open(next(mail for mail in mails if "ada.new" in mail["To"]), "address")
    phone.press("button", "Yes, write to me here")
    expect(page.get_by_role("heading", level=1)).to_have_text("My days")
    assert Registrant.objects.named("Ada").get().email == "ada.new@example.org"
    assert page.goto(old_page).status == 404

    # The link is lost, and comes again to the new address.
    phone.mails()
    page.goto(f"{site}/lost-link/")
    phone.type("Your email address", "ada.new@example.org")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Look in your mail")
    [mail] = phone.mails()
    phone.open(mail, "my")
    expect(page.get_by_role("heading", level=1)).to_have_text("My days")
    my_page = page.url

    # Ada also looks after two people: each is a person of their own at her address.
    for name in ("Bob", "Kofi"):
        page.goto(f"{site}/register/day-2/")
        page.get_by_label("I am registering somebody else").focus()
        page.keyboard.press("Space")
        phone.type(re.compile("^Your own name"), "Ada")
        phone.sign_up(name, "ada.new@example.org")
        [mail] = phone.mails()
        assert f"This mail is about {name}, whom you signed up." in mail.get_body(("plain",)).get_content()
        phone.open(mail, "confirm")
        phone.press("button", "Yes, I will come")
        expect(page.get_by_text("Thank you. You are in.")).to_be_visible()
        assert standing(name) == "confirmed"
        phone.mails()

    # Ada deletes herself; Bob and Kofi stay.
    page.goto(my_page)
    phone.press("link", "Delete me")
    phone.press("button", "Yes, delete me")
    expect(page.get_by_role("heading", level=1)).to_have_text("You are deleted")
    assert page.goto(my_page).status == 404
    assert sorted(Registrant.objects.at(full_day.conference).values_list("name", flat=True)) == ["Bob", "Grace", "Kofi"]
