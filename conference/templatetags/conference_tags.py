"""Template tags of the public pages: URLs within the edition shown, times on the visitor's clock, passages of text."""

import re
from dataclasses import dataclass, replace
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.urls import get_script_prefix, reverse
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from conference.clock import (
    date_words,
    dates_words,
    place_name,
    short_date_words,
    utc_span,
)
from conference.models import Day, Session
from conference.models.access import Offer
from conference.reader_days import ReaderDay, announced_by_region
from conference.scripts import isolated_html, list_words
from conference.site.edition import OF_REGISTRATION, in_zone
from conference.site.first_screen import FirstScreen
from conference.texts import PASSAGES
from conference.texts.glossary import with_terms
from conference.texts.markdown import to_html

register = template.Library()

FIRST_WORDS = ("-lead", "-intro")  # suffixes of the keys of passages at the top of a page
# Well-known cities around the world, so everyone finds one with a clock near their own.
CITIES = (
    "America/Vancouver", "America/Toronto", "America/Sao_Paulo", "Europe/London", "Africa/Lagos", "Europe/Paris",
    "Africa/Nairobi", "Asia/Kolkata", "Asia/Manila", "Asia/Tokyo", "Australia/Sydney", "Pacific/Auckland",
)  # fmt: skip
FIRST_HEADING = re.compile(r"\s*<h2[^>]*>(?P<title>.*?)</h2>", re.DOTALL)
EASY_READ = "easy-"  # prefix of the keys of passages on easy-read pages


@register.simple_tag(takes_context=True)
def link(context, name, target=None):
    """Return the address of a page within the edition shown, in the visitor's zone: {% link "day" day %}.

    On pages that show no edition (an error, nothing published yet) it is the current edition's address.
    """
    edition = context.get("edition")
    if edition is not None:
        return edition.url(name, target)
    return reverse(f"sign-up:{name}" if name in OF_REGISTRATION else f"conference:{name}")


@register.simple_tag(takes_context=True)
def current_link(context, name):
    """Return the address of a page of the edition at `/`, whichever edition is shown."""
    return context["edition"].for_current().url(name)


@register.simple_tag(takes_context=True)
def edition_link(context, conference):
    """Return the address of another edition's home page."""
    return replace(context["edition"], conference=conference).url("home")


@register.simple_tag(takes_context=True)
def time_zone_link(context, back=None):
    """Return the address of the page where visitors choose their zone; it brings them back to this page, or `back`."""
    look = [("next", back or context["request"].path), *context["edition"].look]
    return in_zone(reverse("conference:time-zone"), None, look)


@register.simple_tag(takes_context=True)
def reading_link(context):
    """Return the address of the page where visitors choose how they read, which brings them back to this page.

    Except to a person's own page: its URL is secret, so no other URL may contain it. The 500 page has no request.
    """
    page, request = link(context, "reading"), context.get("request")
    if request is None or request.resolver_match is None or "token" in request.resolver_match.kwargs:
        return page
    return f"{page}{'&' if '?' in page else '?'}next={quote(request.path)}"


@register.simple_tag
def worker_url():
    """Return the address of the worker that keeps copies of the program in the browser, or "" if there is none."""
    is_preview = get_script_prefix() != "/"  # a preview must not be stored offline
    return reverse("service-worker") if settings.OFFLINE_COPY and not is_preview else ""


@register.simple_tag
def portrait_url(picture, side, times=1):
    """Return the URL of a speaker's picture of `side` pixels, or `times` as many for high-density screens."""
    return reverse("picture", kwargs={"key": picture.key, "side": side * times})


@register.simple_tag(takes_context=True)
def cities(context):
    """Return (query that brings this page on its clock, name) of cities that many people know, west to east."""
    look = context["edition"].look
    return [(in_zone("", ZoneInfo(zone), look), place_name(zone)) for zone in CITIES]


@register.simple_tag(takes_context=True)
def first_screen(context, days):
    """Return what the home page says first (FirstScreen) of an edition's days, loaded with their program."""
    edition = context["edition"]
    return FirstScreen(list(days), edition.now, edition.zone)


@register.simple_tag(takes_context=True)
def day_words(context, day):
    """Return a day's name, and that it is on now, if it is: "Day 1", "Day 1 is on now"."""
    return _("%(day)s is on now") % {"day": day.within} if day.is_on(context["edition"].now) else day.label


@register.simple_tag
def offers_words(day):
    """Return what each session of a day has, as a sentence: "Every session has live captions and breaks."; or ""."""
    there = [str(day._meta.get_field(name).verbose_name) for name in day.FEATURES if getattr(day, name) == Offer.YES]
    return format_html(_("Every session has {features}."), features=in_a_row(there)) if there else ""


@register.simple_tag(takes_context=True)
def place(context):
    """Return where the visitor is: "Toronto", or "" while nobody knows; "UTC−5" if a zone has no place."""
    zone = context["edition"].zone
    return place_name(zone.key) if zone else ""


@register.simple_tag(takes_context=True)
def without_zone(context):
    """Return the address of this page on the conference's clock."""
    return in_zone(context["request"].path, None, context["edition"].look)


@register.simple_tag(takes_context=True)
def text(context, key):
    """Return a passage of the edition's pages as HTML: the organisers' words, or the standard ones.

    The first use of a glossary word on the page links to it, but not in the page's first passages: what the page is for
    comes before what its words mean. Easy-read pages have no such links: each sentence there has one idea.
    """
    edition = context["edition"]
    if key.endswith(FIRST_WORDS) or key.startswith(EASY_READ) or not edition.passages.is_in_language(key):
        return edition.passages[key]
    return with_terms(edition.passages[key], glossary_url=edition.url("glossary"), seen=edition.terms_seen)


@register.inclusion_tag("conference/partials/text_behind.html", takes_context=True)
def text_behind(context, key):
    """Show a passage in a disclosure whose label is the passage's own heading, which is then not repeated."""
    found = FIRST_HEADING.match(words := text(context, key))
    if not found:
        return {"title": PASSAGES[key].label, "words": words}
    return {"title": mark_safe(found["title"]), "words": mark_safe(words[found.end() :])}  # noqa: S308 parts of safe HTML


@register.simple_tag(takes_context=True)
def when(context, thing):
    """Return when a day or a session is for the visitor, as a ReaderDay with `is_timed`: whether it has its own time.

    A session without its own time uses its day's. Prefetch a day's announced dates.
    """
    return _When(getattr(thing, "day", thing), context["edition"].zone, thing)


@dataclass(frozen=True)
class _When(ReaderDay):
    thing: Day | Session

    @property
    def is_timed(self):
        return getattr(self.thing, "has_time", True)

    @property
    def in_utc(self):
        timed = getattr(self.thing, "timed", self.thing)
        return utc_span(timed.starts_at, timed.ends_at)


@register.inclusion_tag("partials/day_tabs.html", takes_context=True)
def day_tabs(context, days, current=None, is_page=True, label=""):
    """Draw the days as circles: on the page of one (`is_page`) or of a session of one, that is full; else all are."""
    link_to = context["edition"].url
    tabs = [(day, link_to("day", day) if current else f"#{day.slug}") for day in days]
    return {"tabs": tabs, "current": current and current.number, "is_page": is_page, "label": label}


@register.simple_tag(takes_context=True)
def subscribe_url(context, name):
    """Return the address that makes a calendar program follow one of our calendar files, by its URL name."""
    address = urlsplit(settings.SITE_URL + context["edition"].lasting_url(name))
    return address._replace(scheme="webcal").geturl()


@register.simple_tag(takes_context=True)
def site_name(context):
    """Return the end of a page's title: "PxP", with its year unless the page is about the edition at `/`."""
    edition = context.get("edition")
    if edition is None or edition.is_current:
        return "PxP"
    return f"{edition.conference.short_name} {edition.conference.slug}"


@register.simple_tag(takes_context=True)
def span(context, thing):
    """Return the Span of a day or of a session that has a time, on the visitor's clock or else in UTC."""
    world = utc_span(thing.starts_at, thing.ends_at)
    zone = context["edition"].zone
    return world.in_zone(zone) if zone else world


@register.simple_tag(takes_context=True)
def session_hours(context, session):
    """Return a timed session's hours: "04:00 to 04:50", with its date if that is not the day's own on this clock."""
    own, whole = span(context, session), span(context, session.day)
    if own.date == whole.date:
        return own.hours_words
    return _("%(date)s, %(hours)s") % {"date": short_date_words(own.date), "hours": own.hours_words}


@register.simple_tag(takes_context=True)
def is_to_come(context, thing):
    """Return whether a day, or that of a session, takes place now or later: only then a page announces more of it."""
    return getattr(thing, "day", thing).is_to_come(context["edition"].now)


@register.simple_tag(takes_context=True)
def title_of(context, thing):
    """Return the title of a day or session. An unknown one is "to be announced"; "Day 2" if the day is over."""
    if not thing.title:
        return _("Title to be announced") if is_to_come(context, thing) else thing.label
    if getattr(thing, "title_is_description", False):
        # As HTML, to mark words in another language.
        return format_html(_("About: {subject}"), subject=thing.translated.title)
    return thing.translated.title


@register.simple_tag(takes_context=True)
def name_of(context, thing):
    """Return the name and title of a day or session: "Day 2: Trailblaze new approaches"."""
    title = title_of(context, thing)
    return title if title == thing.label else format_html("{}{}{}", thing.label, _(": "), title)


@register.filter
def as_typed(words, heading=2):
    """Return the organisers' Markdown as safe HTML; its largest headings have the level `heading`."""
    return to_html(str(words), heading, getattr(words, "attributes", ()))


@register.simple_tag
def people(session):
    """Return who appears in a session, loaded before: {"speakers": "Ann, Bo and Cy", "facilitators": "Di"}."""
    by_role = {True: [], False: []}
    for appearance in session.appearances.all():
        by_role[appearance.is_facilitator].append(appearance.speaker.name)
    return {"speakers": in_a_row(by_role[False]), "facilitators": in_a_row(by_role[True])}


def in_a_row(names):
    """Return names as a sentence says them, for a page: "Ann, Bo and Cy"."""
    return mark_safe(list_words(isolated_html(str(name)) for name in names))  # noqa: S308 - all of it is escaped


@register.simple_tag
def offers(thing):
    """Return (name, words) for each access feature of a day or session: yes, no, or still to be announced."""
    features = [(thing._meta.get_field(name), name) for name in thing.FEATURES]
    word_of = getattr(thing, "offer", lambda name: getattr(thing, name))
    return [(field.verbose_name, offer_words(field, word_of(name))) for field, name in features]


@register.simple_tag(takes_context=True)
def access_of(context, days):
    """Return (day, words that name it) for each day, or one day for all of them if all offer the same."""
    found = [(day, offers(day), day.translated.access_note) for day in days]
    if len(found) > 1 and all(each[1:] == found[0][1:] for each in found):
        return [(found[0][0], _("All days"))]
    return [(day, name_of(context, day)) for day in days]


def offer_words(field, value):
    """Return the label of an access field's choice, or that it is not known yet."""
    return dict(field.flatchoices).get(value) or _("To be announced")


@register.simple_tag(takes_context=True)
def dates(context, day):
    """Return (region, ISO date, words) for a card: the visitor's own date, or the one announced to each region."""
    own = span(context, day)
    if told := ReaderDay(day, context["edition"].zone).announced:
        return [(each.region, each.iso, each.words_beside(told[0].date)) for each in told]
    words = capfirst(own.moment_words) if context["edition"].zone else short_date_words(own.date)
    return [("", own.start.isoformat(timespec="minutes"), words)]


@register.simple_tag(takes_context=True)
def date_ranges(context, days):
    """Return (region or "", first date, last date, both in words): on the visitor's clock, as announced, or in UTC."""
    days = [day for day in days if not day.is_called_off] or list(days)
    if not days:
        return []
    told = {} if context["edition"].zone else announced_by_region(days)
    told = told or {"": [span(context, day).date for day in days]}
    return [(region, min(dates), max(dates), dates_words(dates, year=True)) for region, dates in told.items()]


@register.simple_tag
def date_in_words(date, year=True):
    """Return a date with its weekday, and with its year unless a later date tells it."""
    return date_words(date) if year else short_date_words(date)
