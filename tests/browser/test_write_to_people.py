"""An organiser writes to people on a phone, by keyboard: three mails, each to the right people."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from conference.models import Day
from registration.letters.writing import write_letter
from registration.models import Broadcast, OutboxMessage, Registrant, Registration
from registration.services import broadcasts
from registration.status import MailState
from tests.factories import NOW, make_confirmed, make_pending, make_program, make_staff
from tests.support.keyboard import Keyboard

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite_only, pytest.mark.timeout(300)]


@pytest.fixture
def days():
    """Ada of Toronto and Bob of Nairobi have a place on Day 2, Cleo on Day 1, and Eve has not confirmed."""
    days = list(Day.objects.for_edition(make_program(sessions=1)).with_conference())
    make_confirmed(days[0], days[1], name="Ada Lovelace")
    make_confirmed(days[1], name="Bob Okafor", country="KE", time_zone="Africa/Nairobi")
    make_confirmed(days[0], name="Cleo Martin", country="FR", time_zone="Europe/Paris")
    make_pending(days[1], name="Eve Stranger")
    broken = make_confirmed(days[1], name="Dan Broken")
    Registrant.objects.only_row(broken).set_undeliverable("no such mailbox", NOW)
    Registration.objects.filter(registrant__name="Cleo Martin").update(attended_at=NOW)
    OutboxMessage.objects.update(state=MailState.SENT, finished_at=NOW)
    return days


@pytest.fixture
def keyboard(new_page, site, days):
    make_staff(password="secret", email="vera@example.org")
    page = new_page(width=390)
    page.goto(f"{site}/organisers/")
    page.get_by_label("Username").fill("organiser")
    page.get_by_label("Password").fill("secret")
    page.keyboard.press("Enter")
    expect(page.locator("header.top")).to_be_visible()
    return Keyboard(page)


def write_one(keyboard, site, *, days=(), narrow=None, about=None, people, subject, body):
    """Write a message and send it; return the draft and the names of those whom the worker writes to."""
    page = keyboard.page
    page.goto(f"{site}/organisers/registration/broadcast/")
    keyboard.press("Write to people", role="link")
    expect(page.get_by_role("heading", level=1)).to_have_text("Who do you want to write to?")
    for day in days:
        keyboard.tick(day)
    if about:
        keyboard.choose(about)
    if narrow:
        keyboard.reach(page.locator("summary", has_text="Narrow it down"))
        page.keyboard.press("Enter")
        keyboard.reach(page.get_by_label("Came", exact=True))
        page.keyboard.type(narrow)
    expect(page.locator("#count .count")).to_contain_text(people)  # it counts as the filters change
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    keyboard.press("Next: the words")
    keyboard.type("Subject", subject)
    keyboard.type("Your words", body)
    keyboard.press("Save and show it")
    expect(page.locator(".letter__head b")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    keyboard.press("Next: check and send")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Send this to {people}?")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    keyboard.press(f"Send to {people}")
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"{people.split()[0]} mail")
    expect(page.get_by_role("button", name="Take it back")).to_be_visible()
    draft = Broadcast.objects.latest("pk")
    Broadcast.objects.only_row(draft).update(leaves_at=timezone.now())
    while broadcasts.carry_on(now=timezone.now()):
        pass
    mails = list(OutboxMessage.objects.for_broadcast(draft).order_by("registrant__name"))
    page.goto(f"{site}/organisers/registration/broadcast/{draft.pk}/")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"0 of {len(mails)} sent")
    return {mail.registrant.name: write_letter(mail, now=timezone.now()) for mail in mails}


def test_three_mails_reach_the_right_people_with_the_right_numbers(keyboard, site, days):
    link = write_one(
        keyboard,
        site,
        days=["Day 2"],
        people="2 people",
        subject="Day 2 has a new link to join",
        body="Dear {name},\n\nZoom gave us a new meeting. Your own button leads there.\n\n{join button}",
    )
    later = write_one(
        keyboard,
        site,
        days=["Day 2"],
        people="2 people",
        subject="Day 2 starts an hour later for you",
        body="Dear {name},\n\n{my hours}\n\nIf that does not suit you, change it on {my page}.",
    )
    thanks = write_one(
        keyboard,
        site,
        narrow="Came",
        about="Something else",
        people="1 person",
        subject="Thank you, here are the recordings",
        body="Dear {name},\n\nThank you for coming. [Watch the recordings](/program/).",
    )

    assert list(link) == list(later) == ["Ada Lovelace", "Bob Okafor"]
    assert "Join Day 2:\nhttp" in link["Ada Lovelace"].body
    assert "Day 1" not in link["Ada Lovelace"].body
    assert "3:00 pm to 6:00 pm, Toronto time" in later["Ada Lovelace"].body
    assert "22:00 until 01:00 the next day" in later["Bob Okafor"].body
    assert list(thanks) == ["Cleo Martin"]
    assert "List-Unsubscribe" in thanks["Cleo Martin"].extra_headers
    assert "List-Unsubscribe" not in link["Ada Lovelace"].extra_headers
    assert f"{site}/program/" in thanks["Cleo Martin"].body


def test_a_wrong_date_for_later_can_be_emptied_to_send_it_now(keyboard, site, days):
    page = keyboard.page
    page.goto(f"{site}/organisers/registration/broadcast/write/")
    keyboard.press("Next: the words")
    keyboard.type("Subject", "News")
    keyboard.type("Your words", "Hello {name}")
    keyboard.press("Next: check and send")
    page.get_by_label("Later").check()
    page.get_by_label("Date").fill("1/2/2028")
    page.get_by_label("Now").check()
    page.get_by_role("button", name="Send to").click()

    expect(page.get_by_label("Date")).to_be_visible()

    page.get_by_label("Date").fill("")
    page.get_by_role("button", name="Send to").click()
    expect(page.get_by_role("button", name="Take it back")).to_be_visible()
