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
    """Return the three PartnerTexts, short to long; none when nobody can sign up any more.

    `days` are those that take place, with their announced dates.
    """
    if not _to_sign_up(edition, days):
        return []
    marked = _marked(edition, days)
    return [
        PartnerText(_("Short, for a post"), _short(edition, days), marked),
        PartnerText(_("Medium, for a newsletter"), _medium(edition, days), marked),
        PartnerText(_("Long, for an email or a web page"), _long(edition, days), marked),
    ]


def _marked(edition, days):
    """Return {line: the same in HTML} of each line with a title or a summary."""
    lines = {}
    for day in days:
        name, url = _named(day), _sign_up_url(edition, day)
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
    """Return (words, absolute address) of sign-up for each day that still takes people, and of all of several."""
    found = [(_named(day), _sign_up_url(edition, day)) for day in _to_sign_up(edition, days)]
    if len(found) > 1:
        found.append((_("All days"), settings.SITE_URL + edition.lasting_url("sign-up-all")))
    return found


def _to_sign_up(edition, days):
    """Return the days for which people can sign up, now or later."""
    return [day for day in days if day.sign_up_is_open(edition.now) or day.sign_up_is_to_come(edition.now)]


def _sign_up_url(edition, day):
    return settings.SITE_URL + edition.lasting_url("sign-up-day", day)


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
    parts = [f"{_what_it_is(edition)} {_for_whom()}", f"{_dates(days)}."]
    open_days = _to_sign_up(edition, days)
    if len(open_days) == 1:
        return "\n\n".join([*parts, _signing_up(edition, open_days[0])])
    parts.append(_("Sign up for each day you want to join:"))
    parts.append("\n".join(_line(name, url) for name, url in links(edition, days)))
    return "\n\n".join(parts)


def _long(edition, days):
    parts = [
        f"{_what_it_is(edition)} {_for_whom()}",
        _("For Patients: patient partners come first. By Patients: patient partners chose all topics and speakers."),
        f"{_dates(days)}.",
    ]
    open_days = _to_sign_up(edition, days)
    for day in days:
        dates = [capfirst(_("; ").join(_with_region(date, region) for date, region in day_dates(day)))]
        signing_up = _signing_up(edition, day) if day in open_days else ""
        parts.append("\n".join(line for line in [_named(day), day.translated.summary, *dates, signing_up] if line))
    if len(open_days) > 1:
        parts.append(_("You sign up for each day you want to join. You need no account."))
    else:
        parts.append(_("No account, no password."))
    parts.append(_("More: %(url)s") % {"url": settings.SITE_URL + edition.lasting_url("home")})
    return "\n\n".join(parts)


def _signing_up(edition, day):
    return _("Sign up for %(day)s: %(url)s") % {"day": day.within, "url": _sign_up_url(edition, day)}


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
