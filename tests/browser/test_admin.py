"""Organisers' pages in real Chromium: under our security policy, for everybody's eyes and ears, with the keyboard."""

import re

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from conference.models import Conference, Day, Session, Speaker
from conference.texts import ensure_rows
from registration.groups import ACCESS_TEAM, ORGANISERS
from registration.models import AccessRequest, Broadcast, OutboxMessage, PlannedAct, Registrant, Registration
from registration.services import broadcasts, planned_acts
from registration.services.day_changes import call_off
from registration.status import BroadcastState, Status
from tests.factories import (
    make_announced_date,
    make_confirmed,
    make_pending,
    make_program,
    make_staff,
    the_registration,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite_only, pytest.mark.timeout(300)]

FIX = "Fix now: publish what I just typed"


@pytest.fixture
def days():
    conference = make_program(sessions=2)
    ensure_rows(conference)
    days = list(Day.objects.for_edition(conference))
    make_announced_date(days[0])
    return days


def log_in(page, site):
    make_staff(ORGANISERS, ACCESS_TEAM, password="secret")
    page.goto(f"{site}/organisers/")
    page.get_by_label("Username").fill("organiser")
    page.get_by_label("Password").fill("secret")
    page.get_by_role("button", name="Log in").click()
    expect(page).to_have_title("Today | PxP organisers")


def let_it_happen():
    """Let the worker do what waited to be taken back."""
    PlannedAct.objects.update(due_at=timezone.now())
    while planned_acts.carry_on(now=timezone.now()):
        pass


def run(page, action):
    page.get_by_label("Action:").select_option(action)
    page.get_by_role("button", name="Run").click()


def test_an_organiser_confirms_cancels_and_sends_again_in_the_list(page, site, days):
    ada = make_pending(days[0])
    make_pending(days[0], name="Bob")
    log_in(page, site)
    page.get_by_role("link", name="2 not confirmed yet Day 1").click()
    expect(page).to_have_title("Registrations | PxP organisers")

    page.get_by_role("checkbox", name="Select all").check()
    run(page, "Confirm the ones ticked…")
    page.get_by_role("button", name="Yes, confirm 2 people").click()
    page.get_by_role("link", name="What waits").first.click()
    expect(page.get_by_role("heading", name="Confirm")).to_be_visible()
    let_it_happen()

    page.goto(site + reverse("admin:registration_registration_changelist", query={"q": "ada"}))
    page.get_by_role("row", name="ada@example.org").get_by_role("checkbox").check()
    run(page, "Send the mails again to the ones ticked…")
    page.get_by_role("button", name="Yes, write to 1 person").click()
    expect(page.get_by_text(re.compile("Sent again to 1 person."))).to_be_visible()

    page.get_by_role("row", name="ada@example.org").get_by_role("checkbox").check()
    run(page, "Cancel the ones ticked…")
    expect(page.get_by_role("heading", level=1, name="Cancel 1 registration, and write to 1 person?")).to_be_visible()
    expect(page.get_by_text("This cancels 1 registration.")).to_be_visible()
    page.get_by_role("link", name="No, go back").click()
    assert the_registration(ada, days[0]).status == Status.CONFIRMED

    page.get_by_role("row", name="ada@example.org").get_by_role("checkbox").check()
    run(page, "Cancel the ones ticked…")
    page.get_by_role("button", name="Yes, cancel 1 registration").click()
    expect(page.get_by_text(re.compile("^1 cancelled."))).to_be_visible()
    assert the_registration(ada, days[0]).status == Status.CANCELLED


# Each page with a form, its address, and one of its text fields.
FORMS = {
    "day": ("title", lambda: row_page("conference_day", Day)),
    "session": ("title", lambda: PAGES["session"]()),
    "speaker": ("name", lambda: row_page("conference_speaker", Speaker)),
    "conference": ("name", lambda: PAGES["conference"]()),
    "person": ("name", lambda: row_page("registration_registrant", Registrant)),
}


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_enter_saves_and_writes_to_nobody(script, new_page, site, days):
    make_confirmed(days[0])
    page = new_page(script=script)
    log_in(page, site)
    before = OutboxMessage.objects.newest_key()

    for name, (field, address) in FORMS.items():
        page.goto(site + address())
        page.locator(f"#id_{field}").fill(f"New words {name}")
        page.locator(f"#id_{field}").press("Enter")

        saved = re.compile("was changed successfully|Saved in the draft")
        expect(page.locator(".messagelist .success")).to_contain_text(saved)
        page.goto(site + address())
        expect(page.locator(f"#id_{field}")).to_have_value(f"New words {name}")
    assert OutboxMessage.objects.newest_key() == before


def test_enter_in_a_sentence_to_people_writes_to_nobody(page, site, days):
    make_confirmed(days[0])
    log_in(page, site)
    page.goto(site + row_page("conference_day", Day))
    page.get_by_role("button", name="Call this day off…").click()
    page.get_by_label("Why? One sentence for them").fill("The speaker is ill.")
    page.get_by_label("Why? One sentence for them").press("Enter")
    expect(page.get_by_role("heading", level=1, name="Call off")).to_be_visible()
    expect(page.get_by_label("Why? One sentence for them")).to_have_value("The speaker is ill.")
    assert not Day.objects.filter(called_off_at__isnull=False).exists()

    draft = broadcasts.begin(days[0].conference, user=User.objects.get(), now=timezone.now())
    broadcasts.write(draft, language="en", words={"subject": "Hello", "body": "Hello"}, now=timezone.now())
    page.goto(site + reverse("admin:broadcast-send", args=[draft.pk]))
    page.get_by_label("Later").check()
    page.get_by_label("Date").fill("23 August 2027")
    page.get_by_label("Date").press("Enter")
    expect(page.get_by_label("Date")).to_have_value("23 August 2027")
    assert Broadcast.objects.get().is_draft


def test_an_action_never_swallows_what_was_typed(page, site, days):
    person = make_confirmed(days[0])
    log_in(page, site)
    page.goto(site + row_page("registration_registrant", Registrant))

    page.locator("#id_name").fill("Ada Lovelace")
    page.get_by_role("button", name="Cancel…").click()

    expect(page.locator(".mistakes")).to_be_visible()
    expect(page.get_by_text("Save it first, then press “Cancel…” again.")).to_be_visible()
    expect(page.locator("#id_name")).to_have_value("Ada Lovelace")
    page.get_by_role("button", name="Save and continue editing").click()
    page.get_by_role("button", name="Cancel…").click()
    expect(page.get_by_role("heading", level=1, name="Cancel 1 registration, and write to 1 person?")).to_be_visible()
    assert the_registration(person, days[0]).is_confirmed


def test_two_tabs_lose_nobodys_words(new_page, site, days):
    first, second = new_page(), new_page()
    log_in(first, site)
    second.context.add_cookies(first.context.cookies())
    address = site + row_page("conference_day", Day)
    first.goto(address)
    second.goto(address)

    first.locator("#id_title").fill("First title")
    first.locator("#id_summary").fill("First summary")
    first.get_by_role("button", name=FIX).click()
    second.locator("#id_title").fill("Second title")
    second.get_by_role("button", name=FIX).click()

    expect(second.get_by_role("link", name="Title: In the meantime someone else wrote: “First title”.")).to_be_visible()
    expect(second.locator("#id_title")).to_have_value("Second title")
    expect(second.locator("#id_summary")).to_have_value("First summary")
    second.get_by_role("button", name=FIX).click()
    expect(second.locator(".messagelist .success")).to_be_visible()
    day = Day.objects.get(pk=days[0].pk)
    assert (day.title, day.summary) == ("Second title", "First summary")


def test_a_person_is_cancelled_from_their_own_page_without_script(new_page, site, days):
    person = make_confirmed(days[0], days[1])
    page = new_page(width=390, script=False)
    log_in(page, site)

    page.goto(site + reverse("admin:registration_registrant_change", args=[person.pk]))
    page.get_by_role("button", name="Cancel…").click()
    page.get_by_role("button", name="Yes, cancel 2 registrations").click()

    expect(page.get_by_text(re.compile("^2 cancelled."))).to_be_visible()
    assert not Registration.objects.for_person(person).live().exists()


def test_someone_who_phoned_is_added_and_moved_without_script(new_page, site, days):
    page = new_page(width=390, script=False)
    log_in(page, site)
    page.goto(site + reverse("admin:registration_registrant_add"))

    page.get_by_label("Name:").fill("Ada")
    page.get_by_label("Email address:").fill("ada@example.org")
    page.get_by_label("Day 1").check()
    page.get_by_label("Country:").select_option("Canada")
    page.get_by_role("button", name="Add person…").click()
    expect(
        page.get_by_role("link", name="City: Choose the city too: Canada has more than one time zone.")
    ).to_be_visible()
    page.get_by_label("City:").select_option("Vancouver, Canada")
    page.get_by_role("button", name="Add person…").click()
    expect(page.get_by_text("ada@example.org gets 1 mail: Confirmation.")).to_be_visible()
    assert not Registrant.objects.exists()
    page.get_by_role("button", name="Add and send 1 mail").click()
    expect(page.get_by_text("Day 1: Confirmed. 1 mail is queued.")).to_be_visible()

    page.goto(site + reverse("admin:registration_registration_changelist"))
    page.get_by_role("row", name="ada@example.org").get_by_role("checkbox").check()
    run(page, "Move the ones ticked to another day…")
    page.get_by_label("Day 3").check()
    page.get_by_role("button", name="Next: see the mails").click()
    page.get_by_role("button", name="Yes, move 1 person").click()

    expect(page.get_by_text(re.compile("^1 moved to Day 3."))).to_be_visible()
    assert the_registration(Registrant.objects.get(), days[2]).is_confirmed


def test_enter_on_a_page_that_asks_writes_to_nobody(page, site, days):
    log_in(page, site)
    page.goto(site + reverse("admin:registration_registrant_add"))
    page.get_by_label("Name:").fill("Ada")
    page.get_by_label("Email address:").fill("ada@example.org")
    page.get_by_label("Day 1").check()
    page.get_by_label("Country:").select_option("Japan")
    page.get_by_role("button", name="Add person…").click()
    expect(page.get_by_role("button", name="Add and send 1 mail")).to_be_visible()

    page.keyboard.press("Enter")  # the cursor is not on the button
    page.get_by_label("Name:").press("Enter")

    expect(page.get_by_label("Name:")).to_have_value("Ada")
    assert not Registrant.objects.exists()
    assert not OutboxMessage.objects.exists()


def test_a_new_time_is_saved_after_a_yes(page, site, days):
    make_confirmed(days[0])
    log_in(page, site)
    page.goto(site + reverse("admin:conference_day_change", args=[days[0].pk]))

    page.locator("#id_starts_at_1").fill("18:00")
    page.get_by_role("button", name=FIX).click()
    expect(page).to_have_title(re.compile("^Please check:"))
    expect(page.get_by_text("1 person gets a mail with the new time.")).to_be_visible()
    page.get_by_role("button", name="Save and write to 1 person").click()

    expect(page).to_have_title(re.compile("^(?!Please check)"))
    expect(page.get_by_text("1 person gets a mail with the new time.")).to_be_visible()
    expect(
        page.get_by_text("Monday 13 September 2027, 03:00 to 07:00, late on Sunday night, Tokyo time (UTC+9)")
    ).to_be_visible()


def test_a_speaker_is_added_to_a_session_in_the_inline_table(page, site, days):
    conference = days[0].conference
    ada = Speaker.objects.create(conference=conference, name="Ada Søn", slug="ada-son")
    session = days[0].sessions.get(number=1)
    log_in(page, site)
    page.goto(site + reverse("admin:conference_session_change", args=[session.pk]))

    page.get_by_role("button", name="Add another Appearance").click()
    page.locator("#id_appearances-1-speaker").select_option("Ada Søn")
    page.get_by_role("button", name=FIX).click()

    expect(page.get_by_text("Published. Readers see it now.")).to_be_visible()
    assert session.appearances.filter(speaker=ada).exists()


# What is wider than the window, or scrolls sideways within it.
SIDEWAYS = """() => [...document.querySelectorAll("html, body *")].filter((element) =>
  element.scrollWidth > element.clientWidth + 1 && element.checkVisibility() &&
  (element === document.documentElement || ["auto", "scroll"].includes(getComputedStyle(element).overflowX))
).map((element) => `scrolls sideways: ${element.tagName} ${element.id} ${element.className}`)"""


def test_the_signs_of_a_list_stand_within_the_page(page, site, days):
    log_in(page, site)
    User.objects.update(is_superuser=True)  # who may begin a year
    page.goto(site + reverse("admin:next_year", args=[days[0].conference_id]))

    indents = page.locator("main ul:not([class])").evaluate_all(
        "lists => lists.map(list => parseFloat(getComputedStyle(list).paddingInlineStart))"
    )

    assert indents
    assert min(indents) >= 16


# Every kind of page: (name, how its address is made from the first row of its table).
PAGES = {
    "overview": lambda: reverse("admin:index"),
    "app": lambda: reverse("admin:app_list", args=["registration"]),
    "day": lambda: row_page("conference_day", Day),
    "days": lambda: reverse("admin:conference_day_changelist"),
    "new day": lambda: reverse("admin:conference_day_add"),
    "delete": lambda: reverse("admin:conference_day_delete", args=[Day.objects.first().pk]),
    "session": lambda: reverse("admin:conference_session_change", args=[Day.objects.first().sessions.first().pk]),
    "speaker": lambda: row_page("conference_speaker", Speaker),
    "texts": lambda: reverse("admin:conference_text_changelist"),
    "text": lambda: reverse("admin:conference_text_change", args=[Day.objects.first().conference.texts.first().pk]),
    "conference": lambda: reverse("admin:conference_conference_change", args=[Day.objects.first().conference_id]),
    "people": lambda: reverse("admin:registration_registrant_changelist"),
    "nobody found": lambda: reverse("admin:registration_registrant_changelist", query={"q": "x"}),
    "new person": lambda: reverse("admin:registration_registrant_add"),
    "person": lambda: row_page("registration_registrant", Registrant),
    "history": lambda: reverse("admin:registration_registrant_history", args=[Registrant.objects.first().pk]),
    "registrations": lambda: reverse("admin:registration_registration_changelist"),
    "registration": lambda: row_page("registration_registration", Registration),
    "outbox": lambda: reverse("admin:registration_outboxmessage_changelist"),
    "mail": lambda: row_page("registration_outboxmessage", OutboxMessage),
    "access requests": lambda: reverse("admin:registration_accessrequest_changelist"),
    "access request": lambda: row_page("registration_accessrequest", AccessRequest),
    "password": lambda: reverse("admin:password_change"),
    "messages": lambda: reverse("admin:registration_broadcast_changelist"),
    "whom": lambda: reverse("admin:registration_broadcast_add"),
    "words": lambda: reverse("admin:broadcast-words", args=[draft().pk]),
    "words as text": lambda: reverse("admin:broadcast-words", args=[draft().pk], query={"text": 1}),
    "send": lambda: reverse("admin:broadcast-send", args=[draft().pk]),
    "the minute": lambda: reverse("admin:registration_broadcast_change", args=[Broadcast.objects.past().last().pk]),
    "progress": lambda: reverse("admin:registration_broadcast_change", args=[Broadcast.objects.past().first().pk]),
    "stop": lambda: reverse("admin:broadcast-stop", args=[Broadcast.objects.past().first().pk]),
    "what waits": lambda: reverse("admin:waiting"),
    "words of mails": lambda: reverse("admin:registration_lettertext_changelist"),
    "words of a mail": lambda: reverse("admin:registration_lettertext_change", args=["cancel"]),
}


def draft():
    return Broadcast.objects.drafts().get()


def make_messages(days):
    """Make a message in each state, and a day that is called off and can be brought back."""
    author, now = User.objects.get(username="organiser"), timezone.now()
    words = {"en": {"subject": "The link changed", "body": "Dear {name}\n\n{my hours}\n\n{join button}\n\n- {nobody}"}}
    for state in (BroadcastState.WAITING, BroadcastState.WRITING, BroadcastState.DRAFT):
        message = broadcasts.begin(days[0].conference, user=author, now=now)
        Broadcast.objects.only_row(message).update(words=words, state=state, leaves_at=now)
    call_off(days[2], now=now, user=author, why="The speakers are ill.")


def row_page(names, model):
    return reverse(f"admin:{names}_change", args=[model.objects.first().pk])


@pytest.mark.parametrize(("width", "dark"), [(320, True), (1280, False)], ids=["phone, dark", "desk, light"])
def test_every_page_is_usable_by_everybody(width, dark, new_page, site, axe, days):
    make_confirmed(*days, needs="Captions, please")
    make_pending(days[0], name="Bob")
    page = new_page(width=width, dark=dark)
    # In a window as low as this nothing sticks to its edge; axe would take what is scrolled below that for too small.
    page.set_viewport_size({"width": width, "height": 600})
    page.goto(f"{site}/organisers/")
    faults = {"log in": axe(page)}
    log_in(page, site)
    make_confirmed(*days[1:], name="Cleo")
    make_messages(days)

    for name, address in PAGES.items():
        page.goto(site + address())
        faults[name] = axe(page) + page.evaluate(SIDEWAYS)
    page.goto(site + PAGES["people"]())
    page.get_by_role("checkbox", name="Select all").check()
    run(page, "Cancel the ones ticked…")
    faults["before cancelling"] = axe(page) + page.evaluate(SIDEWAYS)
    page.goto(site + PAGES["registrations"]())
    page.get_by_role("checkbox", name="Select all").check()
    run(page, "Move the ones ticked to another day…")
    faults["before moving"] = axe(page)
    page.get_by_label("Day 1").check()
    page.get_by_role("button", name="Next: see the mails").click()
    expect(page.locator(".letter").first).to_be_visible()
    faults["mails of moving"] = axe(page) + page.evaluate(SIDEWAYS)
    page.goto(site + PAGES["day"]())
    page.get_by_role("button", name="Call this day off…").click()
    expect(page.locator(".letter").first).to_be_visible()
    faults["before calling off"] = axe(page) + page.evaluate(SIDEWAYS)
    page.goto(site + PAGES["day"]())
    page.locator("#id_starts_at_1").fill("18:00")
    page.get_by_role("button", name=FIX).click()
    expect(page.locator(".letter").first).to_be_visible()
    faults["before a new time"] = axe(page) + page.evaluate(SIDEWAYS)
    page.goto(site + PAGES["day"]())
    page.locator("#id_starts_at_1").fill("x")
    page.get_by_role("button", name=FIX).click()
    page.locator(".mistakes").wait_for()
    faults["mistake"] = axe(page)

    assert {name: found for name, found in faults.items() if found} == {}


LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftsvorsitzender"


@pytest.mark.parametrize("width", [320, 1280], ids=["phone", "desk"])
def test_a_long_word_stays_within_every_page(width, new_page, site, days):
    make_confirmed(*days, name=LONG, needs=LONG)
    page = new_page(width=width)
    log_in(page, site)
    make_messages(days)
    Conference.objects.update(name=LONG)
    Day.objects.update(title=LONG)
    Session.objects.update(title=LONG)
    Speaker.objects.update(name=LONG, affiliation=LONG)
    Registrant.objects.update(name=LONG)
    more = {
        "sheet": reverse("admin:conference_day_program", args=[days[0].pk]),
        "speakers": reverse("admin:conference_speaker_changelist"),
        "publish": reverse("admin:conference_conference_publish", args=[days[0].conference_id]),
        "files": reverse("admin:files"),
    }
    faults = {}

    for name, address in {**{name: make() for name, make in PAGES.items()}, **more}.items():
        page.goto(site + address)
        faults[name] = page.evaluate(SIDEWAYS)

    assert {name: found for name, found in faults.items() if found} == {}
