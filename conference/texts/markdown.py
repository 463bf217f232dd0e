"""Markdown to HTML that is safe to show: no raw HTML, no images, links only to where links may lead."""

import re
from functools import lru_cache
from urllib.parse import urlsplit

from django.utils.safestring import mark_safe
from markdown_it import MarkdownIt

LINK_SCHEMES = {"", "http", "https", "mailto"}
# The page has the one h1. What organisers write as the largest heading becomes h2.
HEADINGS = {"h1": "h2", "h2": "h2", "h3": "h3", "h4": "h4", "h5": "h4", "h6": "h4"}


@lru_cache(maxsize=512)
def to_html(words):
    """Return Markdown as safe HTML. Headings begin at h2; HTML in the words is shown as typed."""
    # Safe: the parser escapes all it does not make itself, and makes no HTML but that of the rules left on.
    return mark_safe(_parser().render(words))  # noqa: S308


def escaped(text):
    """Return plain text so that Markdown reads every character of it as itself."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)


@lru_cache(maxsize=1)
def _parser():
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    # Off: what people write by accident (a line that is indented, or underlined with dashes) and images, which the
    # security policy would block.
    parser.disable(["code", "fence", "lheading", "image", "html_block", "html_inline", "reference"])
    parser.validateLink = _may_lead_to
    parser.core.ruler.push("headings", _lower_headings)
    return parser


def _may_lead_to(address):
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    # "//example.org" is an address of another site that looks like one of ours.
    return parts.scheme in LINK_SCHEMES and (bool(parts.scheme) or not parts.netloc)


def _lower_headings(state):
    for token in state.tokens:
        token.tag = HEADINGS.get(token.tag, token.tag)
