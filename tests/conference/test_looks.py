"""How one reads: chosen on a page, shown on every page, kept by every link, and stored nowhere."""

import re
from html import unescape

import pytest

from conference.site.looks import LABELS, LOOKS, look_asked_for
from registration import links
from tests.factories import make_confirmed, make_program

pytestmark = pytest.mark.django_db

ALL = "?text=larger&spacing=wide&contrast=more&font=plain"
FILES = (".ics", ".atom", ".png", ".css", ".js", ".svg", ".webmanifest")
PAGES = [
    "/",
    "/program/",
    "/program/day-1/",
    "/program/my-plan/",
    "/how-to-join/",
    "/easy-read/program/",
    "/accessibility/",
    "/reading/",
    "/time-zone/",
    "/register/",
]


def links_of(html):
    """Return the site's own pages that a page leads to."""
    found = [unescape(address) for address in re.findall(r'<a [^>]*?href="([/?][^"]*)"', html)]
    return [address for address in found if not address.partition("?")[0].endswith(FILES)]


def test_every_look_has_a_name():
    assert LABELS.keys() == LOOKS.keys()


@pytest.mark.parametrize(
    ("query", "look"),
    [
        ({}, ()),
        ({"text": "larger"}, (("text", "larger"),)),
        ({"font": "plain", "text": "larger"}, (("text", "larger"), ("font", "plain"))),
        ({"text": "huge", "font": '"><script>', "colour": "red"}, ()),
    ],
)
def test_look_is_one_of_ours_in_our_order(query, look):
    assert look_asked_for(query) == look


def test_page_is_drawn_in_the_look_of_its_address(client):
    make_program()

    roots = [re.search("<html[^>]*>", client.get(path).text)[0] for path in ("/", f"/{ALL}", "/?font=plain&text=huge")]

    assert roots == [
        '<html lang="en" dir="ltr">',
        '<html lang="en" dir="ltr" class="text-larger spacing-wide contrast-more font-plain">',
        '<html lang="en" dir="ltr" class="font-plain">',
    ]


@pytest.mark.parametrize("query", [ALL, f"{ALL}&tz=Asia/Tokyo"])
@pytest.mark.parametrize("path", PAGES)
def test_every_link_keeps_the_look(client, path, query):
    make_program()

    addresses = links_of(client.get(path + query).text)

    assert len(addresses) > 10
    assert [
        address for address in addresses if "text=larger&spacing=wide&contrast=more&font=plain" not in address
    ] == []


@pytest.mark.parametrize("path", PAGES)
def test_every_form_that_leads_on_keeps_the_look(client, path):
    make_program()

    forms = re.findall('<form[^>]*method="get".*?</form>', client.get(path + ALL).text, re.DOTALL)

    for form in forms:
        assert all(re.search(f'name="{name}"[^>]* value="{value}"', form) for name, value in LOOKS.items()), form


def test_lasting_addresses_have_no_look(client):
    make_program()

    page = client.get(f"/program/day-1/{ALL}").text

    assert re.findall('<link rel="canonical" href="([^"]+)"', page) == ["http://testserver/program/day-1/"]
    assert [address for address in re.findall(r'href="([^"]+\.ics[^"]*)"', page) if "text=" in address] == []


def test_reading_page_leads_back_in_the_look_that_was_chosen(client):
    make_program()

    page = client.get("/reading/?next=/program/&text=larger&font=plain&tz=Asia/Tokyo").text

    assert 'href="/program/?tz=Asia/Tokyo&amp;text=larger&amp;font=plain"' in page
    assert "http://testserver/program/?tz=Asia/Tokyo&amp;text=larger&amp;font=plain" in page
    assert re.findall(r'name="([^"]+)" value="[^"]+"\s+checked', page) == ["text", "font"]


@pytest.mark.parametrize("elsewhere", ["https://evil.example.org/", "//evil.example.org/", "program", ""])
def test_reading_page_leads_to_no_other_site(client, elsewhere):
    make_program()

    page = client.get("/reading/", {"next": elsewhere, "text": "larger"}).text

    assert "evil" not in page
    assert 'class="back" href="/?text=larger"' in page


def test_look_needs_no_cookie_and_sets_none(client):
    make_program()

    response = client.get(f"/reading/{ALL}")

    assert not response.cookies
    assert response["Cache-Control"] == "public, max-age=60"


def test_key_of_a_person_stands_in_no_other_address(client):
    ada = make_confirmed(*make_program().days.all())
    token = links.token("my", ada)

    footer = client.get(f"/my/{token}/{ALL}").text.partition("<footer")[2]

    assert "/reading/" in footer
    assert token not in footer


def test_sign_up_keeps_the_look_to_its_thanks(client):
    make_program()
    typed = {"name": "Ada", "email": "ada@example.org", "days": ["1"], "country": "FR"}

    response = client.post(f"/register/{ALL}", typed)

    assert response.status_code == 302, response.text
    assert response.url.endswith("text=larger&spacing=wide&contrast=more&font=plain")


def test_reading_page_costs_one_query(client, django_assert_num_queries):
    make_program()

    with django_assert_num_queries(1):
        client.get("/reading/")
