"""Turns the text that organisers write into a letter: Markdown, with a few fields filled in for each person.

Pure: words and values in, safe HTML out. A field is typed as {name}; capitals, blanks, "_" and "-" make no difference.
"""

import re
from dataclasses import dataclass
from html import unescape
from urllib.parse import quote

from django.conf import settings
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from conference.texts.markdown import to_html
from registration.letters.slips import DaySlip

NAME, HOURS, PAGE, JOIN = "name", "my hours", "my page", "join button"
FIELDS = (NAME, HOURS, JOIN, PAGE)
# How people type a field from memory.
_ALSO = {"my days": HOURS, "hours": HOURS, "join": JOIN, "join link": JOIN, "link to join": JOIN, "page": PAGE}

_TYPED = re.compile(r"\{+([^{}\n]{1,60})\}+")
# Replaces a field while Markdown is parsed: otherwise asterisks in a name would become bold text.
_MARK = "pxpfield{}pxp"
_FILLED = "https://field.invalid"
_LINK = re.compile(r'href="/?pxpfield(\d)pxp([^"]*)"')
# A field further on in a link, or in its title. What is typed between tags has no plain quotation marks.
_ATTRIBUTE = re.compile(r' (href|title)="([^"]*pxpfield\dpxp[^"]*)"')
_PLACE = re.compile(r"pxpfield(\d)pxp")


@dataclass(frozen=True)
class FieldValues:
    """The values of the fields for one person."""

    name: str
    slips: tuple = ()  # their days, as `slips.DaySlip`, the earliest first
    page_url: str = ""

    @property
    def doors(self) -> list[DaySlip]:
        """The days that they can join."""
        return [slip for slip in self.slips if slip.join_url]


def used_in(words: str) -> set[str]:
    """Return the fields in some words, as a set of their names."""
    return {field for typed in _TYPED.findall(words) if (field := _field(typed))}


def unknown_in(words: str) -> list[str]:
    """Return what looks like a field but is not one, in order of appearance."""
    return list(dict.fromkeys(typed.strip() for typed in _TYPED.findall(words) if not _field(typed)))


def links_in(words: str) -> list[str]:
    """Return the addresses to which links in Markdown words lead, without those that a field fills."""
    html = str(to_html(_TYPED.sub(_FILLED, words)))
    return [unescape(link) for link in re.findall(r'href="([^"]+)"', html) if not link.startswith(_FILLED)]


def fill_line(words: str, values: FieldValues) -> str:
    """Return plain words, like a subject, with {name} filled in. Others stay empty: they are no part of a line."""
    filled = _TYPED.sub(lambda found: values.name if _field(found[1]) == NAME else "", words)
    return " ".join(filled.split())


def fill(words: str, values: FieldValues, *, marked: bool = False) -> SafeString:
    """Return Markdown words as safe HTML with the fields filled in, in the active language.

    Links to pages of ours become absolute. With `marked`, what was filled in can be seen (class "mark-up").
    """
    found = [field for field in FIELDS if field in used_in(words)]
    text = _PLACE.sub("", words)
    text = _TYPED.sub(lambda one: _MARK.format(found.index(field)) if (field := _field(one[1])) else one[0], text)
    html = str(to_html(text)).replace('href="/', f'href="{settings.SITE_URL.rstrip("/")}/')
    # A link that is only a field gets its address below: undo the line above.
    html = html.replace(f'href="{settings.SITE_URL.rstrip("/")}/pxpfield', 'href="/pxpfield')
    html = _LINK.sub(lambda one: f'href="{escape(_address(found[int(one[1])], values))}{one[2]}"', html)
    html = _ATTRIBUTE.sub(lambda one: f' {one[1]}="{_filled(one[1], one[2], found, values)}"', html)
    html = _PLACE.sub(lambda one: _shown(found[int(one[1])], values, marked), html)
    # Safe: `to_html` escapes what was typed, and each field what it puts in.
    return mark_safe(html)  # noqa: S308


def _field(typed: str) -> str | None:
    name = re.sub(r"[\s_-]+", " ", typed).strip().casefold()
    return name if name in FIELDS else _ALSO.get(name)


def _address(field: str, values: FieldValues) -> str:
    """Where a link leads that has a field for its address."""
    if field == JOIN and values.doors:
        return values.doors[0].join_url
    return values.page_url


def _filled(attribute: str, words: str, found: list[str], values: FieldValues) -> str:
    """Return the value of an attribute with its fields filled in: as a part of an address, or as plain words."""

    def value(one: re.Match[str]) -> str:
        field = found[int(one[1])]
        plain = {NAME: values.name, HOURS: ""}.get(field, _address(field, values))
        return quote(plain, safe="") if attribute == "href" else escape(plain)

    return _PLACE.sub(value, words)


def _shown(field: str, values: FieldValues, marked: bool) -> str:
    html = _SHOW[field](values)
    return format_html('<span class="mark-up">{}</span>', html) if marked and html and field != JOIN else html


def _hours(values: FieldValues) -> str:
    lines = [_hours_of(slip) for slip in values.slips]
    return mark_safe("<br>".join(lines))  # noqa: S308 each is escaped below


def _hours_of(slip: DaySlip) -> str:
    words = _("%(day)s: %(when)s") % {"day": slip.day.label, "when": slip.span.sentence()}
    if slip.is_waitlisted:
        words = _("%(words)s (on the waiting list)") % {"words": words}
    return format_html("<strong>{}</strong>", words)


def _doors(values: FieldValues) -> str:
    labels = [(slip.join_url, _("Join %(day)s") % {"day": slip.day.within}) for slip in values.doors]
    buttons = [format_html('<a class="button" href="{}">{}</a>', url, label) for url, label in labels]
    return mark_safe("<br>".join(buttons))  # noqa: S308 each is escaped above


_SHOW = {
    NAME: lambda values: escape(values.name),
    HOURS: _hours,
    JOIN: _doors,
    PAGE: lambda values: format_html('<a href="{}">{}</a>', values.page_url, _("Your page")) if values.page_url else "",
}
