"""Tags for share images and structured data, and for changes to the page."""

from zoneinfo import ZoneInfo

from django import template
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import ngettext

from conference.changes import sentence
from conference.clock import date_words
from conference.missing_parts import missing_parts
from conference.models import ProgramChange
from conference.pictures.share_cards import image_name
from conference.site import structured_data
from conference.site.languages import og_locale

register = template.Library()

LATEST = 5  # changes that a day's page shows


@register.simple_block_tag(takes_context=True, end_name="endcapture")
def capture(context, content, name):
    """Store the content in a variable, to show it more than once: a block can occur only once."""
    context[name] = mark_safe(" ".join(content.split()))  # noqa: S308 - the template escaped it already
    return ""


register.simple_tag(og_locale)


@register.simple_block_tag(takes_context=True, end_name="endfirst")
def first(context, content, name):
    """Render the content now and store it in a variable for later: earlier parts of the page may depend on it."""
    context[name] = mark_safe(content)  # noqa: S308 - the template escaped it already
    return ""


@register.simple_tag
def missing_words():
    """Return how many parts of this page are not in its language yet, as a sentence, or ""."""
    if not (count := missing_parts()):
        return ""
    # Translators: name the language that you translate into.
    words = ngettext(
        "One part of this page is not in English yet.",
        "%(count)d parts of this page are not in English yet.",
        count,
    )
    return words % {"count": count}


@register.simple_tag(takes_context=True)
def share_image(context):
    """Return the absolute URL of the page's share image."""
    return structured_data.image_url(context["edition"], image_name(context["request"].resolver_match))


@register.simple_tag(takes_context=True)
def conference_data(context, days):
    """Return the edition's structured data as a data block, which no browser runs; nothing while it has no days."""
    return _data_block(structured_data.conference_event(context["edition"], days))


@register.simple_tag(takes_context=True)
def day_data(context, day):
    """Return a day's structured data as a data block."""
    return _data_block(structured_data.day_event(context["edition"], day))


@register.simple_tag(takes_context=True)
def session_data(context, session):
    """Return a session's structured data as a data block."""
    return _data_block(structured_data.session_event(context["edition"], session))


@register.inclusion_tag("conference/partials/what_changed.html", takes_context=True)
def what_changed(context, day):
    """Show the latest changes to a day and its sessions, newest first, with dates; nothing if there is none."""
    edition = context["edition"]
    zone = edition.zone or ZoneInfo("UTC")
    changes = ProgramChange.objects.for_day(day).with_names()[:LATEST]
    told = []
    for change in changes:
        at = change.at.astimezone(zone)
        told.append((at.isoformat(timespec="seconds"), date_words(at.date()), sentence(change, zone)))
    return {"changes": told, "feed_url": edition.url("changes")}


@register.simple_tag
def length_words(minutes):
    """Return a length in words: "50 minutes", "2 hours", "1 hour 40 minutes"."""
    hours, rest = divmod(minutes, 60)
    parts = [ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}] if hours else []
    parts += [ngettext("%(n)d minute", "%(n)d minutes", rest) % {"n": rest}] if rest or not hours else []
    return " ".join(parts)


def _data_block(event):
    if event is None:
        return ""
    return format_html('<script type="application/ld+json">{}</script>\n', structured_data.as_script(event))
