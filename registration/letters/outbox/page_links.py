"""Queues mails with the links to people's pages. One may be for everybody at an address: it stands with the newest.

Only the newest such mail to an address waits. It tells all that the ones before had to tell.
"""

from registration.letters import sign_up
from registration.mail.rows import put
from registration.models import OutboxMessage, Registrant
from registration.status import MailKind


def queue_link(email, conference, *, now):
    """Queue one mail to an address with the page of each person there; nothing if there is nobody.

    Returns the row or None. The caller says the same to everybody.
    """
    people = list(Registrant.objects.at(conference).with_address(email).with_days().newest_first())
    if not people:
        return None
    _to_address_of(people[0]).not_begun().withdraw(now)
    return put(sign_up.page_link(people), now=now, registrant=people[0])


def queue_page_link(registrant, *, now):
    """Queue the mail with the link to one person's page; with everybody's at the address, if such a mail waits there.

    Unsent mails with an older link are withdrawn.
    """
    OutboxMessage.objects.to(registrant).of_kind(MailKind.PLEASE_CONFIRM).not_begun().withdraw(now)
    if link_waits(registrant):
        return queue_link(registrant.email, registrant.conference, now=now)
    return put(sign_up.page_link([registrant]), now=now, registrant=registrant)


def link_waits(registrant):
    """Whether a mail with links has not left yet for a person's address, their own or that of others there."""
    return _to_address_of(registrant).not_begun().exists()


def take_back_links(registrant, *, now):
    """Take back the mails with links for a person's address that have not left or were given up: they may name them.

    Returns whether others there may wait for one, even for one that is just being sent.
    """
    is_awaited = _to_address_of(registrant).queued().exists()
    _to_address_of(registrant).not_left().withdraw(now)
    return is_awaited


def _to_address_of(registrant):
    people = Registrant.objects.at(registrant.conference_id).with_address(registrant.email)
    return OutboxMessage.objects.to_people(people.values("pk")).of_kind(MailKind.LINK)
