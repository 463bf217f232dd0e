"""The words on each page's share image, which a posted link shows.

A page's image is named like the page: "program", "day-1", "day-1-session-2", "speaker-grace".
"""

import re
from dataclasses import dataclass, replace

from django.utils.translation import get_language_bidi, gettext_lazy
from django.utils.translation import gettext as _

from conference.clock import dates_words, utc_span
from conference.models import Day, Session, Speaker
from conference.reader_days import announced, announced_by_region

# Pages of words, by URL name, each with its title as it is on the page.
TITLES = {
    "home": gettext_lazy("For Patients, By Patients"),
    "program": gettext_lazy("Program"),
    "my-plan": gettext_lazy("My plan"),
    "speakers": gettext_lazy("Speakers"),
    "how-to-join": gettext_lazy("How to join"),
    "easy-read": gettext_lazy("What is PxP?"),
    "easy-read-program": gettext_lazy("What happens each day?"),
    "easy-read-how-to-join": gettext_lazy("How do I join?"),
    "new-here": gettext_lazy("New here?"),
    "glossary": gettext_lazy("Words we use"),
    "partners": gettext_lazy("Tell others"),
    "accessibility": gettext_lazy("Accessibility"),
    "accessibility-criteria": gettext_lazy("Access, rule by rule"),
    "privacy": gettext_lazy("Privacy"),
    "patients-included": gettext_lazy("Patients Included"),
    "contact": gettext_lazy("Contact"),
}
OF_A_ROW = re.compile(
    r"day-(?P<day>\d{1,4})|(?P<session>day-\d+-session-\d+|s-\w+)|speaker-(?P<speaker>[-\w]+)", re.ASCII
)


@dataclass(frozen=True)
class Card:
    """The words of a share image: a line above the title, the title, and which of the days' circles is filled.

    `lines` are pairs, a date and the region it is for, or one of them empty. `spare_title` is used if the image's
    letters cannot write the title. With `is_rtl` the words run from the right.
    """

    eyebrow: str
    title: str
    lines: tuple = ()
    day: int | None = None
    spare_title: str = ""
    days: int = 3
    is_rtl: bool = False


def image_name(match):
    """Return the name of the image for the page of a ResolverMatch: the home page's if it has none."""
    parts = match.kwargs
    if match.url_name in ("day", "sign-up-day"):
        return f"day-{parts['number']}"
    if match.url_name == "session":
        return parts["slug"]
    if match.url_name == "speaker":
        return f"speaker-{parts['slug']}"
    return match.url_name if match.url_name in TITLES else "home"


def card_for(edition, name):
    """Return the Card of the image called `name`, or None if the edition has no such page."""
    card = _card_for(edition, name)
    return card and replace(card, is_rtl=get_language_bidi())


def _card_for(edition, name):
    if name in TITLES:
        return _card_of_page(edition, name)
    if not (found := OF_A_ROW.fullmatch(name)):
        return None
    if found["speaker"]:
        speaker = Speaker.objects.for_edition(edition.conference).named(found["speaker"]).first()
        return speaker and _card_of_speaker(edition, speaker)
    if found["session"]:
        sessions = Session.objects.for_edition(edition.conference).named(found["session"])
        session = sessions.with_people().with_announced_dates().first()
        return session and _card_of_session(edition, session)
    days = Day.objects.for_edition(edition.conference).numbered([int(found["day"])])
    day = days.with_announced_dates().first()
    return day and _card_of_day(edition, day)


def _card_of_page(edition, name):
    days = list(Day.objects.for_edition(edition.conference).with_announced_dates())
    return Card(_name_of(edition), str(TITLES[name]), conference_dates(days), days=len(days) or 3)


def _card_of_day(edition, day):
    eyebrow = f"{_name_of(edition)} · {day.label}"
    title = day.translated.title or (_("To be announced") if day.is_to_come(edition.now) else day.label)
    return Card(eyebrow, str(title), day_dates(day), day.number, str(day.label), _count(edition))


def _card_of_session(edition, session):
    day = session.day
    eyebrow = f"{_name_of(edition)} · {day.label} · {session.label}"
    title = session.translated.title or str(session.label)
    return Card(eyebrow, title, day_dates(day), day.number, str(session.label), _count(edition))


def _card_of_speaker(edition, speaker):
    lines = ((speaker.translated.affiliation, ""),) if speaker.affiliation else ()
    return Card(_name_of(edition), speaker.name, lines, spare_title=_("Speakers"), days=_count(edition))


def _count(edition):
    """How many days the edition has; three while it has none."""
    return Day.objects.for_edition(edition.conference).count() or 3


def _name_of(edition):
    """The first line of the picture: "PxP 2027"."""
    return f"{edition.conference.short_name} {edition.conference.slug}"


def conference_dates(days):
    """Return (the dates in words, region) for each region that was told, or one pair for UTC without one.

    Days that are called off have no date; if all are, the one pair says so.
    """
    if days and all(day.is_called_off for day in days):
        return ((_("Called off"), ""),)
    days = [day for day in days if not day.is_called_off]
    if not days:
        return ()
    told = announced_by_region(days) or {"": [utc_span(day.starts_at, day.ends_at).date for day in days]}
    return tuple((dates_words(dates), region) for region, dates in told.items())


def day_dates(day):
    """Return (date in words, region) for each region that was told, or one pair for UTC without a region."""
    if day.is_called_off:
        return ((_("Called off"), ""),)
    told = [(each.short_words, each.region) for each in announced(day)]
    return tuple(told or [(utc_span(day.starts_at, day.ends_at).short_words, "")])
