"""The people with a place on a day, as Zoom takes them to register them for a meeting: address, first and last name."""

from collections.abc import Iterator
from typing import BinaryIO

from django.contrib.auth.models import User
from django.db.models import Count
from django.utils.translation import ngettext

from conference.models import Conference, Day
from conference.tables import write
from registration.models import Registrant, Registration
from registration.models.history import note_table
from registration.models.registrants import RegistrantQuerySet
from registration.status import Status

# Zoom looks for these very words, in whatever language its pages are.
HEADS = ["Email", "First Name", "Last Name"]


def guests_of(day: Day) -> RegistrantQuerySet:
    """Return the people with a place on a day whose address works as far as we know."""
    return Registrant.objects.with_registration(day=day, status=Status.CONFIRMED).reachable()


def guests_by_day(conference: Conference) -> dict[int, int]:
    """Return {a day's key: how many `guests_of` it} for an edition; days without guests are left out."""
    reachable = Registrant.objects.for_edition(conference).reachable()
    rows = Registration.objects.for_edition(conference).confirmed().filter(registrant__in=reachable)
    return dict(rows.order_by().values_list("day").annotate(Count("registrant", distinct=True)))


def zoom_file(day: Day, *, user: User) -> BinaryIO:
    """Return the file for Zoom, and log the download; the caller closes it. Zoom accepts only CSV."""
    guests = guests_of(day)
    number = guests.count()
    words = ngettext(
        "Downloaded %(n)d person of %(day)s for Zoom", "Downloaded %(n)d people of %(day)s for Zoom", number
    )
    note_table(user, Registrant, words % {"n": number, "day": day})
    return write("csv", [(day.label, HEADS, _rows(guests))])


def _rows(guests: RegistrantQuerySet) -> Iterator[list[str]]:
    for email, name in guests.order_by("name_key", "pk").values_list("email", "name").iterator():
        first, _blank, last = name.rpartition(" ")
        yield [email, first or last, last if first else ""]
