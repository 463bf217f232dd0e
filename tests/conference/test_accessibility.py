"""The accessibility statement: complete, honest about its tests, and printed as it is in its file."""

import re
from html import unescape
from pathlib import Path

import pytest
import yaml

from conference.pictures.share_cards import TITLES
from conference.texts.access_statement import RESULTS, STATEMENT, statement
from tests.factories import make_program

pytestmark = pytest.mark.sqlite_only

ROOT = Path(__file__).resolve().parents[2]

# Every success criterion of WCAG 2.2 (W3C Recommendation of 12 December 2024), by level. 4.1.1 was taken out of it.
LEVELS = {
    "A": """1.1.1 1.2.1 1.2.2 1.2.3 1.3.1 1.3.2 1.3.3 1.4.1 1.4.2 2.1.1 2.1.2 2.1.4 2.2.1 2.2.2 2.3.1 2.4.1 2.4.2 2.4.3
        2.4.4 2.5.1 2.5.2 2.5.3 2.5.4 3.1.1 3.2.1 3.2.2 3.2.6 3.3.1 3.3.2 3.3.7 4.1.2""",
    "AA": """1.2.4 1.2.5 1.3.4 1.3.5 1.4.3 1.4.4 1.4.5 1.4.10 1.4.11 1.4.12 1.4.13 2.4.5 2.4.6 2.4.7 2.4.11 2.5.7 2.5.8
        3.1.2 3.2.3 3.2.4 3.3.3 3.3.4 3.3.8 4.1.3""",
    "AAA": """1.2.6 1.2.7 1.2.8 1.2.9 1.3.6 1.4.6 1.4.7 1.4.8 1.4.9 2.1.3 2.2.3 2.2.4 2.2.5 2.2.6 2.3.2 2.3.3 2.4.8
        2.4.9 2.4.10 2.4.12 2.4.13 2.5.5 2.5.6 3.1.3 3.1.4 3.1.5 3.1.6 3.2.5 3.3.5 3.3.6 3.3.9""",
}


def in_order(number):
    return [int(part) for part in number.split(".")]


def words_of(client, path):
    main = client.get(path).text.partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def test_every_criterion_is_there_once_at_its_level():
    expected = [(number, level) for level, numbers in LEVELS.items() for number in numbers.split()]

    listed = [(criterion.number, criterion.level) for criterion in statement().criteria]

    assert len(expected) == 86
    assert listed == sorted(expected, key=lambda pair: in_order(pair[0]))


def test_every_criterion_says_how_we_stand_in_words():
    criteria = statement().criteria

    assert {criterion.result for criterion in criteria} <= set(RESULTS)
    for criterion in criteria:
        assert criterion.name
        assert criterion.words.endswith(".")
    assert len({criterion.name for criterion in criteria}) == len(criteria)


def test_every_test_that_is_named_exists():
    said = [*statement().criteria, *statement().tested_with]
    named = {test for each in said for test in each.tests}

    missing = [test for test in named if not re.search(rf"^def {test.partition('::')[2]}\(", source_of(test), re.M)]

    assert len(named) > 10
    assert missing == []


def source_of(test):
    path = ROOT / test.partition("::")[0]
    return path.read_text() if path.is_file() else ""


def test_every_check_names_what_does_it():
    assert all(check.tests for check in statement().tested_with)


def test_statement_knows_no_other_key_than_the_file_s():
    said = yaml.safe_load(STATEMENT.read_text())

    assert set(said) == {"standard", "looked_on", "tested_with", "limits", "criteria"}


@pytest.mark.django_db
def test_pages_print_the_file(client):
    make_program()
    page, rules = words_of(client, "/accessibility/"), words_of(client, "/accessibility/criteria/")

    for limit in statement().limits:
        assert limit in page
    for check in statement().tested_with:
        assert f"{check.what} {check.words}" in page
    figures = statement().figures
    assert f"We meet {figures['met']} of them." in page
    assert f"{figures['does_not_apply']} do not apply to this site." in page
    for criterion in statement().criteria:
        said = f"{criterion.number} {criterion.name} ({criterion.level}) {criterion.result_words}. {criterion.words}"
        assert said in rules
    assert rules.count(" Tested.") == sum(bool(criterion.tests) for criterion in statement().criteria)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/accessibility/", "/accessibility/criteria/"])
@pytest.mark.parametrize("days", [1, 3])
def test_statement_costs_the_same_with_one_day_and_with_three(client, django_assert_num_queries, path, days):
    make_program(days=days)

    with django_assert_num_queries({"/accessibility/": 4, "/accessibility/criteria/": 1}[path]):
        client.get(path)


@pytest.mark.django_db
def test_each_page_has_a_title_of_its_own(client):
    make_program()
    paths = [
        "/program/day-1/",
        "/program/day-2/",
        "/program/sessions/day-1-session-1/",
        "/speakers/grace/",
        "/register/",
    ]
    site_map = re.findall(r"<loc>http://testserver(/(?!fr/|es/|ar/)[^<]*)", client.get("/sitemap.xml").text)

    titles = {path: re.search("<title>(.+?)</title>", client.get(path).text)[1] for path in {*paths, *site_map}}

    assert len(titles) > len(TITLES)
    assert len(set(titles.values())) == len(titles)


@pytest.mark.django_db
def test_each_page_leads_to_help_in_the_same_place(client):
    make_program()
    site_map = re.findall(r"<loc>http://testserver(/(?!fr/|es/|ar/)[^<]*)", client.get("/sitemap.xml").text)

    footers = {path: client.get(path).text.partition("<footer")[2] for path in site_map}

    assert len(footers) > 10
    for path, footer in footers.items():
        assert re.findall(r'href="(/contact/)"', footer) == ["/contact/"], path
