"""Mails around the sign-up: please confirm, and the link to one's page."""

from dataclasses import dataclass, replace

from registration import links
from registration.status import MailKind

from .frame import write
from .slips import slip


@dataclass(frozen=True)
class PageLink:
    """The way in for one person at an address."""

    name: str
    is_verified: bool
    url: str


def please_confirm(registrant, registrations):
    """Return the only kind of mail that an address gets before somebody showed that it is theirs.

    Args:
        registrant: the person, with the conference loaded.
        registrations: the days to confirm, in order, with their days loaded.
    """
    words = {"slips": [slip(row) for row in registrations], "confirm_url": links.confirm_url(registrant), "named": ""}
    # No way to a page before they confirmed.
    return write(MailKind.PLEASE_CONFIRM, "please_confirm", registrant, words, my_url="")


def page_link(registrants):
    """Return one mail with the page of each person at one address; all at one edition, the newest first.

    Somebody who has not confirmed yet gets the address to do so instead.
    """
    pages = [PageLink(person.name, person.is_verified, _way_in(person)) for person in registrants]
    message = write(MailKind.LINK, "link", registrants[0], {"pages": pages, "named": ""}, my_url="")
    return message if len(registrants) == 1 else replace(message, to_name="")


def _way_in(registrant):
    return links.my_url(registrant) if registrant.is_verified else links.confirm_url(registrant)
