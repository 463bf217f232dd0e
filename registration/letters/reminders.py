"""The mail before a day: when it is on the reader's clock, and the way in first."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import translation

from registration import links
from registration.models import Registrant, Registration

from .frame import Mail, write
from .slips import earliest_first, slip


def write_reminder(registrant: Registrant, registrations: Sequence[Registration], *, now: datetime) -> Mail:
    """Return the mail that reminds a person of one day or several, the earliest first, whatever its number.

    Args:
        registrant: the person, with the conference loaded.
        registrations: their confirmed rows, with days loaded.
        now: the UTC instant, for "tomorrow".
    """
    with translation.override(registrant.language):
        days = []
        for row in earliest_first(registrations):
            row.registrant = registrant
            one = slip(row, join_url=links.join_url(row))
            days.append((one, one.near_words(now)))
    words = {"days": days, "first": days[0][0], "first_words": days[0][1], "has_place": True}
    url = links.unsubscribe_url(registrant)
    return write("reminder", registrant, words, unsubscribe_url=url)
