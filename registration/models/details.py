"""Details of a person: the single list used by forms, services, tables and the privacy policy.

To add one, add its column (registrants.py, and a migration) and its line here.
"""

from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .registrants import Registrant


@dataclass(frozen=True)
class Detail:
    """One column of `Registrant`. Forms that have no field of their own for it make one, with the column's hint.

    Args:
        column: its name.
        key: its name in the copy of their data that a person can download.
        words: its name on pages; "" for one that /privacy/ names with another.
        page: the person's page on which they change it; "" for one that only organisers correct.
        for_organisers: whether organisers correct it, and have it in their table.
    """

    column: str
    key: str
    words: str | Promise
    page: Literal["details", "answers", ""] = "details"
    for_organisers: bool = True

    @property
    def label(self) -> str:
        """Its name for organisers: the column's."""
        return str(Registrant._meta.get_field(self.column).verbose_name)


DETAILS = (
    Detail("name", "name", _("name")),
    Detail("carer_name", "signed_up_by", "", for_organisers=False),
    Detail("email", "email_address", _("email address"), page=""),
    Detail("country", "country", _("country")),
    Detail("time_zone", "time_zone", _("time zone")),
    Detail("language", "language_of_mails", ""),
    Detail("roles", "roles", _("role"), page="answers"),
    Detail("role_words", "role_in_your_own_words", "", page="answers"),
)


def details_on(page: str) -> list[Detail]:
    """Return the details that a person changes on one of their pages."""
    return [detail for detail in DETAILS if detail.page == page]


def columns_on(*pages: str) -> list[str]:
    """Return the columns that a person changes on these pages."""
    return [detail.column for detail in DETAILS if detail.page in pages]


def columns_for_organisers() -> list[str]:
    """Return the columns that organisers correct."""
    return [detail.column for detail in DETAILS if detail.for_organisers]
