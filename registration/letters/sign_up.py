"""Mails around the sign-up: please confirm, and the link to one's page."""

from collections.abc import Sequence
from dataclasses import dataclass

from registration import links
from registration.models import Registrant, Registration

from .frame import Mail, write
from .slips import slip


@dataclass(frozen=True)
class PageLink:
    """The page of one person at an address."""

    name: str
    url: str
    is_named: bool  # the button says whose page it is


def write_please_confirm(registrant: Registrant, registrations: Sequence[Registration], *, people: int = 1) -> Mail:
    """Return the only kind of mail that an unverified address gets. It names nobody.

    Args:
        registrant: the person, with the conference loaded; if several people wait at the address, one of them.
        registrations: one of each day that waits to be confirmed, in order, with the day loaded.
        people: how many people these are of. The page behind the button says who.
    """
    slips = [slip(row) for row in registrations]
    words = {"slips": slips, "confirm_url": links.confirm_url(registrant), "people": people}
    # No way to a page before they confirmed.
    return write("please_confirm", registrant, words, my_url="")


def write_page_link(registrants: Sequence[Registrant], *, waiting: Registrant | None = None, people: int = 0) -> Mail:
    """Return one mail with the page of each person at one address who confirmed that it is theirs.

    Args:
        registrants: these people, at one edition, the newest first.
        waiting: a person there who has days to confirm; their button leads to all of them, and it names nobody.
        people: how many have days to confirm and no page.
    """
    pages = [
        PageLink(person.name, links.my_url(person), len(registrants) > 1 or bool(person.carer_name))
        for person in registrants
    ]
    words = {"pages": pages, "people": people, "confirm_url": links.confirm_url(waiting) if waiting else ""}
    return write("link", registrants[0], words, my_url="")
