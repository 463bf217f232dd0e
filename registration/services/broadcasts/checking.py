"""Checks of a mail to many before it is sent."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils.translation import get_language_info, ngettext
from django.utils.translation import gettext as _

from registration.letters.message_fields import FIELDS, HOURS, JOIN, NAME, links_in, unknown_in, used_in
from registration.models import Broadcast, Registration
from registration.services.broadcasts.reach import Reach
from registration.status import Status

FINE, ODD, WRONG = "fine", "odd", "wrong"


@dataclass(frozen=True)
class Finding:
    """One sentence about a draft: it is fine, odd, or must be fixed before it is sent (in that `language`)."""

    words: str
    level: str = WRONG
    language: str = ""

    @property
    def is_in_the_way(self) -> bool:
        return self.level == WRONG

    @property
    def is_fine(self) -> bool:
        return self.level == FINE


def check(broadcast: Broadcast, reach: Reach, *, now: datetime) -> list[Finding]:
    """Return the Findings about a draft to these people, the worst first. It sends no requests."""
    found = [] if reach.number else [Finding(_("Nobody is left to write to. Choose other people."))]
    if broadcast.asks_to_confirm:
        return found
    if not broadcast.languages:
        return [*found, Finding(_("Write a subject and your words."))]
    for language in broadcast.languages:
        name = f"{name_of(language)}: " if len(broadcast.languages) > 1 else ""
        found += _check_words(broadcast.words_in(language), language, name)
    is_wrong = bool(found)
    found += [one for one in _look_for_people_without(broadcast, reach, now) if not (is_wrong and one.level == FINE)]
    found += _look_for_languages(broadcast, reach)
    return sorted(found, key=lambda finding: (WRONG, ODD, FINE).index(finding.level))


def _check_words(words: dict[str, str], language: str, name: str) -> list[Finding]:
    subject, body = words.get("subject", ""), words.get("body", "")
    wrong = []
    if not subject:
        wrong.append(_("The subject is missing."))
    if not body:
        wrong.append(_("Your words are missing."))
    for typed in unknown_in(f"{subject}\n{body}"):
        known = ", ".join(f"{{{field}}}" for field in FIELDS)
        wrong.append(_("There is no field {%(typed)s}. You can use: %(known)s.") % {"typed": typed, "known": known})
    if used_in(subject) - {NAME}:
        wrong.append(_("A subject can use {name} only."))
    wrong += [
        _("This link does not lead to a page of this site: %(link)s") % {"link": link}
        for link in links_in(body)
        if is_ours(link) and not _resolves(link)
    ]
    return [Finding(f"{name}{sentence}", WRONG, language) for sentence in wrong]


def _look_for_people_without(broadcast: Broadcast, reach: Reach, now: datetime) -> list[Finding]:
    """Find people for whom a field would stay empty."""
    used = set().union(*(used_in(broadcast.words_in(language).get("body", "")) for language in broadcast.languages))
    rows = Registration.objects.for_edition(broadcast.conference_id).taking_place()
    if broadcast.whom.days:
        rows = rows.on_days(broadcast.whom.days)
    having = {HOURS: rows.with_states((Status.CONFIRMED, Status.WAITLISTED)), JOIN: rows.confirmed().not_over(now)}
    found = []
    for field, what in having.items():
        if field not in used:
            continue
        without = reach.people.without_registrations(what).count()
        if without:
            words = ngettext(
                "For %(n)d person {%(field)s} stays empty.", "For %(n)d people {%(field)s} stays empty.", without
            )
            found.append(Finding(words % {"n": without, "field": field}, ODD))
    if used and not found and reach.number:
        words = ngettext(
            "Every field is filled in for %(n)d person.",
            "Every field is filled in for all %(n)d people.",
            reach.number,
        )
        found.append(Finding(words % {"n": reach.number}, FINE))
    return found


def _look_for_languages(broadcast: Broadcast, reach: Reach) -> list[Finding]:
    offered = dict(settings.LANGUAGES)
    found = []
    for language, number in reach.by_language().items():
        if language in offered and language not in broadcast.languages:
            words = ngettext(
                "%(missing)s is missing. %(n)d person would read %(read)s.",
                "%(missing)s is missing. %(n)d people would read %(read)s.",
                number,
            )
            values = {"missing": name_of(language), "n": number, "read": name_of(broadcast.fallback)}
            found.append(Finding(words % values, ODD, language))
    return found


def name_of(language: str) -> str:
    """Return the name of a language in the active one."""
    try:
        return str(get_language_info(language)["name_translated"])
    except KeyError:
        return language


def is_ours(link: str) -> bool:
    """Whether an address in some words leads to a page of this site."""
    return link.startswith(("/", settings.SITE_URL.rstrip("/") + "/"))


def _resolves(link: str) -> bool:
    try:
        resolve(urlsplit(link).path or "/")
    except Resolver404:
        return False
    return True
