"""Queues mails with the links to people's pages. One for everybody at an address belongs to the newest person there.

Only the newest such mail to an address waits. It contains everything that earlier ones did.
"""

from datetime import datetime

from registration.addresses import key_of_address
from registration.mail.rows import new_row, put
from registration.models import OutboxMessage, Registrant
from registration.models.outbox import OutboxQuerySet, withdraw_unsent_links
from registration.status import Letter, MailKind, MailState, Status


def queue_page_link(registrant: Registrant, *, now: datetime) -> OutboxMessage:
    """Queue the mail with the link to one person's page; with everybody's at the address, if such a mail waits there.

    Unsent mails with an older link are withdrawn. It does not count against the budget: each link can be renewed once.
    """
    OutboxMessage.objects.for_person(registrant).of_kind(MailKind.PLEASE_CONFIRM).not_begun().withdraw(now)
    # Without this fact it is for everybody there.
    facts = {} if withdraw_links(registrant, now=now) else {"people": [registrant.pk]}
    (row,) = put(new_row(Letter.LINK, MailKind.LINK, registrant, now=now, facts=facts))
    return row


def withdraw_links(registrant: Registrant, *, now: datetime) -> int:
    """Take back the mails with links for a person's address that have not left. Returns how many."""
    return withdraw_unsent_links.update(registrant.conference_id, key_of_address(registrant.email), now)


def take_over_links(registrant: Registrant, *, now: datetime) -> list[datetime]:
    """Do as `withdraw_links`; return when each of these mails would have left.

    Where there is none this is one statement, as much as an address that nobody uses costs in its place: otherwise
    anyone could time who has signed up (tests/load/same_answer.py).
    """
    if not withdraw_links(registrant, now=now):
        return []
    return list(_to_address_of(registrant).withdrawn_since(now).values_list("due_at", flat=True))


def take_back_links(registrant: Registrant, *, now: datetime) -> bool:
    """Take back the mails with links for a person's address that have not left or were given up: they may name them.

    Returns whether others there may wait for one, even for one that is just being sent.
    """
    is_awaited = _to_address_of(registrant).queued().exists() or _covers_others(registrant)
    _to_address_of(registrant).unsent().withdraw(now)
    return is_awaited


def _covers_others(registrant: Registrant) -> bool:
    """Whether an unsent "please confirm" to this person may be the only mail for another person at their address."""
    asked = OutboxMessage.objects.of_kind(MailKind.PLEASE_CONFIRM)
    if not asked.for_person(registrant).not_begun().exists():
        return False
    others = Registrant.objects.at_address_of(registrant).other_than(registrant)
    asked_of = asked.filter(state__in=(MailState.QUEUED, MailState.SENT)).values("registrant")
    return others.with_registration(status=Status.PENDING).exclude(pk__in=asked_of).exists()


def _to_address_of(registrant: Registrant) -> OutboxQuerySet:
    people = Registrant.objects.at_address_of(registrant)
    return OutboxMessage.objects.for_people(people.values("pk")).of_kind(MailKind.LINK)
