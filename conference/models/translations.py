"""The organisers' words in several languages: one column of a row holds them all.

A page reads `row.translated.title`: the words in its language, or else the original, marked as such. Why a column of
our own: docs/decisions/0012-translations-are-a-column-of-their-row.md
"""

from django.conf import settings
from django.db import models
from django.utils.html import escape, format_html, format_html_join
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from conference.missing_parts import note_missing
from conference.scripts import attributes_of, isolated_html


class TranslatedText(str):
    """Words with the language they are in. In HTML they say it themselves, where the page speaks another one."""

    language: str
    is_name: bool

    def __new__(cls, words, language, is_name=False):
        text = super().__new__(cls, words)
        text.language, text.is_name = language, is_name
        return text

    @property
    def attributes(self):
        """The attributes, as pairs, of an element that holds these words and nothing else. They count as shown."""
        if self.is_name or not self or self.language == get_language():
            return ()
        note_missing(str(self))
        return attributes_of(self.language)

    def __html__(self):
        if self.is_name:
            return isolated_html(str(self))
        if not (pairs := self.attributes):
            return escape(str(self))
        return format_html("<span{}>{}</span>", format_html_join("", ' {}="{}"', pairs), str(self))


class _TranslatedFields:
    """The words of one row, by field name."""

    def __init__(self, row):
        self._row = row

    def __getattr__(self, name):
        return self._row.words_in(name, get_language() or settings.LANGUAGE_CODE)


class Translated(models.Model):
    """A row with words that organisers may give in several languages.

    `translations` is {language: {field: {"words": …, "of": …}}}, where "of" is the original that was translated: when
    that no longer is the row's, the translation needs another look.
    """

    TRANSLATED: tuple[str, ...] = ()  # fields, in the order of the page
    NAMES: tuple[str, ...] = ()  # those that are names: nobody misses a translation

    translations = models.JSONField(_("translations"), default=dict, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def translated(self):
        """The row's words in the active language, by field: `row.translated.title` is a `TranslatedText`."""
        return _TranslatedFields(self)

    def words_in(self, name, language):
        """Return the words of a field in a language, or the original if there are none, as `TranslatedText`."""
        original = getattr(self, name)
        if language != settings.LANGUAGE_CODE and (found := self.translation(name, language)):
            return TranslatedText(found["words"], language, name in self.NAMES)
        return TranslatedText(original, settings.LANGUAGE_CODE, name in self.NAMES)

    def translation(self, name, language):
        """Return {"words", "of"} of a field in a language, or None; also if the original was emptied since."""
        found = self.translations.get(language, {}).get(name)
        if not found or not found["words"] or (not getattr(self, name) and found["of"]):
            return None
        return found

    def fault_in_translation(self, name, words):
        """Return why pages could not show these words as the translation of a field, or ""."""
        return ""

    def translate(self, name, language, words):
        """Set the words of a field in a language, made from the original of now; "" takes them away. Save the row."""
        fields = dict(self.translations.get(language, {}))
        fields.pop(name, None)
        if words.strip():
            fields[name] = {"words": words, "of": getattr(self, name)}
        others = {code: each for code, each in self.translations.items() if code != language}
        self.translations = others | ({language: fields} if fields else {})
