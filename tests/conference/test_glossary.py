"""The words we use: what they mean, and the links to them."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.texts import PASSAGES
from conference.texts.glossary import TERMS, terms, with_terms
from conference.texts.markdown import to_html
from tests.factories import make_program

pytestmark = pytest.mark.sqlite_only

MARK = re.compile(r'<a class="term" href="/glossary/#[a-z-]+">(.*?)</a>', re.DOTALL)
FORMS = [form for term in TERMS if term.forms for form in term.forms.split("|")]


def marked(html, seen=None):
    return str(with_terms(html, glossary_url="/glossary/", seen=set() if seen is None else seen))


class Nesting(HTMLParser):
    """Notes links within links or headings, and elements that are not closed in order."""

    def __init__(self, html):
        super().__init__()
        self.open, self.faults = [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        if tag == "a" and ("class", "term") in attributes and {"a", "h2", "h3", "h4", "code"} & set(self.open):
            self.faults.append(f"a term in {self.open}")
        if tag not in ("br", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}>")


# --- Marking


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (
            "<p>A patient partner.</p>",
            '<p>A <a class="term" href="/glossary/#patient-partner">patient partner</a>.</p>',
        ),
        (
            "<p>Patient partners meet patient partners.</p>",
            '<p><a class="term" href="/glossary/#patient-partner">Patient partners</a> meet patient partners.</p>',
        ),
        (
            "<p>basic\nscience</p>",
            '<p><a class="term" href="/glossary/#basic-science">basic\nscience</a></p>',
        ),
        ("<h2>Patient engagement</h2>", "<h2>Patient engagement</h2>"),
        ('<p><a href="/x">the <em>UTC</em> clock</a></p>', '<p><a href="/x">the <em>UTC</em> clock</a></p>'),
        ("<p>impatient partnership, sessionless, UTC-based</p>",) * 2,
        (
            "<p>&quot;PPI&quot;</p>",
            '<p>&quot;<a class="term" href="/glossary/#patient-and-public-involvement">PPI</a>&quot;</p>',
        ),
        ('<p title="session"><br></p>',) * 2,
    ],
)
def test_term_is_marked_where_it_first_stands_in_plain_text(html, expected):
    assert marked(html) == expected


def test_longest_term_wins():
    assert MARK.findall(marked("<p>live captions and captions</p>")) == ["live captions"]


def test_term_is_marked_once_on_a_page_of_many_passages():
    seen = set()

    passages = [marked("<p>A session.</p>", seen) for _passage in range(3)]

    assert [len(MARK.findall(html)) for html in passages] == [1, 0, 0]


@given(
    words=st.lists(
        st.sampled_from(
            [*FORMS, "# ", "\n\n", "[", "](/x)", "**", "_", "`", "- ", "&", "<b>", '"', "> ", "|", "\n", " "]
        )
        | st.text(st.characters(exclude_characters="\r\0", exclude_categories=["Cs"]), max_size=5),
        max_size=40,
    )
)
def test_any_passage_is_the_same_but_for_the_links(words):
    html = to_html(" ".join(words))

    with_links = marked(html)

    assert MARK.sub(r"\1", with_links) == html
    assert Nesting(with_links).faults == Nesting(html).faults
    assert len(MARK.findall(with_links)) == len(
        set(re.findall(r'#([a-z-]+)">', " ".join(re.findall(r'<a class="term"[^>]+>', with_links))))
    )


@pytest.mark.parametrize("key", PASSAGES)
def test_standard_words_stay_well_formed(key):
    assert Nesting(marked(to_html(str(PASSAGES[key].words)))).faults == []


# --- Terms


def test_each_form_belongs_to_one_term_and_each_address_too():
    assert len({form.casefold() for form in FORMS}) == len(FORMS)
    assert len({term.slug for term in TERMS}) == len(TERMS)


def test_terms_are_in_the_order_of_the_alphabet():
    names = [str(term.name) for term in terms()]

    assert names == sorted(names, key=str.casefold)


@pytest.mark.django_db
def test_page_explains_each_term_under_the_address_that_links_lead_to(client):
    make_program()

    html = client.get("/glossary/").text

    for term in TERMS:
        assert f'<div id="{term.slug}">\n<dt>{term.name}</dt>' in html


@pytest.mark.django_db
def test_home_page_leads_to_words_in_the_visitor_s_zone(client):
    make_program()

    html = client.get("/", {"tz": "Asia/Tokyo"}).text

    found = re.findall(r'<a class="term" href="/glossary/\?tz=Asia/Tokyo#([a-z-]+)">', html)
    assert {"patient-partner", "lived-experience", "clinical-study"} <= set(found)
    assert len(found) == len(set(found))
