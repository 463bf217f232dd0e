"""An organiser's choices for an import: what each column is, which days, and how to import."""

from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NAME, FIRST, LAST, EMAIL = "name", "first", "last", "email"
COUNTRY, ZONE, LANGUAGE, DAYS, STATE = "country", "time_zone", "language", "days", "state"
CARER, ROLES, ROLE_WORDS = "carer_name", "roles", "role_words"
DAY = "day:"  # and the key of a day: what the column says is the person's state on it

USES: dict[str, str | Promise] = {
    NAME: _("Name"),
    FIRST: _("First name"),
    LAST: _("Last name"),
    EMAIL: _("Email address"),
    COUNTRY: _("Country"),
    ZONE: _("Time zone"),
    LANGUAGE: _("Language"),
    DAYS: _("Days"),
    STATE: _("State, or approval"),
    CARER: _("Signed up by"),
    ROLES: _("Roles"),
    ROLE_WORDS: _("Role in their own words"),
}


@dataclass(frozen=True)
class Choices:
    """Plain data, for a row and for a form.

    Args:
        head: the number of the row with the headings, 0 for none.
        columns: {number of a column, from 0: one of `USES`, or `DAY` with a key}.
        days: keys of days, for rows that name none.
        is_verified: whether the organiser vouches for the addresses.
        writes: whether the people get a mail.
        is_whole: whether no row comes in when one is bad.
    """

    head: int = 0
    columns: dict[int, str] = field(default_factory=dict)
    days: tuple[int, ...] = ()
    is_verified: bool = True
    writes: bool = False
    is_whole: bool = True

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> "Choices":
        """Return what `as_plain` wrote."""
        columns = {int(number): use for number, use in plain.get("columns", {}).items()}
        return cls(**{**plain, "columns": columns, "days": tuple(plain.get("days", ()))})

    def as_plain(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return asdict(self)

    def column_of(self, use: str) -> int | None:
        """Return the number of the column with a use, or None."""
        return next((number for number, found in self.columns.items() if found == use), None)

    @property
    def missing(self) -> list[str]:
        """The uses without which no row can come in."""
        uses = set(self.columns.values())
        names_days = bool(self.days) or DAYS in uses or any(use.startswith(DAY) for use in uses)
        found = {EMAIL: EMAIL in uses, NAME: bool(uses & {NAME, FIRST, LAST}), DAYS: names_days}
        return [use for use, is_there in found.items() if not is_there]

    @property
    def repeated_uses(self) -> list[str]:
        """The uses that two columns have."""
        uses = list(self.columns.values())
        return sorted({use for use in uses if uses.count(use) > 1})
