"""Markdown to safe HTML: no raw HTML, no images, and links only with safe schemes."""

import re
from functools import lru_cache
from urllib.parse import urlsplit

from django.utils.safestring import mark_safe
from markdown_it import MarkdownIt
from markdown_it.common.normalize_url import normalizeLink

LINK_SCHEMES = {"", "http", "https", "mailto"}
# The page itself has the h1. The organisers' largest heading becomes h2.
HEADINGS = {"h1": "h2", "h2": "h2", "h3": "h3", "h4": "h4", "h5": "h4", "h6": "h4"}


@lru_cache(maxsize=512)
def to_html(words, heading=2, attributes=()):
    """Return Markdown as safe HTML, as people type it: each line break counts, bare addresses are links.

    The largest headings become h2, or the level `heading`. HTML in the words is shown as typed. Each block gets the
    `attributes`, pairs like ("lang", "en").
    """
    # Safe: the parser escapes all it does not make itself, and makes no HTML but that of the rules left on.
    return mark_safe(_parser().render(_as_pasted(words), {"heading": heading, "attributes": attributes}))  # noqa: S308


def _as_pasted(words):
    """Return text with other programs' bullets replaced by Markdown's."""
    words = words.replace("\r\n", "\n").replace("\u2028", "\n").replace("\u00a0", " ")
    return _BULLET.sub(r"\1- ", words)


_BULLET = re.compile(r"^([ \t]*)[•◦▪‣·●○■–—][ \t]+", re.MULTILINE)


def escaped(text):
    """Return plain text so Markdown reads every character of it as itself."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)


@lru_cache(maxsize=1)
def _parser():
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True, "linkify": True}).enable(["table", "linkify"])
    # Off: syntax that people use by accident (an indented line, or one underlined with dashes), and images, which the
    # CSP would block.
    parser.disable(["code", "fence", "lheading", "image", "html_block", "html_inline", "reference"])
    # A name like "J.de Boer" is not a URL; what begins with www is.
    parser.linkify.set({"fuzzy_link": False})
    parser.linkify.add("www.", {"validate": _rest_of_www, "normalize": _with_https})
    parser.normalizeLink = lambda address: normalizeLink(_whole(address))
    parser.validateLink = _may_lead_to
    parser.core.ruler.push("headings", _lower_headings)
    parser.core.ruler.push("attributes", _set_attributes)
    return parser


def _rest_of_www(linkify, text, position):
    found = re.compile(r"[\w-]+(\.[\w-]+)+([/?#][^\s<>\"“”]*)?").match(text, position)
    return len(found[0].rstrip(".,;:!?)")) if found else 0


def _with_https(linkify, match):
    match.url = f"https://{match.url}"


_DOMAIN = re.compile(r"[\w-]+(\.[\w-]+)*\.[a-z]{2,}(:\d+)?([/?#].*)?", re.IGNORECASE)


def _whole(address):
    """Complete a URL or mail address that was typed without its scheme: "example.org/p", "me@example.org"."""
    address = address.strip()
    if _DOMAIN.fullmatch(address):
        return f"https://{address}"
    if re.fullmatch(r"[^\s@/:]+@[\w.-]+\.\w+", address):
        return f"mailto:{address}"
    if re.match(r"[\w-]+(/|$)", address):  # one of our pages, wherever the text is shown
        return f"/{address}"
    return address


def _may_lead_to(address):
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    # "//example.org" is a URL of another site that looks like one of ours.
    return parts.scheme in LINK_SCHEMES and (bool(parts.scheme) or not parts.netloc)


def _lower_headings(state):
    lower = state.env.get("heading", 2) - 2
    for token in state.tokens:
        if token.tag in HEADINGS:
            token.tag = f"h{int(HEADINGS[token.tag][1]) + lower}"


def _set_attributes(state):
    for token in state.tokens:
        if token.level == 0 and token.nesting >= 0:
            for name, value in state.env.get("attributes", ()):
                token.attrSet(name, value)
