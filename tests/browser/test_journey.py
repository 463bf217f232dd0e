"""The main journey, whole: from a link on the home page to a day in someone's calendar, and out of it again."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
import vobject
from django.core.management import call_command
from django.utils import translation
from django.utils.translation import gettext as _
from icalendar import Calendar
from playwright.sync_api import expect

from conference.models import Day
from conference.scripts import list_words
from conference.site.languages import in_language
from registration.models import Registrant, Registration
from tests.support.mail import Mailbox, link_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

ADDRESS = "ada@example.org"
NAME = "Ada O'Brien & Søn"


@pytest.fixture
def program(db):
    """The real program of the first PxP, moved to a year that is to come."""
    call_command("load_program", "data/pxp-2023.yaml", first_day="2027-09-12", verbosity=0)


@pytest.fixture
def mailbox(smtp_server):
    return Mailbox(smtp_server, ADDRESS)


def event_in(mail):
    """A mail's one calendar entry: (METHOD, VEVENT), read the same by two parsers."""
    part = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
    calendar = Calendar.from_ical(part.get_payload(decode=True))
    [event] = calendar.walk("VEVENT")
    other = vobject.readOne(part.get_payload(decode=True).decode())
    assert part.get_param("method") == str(calendar["METHOD"]) == other.method.value
    assert (str(event["UID"]), event.start) == (other.vevent.uid.value, other.vevent.dtstart.value)
    return str(calendar["METHOD"]), event


def status_of(number):
    """The status of Ada on a day."""
    return Registration.objects.for_person(Registrant.objects.get()).filter(day__number=number).last().status


# --- With a mouse or a finger ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "look",
    [{"width": 1280}, {"width": 320, "script": False}, {"width": 390, "dark": True, "script": False}],
    ids=["wide", "small without script", "phone in the dark without script"],
)
def test_someone_signs_up_confirms_and_drops_a_day(site, program, mailbox, new_page, look):
    page = new_page(**look)

    # From the home page to the form, with Day 1 chosen; Day 3 is added.
    page.goto(site)
    page.get_by_role("link", name="Sign up for Day 1").first.click()
    expect(page).to_have_url(f"{site}/register/day-1/")
    page.get_by_label("Day 3").check()
    page.get_by_label("Your name").fill(NAME)
    page.get_by_label("Your email address").fill("ada")
    page.locator("#clock summary").click()
    page.locator("[name=time_zone]").select_option("Tokyo", force=True)  # behind its search, with script
    page.get_by_text("I need something to take part").click()
    page.get_by_label("What would help?").fill("More time")
    send(page)

    # One mistake: all else is kept, and correcting it is enough.
    expect(page).to_have_title("Error: Sign up for Day 1 – PxP")
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("link", name="Your email address: The @ is missing").click()
    expect(page.get_by_label("Your email address")).to_be_focused()
    page.get_by_label("Your email address").fill(ADDRESS)
    expect(page.get_by_label("Your name")).to_have_value(NAME)
    expect(page.get_by_label("What would help?")).to_have_value("More time")
    send(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your email")

    # One mail; opening its link does nothing, the button does.
    [please_confirm] = mailbox.new()
    page.goto(link_in(please_confirm, "confirm"))
    assert status_of(1) == "pending"
    expect(page.get_by_text("Monday 13 September, 04:00").first).to_be_visible()
    page.get_by_role("button", name="Confirm my place").click()
    expect(page.get_by_text("You are signed up for Day 1 and Day 3.")).to_be_visible()
    assert (status_of(1), status_of(3)) == ("confirmed", "confirmed")

    # Three mails: the confirmation, and an invite for each day.
    confirmation, *invites = mailbox.new()
    assert link_in(confirmation, "my").rpartition("/my/")[2] in page.url
    events = [event_in(invite) for invite in invites]
    assert [method for method, _event in events] == ["REQUEST", "REQUEST"]
    assert [event.start for _method, event in events] == [
        datetime(2027, 9, 12, 19, tzinfo=UTC),
        datetime(2027, 9, 14, 19, tzinfo=UTC),
    ]

    # Day 3 goes: out of the calendar too.
    page.get_by_role("button", name="Cancel Day 3").click()
    expect(page.get_by_text("You are no longer signed up for Day 3.")).to_be_visible()
    [cancellation] = mailbox.new()
    method, event = event_in(cancellation)
    invited = events[1][1]
    assert (method, str(event["UID"]), event["SEQUENCE"]) == ("CANCEL", str(invited["UID"]), invited["SEQUENCE"] + 1)
    assert (status_of(1), status_of(3)) == ("confirmed", "cancelled")

    # One press undoes it: a new invite with a new name, because calendars remember the old one as cancelled.
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("You are signed up for Day 3.")).to_be_visible()
    [again] = mailbox.new()
    method, event = event_in(again)
    assert method == "REQUEST"
    assert str(event["UID"]) != str(invited["UID"])

    # The entry's address is the day's door.
    page.goto(str(event["URL"]))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Day 3 starts")


def send(page):
    page.locator("main").get_by_role("button", name="Sign up", exact=True).click()


def test_someone_who_lost_everything_gets_back_to_their_page(site, program, mailbox, new_page):
    page = new_page(script=False)
    page.goto(f"{site}/register/day-2/")
    page.get_by_label("Your name").fill(NAME)
    page.get_by_label("Your email address").fill(ADDRESS)
    send(page)
    [please_confirm] = mailbox.new()

    # Before they confirmed: the mail comes again, and the first one still does.
    page.goto(f"{site}/lost-link/")
    page.get_by_label("Your email address").fill(ADDRESS.upper())
    page.get_by_role("button", name="Send me my link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your email")
    [again] = mailbox.new()
    assert link_in(again, "confirm") == link_in(please_confirm, "confirm")
    page.goto(link_in(please_confirm, "confirm"))
    page.get_by_role("button", name="Confirm my place").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Day 2 starts")
    mailbox.new()

    # After it: the link to their page.
    page.goto(f"{site}/my/lost/")
    page.get_by_role("link", name="Send me my link").click()
    page.get_by_label("Your email address").fill(ADDRESS)
    page.get_by_role("button", name="Send me my link").click()
    [link] = mailbox.new()
    page.goto(link_in(link, "my"))
    expect(page.get_by_role("button", name="Cancel Day 2")).to_be_visible()


# --- With the keyboard alone -----------------------------------------------------------------------------------------


@dataclass
class Keyboard:
    """A person who presses Tab until they reach what they look for, and never touches anything else."""

    page: object

    def go_to(self, role, name):
        """Move to the control of that role whose name begins with `name`."""
        wanted = self.page.locator("body").get_by_role(role, name=re.compile(f"^{re.escape(name)}")).first
        for _press in range(80):
            if wanted.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        pytest.fail(f"The keyboard does not reach the {role} “{name}”")

    def press(self, role, name, key="Enter"):
        """Move there and press a key."""
        self.go_to(role, name)
        self.page.keyboard.press(key)

    def type(self, role, name, words):
        """Move there, and replace its text."""
        self.go_to(role, name)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(words)


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("language", "look"),
    [("en", {}), ("fr", {"width": 390, "script": False}), ("ar", {"width": 390, "script": False})],
)
def test_journey_needs_nothing_but_a_keyboard(site, program, mailbox, new_page, language, look):
    page = new_page(**look)
    keyboard = Keyboard(page)
    with translation.override(language):
        days = Day.objects.filter(number__in=(1, 3)).order_by("number")
        places = _("You are signed up for %(days)s.") % {"days": list_words([day.within for day in days])}
        third = days[1].within

        page.goto(site + in_language("/register/day-1/", language))
        keyboard.press("link", _("Skip to the content"))
        keyboard.type("textbox", _("Your name"), NAME)
        page.keyboard.press("Enter")  # too early: the form is sent, not the places asked for

        expect(page).to_have_title(f"{_('Error:')} {_('Sign up for Day %(number)d') % {'number': 1}} – PxP")
        expect(page.get_by_role("alert")).to_be_focused()
        keyboard.press("link", _("Your email address"))
        expect(page.get_by_label(_("Your email address"))).to_be_focused()
        page.keyboard.type(ADDRESS)
        keyboard.press("checkbox", str(days[1].label), "Space")
        keyboard.press("button", _("Sign up"))
        expect(page.get_by_role("heading", level=1)).to_have_text(_("Check your email"))

        [please_confirm] = mailbox.new()
        page.goto(link_in(please_confirm, "confirm"))
        keyboard.press("button", _("Confirm my place"))
        expect(page.get_by_text(places)).to_be_visible()
        _confirmation, *invites = mailbox.new()
        assert [event_in(invite)[0] for invite in invites] == ["REQUEST", "REQUEST"]

        keyboard.press("button", _("Cancel %(day)s") % {"day": third}, "Space")
        expect(page.get_by_text(_("You are no longer signed up for %(day)s.") % {"day": third})).to_be_visible()
        keyboard.press("button", _("Undo"))
        expect(page.get_by_text(_("You are signed up for %(day)s.") % {"day": third})).to_be_visible()
    assert (status_of(1), status_of(3)) == ("confirmed", "confirmed")
    assert Registrant.objects.get().language == language
