"""Changing the words of automatic mails, and trying them out."""

import hashlib
import json
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from registration.letters import outbox, wording
from registration.letters.try_out import compose_sample, samples_of
from registration.mail.delivery import to_bytes
from registration.models import LetterText
from registration.models.history import note
from registration.models.letter_texts import all_words


class DoesNotFit(Exception):
    """Some words do not fit their letter: `faults` maps the key of a sentence ("" for all) to the reason."""

    def __init__(self, faults: dict[str, str]) -> None:
        super().__init__()
        self.faults = faults


class ChangedMeanwhile(Exception):
    """Someone else has changed the words since: `own` maps the key of a sentence to what is there now."""

    def __init__(self, own: dict[str, str]) -> None:
        super().__init__()
        self.own = own


def fingerprint_of(own: dict[str, str]) -> str:
    """Return a fingerprint of a letter's words, to see whether someone else changed them."""
    return hashlib.sha256(json.dumps(own, sort_keys=True).encode()).hexdigest()[:16]


def set_words(
    name: str, *, language: str, words: dict[str, str], user: User, now: datetime, seen: str | None = None
) -> bool:
    """Give sentences of a letter other words in one language; "" brings ours back. Returns whether any changed.

    `words` maps the key of a sentence to an organiser's words; sentences that it leaves out stay. `seen` is the
    `fingerprint_of` what the organiser saw, None to replace whatever is there. Every state of the letter is written
    with them first. Raises ChangedMeanwhile and DoesNotFit, and then nothing is saved.
    """
    with transaction.atomic():
        row, _is_new = LetterText.objects.select_for_update().get_or_create(name=name, defaults={"changed_at": now})
        before = row.words.get(language, {})
        own = {key: text for key, text in (before | words).items() if text}
        if own == before:
            return False  # also where the button was pressed twice
        if seen not in (None, fingerprint_of(before)):
            raise ChangedMeanwhile(before)
        row.words = {**row.words, language: own}
        row.changed_at = now
        check_words(name, language, row.words)
        row.save()
        note(user, row, _("Other words: %(letter)s") % {"letter": label_of(name)} + _from_to(before, own))
    return True


def _from_to(before: dict[str, str], after: dict[str, str]) -> str:
    """Return what was said and what is said now, for the history: from there lost words can be taken again."""
    ours = _("the original words")
    changed = [key for key in before | after if before.get(key) != after.get(key)]
    words = _(" (from “%(before)s” to “%(after)s”)")
    return "".join(words % {"before": before.get(key, ours), "after": after.get(key, ours)} for key in changed)


def check_words(name: str, language: str, words: dict[str, dict[str, str]]) -> None:
    """Write every state of a letter with these words ({language: {sentence: words}}). Raises DoesNotFit."""
    known = {sentence.key: sentence for sentence in wording.sentences_of(name)}
    faults = {}
    for key, text in words.get(language, {}).items():
        if key in known and (unknown := known[key].unknown_in(text)):
            faults[key] = _("The field {%(field)s} cannot be used here.") % {"field": unknown[0]}
    if faults:
        raise DoesNotFit(faults)
    with wording.use_words(all_words() | {name: words}):
        for sample in samples_of(name, language):
            try:
                to_bytes(compose_sample(sample, language)[0])
            except Exception as fault:
                raise DoesNotFit({"": _("The mail cannot be written like this.")}) from fault


def send_test(sample: str, *, language: str, user: User, now: datetime) -> None:
    """Send an account an automatic mail with invented data, through the outbox."""
    with transaction.atomic():
        outbox.queue_sample(sample, language=language, to_email=user.email, now=now)


def label_of(name: str) -> str:
    """Return what a letter is for, in words."""
    return str((wording.LETTERS | wording.PARTS).get(name, name))
