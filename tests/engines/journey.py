"""The main pages and the main journey in Firefox and WebKitGTK, by keyboard alone: `make test-browsers`."""

import pytest

from registration.models import Registrant, Registration
from tests.support.mail import Mailbox, link_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

ADDRESS = "ada@example.org"
NAME = "Ada O'Brien & Søn"
SIZE = "(element) => [Math.round(element.offsetWidth), Math.round(element.offsetHeight)]"
# Words beyond their circle. Not scrollHeight, which counts the lens that a circle draws of its neighbour too.
IS_CUT = """(element) => {
  const box = element.getBoundingClientRect();
  return [...element.children].map((child) => child.getBoundingClientRect()).some(({ top, bottom, left, right }) =>
    top < box.top || bottom > box.bottom || left < box.left || right > box.right);
}"""
# Each heading and its words among the reasons: where they begin, and in how many pieces they are.
COLUMNS = """[...document.querySelectorAll('.pair > *')].map((part) => {
  const box = part.getBoundingClientRect();
  return [part.localName, Math.round(box.left), part.getClientRects().length];
})"""
PAGES = {
    "home": "/",
    "home-tokyo": "/?tz=Asia/Tokyo",
    "program-tokyo": "/program/?tz=Asia/Tokyo",
    "day": "/program/day-1/?tz=America/Toronto",
    "sign-up": "/register/day-1/",
}


@pytest.mark.parametrize("name", PAGES)
def test_page_can_be_used_by_everybody(site, program, window, faults_in, name):
    window.goto(site + PAGES[name])

    assert faults_in(name) == []


def test_page_follows_what_the_visitor_set(site, program, window):
    window.goto(site)

    paper = window.evaluate("getComputedStyle(document.body).backgroundColor")

    assert paper == {"light": "rgb(253, 252, 248)", "dark": "rgb(21, 16, 31)"}[window.look]
    assert window.evaluate("matchMedia('(prefers-reduced-motion: reduce)').matches")


def test_what_only_a_drawing_says_is_drawn(site, program, window):
    """Safari's engine does not know every short form of CSS, and no checker misses what it leaves out."""
    window.resize(1280)

    window.goto(f"{site}/program/")
    here = window.evaluate("getComputedStyle(document.querySelector('.nav [aria-current]')).textDecorationColor")
    window.goto(site)
    sizes = window.evaluate(f"[...document.querySelectorAll('.disc')].map({SIZE})")
    terms = window.evaluate("getComputedStyle(document.querySelector('.term')).textDecorationStyle")
    window.goto(f"{site}/?text=larger")
    parts = window.evaluate(COLUMNS)
    cut = window.evaluate(f"[...document.querySelectorAll('.disc')].filter({IS_CUT}).length")

    assert here not in ("rgba(0, 0, 0, 0)", "transparent")
    assert [width for width, _height in sizes] == [height for _width, height in sizes]
    assert len(sizes) == 3
    [heading, words, other_heading, other_words] = parts
    assert heading[1:] == words[1:], "each reason in a column of its own"
    assert other_heading[1:] == other_words[1:]
    assert heading[1] < other_heading[1]
    assert terms == "dotted"
    assert cut == 0


def test_journey_needs_nothing_but_a_keyboard(site, program, smtp_server, window, faults_in):
    mailbox = Mailbox(smtp_server, ADDRESS)
    faults = []

    # From home to the form, with Day 1 chosen.
    window.goto(site)
    window.use("a", "Sign up for Day 1")
    window.wait_for_title("Sign up for Day 1 – PxP")

    # Nothing filled in: the focus is on what is wrong, and each of its links leads to its field.
    window.go_to("input", "Your name")
    window.press("Enter")
    window.wait_for_title("Error: Sign up for Day 1 – PxP")
    window.wait_for("document.activeElement.matches('.error-summary')")
    faults += faults_in("sign-up-error")
    links = window.evaluate("[...document.querySelectorAll('.error-summary a')].map((link) => link.hash)")
    assert links == ["#id_name", "#id_email"]
    for at, field in enumerate(links):
        window.evaluate(f"document.querySelectorAll('.error-summary a')[{at}].focus()")
        window.press("Enter")
        window.wait_for(f"document.activeElement === document.querySelector('{field}')")

    # Corrected, and sent. Never past the page's end: Firefox without a screen does not come back from its own buttons.
    window.evaluate("document.querySelector('.error-summary').focus()")
    window.use("input", "Day 3", "Space")
    window.go_to("input", "Your name")
    window.type(NAME)
    window.go_to("input", "Your email address")
    window.type(ADDRESS)
    window.use("button", "Sign up")
    window.wait_for_title("Check your email – PxP")
    faults += faults_in("thanks")

    # The mail leads to a page that asks once more; then they are in.
    [please_confirm] = mailbox.new()
    window.goto(link_in(please_confirm, "confirm"))
    faults += faults_in("confirm")
    window.use("button", "Confirm my place")
    window.wait_for_words("You are signed up for Day 1 and Day 3.")
    assert len(mailbox.new()) == 3
    assert standings() == {1: "confirmed", 3: "confirmed"}
    faults += faults_in("my")

    # A day goes, and comes back.
    window.use("button", "Cancel Day 3", "Space")
    window.wait_for_words("You are no longer signed up for Day 3.")
    assert standings() == {1: "confirmed", 3: "cancelled"}
    faults += faults_in("my-dropped")
    window.use("button", "Undo")
    window.wait_for_words("You are signed up for Day 3.")
    assert standings() == {1: "confirmed", 3: "confirmed"}

    assert faults == []


def standings():
    """Ada's status on each of her days, by the day's number."""
    registrations = Registration.objects.for_person(Registrant.objects.get()).select_related("day").order_by("pk")
    return {registration.day.number: registration.status for registration in registrations}
