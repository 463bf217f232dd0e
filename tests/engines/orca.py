"""What Orca says in Firefox of sign-up and of a person's page, in the order that one needs: `make test-browsers`.

Orca's own words change from version to version. So each test asks for the words that nobody can do without, in their
order; and if Orca is the one that the transcripts were written with, it compares every word.
"""

import os
import subprocess
from pathlib import Path

import pytest

from conference.models import Conference, Day
from registration import links
from tests.engines.screen_reader import Desk
from tests.factories import make_pending

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

TRANSCRIPTS = Path(__file__).with_name("transcripts")
WRITTEN_WITH = "43.1"
# Said at a moment of its own, or of the window and not of the page: the first words, or the last.
LEFT_OUT = ("Loading.", "Page has "), ("frame.", "document web.")


@pytest.fixture
def desk(tmp_path):
    """A desk on which Orca listens."""
    listening = Desk(tmp_path)
    try:
        listening.start()
        yield listening
    finally:
        listening.close()


def test_sign_up_is_said_field_by_field(site, program, desk):
    desk.browse(f"{site}/register/day-1/")
    opened = desk.page("Sign up for Day 1")
    stops = desk.tab(to="Sign up push button")

    assert in_order(["Sign up for PxP", "heading level 1", "Your days", "Your name", "Sign up"], opened)
    assert in_order(
        [
            "Your days panel.",
            "Day 1: Boost your skills",
            "check box checked.",
            "Your name entry required.",
            "Your email address entry required.",
            "I’m signing up someone else",
            "I need something to take part",
            "Privacy link.",
        ],
        stops,
    )
    assert "invalid entry" not in " ".join(opened + stops)  # nobody has typed anything yet
    compare("sign_up", {"The page is opened": opened, "Tab by Tab": stops})


def test_mistakes_are_said_first_and_again_at_their_fields(site, program, desk):
    desk.browse(f"{site}/register/")
    desk.page("Sign up")
    desk.tab(to="Your name")
    desk.press("Return")
    opened = desk.page("Error: Sign up")
    summary = desk.tab(to="Your email address")
    desk.press("shift+Tab", "shift+Tab")
    desk.heard(until="Your days: Choose")
    desk.press("Return")
    days = desk.heard()
    desk.tab(to="Your name")
    field = desk.tab(to="Your email address")
    back = desk.tab(to="Your name", key="shift+Tab")

    assert in_order(["Finished loading Error: Sign up", "Something needs your attention", "Sign up"], opened)
    assert opened.index("alert.") < opened.index("Sign up for PxP")
    assert summary == [
        "Your days: Choose at least one day. link.",
        "Your name: Enter a name. Any name you like will do. link.",
        "Your email address: Enter your email address, like name@example.org. link.",
    ]
    assert in_order(["Your email address entry required.", "invalid entry."], field)
    assert in_order(["Error: Enter your email address, like name@example.org."], field)
    assert in_order(["Your name entry required.", "invalid entry.", "Error: Enter a name."], back)
    assert in_order(["Your days panel.", "Error: Choose at least one day."], days)
    compare(
        "sign_up_mistakes",
        {
            "The page comes back": opened,
            "Tab by Tab": summary,
            "Return on the first link": days,
            "Downwards": field,
            "Upwards": back,
        },
    )


def test_each_press_on_my_page_is_answered_first(site, program, desk):
    ada = make_pending(*Day.objects.for_edition(Conference.objects.get()).with_conference().numbered([1, 3]))
    parts = {}
    desk.browse(links.confirm_url(ada))
    parts["The link of the mail is opened"] = desk.page("Confirm your place")
    for button, title in [
        ("Confirm my place", "You are signed up for Day 1 and Day 3."),
        ("Cancel Day 3", "You are no longer signed up for Day 3."),
        ("Undo", "You are signed up for Day 3."),
    ]:
        desk.tab(to=button)
        desk.press("Return")
        heard = desk.page(title)
        assert in_order([f"Finished loading {title} My days – PxP.", "main content", title, "Day 1 starts in"], heard)
        # Whole only once: what was pressed is answered before the heading, and all below is the same each time.
        whole = button == "Confirm my place"
        parts[f"Return on “{button}”"] = heard if whole else heard[: heard.index("Day 1 starts in 11 days")]

    compare("my_page", parts)


def in_order(words, heard):
    """Whether each of `words` was said, one after the other."""
    text, at = " ".join(heard), 0
    for word in words:
        at = text.find(word, at) + 1
        if not at:
            return False
    return True


def compare(name, parts):
    """Compare what was heard with the transcript, if it was written with this Orca.

    WRITE_TRANSCRIPTS=1 writes it again: read it aloud before you commit it.
    """
    text = "".join(f"# {title}\n{chr(10).join(as_written_down(heard))}\n\n" for title, heard in parts.items())
    file = TRANSCRIPTS / f"orca_{name}.txt"
    if os.environ.get("WRITE_TRANSCRIPTS"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
    version = subprocess.run(["orca", "--version"], capture_output=True, text=True, timeout=30).stdout.strip()
    if version == WRITTEN_WITH:
        assert text == file.read_text()


def as_written_down(heard):
    """Leave out what every page has, what is said at a moment of its own, and whether a link was visited."""
    lines, is_around = [], False
    for words in heard:
        if words in ("Skip to the content", "leaving main content."):
            is_around = True
        if words and not (is_around or words.startswith(LEFT_OUT[0]) or words.endswith(LEFT_OUT[1])):
            lines.append(words.replace("visited link", "link"))
        if words == "leaving banner.":
            is_around = False
    return lines
