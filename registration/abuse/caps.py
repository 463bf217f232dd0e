"""How much mail may leave because somebody filled in a form or pressed a button. `budget.py` keeps to it."""

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


# What anyone can send to somebody else's mailbox, in all spellings of its address. The last one is for lost links.
MAILS_TO_A_MAILBOX = Cap(5)
SIGN_UP_MAILS_TO_A_MAILBOX = Cap(4)
# What one person's page can send, together with what anyone can send there: a forwarded link is a stranger's too.
MAILS_BY_A_PERSON = Cap(5)

# A newsletter brings thousands of people an hour, and a hospital sends all of its own through one address.
MAILS_FROM_A_NETWORK = Pace("mails-network", burst=600, seconds=1)
# Many mailboxes of a small domain may be one person's.
MAILS_TO_A_DOMAIN = Pace("mails-domain", burst=100, seconds=15)
MAILS_TO_A_LARGE_PROVIDER = Pace("mails-provider", burst=2000, seconds=1)
MAILS_OF_THE_SITE = Pace("mails-site", burst=3000, seconds=0.5)
