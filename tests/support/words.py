"""Reads the words of a page with the language each is in, and makes a language of its own to see what is not marked."""

import re
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# <option> and <li> of ours may have no end tag: the next one ends it.
WITHOUT_END = {"option"}
SILENT = {"script", "style", "svg"}
SPOKEN = ("alt", "aria-label", "title", "placeholder", "data-title", "data-says", "data-show", "data-other")


class Words(HTMLParser):
    """The texts of a page, as (language, text), and those of attributes that are read out."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.open = []  # (element, its language)
        self.feed(html)

    @property
    def language(self):
        return next((language for _tag, language in reversed(self.open) if language), "")

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag in WITHOUT_END and self.open and self.open[-1][0] == tag:
            self.open.pop()
        if tag not in VOID:
            self.open.append((tag, given.get("lang") or ""))
        language = given.get("lang") or self.language
        if any(name in SILENT for name, _language in self.open):
            return
        said = [given[name] for name in SPOKEN if given.get(name)]
        if tag == "meta" and given.get("name") == "description":
            said.append(given["content"])
        if tag == "input" and given.get("type") == "submit":
            said.append(given["value"])
        self.found += [(language, text) for text in said]

    def handle_endtag(self, tag):
        while self.open:
            if self.open.pop()[0] == tag:
                break

    def handle_data(self, data):
        if data.strip() and not any(name in SILENT for name, _language in self.open):
            self.found.append((self.language, " ".join(data.split())))


MARKED = str.maketrans("aeiouAEIOU", "ȧėıȯṳȦĖİȮṲ")
KEPT = re.compile(r"%\(\w+\)[sd]|%%|\{\w*\}|<[^>]*>|&\w+;|\]\([^)]*\)|https?:\S+")


def pretend(text):
    """Return a text in a language that does not exist: each vowel has a dot, placeholders and addresses stay."""
    kept = [*KEPT.findall(text), ""]
    return "".join(piece.translate(MARKED) + as_it_is for piece, as_it_is in zip(KEPT.split(text), kept, strict=True))
