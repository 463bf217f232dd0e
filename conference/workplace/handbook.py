"""The organisers' handbook: docs/organisers.md, one page per chapter, linked from the pages that it explains.

An app names the chapter of its pages when its admin is loaded:

    handbook.explain("find-a-person", "admin:registration_registrant_changelist")
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator, slugify
from markdown_it import MarkdownIt

SOURCE = settings.BASE_DIR / "docs" / "organisers.md"
# Pictures are files in two widths, in pixels: static/organisers/help/<name>-<width>.webp (`make handbook`).
WIDTHS = (800, 390)
PICTURE_HEIGHT = 620
_LINK = re.compile(r"\]\(#([\w-]+)\)")
_PICTURE = re.compile(r'<p><img src="\.\./static/(organisers/help/[\w-]+)-800\.webp" alt="([^"]*)" /></p>')
_chapter_of: dict[str, str] = {}


@dataclass(frozen=True)
class Chapter:
    """One chapter: its title, the end of its address, and its Markdown. `find` says where in it words were found."""

    slug: str
    title: str
    source: str

    def html(self, url_of: Callable[[str], str]) -> SafeString:
        """Return the chapter as HTML; `url_of` gives the address of the page of a slug."""
        linked = _LINK.sub(lambda link: f"]({url_of(link[1])})", self.source)
        html = MarkdownIt("commonmark", {"html": False}).enable("table").render(linked)
        return mark_safe(_PICTURE.sub(lambda found: _picture(*found.groups()), html))  # noqa: S308 - ours

    @property
    def words(self) -> str:
        """The chapter as plain text."""
        return " ".join(strip_tags(self.html(str)).split())

    def excerpt(self, word: str) -> str:
        """Return some text around the first `word`, or the beginning of the chapter."""
        text, at = self.words, self.words.casefold().find(word.casefold())
        start = text.rfind(". ", 0, max(at, 0)) + 2 if at > 0 and ". " in text[:at] else 0
        return Truncator(text[start:]).words(25)


def _picture(name: str, words: str) -> SafeString:
    """Return the HTML of a picture, the narrow one on a phone, with lazy loading."""
    return format_html(
        '<picture><source media="(max-width: 40em)" srcset="{}" width="{}" height="{}">'
        '<img src="{}" width="{}" height="{}" alt="{}" loading="lazy"></picture>',
        static(f"{name}-{WIDTHS[1]}.webp"),
        WIDTHS[1],
        PICTURE_HEIGHT,
        static(f"{name}-{WIDTHS[0]}.webp"),
        WIDTHS[0],
        PICTURE_HEIGHT,
        mark_safe(words),  # noqa: S308 - escaped by Markdown
    )


@cache
def chapters() -> dict[str, Chapter]:
    """Return the chapters by slug, in the order of the handbook."""
    _intro, *parts = re.split(r"(?m)^## ", SOURCE.read_text(encoding="utf-8"))
    pairs = (part.split("\n", 1) for part in parts)
    return {slugify(title): Chapter(slugify(title), title.strip(), text) for title, text in pairs}


def find(words: str) -> list[Chapter]:
    """Return the chapters that contain all the words, those with one in the title first."""
    asked = words.casefold().split()
    found = [
        chapter
        for chapter in chapters().values()
        if all(word in f"{chapter.title} {chapter.words}".casefold() for word in asked)
    ]
    return sorted(found, key=lambda chapter: not any(word in chapter.title.casefold() for word in asked))


def explain(slug: str, *url_names: str) -> None:
    """Say which chapter explains the pages with these URL names."""
    _chapter_of.update(dict.fromkeys(url_names, slug))


def chapter_for(url_name: str) -> Chapter | None:
    """Return the chapter that explains a page, or None."""
    return chapters().get(_chapter_of.get(url_name, ""))
