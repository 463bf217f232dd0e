"""Every kind of mail in Chromium, as its reader sees it: small and large, light and dark, and checked as a page."""

import re
from contextlib import suppress
from datetime import timedelta

import pytest
from django.template.loader import get_template
from django.utils import translation

from registration.letters import outbox
from registration.mail.errors import NoLongerTrue
from registration.models import AccessRequest, OutboxMessage, Registrant
from registration.services import address, day_changes, days, my_needs, needs, reminders
from registration.status import NeedState
from tests.factories import NOW, make_conference, make_confirmed, make_day, make_pending, the_registration
from tests.letters import letter_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite_only]


def test_lists_and_notes_of_arabic_mails_have_their_marks_on_the_right(page):
    with translation.override("ar"):
        frame = get_template("emails/base.html").render({})
    words = '<ul><li>One</li></ul><p class="note">Why</p>'

    page.set_content(frame.replace("<main>", f"<main>{words}"))
    sides = page.evaluate("""() => ["ul", ".note"].map(part => getComputedStyle(document.querySelector(part)))
      .map(style => [style.paddingLeft, style.paddingRight, style.borderLeftWidth, style.borderRightWidth])""")

    assert sides == [["0px", "24px", "0px", "0px"], ["16px", "16px", "0px", "8px"]]


def test_line_for_lists_of_mails_is_seen_nowhere_else(page, mails):
    """Some mail programs take the style sheet out."""
    for html in mails.values():
        page.set_content(re.sub("<style>.*?</style>", "", html, flags=re.DOTALL))

        assert not page.locator(".preview").is_visible()


@pytest.fixture
def mails():
    """The HTML part of one mail of every kind, by kind."""
    conference = make_conference()
    first, second, full = (make_day(conference, number, title=f"Theme {number}") for number in (1, 2, 3))
    day_changes.Day.objects.with_ids([full.pk]).update(capacity=1)
    make_pending(first, name="Eve")
    found = take()
    bob = make_confirmed(full, name="Bob")
    ada = make_confirmed(first, second, full, name="Ada", time_zone="Asia/Tokyo")
    found |= take()
    days.cancel(the_registration(bob, full), now=NOW)
    found |= take()
    later = {"starts_at": second.starts_at + timedelta(hours=1), "ends_at": second.ends_at + timedelta(hours=1)}
    day_changes.reschedule(second, **later, now=NOW)
    day_changes.tell_news(now=NOW)
    found |= take()
    day_changes.call_off(first, now=NOW)
    day_changes.tell_news(now=NOW)
    found["called off"] = take()["cancel"]
    day_changes.restore(first, now=NOW)
    day_changes.tell_news(now=NOW)
    found["restored"] = take()["invite"]
    outbox.queue_link(ada.email, conference, now=NOW)
    found |= take()
    reminders.remind(now=first.starts_at - timedelta(hours=20))
    found |= take()
    make_confirmed(full, name="Cem")  # who has to wait
    found["waiting"] = take()["confirmation"]
    address.ask_for_address(ada, "ada@new.example.org", now=NOW)
    found |= take(note="address asked for")
    address.take_new_address(Registrant.objects.named("Ada").get(), now=NOW)
    found["address changed"] = take(note="address changed")["address changed"]
    my_needs.ask_for(ada, "A sign language interpreter", now=NOW)
    need = AccessRequest.objects.for_person(ada).with_people().get()
    needs.answer_need(need, state=NeedState.ARRANGED, answer="An interpreter signs on all days.", now=NOW)
    return found | take(note="need answered")


def take(note="note"):
    """Return the HTML parts that wait, by kind, and count them as sent. What is of no kind is called `note`."""
    rows = list(OutboxMessage.objects.queued().order_by("pk"))
    OutboxMessage.objects.queued().update(state="sent", finished_at=NOW)
    names = {row.pk: note if row.kind == "note" else str(row.kind) for row in rows}
    parsed = {}
    for row in rows:
        with suppress(NoLongerTrue):  # "please confirm", of those who have confirmed
            parsed[names[row.pk]] = letter_of(row)
    return {kind: message.get_body(("html",)).get_content() for kind, message in parsed.items()}


def test_every_kind_is_looked_at(mails):
    assert set(mails) == {
        "please_confirm", "confirmation", "invite", "place", "cancel", "update", "called off", "restored", "link",
        "reminder", "waiting", "address", "address asked for", "address changed", "need answered",
    }  # fmt: skip


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_mails_pass_axe_and_need_no_sideways_scrolling(mails, new_page, axe, dark, width):
    page = new_page(width=width, dark=dark)
    faults = {}

    for kind, html in mails.items():
        page.set_content(html)
        faults[kind] = axe(page)
        if page.evaluate("document.documentElement.scrollWidth") > width:
            faults[kind].append("scrolls sideways")

    assert faults == {kind: [] for kind in mails}


def test_mails_lose_nothing_when_zoomed_spaced_printed_or_recoloured(mails, page, losses_of):
    faults = {}

    for kind, html in mails.items():
        page.set_content(html)
        faults[kind] = losses_of(page)

    assert faults == {kind: [] for kind in mails}


def test_mails_are_html_that_the_nu_checker_takes(mails, nu):
    assert {kind: nu(html) for kind, html in mails.items()} == {kind: [] for kind in mails}
