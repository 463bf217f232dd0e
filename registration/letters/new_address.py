"""Mails about a change of address, to the new one and to the old one; neither names the other."""

from datetime import datetime

from registration import links
from registration.models import Registrant

from .frame import Mail, write


def write_please_confirm_address(registrant: Registrant) -> Mail:
    """Return the mail to the address that a person asked for, with the link to confirm it."""
    words = {"address_url": links.address_url(registrant), "named": ""}
    return write("address", registrant, words, to_email=registrant.new_email, my_url="")


def write_address_asked(registrant: Registrant) -> Mail:
    """Return the mail to the current address about a request for another one."""
    return write("address_asked", registrant, {})


def write_address_changed(registrant: Registrant, old_email: str, *, has_entries: bool) -> Mail:
    """Return the last mail to the address that a person had until now. It holds no link.

    Args:
        has_entries: whether a calendar of that address keeps entries, which get no more updates.
    """
    return write("address_changed", registrant, {"has_entries": has_entries}, to_email=old_email, my_url="")


def write_private_link(registrant: Registrant, *, now: datetime) -> Mail:
    """Return the mail with the link to all that we hold about a person, good for a day from the UTC instant `now`."""
    return write("private", registrant, {"private_url": links.private_url(registrant, now=now)}, my_url="")
