"""What programs ask the site for: the feed of changes, the site map, the rules for crawlers, the manifest."""

import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from PIL import Image

from conference.changes import noting_changes
from conference.pictures.share_cards import TITLES
from tests.factories import FIRST_DAY, NOW, make_conference, make_day, make_program, make_session

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def feed(client, query=""):
    return ElementTree.fromstring(client.get(f"/program/changes.atom{query}").content)


def texts(element, *path):
    return [found.text for found in element.iterfind("/".join(f"{ATOM}{name}" for name in path))]


@pytest.fixture
def day():
    """A day of which two things have changed, a title first and then its time."""
    day = make_day(make_conference(), 1)
    session = make_session(day, 2, title="")
    with noting_changes(now=NOW):
        session.title = "Tea & <b>talk</b>"
        session.save()
    with noting_changes(now=NOW + timedelta(days=1)):
        day.ends_at += timedelta(hours=1)
        day.save()
    return day


# --- Feed


def test_feed_tells_the_newest_change_first_with_its_page(client, day):
    found = feed(client)

    assert texts(found, "entry", "title") == ["Day 1", "Day 1, Session 2"]
    assert texts(found, "entry", "updated") == ["2027-09-02T12:00:00+00:00", "2027-09-01T12:00:00+00:00"]
    assert texts(found, "entry", "summary")[1] == "Session 2 has a title: “Tea & <b>talk</b>”."
    assert [link.get("href") for link in found.iterfind(f"{ATOM}entry/{ATOM}link")] == [
        "http://testserver/program/day-1/",
        "http://testserver/program/sessions/day-1-session-2/",
    ]


def test_feed_has_all_that_atom_requires(client, day):
    found = feed(client)

    for element in (found, *found.iterfind(f"{ATOM}entry")):
        assert [len(texts(element, name)) for name in ("id", "title", "updated")] == [1, 1, 1]
    assert texts(found, "updated") == ["2027-09-02T12:00:00+00:00"]
    assert texts(found, "author", "name") == ["PxP"]
    assert {(link.get("rel"), link.get("href")) for link in found.iterfind(f"{ATOM}link")} == {
        ("alternate", "http://testserver/program/"),
        ("self", "http://testserver/program/changes.atom"),
    }


def test_names_of_entries_stay_and_differ(client, day):
    before = texts(feed(client), "entry", "id")

    with noting_changes(now=NOW + timedelta(days=2)):
        day.delete() if not day.sessions.exists() else day.sessions.get().delete()

    after = texts(feed(client), "entry", "id")
    assert len(set(before)) == 2
    assert before[0] in after
    assert all(re.fullmatch(r"tag:testserver,\d{4}-01-01:change-\d+", name) for name in before + after)


def test_feed_is_the_same_bytes_as_long_as_nothing_changes(client, day):
    assert client.get("/program/changes.atom").content == client.get("/program/changes.atom").content


def test_feed_without_changes_has_a_date_all_the_same(client):
    conference = make_conference()

    assert texts(feed(client), "updated") == [f"{conference.slug}-01-01T00:00:00+00:00"]


def test_feed_names_no_date_to_come(client):
    session = make_session(make_day(make_conference(slug="2028"), 1), 2, title="")

    assert texts(feed(client), "updated") == ["2027-01-01T00:00:00+00:00"]

    with noting_changes(now=NOW):
        session.title = "Tea"
        session.save()

    [name] = texts(feed(client), "entry", "id")
    assert name.startswith("tag:testserver,2027-01-01:change-")  # RFC 4151 2.1: a date at which the name was ours


def test_feed_tells_times_on_the_clock_asked_for(client, day):
    assert "Tokyo time (UTC+9)" in texts(feed(client, "?tz=Asia/Tokyo"), "entry", "summary")[0]


def test_feed_of_an_older_edition_is_its_own(client, day):
    past = make_conference(slug="2025", name="PxP 2025")

    found = ElementTree.fromstring(client.get("/2025/program/changes.atom").content)

    assert texts(found, "title") == [f"{past.name}: what changed in the program"]
    assert texts(found, "entry", "id") == []


def test_day_says_what_changed_with_dates(client, day):
    html = client.get("/program/day-1/", {"tz": "Pacific/Auckland"}).text

    part = html.partition('id="what-changed"')[2].partition("</section>")[0]
    words = " ".join(re.sub("<[^>]+>", " ", part.partition(">")[2]).split())
    assert words.startswith("What changed Friday 3 September 2027 Day 1 has moved.")
    assert "Thursday 2 September 2027 Session 2 has a title: “Tea &amp; &lt;b&gt;talk&lt;/b&gt;”." in words


def test_day_without_changes_says_nothing_of_them(client):
    make_program(days=1)

    assert "What changed" not in client.get("/program/day-1/").text


def test_day_shows_the_latest_changes_alone(client, day):
    for number in range(3, 12):
        with noting_changes(now=NOW + timedelta(days=number)):
            make_session(day, number, title=f"Topic {number}")

    html = client.get("/program/day-1/").text

    told = re.findall(r"Session (\d+) is new on the program", html)
    assert told == ["11", "10", "9", "8", "7"]


def test_feed_asks_the_same_queries_for_many_changes(client, day, django_assert_num_queries):
    for number in range(3, 12):
        with noting_changes(now=NOW + timedelta(days=number)):
            make_session(day, number, title=f"Topic {number}")

    with django_assert_num_queries(3):
        assert len(texts(feed(client), "entry", "id")) == 11


# --- Site map and rules


def addresses(client):
    root = ElementTree.fromstring(client.get("/sitemap.xml").content)
    return [found.text.removeprefix(settings.SITE_URL) for found in root.iterfind(f"{SITEMAP}url/{SITEMAP}loc")]


def test_site_map_names_each_public_page_once_and_each_is_its_own_page(client):
    make_program()
    make_session(make_day(make_conference(slug="2025"), starts_at=FIRST_DAY.replace(year=2025)))

    found = addresses(client)

    assert len(found) == len(set(found)) == 4 * (len(TITLES) + 1 + 3 + 9 + 1 + 3 + 1 + 1)
    assert {"/", "/program/day-3/", "/program/sessions/day-2-session-1/", "/speakers/grace/", "/register/"} <= set(
        found
    )
    assert {"/2025/", "/2025/program/sessions/day-1-session-1/", "/fr/", "/ar/2025/speakers/"} <= set(found)
    for address in found:
        html = client.get(address).text
        assert re.findall(r'<link rel="canonical" href="([^"]+)">', html) == [settings.SITE_URL + address]


def test_site_map_names_nothing_hidden_and_nobody_s_page(client):
    make_program()
    make_day(make_conference(slug="2029", is_published=False), 1)

    found = " ".join(addresses(client))

    assert not re.search(r"2029|/my/|/confirm/|/join/|/calendar/|/organisers/|/lost-link/|thanks|\.ics|\?", found)


def test_site_map_before_anything_is_published_is_the_home_page(client):
    assert addresses(client) == ["/", "/fr/", "/es/", "/ar/"]


def test_site_map_asks_the_same_queries_for_a_long_program(client, django_assert_num_queries):
    make_program(days=3, sessions=20)

    with django_assert_num_queries(5):
        assert len(addresses(client)) > 4 * 60


def test_crawlers_are_kept_off_people_s_pages_and_led_to_the_site_map(client):
    lines = client.get("/robots.txt").text.splitlines()

    assert lines[0] == "User-agent: *"
    assert {"Disallow: /my/", "Disallow: /confirm/", "Disallow: /join/", "Disallow: /organisers/"} <= set(lines)
    assert "Disallow: /" not in lines
    assert "Disallow: /calendar/" not in lines  # Google Calendar reads feeds by these rules
    assert lines[-1] == "Sitemap: http://testserver/sitemap.xml"


def test_security_txt_says_whom_to_tell_and_until_when(client):
    make_conference(contact_email="hello@pxp.example.org")

    response = client.get("/.well-known/security.txt")

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.text.splitlines() == [
        "Contact: mailto:hello@pxp.example.org",
        "Expires: 2028-02-28T00:00:00Z",
        "Preferred-Languages: en, fr",
        "Canonical: http://testserver/.well-known/security.txt",
    ]


# --- Manifest and icons


def test_only_a_free_conference_is_called_free_to_programs(client, day):
    for cost, is_free in (("free", True), ("20 euros", False)):
        day.conference.cost = cost
        day.conference.save()
        for address in ("/", "/register/"):
            [description] = re.findall(r'<meta name="description" content="([^"]*)"', client.get(address).text)
            assert ("free" in description) is is_free, description

    assert "free" not in client.get("/manifest.webmanifest").json()["description"]


def test_manifest_names_icons_that_are_there_in_their_sizes(client):
    response = client.get("/manifest.webmanifest")

    manifest = response.json()
    assert response["Content-Type"] == "application/manifest+json"
    assert {"name", "short_name", "start_url", "display", "icons"} <= manifest.keys()
    for icon in manifest["icons"]:
        name = re.fullmatch(r"/static/(.+?)(?:\.[0-9a-f]{12})?(\.\w+)", icon["src"])
        path = finders.find(name[1] + name[2])
        assert path
        if icon["type"] == "image/png":
            with Image.open(path) as image:
                assert "{}x{}".format(*image.size) == icon["sizes"]


@pytest.mark.parametrize("path", ["/sitemap.xml", "/robots.txt", "/manifest.webmanifest", "/program/changes.atom"])
def test_any_cache_may_keep_it(client, path):
    make_program()

    response = client.get(path)

    assert response["Cache-Control"] == "public, max-age=60"
    assert "Set-Cookie" not in response.headers
    assert client.post(path).status_code == 405
