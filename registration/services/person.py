"""Changes that people make to their own data."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from registration.abuse import budget
from registration.addresses import key_of_name
from registration.models import Registrant
from registration.models.details import columns_on

from .days import hold_days, rewrite_entries
from .errors import AlreadySignedUp


def change_details(registrant: Registrant, *, details: dict[str, Any]) -> None:
    """Change what a person told us of themselves. `details` maps columns of `models.details` to new values.

    Sends nothing: the next mail is about them as they are then. Raises AlreadySignedUp when another person at the
    same address has this name.
    """
    unknown = set(details) - set(columns_on("details", "answers"))
    if unknown:
        raise ValueError(f"Not for people to change here: {sorted(unknown)}")
    if "name" in details:
        details = details | {"name_key": key_of_name(details["name"])}
    try:
        _change(registrant, **details)
    except IntegrityError:
        raise AlreadySignedUp from None


def set_calendar_mails(registrant: Registrant, *, wanted: bool) -> None:
    """Turn this person's calendar invites by mail on or off. Sends nothing."""
    _change(registrant, calendar_mails=wanted)


def set_language(registrant: Registrant, *, code: str) -> None:
    """Write to this person in the language `code` from now on, and show them their pages in it. Sends nothing."""
    _change(registrant, language=code)


def set_neutral_titles(registrant: Registrant, *, wanted: bool, now: datetime) -> int:
    """Let the person's calendar entries name no subject, or name it again. Repeating it does nothing.

    Sends each coming day's entry that a calendar may have once more, also to a person who takes no more invites.
    Returns how many days.
    """
    with transaction.atomic():
        days = hold_days(registrant)
        row = Registrant.objects.only_row(registrant).locked().get()
        if row.neutral_titles == wanted:
            return 0
        row.neutral_titles = wanted
        row.save(update_fields=["neutral_titles"])
        count = rewrite_entries(row, days=days, now=now)
        budget.charge(row, now=now)
    return count


def _change(registrant: Registrant, **values: Any) -> None:
    with transaction.atomic():
        row = Registrant.objects.only_row(registrant).locked().get()
        for name, value in values.items():
            setattr(row, name, value)
        row.save(update_fields=list(values))
