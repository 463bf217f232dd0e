"""The handbook on the organisers' side: every chapter is a page, found by its words and from the page of its job."""

import re

import pytest
from django.urls import reverse

from conference.workplace import handbook

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_only]


@pytest.mark.parametrize("slug", list(handbook.chapters()))
def test_each_chapter_is_a_page_whose_links_lead_somewhere(admin_client, slug):
    page = admin_client.get(reverse("admin:help_chapter", args=[slug]))

    assert page.status_code == 200
    for other in re.findall(r'href="/organisers/help/([\w-]+)/"', page.text):
        assert other in handbook.chapters()
    assert 'href="#' not in page.context["html"]


def test_each_explained_page_names_a_chapter_that_is_there():
    assert set(handbook._chapter_of.values()) <= set(handbook.chapters())


def test_page_of_a_job_leads_to_its_chapter(admin_client):
    page = admin_client.get(reverse("admin:registration_registrant_changelist"))

    assert f'href="{reverse("admin:help_chapter", args=["find-a-person"])}"' in page.text


def test_search_finds_the_chapter_by_words_of_its_text_and_titles_come_first(admin_client):
    page = admin_client.get(reverse("admin:help"), {"q": "Recovery codes"})

    assert page.context["found"][0][0].slug == "log-in"
    assert handbook.find("delete person")[0].slug == "delete-a-person"


@pytest.mark.parametrize("words", ["zzzz", "<script>", "\x00", "%"])
def test_search_for_what_is_not_there_says_what_to_do(admin_client, words):
    page = admin_client.get(reverse("admin:help"), {"q": words})

    assert page.status_code == 200
    assert "<script>" not in page.text.split("<main")[-1]


def test_unknown_chapter_is_not_here(admin_client):
    assert admin_client.get(reverse("admin:help_chapter", args=["nothing"])).status_code == 404


def test_help_is_for_organisers_alone(client):
    assert client.get(reverse("admin:help")).status_code == 302
