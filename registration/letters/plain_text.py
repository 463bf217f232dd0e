"""The text part of a mail, made from its HTML part: each sentence of a mail is written once."""

import re
from html.parser import HTMLParser

from django.utils.translation import gettext as _

from conference.scripts import FIRST_STRONG_ISOLATE, POP_ISOLATE

_BLOCKS = {"p", "h1", "h2", "h3", "h4", "ul", "ol", "li", "dl", "dt", "dd", "div", "main", "header", "footer"}
_BLANKS = re.compile(r"[ \t\r\n\f]+")  # HTML's own; a blank that may not break stays
_VOID = {"br", "hr", "img", "meta", "link", "input"}
_NOT_TEXT = {"style", "script"}
# No empty line after these: the time of a day is right below its name.
_HEADS = {"h2", "h3", "h4", "dt"}
# Classes of purely visual parts: the preview text of mail programs, and what the text part says in another way.
_FOR_THE_EYE = {"preview", "screen"}


class PlainText(HTMLParser):
    """Reads one page of ours. `title` is its title, `text` the rest as paragraphs, each link with its address below."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.title = ""
        self.paragraphs: list[tuple[str, str]] = []  # (element, words)
        self.words = ""
        self.element = ""
        self.hidden: list[str] = []  # the elements we are in that say nothing here, the outermost first
        self.isolates: list[str] = []  # the inline elements we are in that keep words together
        self.link: tuple[str, int] | None = None  # (its address, where in `words` its own begin)
        self.feed(html)
        self.close()
        self._end_paragraph()

    @property
    def text(self) -> str:
        """The paragraphs, with an empty line between, but none after a heading or between the points of a list."""
        parts, before = [], None
        for element, words in self.paragraphs:
            if before is not None:
                is_close = before in _HEADS or (before, element) == ("li", "li")
                parts.append("\n" if is_close else "\n\n")
            parts.append(f"- {words}" if element == "li" else words)
            before = element
        return "".join(parts) + "\n"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if self.hidden or tag in _NOT_TEXT or tag == "title" or _FOR_THE_EYE & set((given.get("class") or "").split()):
            if tag not in _VOID:
                self.hidden.append(tag)
        elif tag in _BLOCKS:
            self._end_paragraph()
            self.element = tag
            if tag == "footer":
                self.paragraphs.append(("h2", "-- "))  # which mail programs take for a signature (RFC 3676 §4.3)
        elif tag == "br":
            self.words = self.words.rstrip(" ") + "\n"
        elif tag == "bdi" or (tag == "span" and "dir" in given):
            self.words += FIRST_STRONG_ISOLATE
            self.isolates.append(tag)
        elif tag == "a":
            self.link = (given.get("href") or "", len(self.words))

    def handle_endtag(self, tag: str) -> None:
        if self.hidden:
            if tag == self.hidden[-1]:
                self.hidden.pop()
        elif tag in _BLOCKS:
            self._end_paragraph()
        elif self.isolates and tag == self.isolates[-1]:
            self.isolates.pop()
            self.words += POP_ISOLATE
        elif tag == "a" and self.link:
            (url, start), self.link = self.link, None
            label = self.words[start:].strip()
            if label != url:
                colon = "" if label.endswith((":", "?")) else _(": ").rstrip()  # French has a space before it
                self.words = f"{self.words[:start]}{label}{colon}\n{url}"

    def handle_data(self, data: str) -> None:
        if self.hidden == ["title"]:
            self.title += data
        elif not self.hidden:
            self._say(data)

    def _say(self, data: str) -> None:
        """Add text, with whitespace collapsed and none at the beginning of a line."""
        data = _BLANKS.sub(" ", data)
        if not self.words or self.words[-1] in " \n":
            data = data.removeprefix(" ")
        self.words += data

    def _end_paragraph(self) -> None:
        words = self.words.strip()
        if words:
            self.paragraphs.append((self.element, words))
        self.words, self.element = "", ""
