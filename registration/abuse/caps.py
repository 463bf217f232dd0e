"""Caps on mail caused by forms and buttons. `budget.py` enforces them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Cap:
    """At most `most` mails in any 24 hours."""

    most: int


@dataclass(frozen=True)
class Pace:
    """`burst` mails at once, then one every `seconds` seconds."""

    name: str
    burst: int
    seconds: float


# Mails to one mailbox that anyone can cause, in all spellings of its address. The last one is reserved for lost links.
MAILS_TO_A_MAILBOX = Cap(5)
SIGN_UP_MAILS_TO_A_MAILBOX = Cap(4)
# Mails from one person's page, together with those that anyone can cause there: strangers may have a forwarded link.
MAILS_BY_A_PERSON = Cap(5)

# A newsletter brings thousands of people an hour, and a whole hospital may share one IP address.
MAILS_FROM_A_NETWORK = Pace("mails-network", burst=600, seconds=1)
# One person may own many mailboxes of a small domain.
MAILS_TO_A_DOMAIN = Pace("mails-domain", burst=100, seconds=15)
MAILS_TO_A_LARGE_PROVIDER = Pace("mails-provider", burst=2000, seconds=1)
MAILS_OF_THE_SITE = Pace("mails-site", burst=3000, seconds=0.5)
