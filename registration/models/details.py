"""What a person tells us of themselves: the one list that forms, services, tables and the privacy policy read.

To add one, add its column (registrants.py, and a migration) and its line here.
"""

from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .registrants import Registrant


@dataclass(frozen=True)
class Detail:
    """One column of `Registrant`, whose label and help on forms are those of the column.

    Args:
        column: its name.
        key: its name in the copy of their data that a person can download.
        page: the person's page on which they change it; "" for one that only organisers correct.
        for_organisers: whether organisers correct it, and have it in their table.
        policy_words: what /privacy/ calls it among what we keep, if not by its label; "" where that is said already.
    """

    column: str
    key: str
    page: Literal["details", "answers", ""] = "details"
    for_organisers: bool = True
    policy_words: str | Promise | None = None

    @property
    def label(self) -> str:
        """The column's name in words: "time zone"."""
        return str(Registrant._meta.get_field(self.column).verbose_name)

    @property
    def kept_words(self) -> str:
        """What /privacy/ calls it, "" for nothing."""
        return self.label if self.policy_words is None else str(self.policy_words)


DETAILS = (
    Detail("name", "name"),
    Detail("carer_name", "signed_up_by", for_organisers=False, policy_words=""),
    Detail("email", "email_address", page="", policy_words=_("email address")),
    Detail("country", "country"),
    Detail("time_zone", "time_zone"),
    Detail("language", "language_of_mails", policy_words=""),
    Detail("roles", "roles", page="answers", policy_words=_("role")),
    Detail("role_words", "role_in_your_own_words", page="answers", policy_words=""),
)


def columns_on(*pages: str) -> list[str]:
    """Return the columns that a person changes on these pages."""
    return [detail.column for detail in DETAILS if detail.page in pages]


def columns_for_organisers() -> list[str]:
    """Return the columns that organisers correct."""
    return [detail.column for detail in DETAILS if detail.for_organisers]
