"""Tags for what sessions offer so everybody can take part, if that differs from what their day offers."""

from django import template
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conference.models import Session
from conference.templatetags.conference_tags import in_a_row, offer_words

register = template.Library()


@register.inclusion_tag("conference/partials/differing.html")
def differing_sessions(days):
    """Say which sessions of these days have something else than their day: {% differing_sessions days %}."""
    found = {}
    says_nothing = dict.fromkeys((*Session.FEATURES, "access_note"), "")
    sessions = Session.objects.filter(day__in=days).exclude(**says_nothing)
    for session in sessions.select_related("day").in_program_order():
        for words in own_offers(session):
            found.setdefault(words, {}).setdefault(session.day, []).append(str(session.number))
    rows = [(words, _("; ").join(_named(*each) for each in by_day.items())) for words, by_day in found.items()]
    return {"rows": rows}


def own_offers(session):
    """Return what a session has, or does not have, in words, if its day says something else: "Breaks: No"."""
    rows = []
    for name in session.FEATURES:
        own, field = getattr(session, name), session._meta.get_field(name)
        if own and own != getattr(session.day, name):
            rows.append(f"{capfirst(field.verbose_name)}{_(': ')}{offer_words(field, own)}")
    if session.access_note:
        rows.append(capfirst(session._meta.get_field("access_note").verbose_name))
    return rows


def _named(day, numbers):
    words = ngettext("%(day)s: session %(numbers)s", "%(day)s: sessions %(numbers)s", len(numbers))
    return words % {"day": day.label, "numbers": in_a_row(numbers)}
