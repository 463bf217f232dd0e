"""Everybody can read the pages: by Flesch and Kincaid grade 8 at most, and grade 5 in easy words.

In French and Spanish by measures of their own.
"""

import re

import pytest

from conference.site.languages import in_language
from registration import links
from tests.factories import make_announced_date, make_confirmed, make_program
from tests.support.reading_grade import ease, grade, sentences_of, syllables_of

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_only]

MOST = 8
MOST_IN_EASY_WORDS = 5
# The least ease of a page, and of a page in easy words. From 80 on it is "easy", from 60 on "standard"; the words of
# the subject (paciente colaborador, participación, investigación) are long in Spanish.
LEAST_EASE = {"fr": (80, 90), "es": (65, 80)}

PAGES = [
    "/",
    "/?tz=Asia/Tokyo",
    "/program/",
    "/program/?tz=Asia/Tokyo",
    "/program/day-1/",
    "/program/sessions/day-1-session-1/",
    "/program/my-plan/",
    "/program/my-plan/?pick=day-1-session-1",
    "/speakers/",
    "/speakers/grace/",
    "/how-to-join/",
    "/new-here/",
    "/glossary/",
    "/partners/",
    "/accessibility/",
    "/accessibility/criteria/",
    "/privacy/",
    "/patients-included/",
    "/contact/",
    "/reading/",
    "/time-zone/",
    "/offline/",
    "/register/",
    "/register/thanks/",
    "/lost-link/",
]
EASY_PAGES = ["/easy-read/", "/easy-read/program/", "/easy-read/how-to-join/"]

# What is left out of a page, element by element, and why it is not ours to make easier.
EXCEPTIONS = {
    "/accessibility/criteria/": {"dt": "the names of criteria are those of W3C"},
}


def make_all():
    """Make three days as announced; titles are short, since titles and names are not the pages' own words."""
    conference = make_program(cost="free", platform="Zoom")
    for day in conference.days.all():
        make_announced_date(day, "Europe, Africa, North and South America", date=day.starts_at.date())
        make_announced_date(day, position=1)
    return conference


def test_every_public_page_is_in_the_list(client):
    make_all()
    site_map = re.findall(r"<loc>http://testserver(/(?!fr/|es/|ar/)[^<]*)", client.get("/sitemap.xml").text)
    of_their_kind = {re.sub(r"day-\d", "day-1", re.sub(r"session-\d", "session-1", path)) for path in site_map}

    assert of_their_kind <= {*PAGES, *EASY_PAGES}


@pytest.mark.parametrize("path", PAGES)
def test_page_is_easy_to_read(client, path):
    make_all()

    page = client.get(path).text

    assert grade(sentences_of(page, without=EXCEPTIONS.get(path, ()))) <= MOST


@pytest.mark.parametrize("path", EASY_PAGES)
def test_easy_page_is_very_easy_to_read(client, path):
    make_all()

    page = client.get(path).text

    assert grade(sentences_of(page)) <= MOST_IN_EASY_WORDS


@pytest.mark.parametrize("language", LEAST_EASE)
def test_pages_are_easy_to_read_in_a_language(client, language):
    ada = make_confirmed(*make_all().days.all(), language=language)
    least, least_in_easy_words = LEAST_EASE[language]
    bounds = dict.fromkeys(PAGES, least) | dict.fromkeys(EASY_PAGES, least_in_easy_words)
    bounds = {in_language(path, language): bound for path, bound in bounds.items()}
    bounds |= {f"/{purpose}/{links.token(purpose, ada)}/": least for purpose in ("confirm", "my")}

    sentences = {path: sentences_of(client.get(path).text) for path in bounds}
    too_hard = {
        path: (found, bound)
        for path, bound in bounds.items()
        if sentences[path] and (found := ease(sentences[path], language)) < bound
    }

    assert too_hard == {}


@pytest.mark.parametrize("purpose", ["confirm", "my"])
def test_page_of_a_person_is_easy_to_read(client, purpose):
    ada = make_confirmed(*make_all().days.all())

    page = client.get(f"/{purpose}/{links.token(purpose, ada)}/").text

    assert grade(sentences_of(page)) <= MOST


@pytest.mark.parametrize(
    ("word", "syllables"),
    [("patient", 2), ("caregiver", 3), ("research", 2), ("You’re", 1), ("PxP", 1), ("rewatchable", 4)],
)
def test_syllables_are_those_one_hears(word, syllables):
    assert syllables_of(word) == syllables


def test_grade_is_that_of_the_formula():
    html = "<main><h2>Hello</h2><p>The cat sat on the mat. It was <time>9</time> a cat</p><svg>x</svg></main>"

    sentences = sentences_of(html)

    assert sentences == [["The", "cat", "sat", "on", "the", "mat"], ["It", "was", "a", "cat"]]
    assert grade(sentences) == round(0.39 * 5 + 11.8 * 1 - 15.59, 1)


def test_ease_is_that_of_the_formulas():
    html = "<main><p>La maison du patient. <span lang='en'>The cat and the dog</span></p></main>"

    sentences = sentences_of(html)

    assert sentences == [["La", "maison", "du", "patient"]]
    assert ease(sentences, "fr") == round(207 - 1.015 * 4 - 73.6 * 6 / 4)
    assert ease([["La", "casa", "del", "paciente"]], "es") == round(206.84 - 1.02 * 4 - 60 * 7 / 4)
