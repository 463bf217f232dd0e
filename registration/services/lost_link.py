"""Sending people their links again: requests, answers, and what happens to them when a person is deleted."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from conference.models import Conference
from registration.abuse import budget
from registration.letters import outbox
from registration.models import LinkRequest, Registrant
from registration.status import Letter

from .run_each import run_each


def ask_for_links(conference: Conference, email: str, *, network: str = "", now: datetime) -> None:
    """Record a request for the links of an address, from a `network`. The worker answers (`answer_link_requests`).

    It writes the same row for an unknown address, so neither the response nor its time reveals which are known.
    """
    LinkRequest.objects.create(conference=conference, email=email, network=budget.hide_network(network), asked_at=now)


def answer_link_requests(*, now: datetime, limit: int = 100) -> int:
    """Send the links that were asked for and forget who asked. Returns how many requests that were.

    Who is not at the edition that was asked, as the next one is at `/` soon after their own, gets those of the newest
    one that they confirmed for: it still has their pages, with the recordings.
    """

    def answer(request: LinkRequest) -> None:
        with transaction.atomic():
            if LinkRequest.objects.only_row(request).delete()[0]:  # another worker may have been here first
                asked, there = request.conference, Registrant.objects.with_address(request.email)
                newest = None if there.for_edition(asked).exists() else there.of_public_editions().verified().first()
                edition = newest.conference if newest else asked
                send_links(edition, request.email, network=request.network, now=now)

    return len(run_each(LinkRequest.objects.oldest_first()[:limit], answer))


def send_links(conference: Conference, email: str, *, network: str = "", now: datetime) -> None:
    """Write to an address the way in for each of its people: their page, or "please confirm".

    Sends one mail: with the page of each verified person and a button to the others, or, if nobody is verified, the
    only kind of mail that such an address gets. An address that nobody uses gets nothing; the caller says the same to
    everybody, and the budget counts the same.
    """
    with transaction.atomic():
        list(Registrant.objects.for_edition(conference).with_address(email).locked())
        outbox.queue_link(email, conference, network=network, now=now)


def take_back_mails(registrant: Registrant, *, keep: Collection[Letter] = (), now: datetime) -> None:
    """Withdraw the unsent mail about a locked person, who is deleted next or gets another address.

    Mails with a letter in `keep` stay. If others at their address wait for links, which one mail names together, the
    worker writes to them again.
    """
    links_are_awaited = outbox.take_back_links(registrant, now=now)
    outbox.withdraw_for(registrant, keep=keep, now=now)
    others = Registrant.objects.at_address_of(registrant).other_than(registrant)
    if links_are_awaited and others.exists():
        ask_for_links(registrant.conference, registrant.email, now=now)
