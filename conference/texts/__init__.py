"""The passages of pages: the organisers' words, or our standard words if there are none.

`PASSAGES` has every passage by its key. Words are Markdown; `{conference}` becomes "PxP 2027" and `{contact}` the
contact address. A line with `{zoom_test}`, the page of Zoom's test meeting, is there only for a meeting on Zoom. Other
words in braces stay as they are.
"""

from collections.abc import Mapping
from email.utils import parseaddr
from functools import cached_property

from django.conf import settings
from django.utils.translation import get_language

from conference.models import Text

from . import access, easy_read, home, newcomers, privacy, taking_part
from .markdown import escaped, to_html
from .passage import Passage

PASSAGES = {
    passage.key: passage
    for passages in (
        home.PASSAGES,
        newcomers.PASSAGES,
        easy_read.PASSAGES,
        taking_part.PASSAGES,
        access.PASSAGES,
        privacy.PASSAGES,
    )
    for passage in passages
}

__all__ = ["PASSAGES", "Passage", "Passages", "ensure_rows"]


class Passages(Mapping):
    """The passages of one edition as safe HTML by key, in the active language. All of them cost one query."""

    def __init__(self, conference):
        self.conference = conference

    def __getitem__(self, key):
        """Return a passage as HTML. Raises KeyError for a key that is not in `PASSAGES`."""
        standard = PASSAGES[key]
        own = self._own_words.get(key)
        return to_html(_filled(str(own or standard.words), self._values), attributes=own.attributes if own else ())

    def is_in_language(self, key):
        """Whether a passage is in the active language. Our standard words are."""
        own = self._own_words.get(key)
        return own is None or own.language == get_language()

    def __iter__(self):
        return iter(PASSAGES)

    def __len__(self):
        return len(PASSAGES)

    @cached_property
    def _own_words(self):
        words = {text.key: text.translated.body for text in Text.objects.for_edition(self.conference)}
        return {key: said for key, said in words.items() if said.strip()}

    @cached_property
    def _values(self):
        contact = self.conference.contact_email or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
        zoom_test = "zoom.us/test" if "zoom" in self.conference.platform.casefold() else ""
        name = f"{self.conference.short_name} {self.conference.slug}"
        return {"{conference}": name, "{contact}": contact, "{zoom_test}": zoom_test}


def ensure_rows(conference):
    """Give the edition an empty row for each passage it lacks, so organisers find them all. Return how many."""
    there = {text.key for text in Text.objects.for_edition(conference)}
    missing = [Text(conference=conference, key=key) for key in PASSAGES if key not in there]
    Text.objects.bulk_create(missing, ignore_conflicts=True)  # another request may be doing the same
    return len(missing)


def _filled(words, values):
    """Fill in the values; a line with a placeholder that has none is left out."""
    without = [placeholder for placeholder, value in values.items() if not value]
    words = "\n".join(line for line in words.split("\n") if not any(each in line for each in without))
    for placeholder, value in values.items():
        words = words.replace(placeholder, escaped(value))
    return words
