"""Guesses what a column is, from its heading in our four languages and from its values."""

import re
from collections.abc import Sequence
from functools import cache

from django.conf import settings
from django.utils import translation

from conference.models import Day
from registration.addresses import key_of_name
from registration.models.details import DETAILS

from . import choices as uses
from .choices import DAY, DAYS, EMAIL, FIRST, LAST, NAME
from .values import days_in

# As Zoom, Eventbrite, Google Forms and people write them.
_HEADINGS = {
    NAME: "name; full name; your name; attendee name; participant name; registrant name; name original name; nom;"
    "nom complet; votre nom; nom et prenom; prenom et nom; nom du participant; nombre; nombre completo; su nombre;"
    "nombre y apellido; nombre y apellidos; nombre del asistente; الاسم; الاسم الكامل; اسمك; اسم المشارك",
    FIRST: "first name; firstname; given name; forename; attendee first name; prenom; prenoms; nombre de pila;"
    "nombres; primer nombre; الاسم الأول",
    LAST: "last name; lastname; surname; family name; attendee last name; attendee surname; nom de famille;"
    "apellido; apellidos; primer apellido; اسم العائلة; الاسم الأخير; اللقب; الكنية",
    EMAIL: "email; e-mail; mail; email address; e-mail address; attendee email; your email; username; courriel;"
    "adresse courriel; adresse e-mail; adresse email; adresse mail; adresse électronique; nom d'utilisateur; correo;"
    "correo electrónico; dirección de correo electrónico; email del asistente; البريد; البريد الإلكتروني;"
    "عنوان البريد الإلكتروني; بريدك الإلكتروني; اسم المستخدم",
    uses.COUNTRY: "country; country/region; country/region name; country or region; home country; pays; pays/région;"
    "país; país/región; البلد; الدولة; البلد/المنطقة; الدولة/المنطقة",
    uses.ZONE: "time zone; timezone; fuseau horaire; zona horaria; huso horario; المنطقة الزمنية",
    uses.LANGUAGE: "language; preferred language; langue; langue préférée; idioma;"
    "idioma preferido; اللغة; اللغة المفضلة",
    DAYS: "day; days; which day; which days; jour; jours; día; días; اليوم; الأيام; ticket type; ticket",
    uses.STATE: "status; state; approval status; attendee status; registration status; approval; statut; état;"
    "statut d'approbation; statut de l'approbation; statut de l'inscription; estado; estado de aprobación; aprobación;"
    "estado del asistente; الحالة; حالة الموافقة; حالة التسجيل",
}
# Questions of forms: "What is your name?"
_ASKED = (
    (EMAIL, r"\be ?mail\b|\bcourriel\b|correo electronico|البريد"),
    (FIRST, r"\b(?:first|given) name\b|\bprenom\b"),
    (LAST, r"\b(?:last|family) name\b|\bsurname\b|nom de famille|\bapellidos?\b"),
    (uses.COUNTRY, r"\bcountry\b|\bpays\b|\bpais\b|البلد|الدوله"),
    (uses.LANGUAGE, r"\blanguage\b|\blangue\b|\bidioma\b|اللغه"),
    (NAME, r"\bname\b|\bnom\b|\bnombre\b|اسم"),
)
# Names and addresses of things, or of other people.
_OTHERS = re.compile(
    r"\b(?:event|company|organi[sz]ation|employer|ticket|topic|webinar|meeting|file|school|institution|host|buyer|payer|"
    r"emergency|user|entreprise|organisation|acheteur|evenement|empresa|comprador|evento|confirm)\b"
)
_LONGEST_QUESTION = 120
_DAY_HEADING = re.compile(r"(?:^|\W)(?:day|jour|dia|اليوم)\s*(\d)$")
HEAD_ROWS = 40  # where the row with the headings is looked for
SAMPLE = 50


@cache
def _uses() -> dict[str, str]:
    """Return {normalized heading: use}, those of our own table of people in each language among them."""
    found: dict[str, str] = {}
    for use, words in _HEADINGS.items():
        found |= {normalized(heading): use for heading in words.split(";")}
    own = {"email": EMAIL, "carer_name": uses.CARER, "roles": uses.ROLES, "role_words": uses.ROLE_WORDS}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            labels = {normalized(detail.label): own.get(detail.column, detail.column) for detail in DETAILS}
        found |= {label: use for label, use in labels.items() if use in uses.USES}
    return found


def normalized(heading: str) -> str:
    """Return a heading without case, accents and what is around it, as in "* Email:"."""
    words = re.sub(r"\([^)]*\)", " ", heading)
    return key_of_name(" ".join(re.sub(r"[^\w/ ]", " ", key_of_name(words)).split()))


def use_of(heading: str) -> str:
    """Return what a column with this heading is, or ""."""
    words = normalized(heading)
    if words in _uses():
        return _uses()[words]
    if not words or len(words) > _LONGEST_QUESTION or _OTHERS.search(words):
        return ""
    return next((use for use, question in _ASKED if re.search(question, words)), "")


def find_head(rows: Sequence[Sequence[str]]) -> int:
    """Return the number, from 1, of the row among the first of a table that has its headings; 0 if none has."""
    scores = [len({use for cell in row if (use := use_of(cell))}) for row in rows[:HEAD_ROWS]]
    best = max(scores, default=0)
    is_one_alone = best == 1 and max((len(row) for row in rows[:HEAD_ROWS]), default=0) > 1
    return 0 if best == 0 or is_one_alone else scores.index(best) + 1


def guess(headings: Sequence[str], rows: Sequence[Sequence[str]], days: Sequence[Day]) -> dict[int, str]:
    """Return {number of a column: its use}; `rows` are some of the table below the headings."""
    width = max([len(headings), *(len(row) for row in rows[:SAMPLE])], default=0)
    cells = [[row[number].strip() for row in rows[:SAMPLE] if len(row) > number] for number in range(width)]
    found: dict[int, str] = {}
    for number in range(width):
        heading = headings[number] if number < len(headings) else ""
        use = _use_in_table(heading, [cell for cell in cells[number] if cell], days)
        if use and use not in found.values():
            found[number] = use
    _mend_names(headings, found)
    if EMAIL not in found.values():
        shares = [sum("@" in cell for cell in column) for column in cells]
        if max(shares, default=0):
            found[shares.index(max(shares))] = EMAIL
    return found


def _use_in_table(heading: str, cells: Sequence[str], days: Sequence[Day]) -> str:
    """Return the use of a column; a column of days names days in some of its cells."""
    if day := _day_of(heading, days):
        return f"{DAY}{day.pk}"
    use = use_of(heading)
    if use == DAYS or (not use and heading):
        # Below another heading numbers alone are of something else, like "Quantity".
        words = [cell for cell in cells if use or not re.fullmatch(r"[\d\W]*", cell)]
        named = sum(bool(days_in(cell, days)) for cell in words)
        # Below "Which days?" a few are enough: the others are then bad rows, and on no day that nobody asked for.
        least = 1 if use and "ticket" not in normalized(heading) else len(cells) / 2
        return DAYS if named and named >= least else ""
    return use


def _day_of(heading: str, days: Sequence[Day]) -> Day | None:
    """Return the day that a heading of our own table names: "PxP 2027, Day 1"."""
    found = _DAY_HEADING.search(key_of_name(heading))
    return next((day for day in days if found and day.number == int(found[1])), None)


def _mend_names(headings: Sequence[str], found: dict[int, str]) -> None:
    """Tell "nom" beside "prénom", and "nombre" beside "apellidos", from the whole name."""
    numbers = {use: number for number, use in found.items()}
    if NAME not in numbers:
        return
    if FIRST in numbers and LAST not in numbers and normalized(headings[numbers[NAME]]) in ("nom", "name"):
        found[numbers[NAME]] = LAST
    elif LAST in numbers and FIRST not in numbers:
        found[numbers[NAME]] = FIRST
    elif {FIRST, LAST} <= numbers.keys():
        del found[numbers[NAME]]
