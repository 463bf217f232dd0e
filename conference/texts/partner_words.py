"""Texts about an edition for partners to paste into newsletters and posts: plain text, with all facts from the program.

Pure: loaded days and their edition in, text out. The links are permanent.
"""

from dataclasses import dataclass

from django.conf import settings
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from conference.models.translations import TranslatedText
from conference.pictures.share_cards import conference_dates, day_dates
from conference.scripts import isolated


@dataclass(frozen=True)
class PartnerText:
    """One ready-made text: its heading and its words, and the lines of it that hold words of the organisers' own."""

    name: str
    words: str
    marked: dict[str, str]

    @property
    def paragraphs(self):
        """Its paragraphs as lists of lines; those in another language than the page say so in HTML."""
        return [[self.marked.get(line, line) for line in part.split("\n")] for part in self.words.split("\n\n")]


def texts(edition, days):
    """Return the three PartnerTexts, short to long. `days` are those that take place, with their announced dates."""
    marked = _marked(edition, days)
    return [
        PartnerText(_("Short, for a post"), _short(edition, days), marked),
        PartnerText(_("Medium, for a newsletter"), _medium(edition, days), marked),
        PartnerText(_("Long, for an email or a web page"), _long(edition, days), marked),
    ]


def _marked(edition, days):
    """Return {line: the same in HTML} of each line with a title or a summary."""
    lines = {}
    for day, (name, url) in zip(days, links(edition, days), strict=False):
        lines |= {
            line: TranslatedText(line, day.translated.summary.language) for line in day.translated.summary.splitlines()
        }
        if title := day.translated.title:
            named = format_html("{}{}{}", day.label, _(": "), TranslatedText(isolated(title), title.language))
            lines |= {name: named, _line(name, url): format_html("{}{}{}", named, _(": "), url)}
    return lines


def links_in_html(edition, days):
    """Return `links` with their words in HTML, which say where they are in another language than the page."""
    marked = _marked(edition, days)
    return [(marked.get(words, words), url) for words, url in links(edition, days)]


def links(edition, days):
    """Return (words, absolute address) of sign-up for each day, and of sign-up for all of them."""
    found = [(_named(day), settings.SITE_URL + edition.lasting_url("sign-up-day", day)) for day in days]
    return [*found, (_("All days"), settings.SITE_URL + edition.lasting_url("sign-up-all"))]


def _short(edition, days):
    return " ".join(
        [
            _what_it_is(edition),
            _("For Patients, By Patients."),
            f"{_dates(days)}.",
            settings.SITE_URL + edition.lasting_url("sign-up"),
        ]
    )


def _medium(edition, days):
    return "\n\n".join(
        [
            f"{_what_it_is(edition)} {_for_whom()}",
            f"{_dates(days)}.",
            _("Sign up for each day you want to join:"),
            "\n".join(_line(name, url) for name, url in links(edition, days)),
        ]
    )


def _long(edition, days):
    parts = [
        f"{_what_it_is(edition)} {_for_whom()}",
        _("For Patients: patient partners come first. By Patients: patient partners chose all topics and speakers."),
        f"{_dates(days)}.",
    ]
    for day, (_name, url) in zip(days, links(edition, days), strict=False):
        dates = [capfirst(_("; ").join(_with_region(date, region) for date, region in day_dates(day)))]
        signing_up = _("Sign up for %(day)s: %(url)s") % {"day": day.within, "url": url}
        parts.append("\n".join(line for line in [_named(day), day.translated.summary, *dates, signing_up] if line))
    parts.append(_("You sign up for each day you want to join. You need no account."))
    parts.append(_("More: %(url)s") % {"url": settings.SITE_URL + edition.lasting_url("home")})
    return "\n\n".join(parts)


def _what_it_is(edition):
    name = {"name": f"{edition.conference.short_name} {edition.conference.slug}"}
    if edition.conference.is_free:
        return _("%(name)s is a free online conference about patient engagement in health research.") % name
    return _("%(name)s is an online conference about patient engagement in health research.") % name


def _for_whom():
    return _("It is made for patient partners and other people with lived experience. Everyone is welcome.")


def _line(name, url):
    return f"{name}{_(': ')}{url}"


def _named(day):
    return f"{day.label}{_(': ')}{isolated(day.translated.title)}" if day.title else str(day.label)


def _dates(days):
    return _("; ").join(_with_region(date, region) for date, region in conference_dates(days))


def _with_region(date, region):
    return f"{date} ({region})" if region else _("%(date)s (UTC)") % {"date": date}
