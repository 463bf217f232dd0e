"""Every public page in real Chromium: for everybody, in every look, without script."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from conference.changes import noting_changes
from pxp.server_errors import server_error
from tests.factories import (
    FIRST_DAY,
    NOW,
    make_announced_date,
    make_appearance,
    make_conference,
    make_day,
    make_session,
    make_speaker,
)
from tests.support.usable import MEASURES

pytestmark = [pytest.mark.sqlite_only, pytest.mark.django_db(transaction=True)]


def make_everything():
    """Make the coming edition with all that can be known and unknown, and PxP 2025 with a recording."""
    conference = make_conference(name="PxP", cost="free", format="virtual", platform="Zoom")
    grace = make_speaker(conference, affiliation="A patients’ group", bio="Grace speaks.\n\nShe also listens.")
    for number, title in [(1, "Boost your skills"), (2, ""), (3, "Strengthen")]:
        starts_at = FIRST_DAY + timedelta(days=number - 1)
        day = make_day(conference, number, title=title, starts_at=starts_at)
        make_announced_date(day, "Europe, Africa, North and South America", date=starts_at.date())
        make_announced_date(day, position=1)
        known = make_session(
            day,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=50),
            summary="One line.",
            description="First.\n\nSecond.",
        )
        make_appearance(known, grace, role="facilitator")
        make_session(day, 2, title="")
        make_session(day, 3, title="types of recognition", title_is_description=True)
    with noting_changes(now=NOW):
        day.called_off_at = NOW
        day.save()
    past = make_conference(slug="2025")
    watched = make_session(make_day(past, starts_at=datetime(2025, 9, 9, 19, tzinfo=UTC)), title="Global voices")
    watched.recording_url = "https://video.example.org/1"
    watched.rewatch_party = True
    watched.save()
    make_appearance(watched, make_speaker(past))


# Later pages join this list: each is read by axe and the Nu checker in every look.
PAGES = [
    "/",
    "/?tz=Asia/Tokyo",
    "/program/",
    "/program/?tz=Asia/Riyadh",
    "/program/?tz=Mars/Olympus",
    "/program/day-1/",
    "/program/day-2/?tz=Asia/Riyadh",
    "/program/day-3/",
    "/program/my-plan/",
    "/program/my-plan/?pick=day-1-session-1&pick=day-3-session-2&pick=day-9-session-9&tz=Asia/Tokyo",
    "/program/sessions/day-1-session-1/",
    "/program/sessions/day-2-session-2/?tz=Asia/Tokyo",
    "/program/sessions/day-3-session-3/",
    "/speakers/",
    "/speakers/grace/",
    "/how-to-join/",
    "/new-here/",
    "/glossary/",
    "/glossary/#utc",
    "/partners/",
    "/accessibility/",
    "/privacy/",
    "/patients-included/",
    "/contact/",
    "/time-zone/",
    "/time-zone/?country=CA&next=/program/",
    "/time-zone/?country=ZZ",
    "/2025/",
    "/2025/program/",
    "/2025/program/day-1/",
    "/2025/program/sessions/day-1-session-1/",
    "/2025/program/my-plan/?pick=day-1-session-1",
    "/2025/partners/",
    "/2025/speakers/",
    "/2025/speakers/grace/",
    "/nowhere/",
]


@pytest.mark.parametrize("path", PAGES)
def test_public_page_can_be_used_by_everybody(site, page, faults_of, path):
    make_everything()

    page.goto(site + path)

    assert faults_of(page) == []


def test_page_for_our_own_faults_can_be_used_by_everybody(site, page, faults_of):
    page.goto(site + "/nowhere/")

    page.set_content(server_error(None).text)

    assert faults_of(page) == []


@pytest.mark.parametrize("published", [True, False])
def test_page_before_there_is_a_program_can_be_used_by_everybody(site, page, faults_of, published):
    make_conference(is_published=published)

    page.goto(site)

    assert faults_of(page) == []


def test_visitor_reads_the_program_on_their_own_clock_without_script(site, new_page):
    make_everything()
    page = new_page(width=390, script=False)

    page.goto(site + "/program/day-1/")
    page.get_by_role("link", name="See the times where you are").click()
    page.get_by_label("Country or territory").select_option("Canada")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("City").select_option("America/Vancouver")
    page.get_by_role("button", name="Show my times").click()

    expect(page.get_by_text("noon to 3:00 pm")).to_be_visible()
    page.get_by_role("link", name="Topic 1").click()
    expect(page.get_by_text("noon to 12:50 pm")).to_be_visible()
    page.get_by_role("link", name="Change the city").click()
    page.get_by_role("link", name="Go back and see times in UTC").click()
    expect(page.get_by_text("19:00 to 19:50")).to_be_visible()


def test_days_are_round_and_their_words_lie_in_rows(site, page):
    conference = make_conference(name="PxP")
    said = [
        ("Boost your skills", "The what, why and how of patient engagement in health research."),
        ("Trailblaze new approaches", "Advancing health research with patient partners, or as a patient partner."),
        ("Strengthen patient partnerships", "Raising the benchmarks for best practice."),
    ]
    for number, (title, summary) in enumerate(said, 1):
        day = make_day(conference, number, title=title, summary=summary)
        make_announced_date(day, "Europe and Africa", date=day.starts_at.date())
        make_announced_date(day, position=1)

    page.goto(site)
    boxes = {
        part: [each.bounding_box() for each in page.locator(part).all()]
        for part in (".disc", ".disc h3", ".disc__summary", ".disc__when", ".disc .button")
    }

    assert [round(box["width"]) for box in boxes[".disc"]] == [round(box["height"]) for box in boxes[".disc"]]
    assert {part: len({round(box["y"]) for box in found}) for part, found in boxes.items()} == dict.fromkeys(boxes, 1)


@pytest.mark.parametrize(("width", "languages"), [(360, ["", "fr/", "es/", "ar/"]), (390, [""]), (1100, ["fr/"])])
def test_buttons_of_days_stay_within_their_circles(site, new_page, width, languages):
    """A day that is full has the longest words, also beside the two dates of those whose city nobody knows."""
    conference = make_conference(name="PxP")
    summary = "Advancing health research innovation with patient partners or as a patient partner."
    for number, capacity in enumerate((0, None, 12), 1):
        day = make_day(conference, number, title="Trailblaze new approaches", summary=summary, capacity=capacity)
        make_announced_date(day, "Europe and Africa", date=day.starts_at.date())
        make_announced_date(day, position=1)
    page = new_page(width=width)

    out = []
    for language in languages:
        page.goto(f"{site}/{language}")
        page.evaluate(MEASURES.read_text())
        out += page.evaluate("[...measures.lost(), ...measures.round()]")

    assert out == []


@pytest.mark.parametrize("language", ["", "ar/"])
def test_second_row_of_tabs_begins_where_the_first_does(site, new_page, language):
    conference = make_conference(name="PxP")
    for number in range(1, 6):
        make_day(conference, number)
    page = new_page(width=390)

    page.goto(f"{site}/{language}program/day-1/")
    edges = page.locator(".tabs .dot").evaluate_all(
        "(dots, side) => dots.map(dot => dot.getBoundingClientRect()[side])", "right" if language else "left"
    )

    assert edges[4] == edges[0]


def test_questions_keep_their_words_whole_where_text_is_twice_as_large(site, new_page):
    make_everything()
    page = new_page(width=390)
    page.goto(site)

    broken = page.evaluate("""() => {
      document.documentElement.style.fontSize = "36px";
      const walk = document.createTreeWalker(document.querySelector(".asks"), NodeFilter.SHOW_TEXT), broken = [];
      while (walk.nextNode())
        for (const word of walk.currentNode.data.matchAll(/\\S+/g)) {
          const range = document.createRange();
          range.setStart(walk.currentNode, word.index);
          range.setEnd(walk.currentNode, word.index + word[0].length);
          if (new Set([...range.getClientRects()].map(box => Math.round(box.top))).size > 1) broken.push(word[0]);
        }
      return broken;
    }""")

    assert broken == []


def test_keyboard_reaches_the_words_and_sign_up_first(site, page):
    make_everything()
    page.goto(site)

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_text("See the times where you are")).to_be_focused()
    page.keyboard.press("Tab")

    expect(page.locator("main").get_by_role("link", name="Sign up").first).to_be_focused()


@pytest.mark.parametrize("width", [320, 1280])
def test_words_without_blanks_stay_within_the_window_and_the_circles(site, new_page, width):
    """An address for a title, a name in one word: as long as their fields allow."""
    word = "Krankenversicherungskarte" * 8
    conference = make_conference(cost=word[:100], platform=word[:100], supported_by=word)
    speaker = make_speaker(conference, name=word, affiliation=word, links=f"https://example.org/{word}")
    for number in (1, 2):
        day = make_day(conference, number, title=word, summary=word)
        make_appearance(make_session(day, title=word, summary=word, break_minutes=5, break_title=word[:100]), speaker)
    page = new_page(width=width)

    wide = []
    paths = [
        "/",
        "/program/",
        "/program/day-1/",
        "/program/sessions/day-1-session-1/",
        "/speakers/",
        "/speakers/grace/",
    ]
    for path in [*paths, "/easy-read/program/", "/register/", "/ar/program/day-1/"]:
        page.goto(site + path)
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wide.append(path)
    page.goto(site)
    cut = page.locator(".disc").evaluate_all(
        "discs => discs.filter(disc => disc.scrollWidth > disc.clientWidth).length"
    )

    assert (wide, cut) == ([], 0)
