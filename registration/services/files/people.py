"""People as a table for spreadsheet programs. It holds nothing of what they need to take part."""

from collections.abc import Iterable, Iterator
from itertools import batched
from typing import BinaryIO

from django.contrib.auth.models import User
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conference.models import Conference, Day
from conference.tables import write
from registration.models import Question, Registrant
from registration.models.history import note_table
from registration.models.registrants import RegistrantQuerySet
from registration.status import Status

from .columns import Column, Facts, choices, columns_of, remember

PORTION = 500  # people in memory at a time


def people_of(conference: Conference, *, state: str = "", day: Day | None = None) -> RegistrantQuerySet:
    """Return the people of an edition: all, or those with a Status on a day, or on any."""
    people = Registrant.objects.for_edition(conference)
    about = ({"status": Status(state)} if state else {}) | ({"day": day} if day else {})
    return people.with_registration(**about) if about else people


def table_of_people(people: RegistrantQuerySet, *, keys: Iterable[str], kind: str, user: User) -> BinaryIO:
    """Return a file with one row for each of `people`, and log the download; the caller closes it.

    Args:
        people: from one edition or several.
        keys: the chosen columns (`columns.choices`), kept for this account.
        kind: one of `conference.tables.FORMATS`.
        user: the account that downloads it.
    """
    keys = list(keys)
    days = Day.objects.filter(conference__in=people.order_by().values("conference")).with_conference().in_order()
    columns = columns_of(keys, list(days), list(Question.objects.for_people(people)))
    remember(user, keys)
    number = people.count()
    words = ngettext(
        "Downloaded %(n)d person as a table (%(kind)s): %(columns)s",
        "Downloaded %(n)d people as a table (%(kind)s): %(columns)s",
        number,
    )
    names = ", ".join(str(choice.words) for choice in choices() if choice.key in keys)
    note_table(user, Registrant, words % {"n": number, "kind": kind.upper(), "columns": names})
    return write(kind, [(_("People"), [column.head for column in columns], _rows(people, columns))])


def _rows(people: RegistrantQuerySet, columns: list[Column]) -> Iterator[list[str]]:
    for portion in batched(people.iterator(chunk_size=PORTION), PORTION, strict=False):
        facts = Facts.about(portion)
        for person in portion:
            yield [column.cell(person, facts) for column in columns]
