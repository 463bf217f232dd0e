"""The catalogues: up to date, complete, and fit for the pages. What a page shows of them: tests/test_languages.py."""

import re
import shutil
from pathlib import Path

import pytest
from django.utils import translation

from pxp import catalogues
from registration.letters.samples import NOW as OF_SAMPLES
from registration.letters.samples import samples
from registration.letters.writing import compose
from tests.factories import make_program
from tests.support.words import Words
from tests.test_languages import OTHERS, PAGES, page

pytestmark = pytest.mark.sqlite_only

CATALOGUES = [(part, language) for language in OTHERS for part in catalogues.parts_of(language)]


@pytest.mark.parametrize(("part", "language"), CATALOGUES)
def test_catalogue_is_up_to_date_and_complete(part, language):
    kept = catalogues.file_of(part, language).read_bytes()

    catalogue = catalogues.update_catalogue(part, language)

    assert catalogues.as_text(catalogue) == kept, "Run: manage.py makemessages"
    assert [message.id for message in catalogue if message.id and not catalogues.is_translated(message)] == []
    assert list(catalogues.faults_of(catalogue)) == []


def test_two_processes_may_compile_at_once(settings, tmp_path, monkeypatch):
    file = catalogues.file_of(*CATALOGUES[0])
    copy = tmp_path / file.relative_to(settings.BASE_DIR)
    copy.parent.mkdir(parents=True)
    shutil.copy(file, copy)
    settings.BASE_DIR = tmp_path

    def put_in_place(half, target):
        monkeypatch.undo()
        catalogues.compile_catalogues()  # the other process, which is a little faster
        return half.replace(target)

    monkeypatch.setattr(Path, "replace", put_in_place)
    catalogues.compile_catalogues()

    assert [found.name for found in copy.parent.iterdir() if found != copy] == ["django.mo"]


# What no translation has: in French a blank where a line could break before a sign, or a straight apostrophe; in
# Spanish a question or a cry that does not say so at its beginning; in Arabic the signs of other scripts.
SLIPS = {
    "fr": r" [:;?!»]|« |\w'\w",
    "es": r"^[^¿]*\?|^[^¡]*!|[“”\"]",
    "ar": r"[\u0600-\u06ff] ?[,;?]|[“”\"\u0660-\u0669]",
}


@pytest.mark.parametrize(("part", "language"), CATALOGUES)
def test_signs_are_those_of_the_language(part, language):
    said = [
        words
        for message in catalogues.read(part, language)
        if message.id
        for words in (message.string if isinstance(message.string, tuple) else (message.string,))
    ]

    assert [words for words in said if re.search(SLIPS[language], words)] == []


def english_left(language, html):
    """The texts of a page that are our English, though there are words for them in its language."""
    catalogue = catalogues.read(catalogues.ATTENDEES, language)
    ours = {message.id for message in catalogue if isinstance(message.id, str) and message.id != message.string}
    return [text for spoken, text in Words(html).found if spoken == language and text in ours]


@pytest.mark.django_db
@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("path", PAGES)
def test_page_says_nothing_in_english(client, language, path):
    make_program(days=2, sessions=1)

    assert english_left(language, page(client, path, language).text) == []


@pytest.mark.django_db
@pytest.mark.parametrize("language", OTHERS)
def test_mail_says_nothing_in_english(language):
    for name, loaded in samples(language):
        with translation.override(language):
            message = compose(loaded, now=OF_SAMPLES)

        assert english_left(language, message.alternatives[0].content) == [], name
