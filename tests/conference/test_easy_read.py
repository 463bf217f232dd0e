"""The easy-read pages: one idea and one picture at a time, true to the program, and found from everywhere."""

import re
from datetime import timedelta

import pytest

from conference.models import Text
from conference.texts import PASSAGES, ensure_rows
from tests.factories import NOW, make_announced_date, make_conference, make_day, make_program

pytestmark = pytest.mark.django_db

PAGES = ["/easy-read/", "/easy-read/program/", "/easy-read/how-to-join/"]
MOST_WORDS = 14  # in one sentence


def main_of(client, path):
    return client.get(path).text.partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize("path", PAGES)
def test_each_idea_has_one_picture(client, path):
    make_program()

    ideas = re.findall(r"<li>\s*<svg.*?</svg>.*?(?=<li>\s*<svg|</ul>\n<nav)", main_of(client, path), re.DOTALL)

    assert len(ideas) >= 5
    for idea in ideas:
        assert idea.count("<svg") == 1
        assert len(re.findall("<h2", idea)) == 1


@pytest.mark.parametrize("key", [key for key in PASSAGES if key.startswith("easy-")])
def test_each_sentence_is_short(key):
    sentences = re.split(r"[.?!]\s|\n", str(PASSAGES[key].words))

    assert max(len(sentence.split()) for sentence in sentences) <= MOST_WORDS


def test_topic_that_is_a_question_ends_with_its_own_mark(client):
    make_day(title="Who decides?")

    assert "The topic is: <strong>Who decides?</strong></p>" in main_of(client, "/easy-read/program/").replace("\n", "")


def test_days_stand_on_the_clock_that_was_asked_for(client):
    make_program()

    page = main_of(client, "/easy-read/program/?tz=Asia/Tokyo")

    assert "Monday 13 September 2027" in page
    assert "04:00 to 07:00" in page
    assert "Tokyo time (UTC+9)" in page
    assert page.count("There are 3 talks.") == 3


def test_each_region_reads_the_dates_that_it_was_told(client):
    conference = make_conference()
    make_announced_date(make_day(conference))

    page = main_of(client, "/easy-read/")

    assert "<h3>Asia and Oceania</h3>" in page
    assert "Monday 13 September 2027" in page


def test_home_says_why_nobody_can_sign_up_and_asks_nobody_to_once_it_is_over(client, machine_clock):
    conference = make_program()
    conference.days.update(sign_up_closes_at=NOW)

    page = main_of(client, "/easy-read/")

    assert "You sign up first." in page
    assert "Sign-up for Day 1 has closed." in page

    machine_clock.shift(timedelta(days=99))

    assert "sign up" not in main_of(client, "/easy-read/")


def test_what_is_not_known_is_said(client):
    make_conference()

    assert [main_of(client, path).count("We do not know it yet.") for path in PAGES] == [1, 1, 0]


def test_organisers_can_change_the_words(client):
    conference = make_conference()
    ensure_rows(conference)
    text = Text.objects.get(conference=conference, key="easy-home-free")
    text.body = "## It costs a song"
    text.save()

    assert "<h2>It costs a song</h2>" in main_of(client, "/easy-read/")


@pytest.mark.parametrize(
    ("path", "easy"),
    [
        ("/", "/easy-read/"),
        ("/speakers/", "/easy-read/"),
        ("/program/", "/easy-read/program/"),
        ("/program/day-1/?tz=Asia/Tokyo", "/easy-read/program/?tz=Asia/Tokyo"),
        ("/how-to-join/", "/easy-read/how-to-join/"),
    ],
)
def test_menu_leads_to_the_page_in_easy_words(client, path, easy):
    make_program()

    menu = client.get(path).text.partition('<nav class="nav"')[2].partition("</nav>")[0]

    assert re.findall(r'<a href="([^"]+)"\s*>\s*Easy read</a>', menu) == [easy]


@pytest.mark.parametrize(("path", "queries"), list(zip(PAGES, [4, 5, 2], strict=True)))
@pytest.mark.parametrize("days", [1, 3])
def test_page_costs_the_same_with_one_day_and_with_three(client, django_assert_num_queries, path, queries, days):
    make_program(days=days)

    with django_assert_num_queries(queries):
        client.get(path)
