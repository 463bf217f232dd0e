"""Text direction, bidirectional isolation (Unicode UAX #9) and sorting of languages.

Pure: texts in, texts out, by the active language.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Literal

from babel import Locale
from babel.core import UnknownLocaleError
from babel.lists import format_list
from django.conf import settings
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"  # UAX #9 2.4


def direction_of(text: str) -> str:
    """Return "rtl" or "ltr" as the first letter with a direction says (UAX #9 P2), or "" if there is none."""
    kinds = (unicodedata.bidirectional(char) for char in text)
    return next(("ltr" if kind == "L" else "rtl" for kind in kinds if kind in ("L", "R", "AL")), "")


_SOUNDS_LIKE_Y = re.compile("h?[ií](?!e)", re.IGNORECASE)


def labelled(label: object, words: object) -> str:
    """Return "Day 1: What it is about"; French has a space before the colon too."""
    return f"{label}{_(': ')}{words}"


def runs_against(text: str) -> bool:
    """Whether a text runs against the direction of the active language, which would move its neighbours."""
    return direction_of(text) == ("ltr" if get_language_bidi() else "rtl")


def isolated(text: str) -> str:
    """Return a name or an address for plain text (a mail, a calendar), kept together if it runs the other way."""
    return f"{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}" if runs_against(text) else text


def isolated_html(text: str) -> SafeString:
    """Return a name or an address for a page, kept together if it runs the other way."""
    return format_html("<bdi>{}</bdi>", text) if runs_against(str(text)) else conditional_escape(text)


def list_words(items: Iterable[str], style: Literal["standard", "or"] = "standard") -> str:
    """Return items as a sentence says them (CLDR): "Ann, Bo and Cy"; "Ann or Bo" in the style "or"."""
    language = get_language() or settings.LANGUAGE_CODE
    # British English, which needs no comma before "and".
    try:
        locale = Locale.parse("en_GB" if language == "en" else language, sep="-")
    except (UnknownLocaleError, ValueError):
        locale = Locale("en", "GB")
    words = [str(item) for item in items]
    said = format_list(words, style=style, locale=locale)
    # Spanish "y" is "e" before the same sound, which Babel leaves to its caller: "Ana e Inés", but "agua y hielo".
    if (style, locale.language) == ("standard", "es") and words[1:] and _SOUNDS_LIKE_Y.match(words[-1]):
        return f"{said.removesuffix(f' y {words[-1]}')} e {words[-1]}"
    return said


def direction(language: str) -> str:
    """Return the direction of a language's script."""
    return "rtl" if language.partition("-")[0] in settings.LANGUAGES_BIDI else "ltr"


def attributes_of(language: str) -> tuple[tuple[str, str], ...]:
    """Return the attributes, as pairs, of an element in this language: none if the whole page is in it."""
    if language == get_language():
        return ()
    turned = (direction(language) == "rtl") != get_language_bidi()
    return (("lang", language), ("dir", direction(language))) if turned else (("lang", language),)


def sort_key(text: str) -> str:
    """Return a sort key: Åland comes beside Albania, أ beside ا, and capitals beside small letters."""
    letters = unicodedata.normalize("NFKD", str(text))
    return "".join(char for char in letters if not unicodedata.combining(char)).casefold()
