"""The pages in w3m, which knows neither style sheet nor script: all words, in order, each thing on its own line."""

import shutil
import subprocess

import pytest

from tests.factories import make_program

pytestmark = [pytest.mark.sqlite_only, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def read(site):
    """A function `(path) -> list[str]`: the lines that w3m shows, 72 letters wide."""
    if not shutil.which("w3m"):
        pytest.fail("w3m is not there. Install it: apt-get install w3m", pytrace=False)

    def lines(path):
        shown = subprocess.run(["w3m", "-dump", "-cols", "72", site + path], stdout=subprocess.PIPE, timeout=60)
        return shown.stdout.decode().replace("\u00a0", " ").splitlines()

    return lines


def in_order(words, lines):
    """Whether each of `words` is a line, one after the other."""
    left = iter(line.strip() for line in lines)
    return all(word in left for word in words)


def test_home_reads_from_what_it_is_to_how_to_come(read):
    make_program(cost="free")

    words = ["Skip to the content", "For Patients, By Patients", "19:00 to 22:00 UTC each day", "Online, free"]
    ways = ["Sign up for all three days See the program", "The days", "1. Day 1", "Theme 1", "Sign up for Day 1"]
    assert in_order([*words, *ways, "Is this for you?", "What is PxP?"], read("/"))


def test_day_reads_from_its_title_to_its_sessions(read):
    make_program()

    lines = read("/program/day-1/?tz=Asia/Tokyo")

    when = "Monday 13 September 04:00 to 07:00 in Tokyo. Change the city"
    sessions = ["Sessions", "1. Session 1", "Topic 1", "2. Session 2"]
    assert in_order(["• Day 1", "Theme 1", when, "Sign up for Day 1", *sessions], lines)


def test_hours_of_the_day_do_not_run_together(read):
    make_program()

    lines = [line.strip() for line in read("/program/day-1/?tz=Asia/Tokyo")]

    assert "Night 00:00 06:00 12:00 18:00 24:00 1" in lines


def test_each_choice_of_the_form_has_a_line_of_its_own(read):
    make_program()

    lines = read("/register/")

    assert in_order(["Your days", "Your email address", "I need something to take part", "Sign up"], lines)
    assert [line for line in lines if line.count("[ ]") > 1] == []
    hours = ["Sunday 12 September", "Monday 13 September", "Tuesday 14 September"]
    rows = [f"[ ] Day {n}: Theme {n}. {n} {hour}, 19:00 to 22:00 UTC." for n, hour in enumerate(hours, start=1)]
    assert in_order(rows, lines)


def test_easy_page_reads_one_sentence_a_line(read):
    make_program()

    words = ["• Who can come?", "You can come if you are ill.", "All people are welcome.", "You do not pay."]
    assert in_order(words, read("/easy-read/"))
