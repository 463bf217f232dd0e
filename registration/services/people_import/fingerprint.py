"""A hash of what is known about a person, to see later whether it has changed."""

import hashlib

from registration.models import Registrant
from registration.models.details import DETAILS

_SETTINGS = ("new_email", "calendar_mails", "reminders", "news_mails", "neutral_titles", "verified_at")
_LINKS = ("page_link_version", "calendar_link_version", "door_link_version")
_COLUMNS = (*(detail.column for detail in DETAILS), *_SETTINGS, *_LINKS)


def fingerprint_of_person(registrant: Registrant) -> str:
    """Return the hash. Whether mail reaches them does not count: it is nothing that they did."""
    values = [getattr(registrant, name) for name in _COLUMNS]
    return hashlib.sha256(repr(values).encode()).hexdigest()
