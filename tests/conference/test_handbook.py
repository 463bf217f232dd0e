"""The handbook on the organisers' side: every chapter is a page, found by its words and from the page of its job."""

import re

import pytest
from django.conf import settings
from django.urls import reverse

from conference.workplace import handbook
from tests.test_roles import TABLE

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


def test_each_picture_is_there_in_both_widths_with_words_and_small():
    folder = settings.BASE_DIR / "static" / "organisers" / "help"
    named = re.findall(
        r"!\[([^\]]*)\]\(\.\./static/organisers/help/([\w-]+)-800\.webp\)", handbook.SOURCE.read_text("utf-8")
    )
    files = {f"{name}-{width}.webp" for _words, name in named for width in handbook.WIDTHS}

    assert {file.name for file in folder.iterdir()} == files
    assert all(len(words) > 20 for words, _name in named)
    assert sum(file.stat().st_size for file in folder.iterdir()) < 800_000


def test_phone_gets_the_narrow_picture_and_each_says_what_it_shows(admin_client):
    page = admin_client.get(reverse("admin:help_chapter", args=["find-a-person"]))

    picture = re.search(r"<picture>(.*?)</picture>", page.text, re.DOTALL)[1]
    assert re.search(
        r'<source media="\(max-width: 40em\)" srcset="/static/organisers/help/people-390[\w.]*\.webp"', picture
    )
    assert re.search(r'<img src="/static/organisers/help/people-800[\w.]*\.webp".* alt="The list of people ', picture)


# Django's own pages of a row, and pages that say themselves what they are for.
WITHOUT_CHAPTER = {"help", "help_chapter", "app_list", "remind-access-team"}


def test_each_page_of_a_job_has_a_chapter():
    pages = {page for page, (opens, _sends) in TABLE.items() if opens and not page.endswith(("_history", "_delete"))}

    assert {page for page in pages if not handbook.chapter_for(f"admin:{page}")} == WITHOUT_CHAPTER


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
