"""Tags of the public pages: addresses within the edition shown, times on the visitor's clock, passages of text."""

from dataclasses import replace
from urllib.parse import quote

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from conference.clock import common_zones, date_words, short_date_words, utc_span, zone_choices, zone_label
from conference.site.edition import OF_REGISTRATION, in_zone
from conference.texts.glossary import with_terms

register = template.Library()

FIRST_WORDS = ("-lead", "-intro")  # how the keys of passages end that stand at the top of a page
EASY_READ = "easy-"  # how the keys of passages begin that stand on easy-read pages


@register.simple_tag(takes_context=True)
def link(context, name, target=None):
    """Return the address of a page within the edition shown, in the visitor's zone: {% link "day" day %}.

    On pages that show no edition (an error, nothing published yet) it is the current edition's address.
    """
    edition = context.get("edition")
    if edition is not None:
        return edition.url(name, target)
    return reverse(f"registration:{name}" if name in OF_REGISTRATION else f"conference:{name}")


@register.simple_tag(takes_context=True)
def sign_up_url(context, day):
    """Return the address at which people sign up for a day with its conference loaded, "" when they cannot now."""
    edition = context["edition"]
    return edition.url("sign-up-day", day) if edition.is_current and day.sign_up_is_open(edition.now) else ""


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

    But not to a person's own page: its address is a key, and no other address should have it. The page for our own
    faults knows no request.
    """
    page, request = link(context, "reading"), context.get("request")
    if request is None or request.resolver_match is None or "token" in request.resolver_match.kwargs:
        return page
    return f"{page}{'&' if '?' in page else '?'}next={quote(request.path)}"


@register.simple_tag
def worker_url():
    """Return the address of the worker that keeps copies of the program in the browser, "" where there is none."""
    return reverse("service-worker") if settings.OFFLINE_COPY else ""


@register.simple_tag(takes_context=True)
def without_zone(context):
    """Return the address of this page on the conference's clock."""
    return in_zone(context["request"].path, None, context["edition"].look)


@register.simple_tag(takes_context=True)
def on_clock_of(context, zone):
    """Return the query that brings this page on the clock of a ZoneInfo."""
    return in_zone("", zone, context["edition"].look)


@register.simple_tag(takes_context=True)
def common_places(context):
    """Return (zone name, place with its offset at the time of the conference) of well-known places, west to east."""
    edition = context["edition"]
    return zone_choices(common_zones(), edition.conference.last_end or edition.now)


@register.simple_tag(takes_context=True)
def text(context, key):
    """Return a passage of the edition's pages as HTML: the organisers' words, or the standard ones.

    Words of the glossary link to it where they first stand on the page, but never in its first words: what the page is
    for comes before what its words mean. Easy-read pages have no such links: there each sentence has one idea.
    """
    edition = context["edition"]
    if key.endswith(FIRST_WORDS) or key.startswith(EASY_READ):
        return edition.passages[key]
    return with_terms(edition.passages[key], glossary_url=edition.url("glossary"), seen=edition.terms_seen)


@register.inclusion_tag("conference/partials/when.html", takes_context=True)
def when(context, thing):
    """Show when a day or a session is: on the visitor's clock, or in UTC with the dates as announced by region.

    A session without a time of its own shows its day's. A day comes with its announced dates loaded.
    """
    zone = context["edition"].zone
    timed = getattr(thing, "timed", thing)
    world = utc_span(timed.starts_at, timed.ends_at)
    return {
        "is_timed": timed == thing,
        "world": world,
        "here": world.in_zone(zone) if zone else None,
        "regions": announced_dates(getattr(thing, "day", thing)),
    }


@register.simple_tag(takes_context=True)
def span(context, thing):
    """Return the Span of a day or of a session that has a time, on the visitor's clock or else in UTC."""
    world = utc_span(thing.starts_at, thing.ends_at)
    zone = context["edition"].zone
    return world.in_zone(zone) if zone else world


@register.simple_tag(takes_context=True)
def session_hours(context, session):
    """Return a timed session's hours: "04:00 to 04:50", with its date where that is not the day's own on this clock."""
    own, whole = span(context, session), span(context, session.day)
    return own.hours_words if own.date == whole.date else f"{short_date_words(own.date)}, {own.hours_words}"


@register.simple_tag(takes_context=True)
def title_of(context, thing):
    """Return the title of a day or session. Unknown titles are to be announced; of what is over, "Day 2" must do."""
    if not thing.title:
        return thing.label if context["edition"].is_past else _("Title to be announced")
    if getattr(thing, "title_is_description", False):
        return _("About: %(subject)s") % {"subject": thing.title}
    return thing.title


@register.simple_tag(takes_context=True)
def name_of(context, thing):
    """Return the name and title of a day or session: "Day 2: Trailblaze new approaches"."""
    title = title_of(context, thing)
    return title if title == thing.label else f"{thing.label}: {title}"


@register.simple_tag
def people(session):
    """Return who appears in a session, loaded before: {"speakers": "Ann, Bo and Cy", "facilitators": "Di"}."""
    by_role = {True: [], False: []}
    for appearance in session.appearances.all():
        by_role[appearance.is_facilitator].append(appearance.speaker.name)
    return {"speakers": in_a_row(by_role[False]), "facilitators": in_a_row(by_role[True])}


def in_a_row(names):
    """Return names as a sentence says them: "Ann, Bo and Cy"."""
    return get_text_list(names, _("and"))


@register.simple_tag
def glimpse(day, length=3):
    """Return {"known": the first sessions of which something is known, "more": how many others there are}."""
    sessions = list(day.sessions.all())
    known = [session for session in sessions if session.title or session.appearances.all()][:length]
    return {"known": known, "more": len(sessions) - len(known)}


@register.simple_tag
def offers(thing):
    """Return (name, words) for each access feature of a day or session: yes, no, or still to be announced."""
    features = [(thing._meta.get_field(name), name) for name in thing.FEATURES]
    word_of = getattr(thing, "offer", lambda name: getattr(thing, name))
    return [(field.verbose_name, offer_words(field, word_of(name))) for field, name in features]


@register.simple_tag(takes_context=True)
def access_of(context, days):
    """Return (day, words that name it) for each day, or one day for all of them where all offer the same."""
    found = [(day, offers(day), day.access_note) for day in days]
    if len(found) > 1 and all(each[1:] == found[0][1:] for each in found):
        return [(found[0][0], _("All days"))]
    return [(day, name_of(context, day)) for day in days]


def offer_words(field, value):
    """Return what a choice of an access field says, or that it is not known yet."""
    return dict(field.flatchoices).get(value) or _("To be announced")


@register.simple_tag(takes_context=True)
def dates(context, day):
    """Return (region, ISO date, words) for a card: the visitor's own date, or the one announced to each region."""
    own = span(context, day)
    if context["edition"].zone is None and (announced := announced_dates(day)):
        return [(region, iso, short) for region, iso, _words, short in announced]
    return [("", own.date.isoformat(), short_date_words(own.date))]


@register.simple_tag(takes_context=True)
def date_ranges(context, days):
    """Return (label, first date, last date): on the visitor's clock, or as announced to each region, or in UTC."""
    if not days:
        return []
    if context["edition"].zone is None and (told := told_by_region(days)):
        return [(region, min(found), max(found)) for region, found in told.items()]
    own = [span(context, day).date for day in days]
    return [("", min(own), max(own))]


def told_by_region(days):
    """Return the dates that were announced to each region."""
    told = {}
    for day in days:
        for announced in day.announced_dates.all():
            told.setdefault(announced.region, []).append(announced.date)
    return told


@register.simple_tag
def date_in_words(date, year=True):
    """Return a date with its weekday, and with its year unless a later date tells it."""
    return date_words(date) if year else short_date_words(date)


@register.simple_tag(takes_context=True)
def zone_words(context):
    """Return whose time the page shows, at the time of the conference: "Tokyo time (UTC+9)", or "" for nobody's."""
    edition = context["edition"]
    return zone_label(edition.zone, edition.conference.last_end or edition.now) if edition.zone else ""


def announced_dates(day):
    """Return (region, ISO date, words, short words) for each region that was told a date."""
    return [
        (told.region, told.date.isoformat(), date_words(told.date), short_date_words(told.date))
        for told in day.announced_dates.all()
    ]
