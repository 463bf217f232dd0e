"""The data of the page after signing up: all that was typed, sealed into its short-lived address.

There is no cookie and no row for it. Only this site can read the seal (Fernet: AES with HMAC), so the address shows
nobody a name or an address, and it is the same kind of text for people we know and people we do not.
"""

import base64
import json
import zlib
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Self

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac

from registration.services.sign_up import Person

VALID_FOR = 3 * 60 * 60  # seconds
MOST_CHARACTERS = 3500  # servers and old browsers take addresses of about 4,000

# Where people read mail to an address, by its domain.
MAIL_PROGRAMS = {
    "Gmail": ("https://mail.google.com/", ("gmail.com", "googlemail.com")),
    "Outlook": (
        "https://outlook.live.com/mail/",
        ("outlook.com", "hotmail.com", "live.com", "msn.com", "hotmail.co.uk"),
    ),
    "Yahoo Mail": ("https://mail.yahoo.com/", ("yahoo.com", "ymail.com", "yahoo.co.uk", "yahoo.ca", "yahoo.fr")),
    "iCloud Mail": ("https://www.icloud.com/mail", ("icloud.com", "me.com", "mac.com")),
    "Proton Mail": ("https://mail.proton.me/", ("proton.me", "protonmail.com", "pm.me")),
    "GMX": ("https://www.gmx.net/", ("gmx.net", "gmx.de", "gmx.com", "gmx.at", "gmx.ch")),
}


class BadReceipt(Exception):
    """The text is not a seal of ours, or it is too old."""


@dataclass(frozen=True)
class Receipt:
    """The content of one sent form, and the UTC instant at which it signed the person up."""

    person: Person
    days: list  # their numbers
    at: datetime
    needs: str = ""
    answers: dict = field(default_factory=dict)  # as for `services.answers.write_answers`

    @property
    def email(self) -> str:
        """The address as typed."""
        return self.person.email

    @property
    def mailbox(self) -> str:
        """The part before the @, where a long address may break."""
        return self.email.rpartition("@")[0]

    @property
    def domain(self) -> str:
        """The part after the @."""
        return self.email.rpartition("@")[2]

    @property
    def mail_program(self) -> tuple[str, str] | None:
        """Return (name, address) of the program that opens this mailbox, or None if the address does not tell."""
        domain = self.domain.lower()
        return next(((name, url) for name, (url, domains) in MAIL_PROGRAMS.items() if domain in domains), None)

    def for_address(self, email: str, at: datetime) -> Self:
        """Return the receipt of the same form with another address, sent at the UTC instant `at`."""
        return replace(self, person=replace(self.person, email=email), at=at)

    def seal(self) -> str:
        """Return it as a text for an address, or "" if the typed text is too long for one."""
        plain = asdict(self) | {"at": self.at.isoformat()}
        token = _seals().encrypt(zlib.compress(json.dumps(plain, ensure_ascii=False).encode())).decode()
        return token if len(token) <= MOST_CHARACTERS else ""


def open_receipt(token: str) -> Receipt:
    """Return the Receipt in a sealed text. Raises BadReceipt."""
    try:
        plain = json.loads(zlib.decompress(_seals().decrypt(token.encode(), ttl=VALID_FOR)))
    except (InvalidToken, ValueError):
        raise BadReceipt from None
    answers = {int(key): values for key, values in plain["answers"].items()}
    at = datetime.fromisoformat(plain["at"])
    return Receipt(Person(**plain["person"]), plain["days"], at, plain["needs"], answers)


def seal_address(email: str) -> str:
    """Return an address as a text for the address of a page, which tells it to nobody else."""
    return _seals("pxp.address").encrypt(email.encode()).decode()


def open_address(token: str) -> str:
    """Return the mail address in a sealed text. Raises BadReceipt."""
    try:
        return _seals("pxp.address").decrypt(token.encode(), ttl=VALID_FOR).decode()
    except (InvalidToken, ValueError):
        raise BadReceipt from None


def _seals(purpose: str = "pxp.receipt") -> MultiFernet:
    """The keys that seal and open, today's first."""
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    digests = [salted_hmac(purpose, "", secret=secret, algorithm="sha256").digest() for secret in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
