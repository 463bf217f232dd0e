"""The language of a page is in its address: /fr/program/ is French, /program/ the site's own language.

It does not depend on cookies or headers, so a page is the same for everybody and any cache may store it.
"""

from dataclasses import dataclass

from babel.core import get_global
from django.conf import settings
from django.utils import translation

from conference.missing_parts import counting_missing

ORGANISERS = "/organisers/"
# Content types without text.
NO_WORDS = ("image/", "font/", "text/css", "text/javascript")


@dataclass(frozen=True)
class Version:
    """A page in one language: its code, the language's own name, and the page's path, with what its query says."""

    code: str
    name: str
    url: str


def activate_language(get_response):
    """Make the middleware that activates the language of the URL, and sets Content-Language.

    A view may activate another one: a person's own pages are in that person's language.
    """

    def answer(request):
        with translation.override(language_of(request.path_info)), counting_missing():
            response = get_response(request)
            if not response.get("Content-Type", "").startswith(NO_WORDS):
                response.setdefault("Content-Language", translation.get_language())
        return response

    return answer


def speak(code: str) -> None:
    """Let the rest of this answer be in the language `code`, or in the site's own if it no longer has that one."""
    translation.activate(offered_language(code))


def offered_language(code: str) -> str:
    """Return the language `code`, or the site's own if it no longer has that one: nothing leads to its pages."""
    return code if code in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def language_of(path: str) -> str:
    """Return the language that a path is in: the site's own if it names none."""
    code, _slash, rest = path[1:].partition("/")
    if code == settings.LANGUAGE_CODE or code not in dict(settings.LANGUAGES):
        return settings.LANGUAGE_CODE
    is_spoken = code in settings.ORGANISER_LANGUAGES or not f"/{rest}".startswith(ORGANISERS)
    return code if is_spoken else settings.LANGUAGE_CODE


def without_language(path: str) -> str:
    """Return a path as it is in the site's own language."""
    code = language_of(path)
    return path if code == settings.LANGUAGE_CODE else path.removeprefix(f"/{code}")


def in_language(path: str, code: str) -> str:
    """Return the path of the same page in another language."""
    path = without_language(path)
    return path if code == settings.LANGUAGE_CODE else f"/{code}{path}"


def in_own_language(path: str) -> str:
    """Return the path of the same page in the language that is active."""
    return in_language(path, translation.get_language() or settings.LANGUAGE_CODE)


def og_locale() -> str:
    """Return the active language as Open Graph names it, with the territory that CLDR finds most likely: "fr_FR"."""
    language = translation.get_language() or settings.LANGUAGE_CODE
    likely = get_global("likely_subtags").get(language, "")
    return f"{language}_{likely.rpartition('_')[2]}" if likely else language


def versions_of(path: str, query: str = "") -> list[Version]:
    """Return a page in each language of the site, this one too. `query`, without its question mark, is kept."""
    behind = f"?{query}" if query else ""
    return [Version(code, name, in_language(path, code) + behind) for code, name in settings.LANGUAGES]
