"""Every page of sign-up and of a person, in each of its states: for everybody, in every look, and read aloud."""

import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from conference.site.languages import in_language
from registration import links
from registration.abuse import budget, caps
from tests.factories import (
    NOW,
    make_announced_date,
    make_conference,
    make_confirmed,
    make_day,
    make_pending,
)

pytestmark = [pytest.mark.sqlite_only, pytest.mark.django_db(transaction=True)]

TRANSCRIPTS = Path(__file__).with_name("transcripts")


@pytest.fixture
def days(db):
    """An edition with one day of each kind: known title, full, title to be announced; and a day that is over."""
    conference = make_conference(name="PxP")
    made = [
        make_day(conference, 1, title="Boost your skills"),
        make_day(conference, 2, title="Trailblaze new approaches", capacity=0),
        make_day(conference, 3),
        make_day(conference, 4, title="Warm up", starts_at=datetime(2026, 1, 10, 19, tzinfo=UTC)),
    ]
    for day in made[:3]:
        make_announced_date(day, "Europe, Africa, North and South America", date=day.starts_at.date())
        make_announced_date(day, position=1)
    return made


def fill(page, **changes):
    typed = {"name": "Zoë O'Brien & Søn", "email": "zoe@example.org", "needs": "More time\nA quiet line"} | changes
    for summary in page.locator("#sign-up summary").all():
        summary.click()
    for name, words in typed.items():
        page.locator(f"[name={name}]").fill(words)
    page.get_by_label("Day 1: Boost your skills").check()
    page.locator("[name=time_zone]").select_option("Toronto", force=True)  # behind its search, with script


def send(page):
    page.locator("main").get_by_role("button", name="Sign up", exact=True).click()


# --- Every state -----------------------------------------------------------------------------------------------------


def state_empty(page, site, days):
    page.goto(f"{site}/register/day-1/")
    expect(page).to_have_title("Sign up for Day 1 – PxP")


def state_on_their_clock(page, site, days):
    page.goto(f"{site}/register/?tz=Asia/Tokyo")


def state_nothing_filled_in(page, site, days):
    page.goto(f"{site}/register/")
    send(page)
    expect(page).to_have_title("Error: Sign up – PxP")


def state_mistakes(page, site, days):
    page.goto(f"{site}/register/")
    fill(page, email="zoe", name="A" * 240)
    send(page)
    expect(page).to_have_title("Error: Sign up – PxP")


def state_everything_open(page, site, days):
    page.goto(f"{site}/register/all/")
    fill(page, attendee_name="Bob")


def state_thanks(page, site, days):
    page.goto(f"{site}/register/thanks/")


def state_thanks_to(page, site, days):
    page.goto(f"{site}/register/day-1/")
    fill(page, email="a.long.name.that.breaks@gmail.com")
    send(page)
    expect(page.get_by_role("link", name="Open Gmail")).to_be_visible()
    page.get_by_text("Wrong address? Change it").click()


def state_another_address_with_a_mistake(page, site, days):
    state_thanks_to(page, site, days)
    page.get_by_label("Your email address").fill("zoe")
    page.get_by_role("button", name="Send it to this address").click()
    expect(page).to_have_title("Error: Check your email – PxP")


def state_closed(page, site, days):
    for day in days:
        day.called_off_at = NOW
        day.save()
    page.goto(f"{site}/register/")
    expect(page.get_by_role("heading", name="Sign-up is closed")).to_be_visible()


def state_to_come(page, site, days):
    for day in days[:3]:
        day.sign_up_opens_at = day.starts_at - timedelta(hours=1)
        day.save()
    page.goto(f"{site}/register/")
    expect(page.get_by_role("heading", name="Sign-up is not open yet")).to_be_visible()


def state_lost_link(page, site, days):
    page.goto(f"{site}/lost-link/")


def state_lost_link_mistake(page, site, days):
    page.goto(f"{site}/lost-link/")
    page.get_by_label("Your email address").fill("zoe")
    page.get_by_role("button", name="Send me my link").click()
    expect(page).to_have_title("Error: Lost your link? – PxP")


def state_lost_link_too_often(page, site, days):
    for _ in range(caps.MAILS_TO_A_MAILBOX.most):
        budget.spend("zoe@example.org", due_at=timezone.now())
    page.goto(f"{site}/lost-link/")
    page.get_by_label("Your email address").fill("zoe@example.org")
    page.get_by_role("button", name="Send me my link").click()
    expect(page.get_by_text("We have sent enough emails to this address for today.")).to_be_visible()


def state_lost_link_done(page, site, days):
    page.goto(f"{site}/lost-link/")
    page.get_by_label("Your email address").fill("Zoë <zoe@example.org>")
    page.get_by_role("button", name="Send me my link").click()
    expect(page.get_by_text("zoe@example.org")).to_be_visible()


def state_wrong_link(page, site, days):
    page.goto(f"{site}/my/x/")


def state_confirm(page, site, days):
    page.goto(links.confirm_url(make_pending(days[0], days[2], needs="More time")))


def state_confirmed_already(page, site, days):
    page.goto(links.confirm_url(make_confirmed(days[0], days[2])))


def state_my_days(page, site, days):
    make_confirmed(days[0], days[1])
    page.goto(links.my_url(make_pending(days[2], needs="More time")))
    for closed in page.locator("main details").all():
        closed.locator("summary").click()


def state_dropped(page, site, days):
    page.goto(links.my_url(make_confirmed(days[0], days[2])))
    page.get_by_role("button", name="Cancel Day 1").click()
    expect(page.get_by_text("You are no longer signed up for Day 1.")).to_be_visible()


def state_asked_before_leaving(page, site, days):
    days[0].capacity = 1
    days[0].save()
    ada, _bob = make_confirmed(days[0]), make_confirmed(days[0], name="Bob")
    page.goto(links.my_url(ada))
    page.get_by_role("link", name="Cancel Day 1").click()
    expect(page.get_by_role("heading", name="Cancel Day 1?")).to_be_visible()


def state_waiting(page, site, days):
    page.goto(links.my_url(make_confirmed(days[1])))
    expect(page.get_by_role("heading", level=1)).to_have_text("You are on the waiting list for Day 2")


def state_waiting_to_confirm(page, site, days):
    page.goto(links.confirm_url(make_pending(days[1])))
    expect(page.get_by_role("heading", level=1)).to_have_text("Join the waiting list")


def state_without_a_clock(page, site, days):
    page.goto(links.my_url(make_confirmed(days[0], days[1], time_zone="")))


def state_carer(page, site, days):
    page.goto(links.my_url(make_confirmed(days[0], carer_name="Bob", time_zone="Asia/Kolkata")))


def state_calendar(page, site, days):
    page.goto(f"{links.my_url(make_confirmed(days[0], days[2]))}calendar/")


def state_answers(page, site, days):
    page.goto(f"{links.my_url(make_confirmed(days[0]))}answers/")


def state_not_added(page, site, days):
    page.goto(f"{links.my_url(make_confirmed(days[0]))}?done=closed-4")


STATES = {name.removeprefix("state_"): state for name, state in list(globals().items()) if name.startswith("state_")}
# What a person hears, word for word, on the pages that they cannot do without.
READ_ALOUD = ["empty", "mistakes", "confirm", "my_days"]


@pytest.mark.parametrize("name", STATES)
def test_page_can_be_used_by_everybody(site, page, days, faults_of, name):
    STATES[name](page, site, days)

    assert faults_of(page) == []


@pytest.mark.parametrize("name", READ_ALOUD)
def test_page_reads_aloud_as_written_down(site, page, days, transcript, name):
    STATES[name](page, site, days)

    heard = as_written_down(transcript(page))

    assert heard == written_down(f"sign_up_{name}", heard)


def test_form_reads_aloud_as_written_down_in_each_language(site, page, days, transcript):
    for language in ("fr", "es", "ar"):
        page.goto(site + in_language("/register/", language))

        heard = as_written_down(transcript(page))

        assert heard == written_down(f"sign_up_empty_{language}", heard)


def written_down(name, heard):
    """Return a golden file. WRITE_TRANSCRIPTS=1 writes it with what was heard: read it before you commit it."""
    file = TRANSCRIPTS / f"{name}.txt"
    if os.environ.get("WRITE_TRANSCRIPTS"):
        file.write_text(heard)
    return file.read_text()


def as_written_down(phrases):
    """Leave out what every page has, what a person skips (places that are not chosen), and what differs each time."""
    lines = []
    for phrase in phrases[phrases.index("main") : phrases.index("end of main")]:
        if phrase.startswith("option, ") and ", not selected" in phrase:
            continue
        phrase = re.sub(r"\bin \d+ days\b", "in (so many) days", phrase)
        lines.append("(their own address)" if "http://" in phrase else phrase)
    return "\n".join(lines) + "\n"


def test_who_attends_is_asked_only_of_those_who_sign_up_someone_else(site, page, days):
    page.goto(f"{site}/register/day-1/")
    attendee = page.get_by_label("The name of the person attending")

    expect(attendee).to_be_hidden()
    page.get_by_text("I’m signing up someone else").click()
    attendee.fill("Ada")
    send(page)

    expect(page.get_by_role("alert")).to_contain_text("Enter a name.")
    expect(attendee).to_have_value("Ada")  # its part is open: it holds something


def test_another_language_keeps_what_was_typed(site, new_page, days):
    page = new_page(width=1280)
    page.goto(f"{site}/register/")
    fill(page)
    page.get_by_role("link", name="العربية").first.click()

    expect(page.locator("h1")).to_contain_text("التسجيل في PxP")
    expect(page.locator("[name=name]")).to_have_value("Zoë O'Brien & Søn")
    expect(page.locator("[name=needs]")).to_have_value("More time\nA quiet line")
    expect(page.locator("[name=days][value='1']")).to_be_checked()
    expect(page.locator("[name=time_zone]")).to_have_value("America/Toronto")
    assert page.url == f"{site}/ar/register/"


def test_ring_around_an_open_disclosure_leaves_the_words_below_it_alone(site, new_page, days):
    page = new_page(width=390, script=False)
    page.goto(f"{site}/register/thanks/")
    summary = page.locator("details.more > summary").last
    summary.focus()
    page.keyboard.press("Enter")

    ring = summary.evaluate("""summary => {
        const style = getComputedStyle(summary);
        const reach = parseFloat(style.outlineOffset) + parseFloat(style.outlineWidth);
        return [style.outlineStyle, summary.getBoundingClientRect().bottom + reach];
    }""")
    words = page.locator("details.more > summary + * > :first-child").last.bounding_box()

    assert ring[0] == "solid"
    assert ring[1] <= words["y"]
