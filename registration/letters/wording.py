"""Organisers' own words in the automatic letters: sentence by sentence, instead of ours.

A letter's template keeps its order, its conditions and its links; organisers can reword only what is within
`translate` tags. `use_words` sets the words while a letter is written; without it ours are used.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.template.loader import get_template
from django.template.loader_tags import BlockNode
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.utils import translation
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _
from django.utils.translation import trans_real

# The files of templates/emails/ and what their letters are for, as organisers know them; then the parts of all.
LETTERS = {
    "please_confirm": _("Please confirm your place"),
    "confirmation": _("You have a place, or wait for one"),
    "invite": _("Calendar invite"),
    "reminder": _("Reminder"),
    "place": _("A place has come free"),
    "update": _("A day has a new time"),
    "cancel": _("A day is called off, or a place cancelled"),
    "restored": _("A day is back on"),
    "link": _("The link to their page"),
    "address": _("New address: please confirm"),
    "address_asked": _("Someone asked for another address"),
    "address_changed": _("Last mail to the old address"),
    "private": _("Link to their data"),
    "need_answer": _("Answer of the Access team"),
}
PARTS = {
    "mail": _("Every mail: greeting and links"),
    "base": _("Every mail: the foot"),
    "day": _("Every mail: a day and its hours"),
    "door": _("Every mail: the button to join"),
    "copy": _("Every mail: below its button"),
}

_words: ContextVar[dict | None] = ContextVar("own_words", default=None)
_FIELD = re.compile(r"\{+\s*(\w+)\s*\}+")
# What looks like a field: also {my page}, which messages have.
_TYPED = re.compile(r"\{+\s*([^{}]{1,60}?)\s*\}+")
_PLACE = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True)
class Sentence:
    """One sentence of a letter: our words as translators see them, and its place."""

    key: str
    is_subject: bool = False

    @property
    def fields(self) -> list[str]:
        """The values to fill in, by name."""
        return list(dict.fromkeys(_PLACE.findall(self.key)))

    @property
    def tags(self) -> set[str]:
        """The HTML tags within it: <strong> and the like."""
        return set(re.findall(r"</?[a-z]+>", self.key))

    def shown(self, language: str) -> str:
        """Our words in a language, as an organiser reads and types them: {name} for what is filled in."""
        with translation.override(language):
            words = translation.gettext(self.key)
        return _PLACE.sub(r"{\1}", words).replace("%%", "%")

    def unknown_in(self, words: str) -> list[str]:
        """Return the fields in an organiser's words that nothing fills here."""
        return [field for field in dict.fromkeys(_TYPED.findall(words)) if field not in self.fields]

    def as_translation(self, words: str) -> str:
        """Return an organiser's words as the template takes them: escaped, but for the tags that ours have."""
        text = escape(" ".join(words.split())).replace("%", "%%")
        for tag in self.tags:
            text = text.replace(escape(tag), tag)
        return _FIELD.sub(lambda found: f"%({found[1]})s" if found[1] in self.fields else found[0], text)


@lru_cache
def sentences_of(name: str) -> list[Sentence]:
    """Return the Sentences of templates/emails/<name>.html, subjects first, then in the order of the letter."""
    wrapped: Any = get_template(f"emails/{name}.html")  # of Django's own engine, which has it
    template = wrapped.template
    subjects = {
        id(node)
        for block in template.nodelist.get_nodes_by_type(BlockNode)
        if block.name == "subject"
        for kind in (TranslateNode, BlockTranslateNode)
        for node in block.nodelist.get_nodes_by_type(kind)
    }
    found = []
    for kind in (TranslateNode, BlockTranslateNode):
        for node in template.nodelist.get_nodes_by_type(kind):
            keys_of_words = [key for key in _keys_of(node) if re.search(r"[^\W\d_]", key)]  # ":" is no sentence
            found += [(id(node) not in subjects, node.token.lineno, key) for key in keys_of_words]
    keys: dict[str, Sentence] = {}
    for is_not_subject, _line, key in sorted(found):
        keys.setdefault(key, Sentence(key, not is_not_subject))
    return list(keys.values())


def _keys_of(node: Any) -> list[str]:
    if isinstance(node, TranslateNode):
        return [str(node.filter_expression.var.literal).replace("%", "%%")]
    keys = [node.render_token_list(node.singular)[0]]
    return [*keys, node.render_token_list(node.plural)[0]] if node.plural else keys


@contextmanager
def use_words(words: dict) -> Iterator[None]:
    """Use organisers' words in the block: {file name: {language: {key of a sentence: words}}}."""
    token = _words.set(words)
    try:
        yield
    finally:
        _words.reset(token)


@contextmanager
def override_words(name: str, language: str) -> Iterator[None]:
    """Render the letter `name` with these words in the active language."""
    own: dict[str, str] = {}
    for file in (*PARTS, name):
        written = (_words.get() or {}).get(file, {}).get(language, {})
        known = {sentence.key: sentence for sentence in sentences_of(file)} if written else {}
        own |= {key: known[key].as_translation(words) for key, words in written.items() if words and key in known}
    if not own:
        yield
        return
    # What `translation.override` activated. Django has no public way to override messages of a catalogue.
    active: Any = trans_real._active  # type: ignore[attr-defined]
    before = active.value
    active.value = _Reworded(before, own)
    try:
        yield
    finally:
        active.value = before


class _Reworded:
    """A catalogue with some sentences in other words."""

    def __init__(self, catalogue: Any, words: dict[str, str]) -> None:
        self._catalogue, self._words = catalogue, words

    def __getattr__(self, name: str) -> Any:
        return getattr(self._catalogue, name)

    def gettext(self, message: str) -> str:
        return self._words.get(message) or self._catalogue.gettext(message)

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        own = self._words.get(singular if number == 1 else plural)
        return own or self._catalogue.ngettext(singular, plural, number)
