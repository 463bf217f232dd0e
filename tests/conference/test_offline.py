"""The worker that keeps the program and the page that says so, as the server sends them."""

import re

import pytest

from conference.site import kept_pages
from conference.site.kept_pages import Pages
from tests.factories import make_conference, make_program

pytestmark = pytest.mark.django_db


def test_worker_is_script_that_browsers_ask_for_each_time(client):
    response = client.get("/service-worker.js")

    assert response["Content-Type"] == "text/javascript; charset=utf-8"
    assert response["Cache-Control"] == "no-cache"
    assert response["Content-Security-Policy"].startswith("default-src 'self'")
    again = client.get("/service-worker.js", headers={"If-None-Match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("coding", ["br", "gzip"])
def test_worker_is_sent_ready_in_less_than_three_kilobytes(whole_site, settings, monkeypatch, coding):
    settings.PAGE_CACHE = True
    monkeypatch.setattr(kept_pages, "PAGES", Pages(check_every=0))

    first, second = (whole_site.get("/service-worker.js", headers={"Accept-Encoding": coding}) for _time in range(2))

    assert (first["Content-Encoding"], "Age" in second) == (coding, True)
    assert len(second.content) < 3 * 1024
    assert second["ETag"] == first["ETag"]


def test_worker_s_copies_have_a_name_of_this_version(client):
    (name,) = re.findall(r"pxp-(\w+)", client.get("/service-worker.js").text)

    assert re.fullmatch(r"[0-9a-f]{12}", name)


def test_switched_off_the_worker_keeps_nothing_and_no_page_starts_it(client, settings):
    make_program()
    assert 'data-worker="/service-worker.js"' in client.get("/program/").text

    settings.OFFLINE_COPY = False

    worker = client.get("/service-worker.js").text
    assert "unregister()" in worker
    assert "respondWith" not in worker
    assert "data-worker" not in client.get("/program/").text
    assert "site.js" not in client.get("/program/?tz=Asia/Tokyo").text


def test_offline_page_has_the_words_for_every_case_and_is_in_no_search_engine(client):
    make_program()

    page = client.get("/offline/").text

    assert re.findall(r'<template id="([\w-]+)" data-title="[^"]+"\s+lang="en-IE">', page) == [
        "offline-copy",
        "silent-copy",
        "offline-page",
        "silent-page",
    ]
    assert (page.count("{when}"), page.count("{ago}")) == (2, 2)
    assert '<meta name="robots" content="noindex">' in page
    assert "/offline/" not in client.get("/sitemap.xml").text


def test_offline_page_leads_to_the_days_of_its_edition_in_the_visitor_s_zone(client):
    make_program(days=2)
    make_conference(slug="2025")

    here, past = (client.get(path).text for path in ("/offline/?tz=Asia/Tokyo&text=larger", "/2025/offline/"))

    assert re.findall(r'<li><a class="onward" href="([^"]+)"', here) == [
        f"{path}?tz=Asia/Tokyo&amp;text=larger" for path in ("/program/", "/program/day-1/", "/program/day-2/")
    ]
    assert re.findall(r'<li><a class="onward" href="([^"]+)"', past) == ["/2025/program/"]
