"""The glossary: words that patient partners meet here, in plain language, and links to them from the pages' text."""

import re
from dataclasses import dataclass
from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from conference.scripts import sort_key


@dataclass(frozen=True)
class Term:
    """A term: its slug, the word, its meaning, and the forms in which texts use it, separated by `|`.

    All but the slug are translatable. A term without forms is never linked, because it is too common.
    """

    slug: str
    name: str
    meaning: str
    forms: str = ""


TERMS = [
    Term(
        "basic-science",
        _("Basic science"),
        _("Research on how the body works. Much of it is done in a laboratory."),
        _("basic science|basic research"),
    ),
    Term(
        "calendar-file",
        _("Calendar file"),
        _("A small file that puts a date into the calendar on your phone or computer. Its name ends in .ics."),
        _("calendar file|calendar files"),
    ),
    Term(
        "captions",
        _("Captions"),
        _("The words that are spoken, as text on your screen. Live captions appear while people speak."),
        _("live captions|captions"),
    ),
    Term(
        "caregiver",
        _("Caregiver"),
        _("A person who looks after a relative or a friend who is ill. Another word is carer."),
        _("caregiver|caregivers|carer|carers"),
    ),
    Term(
        "clinical-study",
        _("Clinical study"),
        _("Research that people take part in. It may test a new treatment. One kind of it is called a clinical trial."),
        _("clinical study|clinical studies|clinical trial|clinical trials"),
    ),
    Term(
        "consumer-engagement",
        _("Consumer engagement"),
        _("The name for patient engagement in Australia. A consumer is a person who uses health care."),
        _("consumer engagement"),
    ),
    Term(
        "facilitator",
        _("Facilitator"),
        _("The person who leads a session. They make sure that people are heard and that it ends on time."),
        _("facilitator|facilitators"),
    ),
    Term(
        "feed",
        _("Feed"),
        _("A page for a program called a feed reader. The reader tells you when something new is on it."),
    ),
    Term(
        "health-research",
        _("Health research"),
        _("Work to find out what keeps people well, and what helps when they are ill."),
        _("health research"),
    ),
    Term(
        "hub",
        _("Hub"),
        _("A place in the middle, where people meet and share what they know. Ours is online."),
    ),
    Term(
        "invite",
        _("Invite"),
        _("An email that puts a day into your calendar. When the day moves, your calendar moves it too."),
    ),
    Term(
        "lived-experience",
        _("Lived experience"),
        _("What you know because you live with an illness, or because you care for someone who does."),
        _("lived experience"),
    ),
    Term(
        "methods",
        _("Methods"),
        _("The way a study is done: who is asked, what is measured, and how."),
    ),
    Term(
        "patient-and-public-involvement",
        _("Patient and public involvement"),
        _("The name for patient engagement in the United Kingdom and much of Europe. People often write PPI."),
        _("patient and public involvement|PPI"),
    ),
    Term(
        "patient-engagement",
        _("Patient engagement"),
        _(
            "People with lived experience work with researchers as partners. They help to choose what is studied, and "
            "how. They help to make sense of the results and to share them."
        ),
        _("patient engagement"),
    ),
    Term(
        "patient-partner",
        _("Patient partner"),
        _("A person with lived experience who works with a research team."),
        _("patient partner|patient partners"),
    ),
    Term(
        "patients-included",
        _("Patients Included"),
        _("A promise that a conference can make: patients help to plan it, speak at it, and can come to it."),
    ),
    Term(
        "recording",
        _("Recording"),
        _("A video of a session. You can watch it later, stop it, and watch it again."),
        _("recording|recordings"),
    ),
    Term(
        "rewatch-party",
        _("Rewatch party"),
        _("A time at which people watch a recording together, and talk about it."),
        _("rewatch party|rewatch parties"),
    ),
    Term(
        "researcher",
        _("Researcher"),
        _("A person whose work is to find things out. They may work at a university, a hospital or a company."),
    ),
    Term(
        "session",
        _("Session"),
        _("One part of a day, with its own topic and its own speakers."),
        _("session|sessions"),
    ),
    Term(
        "time-zone",
        _("Time zone"),
        _("The part of the world that shares one clock. When it is noon in Lagos, it is evening in Tokyo."),
        _("time zone|time zones"),
    ),
    Term(
        "utc",
        _("UTC"),
        _("The clock that all other clocks are counted from. UTC+2 means: two hours later than UTC."),
        _("UTC"),
    ),
    Term(
        "virtual",
        _("Virtual"),
        _("Online. You take part with your phone or computer, from where you are."),
        _("virtual"),
    ),
    Term(
        "waiting-list",
        _("Waiting list"),
        _("When a day is full, you can wait here. When a place comes free, the first person on the list gets it."),
        _("waiting list"),
    ),
]

TAG = re.compile(r"(<[^>]*>)")
NO_LINKS_IN = frozenset(["a", "h1", "h2", "h3", "h4", "code", "pre"])


def terms():
    """Return the terms by name in the active language."""
    return sorted(TERMS, key=lambda term: sort_key(term.name))


def with_terms(html, *, glossary_url, seen):
    """Return our own safe HTML with a link at the first use of each term.

    `seen` is the set of terms that the page marked already; it grows. Nothing is linked within a link or a heading;
    apart from the links the HTML is unchanged.
    """
    pattern, slugs = _patterns(get_language())

    def link(match):
        slug = slugs[" ".join(match[0].split()).casefold()]
        if slug in seen:
            return match[0]
        seen.add(slug)
        # The match comes from HTML, so it is escaped already.
        return format_html('<a class="term" href="{}#{}">{}</a>', glossary_url, slug, mark_safe(match[0]))  # noqa: S308

    parts, within = [], []
    for part in TAG.split(html):
        if part.startswith("<"):
            _step(part, within)
        elif not within:
            part = pattern.sub(link, part)
        parts.append(part)
    return mark_safe("".join(parts))  # noqa: S308


def _step(tag, within):
    """Record in `within` the start or end of an element in which nothing is linked."""
    name = tag.strip("</>").partition(" ")[0].lower()
    if name not in NO_LINKS_IN:
        return
    if tag.startswith("</"):
        within.pop()
    else:
        within.append(name)


@lru_cache(maxsize=8)
def _patterns(language):
    """The pattern that finds any form of any term, longest first, and the slug for each form.

    `language` is the active one: it only tells the cache that each language has its own forms.
    """
    slugs = {form.casefold(): term.slug for term in TERMS if term.forms for form in str(term.forms).split("|")}
    forms = sorted(slugs, key=lambda form: (-len(form), form))
    words = "|".join(r"\s+".join(re.escape(word) for word in form.split()) for form in forms)
    return re.compile(rf"(?<![\w&#-])(?:{words})(?![\w-])", re.IGNORECASE), slugs
