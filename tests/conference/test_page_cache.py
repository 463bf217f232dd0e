"""Pages that are kept ready: fast, fresh, small in memory, and never someone's own."""

import gzip
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event

import brotli
import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import IntegrityError, OperationalError, connection, transaction
from django.test import Client, RequestFactory
from django.urls import get_resolver
from django.utils import timezone

from conference.models import Conference, ContentVersion, Session, Speaker, Text, raise_content_version
from conference.site import kept_pages
from conference.site.compression import accepts
from conference.site.kept_pages import Page, Pages
from conference.site.page_cache import Answer, PageCache, key_of
from conference.site.parameters import CHOICES, OF_ONE_VISITOR
from conference.site.public import FOR_EVERYBODY, MAX_AGE
from tests.factories import NOW, make_program, make_speaker, make_staff
from tests.support.at_once import PATIENCE, wait_until
from tests.support.programs import ROOT
from tests.support.through import open_connection

pytestmark = pytest.mark.django_db
PAGE = Page((("ETag", 'W/"1"'),), {"": b"words"}, 0)


class Clock:
    """A clock that is stopped until it is set."""

    def __init__(self):
        self.seconds = 1000

    def __call__(self):
        return self.seconds


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture(autouse=True)
def pages(settings, monkeypatch, clock):
    """The ready pages of a process that looks at the version for every request."""
    settings.PAGE_CACHE = True
    monkeypatch.setattr(kept_pages, "PAGES", fresh := Pages(check_every=0, clock=clock))
    with open_connection():
        fresh.check_version()
        yield fresh


@pytest.fixture
def client(whole_site):
    """Every request of this file goes through the whole application."""
    return whole_site


def ask(path="/program/", *, secure=False, **headers):
    """Return the WSGI environment of a request."""
    return RequestFactory().get(path, secure=secure, headers={"host": "testserver"} | headers).environ


# --- Fast -------------------------------------------------------------------------------------------------------------


def test_ready_page_costs_one_look_and_the_same_words(client, django_assert_num_queries):
    make_program()
    first = client.get("/program/")

    with django_assert_num_queries(1):
        second = client.get("/program/")

    assert second.content == first.content
    assert second["ETag"] == first["ETag"]
    assert second["Content-Security-Policy"] == first["Content-Security-Policy"]
    assert second["Vary"] == "Accept-Encoding"
    assert second["Age"] == "0"


def test_version_is_looked_at_once_a_second(client, pages, clock, django_assert_num_queries):
    make_program()
    pages.check_every = 1
    client.get("/program/")

    clock.seconds += 0.5
    with django_assert_num_queries(0):
        client.get("/program/")
    clock.seconds += 0.5
    with django_assert_num_queries(1):
        client.get("/program/")


@pytest.mark.parametrize(
    ("accepted", "coding", "decompress"),
    [
        ("gzip, deflate, br, zstd", "br", brotli.decompress),
        ("br;q=0, gzip", "gzip", gzip.decompress),
        ("gzip, deflate", "gzip", gzip.decompress),
    ],
)
def test_ready_page_is_sent_compressed_to_who_can_read_it(client, accepted, coding, decompress):
    make_program()
    plain = client.get("/program/")

    compressed = client.get("/program/", headers={"Accept-Encoding": accepted})

    assert compressed["Content-Encoding"] == coding
    assert compressed["Content-Length"] == str(len(compressed.content))
    assert decompress(compressed.content) == plain.content
    assert not plain.has_header("Content-Encoding")


@pytest.mark.parametrize(
    ("accepted", "coding", "decompress"), [("gzip, br", "br", brotli.decompress), ("gzip", "gzip", gzip.decompress)]
)
def test_page_that_is_not_kept_is_compressed_too(client, accepted, coding, decompress):
    make_program()

    form = client.get("/time-zone/", headers={"Accept-Encoding": accepted})

    assert form["Content-Encoding"] == coding
    assert form["Vary"] == "Accept-Encoding"
    assert form["ETag"].startswith("W/")
    assert form["Content-Length"] == str(len(form.content))
    assert b"<form" in decompress(form.content)
    assert not client.get("/time-zone/").has_header("Content-Encoding")


@pytest.mark.parametrize("accepted", ["gzip;q=0", "identity, gzip; q=0.0, br;q=0"])
@pytest.mark.parametrize("path", ["/program/", "/time-zone/"])
def test_page_is_sent_plain_to_who_refuses_every_coding(client, path, accepted):
    make_program()

    page = client.get(path, headers={"Accept-Encoding": accepted})

    assert not page.has_header("Content-Encoding")
    assert page["Vary"] == "Accept-Encoding"
    assert b"</html>" in page.content


def test_page_behind_a_log_in_is_not_compressed(admin_client):
    answer = admin_client.get("/organisers/", headers={"Accept-Encoding": "gzip"})

    assert answer.status_code == 200
    assert not answer.has_header("Content-Encoding")


def test_picture_is_not_compressed_again(client):
    make_program()

    assert not client.get("/share/home.png", headers={"Accept-Encoding": "gzip"}).has_header("Content-Encoding")


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("gzip", True),
        ("deflate, GZIP;q=0.5", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000", False),
        ("", False),
        ("br", False),
    ],
)
def test_accepts_reads_weights(accept, expected):
    assert accepts(accept, "gzip") is expected


@pytest.mark.parametrize("path", ["/program/", "/program/day-1.ics"])
def test_ready_page_is_not_sent_to_who_has_it(client, path):
    make_program()
    etag = client.get(path)["ETag"]

    again = client.get(path, headers={"If-None-Match": etag})
    first_of_another_process = gone_and_again(client, path, etag)

    for response in (again, first_of_another_process):
        assert (response.status_code, response.content) == (304, b"")
        assert response["Cache-Control"] == f"public, max-age={MAX_AGE}"


def gone_and_again(client, path, etag):
    kept_pages.PAGES.forget()
    return client.get(path, headers={"If-None-Match": etag})


def test_head_gets_the_headers_of_the_ready_page(client):
    make_program()
    client.get("/program/")

    response = client.head("/program/")

    assert (response.status_code, response.content) == (200, b"")
    assert int(response["Content-Length"]) > 1000


def test_file_keeps_its_type_and_name_when_it_is_ready(client):
    make_program()
    client.get("/program.ics")

    response = client.get("/program.ics")

    assert response["Age"] == "0"
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="pxp-2027-program.ics"'


def test_health_check_asks_no_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/healthz").status_code == 200


# --- Told apart -------------------------------------------------------------------------------------------------------


def test_pages_are_told_apart_by_path_and_zone(client):
    make_program()

    default, tokyo = client.get("/program/").text, client.get("/program/?tz=Asia/Tokyo").text
    paris = client.get("/program/day-1/?tz=Europe/Paris").text

    assert "in Tokyo" not in default
    assert "in Tokyo" in tokyo
    assert client.get("/program/").text == default
    assert client.get("/program/?tz=Asia/Tokyo").text == tokyo
    assert client.get("/program/day-1/?tz=Europe/Paris").text == paris != tokyo


def test_names_of_one_zone_share_a_page():
    assert key_of(ask("/?tz=asia/calcutta")) == key_of(ask("/?tz=Asia/Kolkata"))
    assert key_of(ask("/?tz=")) == key_of(ask("/"))


@pytest.mark.parametrize(
    "path",
    [
        "/?tz=Mars/Olympus",
        "/program/my-plan/?pick=day-1-session-1",
        "/reading/?next=/",
        "/static/site.css",
        "/organisers/login/",
        "/mail-events/",
    ],
)
def test_addresses_without_end_are_not_kept(path):
    assert key_of(ask(path)) is None


def test_each_look_has_a_page_of_its_own():
    keys = [key_of(ask(path)) for path in ("/", "/?text=larger", "/?font=plain", "/?font=plain&text=larger&tz=UTC")]

    assert None not in keys
    assert len(set(keys)) == len(keys)
    assert key_of(ask("/?font=plain&text=larger")) == key_of(ask("/?text=larger&font=plain"))


def test_secure_and_plain_pages_are_told_apart():
    assert key_of(ask("/", secure=True)) != key_of(ask("/"))
    assert key_of(ask("/", **{"X-Forwarded-Proto": "https"})) != key_of(ask("/"))


def test_wrong_host_gets_no_ready_page(client):
    make_program()
    client.get("/program/")

    assert client.get("/program/", headers={"host": "evil.example"}).status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        "utm_source=newsletter&fbclid=abc",
        "x=1&tz=",
        "text=huge",
        "days=1",
        "tz=UTC&tz=",
        "%FF=%FE",
    ],
)
def test_parameter_that_means_nothing_shares_the_page(client, query):
    make_program()
    plain = client.get("/register/")

    other = client.get(f"/register/?{query}")

    assert "Age" in other
    assert other.content == plain.content


def test_first_visitor_s_parameters_are_in_no_page(client):
    make_program()

    page = client.get("/register/all/?fbclid=abc&tz=asia/calcutta").text

    assert "fbclid" not in page
    assert 'action="/register/all/?tz=Asia/Kolkata"' in page


def test_parameters_of_organisers_are_left_alone(admin_client, client):
    client.cookies = admin_client.cookies

    page = client.get("/organisers/registration/registrant/?q=ada").text

    assert 'value="ada"' in page


@pytest.mark.sqlite_only
def test_every_parameter_that_a_view_reads_is_known():
    files = [*ROOT.glob("conference/views/*.py"), *ROOT.glob("registration/views/*.py")]
    source = "".join(path.read_text() for path in files)

    names = set(re.findall(r"""request\.GET(?:\.get|\.getlist)?[(\[]"(\w+)\"""", source))
    names |= set(re.findall(r""""(\w+)" in request\.GET""", source))

    assert {"done", "pick", "next", "days"} <= names <= OF_ONE_VISITOR | CHOICES.keys() | {"tz"}


# --- Fresh ------------------------------------------------------------------------------------------------------------


def test_published_change_drops_what_was_ready(client):
    make_program()
    before = client.get("/program/")

    Session.objects.update(title="Quite another topic")
    unsaid = client.get("/program/")
    raise_content_version(now=NOW)
    said = client.get("/program/", headers={"If-None-Match": before["ETag"]})

    assert unsaid.content == before.content
    assert "Quite another topic" in said.text


def test_page_is_not_shown_for_longer_than_it_may(client, clock):
    make_program()
    before = client.get("/program/")
    Session.objects.update(title="Quite another topic")

    clock.seconds += MAX_AGE - 1
    late = client.get("/program/")
    clock.seconds += 1

    assert (late.content, late["Age"]) == (before.content, str(MAX_AGE - 1))
    assert "Quite another topic" in client.get("/program/").text


def test_page_that_was_made_while_something_changed_is_not_kept(pages):
    version = pages.version
    raise_content_version(now=NOW)

    pages.put("key", PAGE, version)

    assert "key" not in pages.pages


def test_loading_a_program_drops_what_was_ready(client):
    make_program()
    before = client.get("/2027/program/")

    call_command("load_program", "data/pxp-2023.yaml", "--first-day", "2027-09-12")
    after = client.get("/2027/program/")

    assert "Boost your skills" not in before.text
    assert "Boost your skills" in after.text


@pytest.mark.parametrize("name", ["conference", "day", "session", "speaker", "text"])
def test_organiser_who_saves_something_drops_what_was_ready(name):
    conference = make_program(days=1, sessions=1)
    Text.objects.create(conference=conference, key="home-lead")
    day = conference.days.get()
    rows = {"conference": conference, "day": day, "session": day.sessions.get()}
    rows |= {"speaker": conference.speakers.get(), "text": conference.texts.get()}
    (client := Client()).force_login(make_staff())

    client.post(f"/organisers/conference/{name}/{rows[name].pk}/change/", {})

    assert ContentVersion.objects.now_shown() == 1


def test_organiser_who_deletes_a_speaker_drops_what_was_ready():
    speaker = make_speaker()
    (client := Client()).force_login(make_staff())

    client.post(f"/organisers/conference/speaker/{speaker.pk}/delete/", {"post": "yes"})

    assert not Speaker.objects.exists()
    assert ContentVersion.objects.now_shown() == 1


def test_database_that_is_away_leaves_what_is_ready(client, pages, monkeypatch):
    make_program()
    before = client.get("/program/")

    with connection.execute_wrapper(refuse):
        assert client.get("/program/").content == before.content


def refuse(execute, sql, params, many, context):
    raise OperationalError("away")


def test_content_version_has_one_row():
    raise_content_version(now=NOW)

    with pytest.raises(IntegrityError, match="content_version_has_one_row"), transaction.atomic():
        ContentVersion.objects.create(pk=2, changed_at=NOW)


# --- Nobody's own -----------------------------------------------------------------------------------------------------


def test_visitor_with_a_session_neither_fills_nor_uses_the_pages(client, pages):
    make_program()
    client.cookies["sessionid"] = "something"

    client.get("/program/")

    assert not pages.pages
    client.cookies.clear()
    client.get("/program/")
    client.cookies["sessionid"] = "something"
    assert not client.get("/program/").has_header("Age")


def test_organiser_who_is_logged_in_neither_fills_nor_uses_the_pages(client, pages):
    make_program()
    client.force_login(User.objects.create_superuser("organiser"))

    assert client.get("/program/").status_code == 200
    assert not pages.pages


def test_request_with_a_key_neither_fills_nor_uses_the_pages():
    assert key_of(ask("/", Authorization="Bearer x")) is None


def test_no_page_of_a_person_is_ever_kept(client, pages):
    """Ask for every address there is, twice, and look at what is kept afterwards."""
    make_program()
    for path in every_path(get_resolver()):
        client.get(path)
        client.get(path)

    kept = {key[2] for key in pages.pages}

    assert {"/program/", "/register/", "/lost-link/"} <= kept
    assert not [path for path in kept if path.startswith(("/my", "/confirm", "/join", "/organisers", "/calendar"))]


def every_path(resolver, prefix="/"):
    """Return the addresses of all patterns, with plausible parts filled in."""
    paths = []
    for pattern in resolver.url_patterns:
        route = getattr(pattern.pattern, "_route", "")  # the language of an address is no route
        if hasattr(pattern, "url_patterns"):
            paths += every_path(pattern, prefix + filled(route))
        else:
            paths.append(prefix + filled(route))
    return paths


def filled(route):
    for part, value in [
        ("<year:year>", "2027"),
        ("<number:number>", "1"),
        ("<int:number>", "1"),
        ("<number:day_number>", "1"),
        ("<slug:slug>", "grace"),
        ("<str:token>", "token"),
        ("<path:object_id>", "1"),
    ]:
        route = route.replace(part, value)
    return route


@pytest.mark.parametrize(
    "changes",
    [
        {"headers": [("Set-Cookie", "name=Ada")]},
        {"headers": [("Vary", "Cookie")]},
        {"headers": [("Vary", "Accept-Encoding, Cookie")]},
        {"headers": [("Content-Encoding", "gzip")]},
        {"status": "404 Not Found"},
        {"marks": ()},
    ],
    ids=["cookie", "vary", "vary more", "encoded", "error", "unmarked"],
)
def test_answer_that_became_personal_on_its_way_is_not_kept(changes):
    assert answer_with().may_be_kept()

    assert not answer_with(**changes).may_be_kept()


def answer_with(*, status="200 OK", headers=(), marks=((FOR_EVERYBODY, True),)):
    """Return the Answer of an application that marks the environment with `marks`."""

    def application(environ, start_response):
        environ |= dict(marks)
        start_response(status, [("ETag", '"1"'), *headers])
        return [b"words"]

    return Answer(application, {})


@pytest.mark.parametrize("path", ["/nowhere/", "/program/day-9/", "/?tz=Mars/Olympus", "/time-zone/"])
def test_errors_and_notices_are_not_kept(client, pages, path):
    make_program()

    client.get(path)

    assert not pages.pages


# --- Once -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def waiting(pages, monkeypatch):
    """A list with one entry for each thread that waits until another one has made its page."""
    pages.check_every = float("inf")  # no thread asks the database

    class Waited(Event):
        def wait(self, timeout=None):
            waiting.append(self)
            return super().wait(timeout)

    waiting = []
    monkeypatch.setattr(kept_pages, "Event", Waited)
    return waiting


def test_crowd_before_a_cold_page_costs_one(waiting):
    made = []

    def slow(environ, start_response):
        made.append(environ["PATH_INFO"])
        wait_until(lambda: len(waiting) == 19, "all others")
        environ[FOR_EVERYBODY] = True
        start_response("200 OK", [("ETag", '"1"')])
        return [b"words"]

    answers = ask_at_once(slow, 20)

    assert answers == [b"words"] * 20
    assert made == ["/program/"]


def test_crowd_before_a_page_that_is_not_kept_does_not_queue(waiting):
    made, all_but_the_first = [], Barrier(19)

    def slow(environ, start_response):
        made.append(environ["PATH_INFO"])
        if len(made) == 1:
            wait_until(lambda: len(waiting) == 19, "all others")
        else:
            all_but_the_first.wait(PATIENCE)  # which none passes before all are here
        start_response("404 Not Found", [])
        return [b"words"]

    assert ask_at_once(slow, 20) == [b"words"] * 20


def test_fault_while_a_page_is_made_lets_the_others_go_on(pages):
    def broken(environ, start_response):
        raise RuntimeError

    with pytest.raises(RuntimeError):
        PageCache(broken)(ask(), None)

    assert pages.being_made == {}


def ask_at_once(application, count):
    """Ask for one page from `count` threads through a PageCache; return the bodies."""

    def one(_number):
        try:
            return b"".join(PageCache(application)(ask(), lambda *start: None))
        finally:
            connection.close()  # the thread's own, on which it looked at the version

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(one, range(count)))


# --- Small ------------------------------------------------------------------------------------------------------------


def test_pages_that_were_used_longest_ago_go_when_the_memory_is_full():
    pages = Pages(most_bytes=3 * PAGE.size, clock=lambda: 0)
    pages.check_version()
    for key in "abc":
        pages.put(key, PAGE, 0)

    pages.get("a")
    pages.put("d", PAGE, 0)

    assert list(pages.pages) == ["c", "a", "d"]
    assert pages.bytes == 3 * PAGE.size


def test_same_page_is_counted_once():
    pages = Pages()
    pages.check_version()

    pages.put("a", PAGE, 0)
    pages.put("a", PAGE, 0)

    assert pages.bytes == PAGE.size


def test_unpublished_edition_is_gone_at_once(client):
    conference = make_program()
    client.get("/program/")

    Conference.objects.filter(pk=conference.pk).update(is_published=False)
    raise_content_version(now=timezone.now() + timedelta(seconds=1))

    assert client.get("/program/").status_code == 404
