"""Organisers' own words in the mails that leave by themselves, and the way back to ours."""

import re

import pytest

from registration.letters import wording
from registration.letters.samples import samples
from registration.letters.try_out import compose_sample, samples_of
from registration.letters.writing import write_letter
from registration.models import LetterText, OutboxMessage
from registration.models.letter_texts import all_words
from registration.services import wording as services
from registration.status import Letter
from tests.factories import NOW, make_pending, make_program, make_staff

pytestmark = pytest.mark.django_db

SUBJECT = "Changed: %(day)s, %(moment)s"
SENTENCE = "%(day)s has a new time. It was <s>%(old)s</s>. It is now <strong>%(new)s</strong>."


@pytest.fixture
def organiser():
    return make_staff(email="vera@example.org")


def say(name, organiser, words, language="en"):
    return services.set_words(name, language=language, words=words, user=organiser, now=NOW)


def written(sample="update with entry"):
    with wording.use_words(all_words()):
        return compose_sample(sample, "en")[0]


def without_links(message):
    """A sample's text; its people have other ids each time."""
    return message.subject, re.sub(r"http\S+", "", message.body)


def test_every_letter_has_its_sentences_and_a_sample():
    automatic = {str(letter) for letter in Letter} - {Letter.BROADCAST, Letter.TEST}

    assert set(wording.LETTERS) == automatic
    for name in (*wording.LETTERS, *wording.PARTS):
        assert wording.sentences_of(name)
        assert all(re.search("[a-z]", sentence.key) for sentence in wording.sentences_of(name))  # a ":" is none
        assert samples_of(name, "en")


def test_letter_has_the_organisers_words_and_ours_come_back(organiser):
    before = written()
    assert say("update", organiser, {SUBJECT: "New hour, 100%: {day}", SENTENCE: "{day} <b>&</b> <s>{old}</s>: {new}"})
    assert say("mail", organiser, {"Hello %(reader)s,": "Dear {reader}!"})

    after = written()
    assert after.subject == "New hour, 100%: PxP Day 2"
    assert "Dear Ada Lovelace!" in after.body
    assert "PxP Day 2 &lt;b&gt;&amp;&lt;/b&gt; <s>Tuesday" in after.alternatives[0].content
    assert written("restored with entry").subject.startswith("Back on: PxP Day 2")

    assert say("update", organiser, {SUBJECT: "", SENTENCE: ""})
    assert say("mail", organiser, {"Hello %(reader)s,": ""})
    assert not say("mail", organiser, {"Hello %(reader)s,": ""})
    assert without_links(written()) == without_links(before)


def test_field_of_messages_to_many_is_refused_here(organiser):
    with pytest.raises(services.DoesNotFit) as refused:
        say("update", organiser, {SENTENCE: "Look at {my page}, {{day}}"})

    assert refused.value.faults == {SENTENCE: "The field {my page} cannot be used here."}


def test_field_in_two_braces_is_filled_in(organiser):
    say("update", organiser, {SUBJECT: "New: {{day}}"})

    assert written().subject == "New: PxP Day 2"


def test_words_that_do_not_fit_are_refused_and_nothing_is_saved(organiser):
    with pytest.raises(services.DoesNotFit) as refused:
        say("update", organiser, {SUBJECT: "Neu: {tag}"})

    assert refused.value.faults == {SUBJECT: "The field {tag} cannot be used here."}
    assert not LetterText.objects.exists()


def test_worker_says_it_in_the_own_words_and_only_in_their_language(organiser, settings):
    settings.LANGUAGES = [("en", "English"), ("fr", "French")]
    day = make_program(days=1, sessions=1).days.get()
    make_pending(day, name="Eve", language="fr")
    say("please_confirm", organiser, {"Please confirm your place at %(name)s": "One step to {name}"})
    make_pending(day, name="Ada")

    asked = OutboxMessage.objects.filter(letter="please_confirm")
    subjects = {row.language: write_letter(row, now=NOW).subject for row in asked}

    assert subjects["fr"] != "One step to PxP"
    assert subjects["en"] == "One step to PxP"


def test_organiser_gets_an_automatic_mail_with_invented_data(organiser):
    say("update", organiser, {SUBJECT: "New hour: {day}"})

    services.send_test("update with entry", language="en", user=organiser, now=NOW)
    message = write_letter(OutboxMessage.objects.get(), now=NOW)

    assert message.to == ["vera@example.org"]
    assert message.subject == "Test, as Ada Lovelace reads it: New hour: PxP Day 2"


def test_every_sentence_of_every_letter_takes_other_words():
    """Whatever is changed, all states can still be written: each sentence with a mark around what it was."""
    everything = {
        name: {"en": {one.key: f"[{one.shown('en')}]" for one in wording.sentences_of(name)}}
        for name in (*wording.LETTERS, *wording.PARTS)
    }
    for name, loaded in samples("en"):
        if loaded.row.letter in wording.LETTERS:
            with wording.use_words(everything):
                assert compose_sample(name, "en")[0].subject.count("[") == 1, name
