"""Mails about a change of somebody's address, to the new one and to the old one; neither names the other."""

from dataclasses import replace

from registration import links
from registration.status import MailKind

from .frame import write


def please_confirm_address(registrant):
    """Return the mail to the address that a person asked for, with the page that makes it count."""
    words = {"address_url": links.address_url(registrant), "named": ""}
    message = write(MailKind.ADDRESS, "address", registrant, words, my_url="")
    return replace(message, to_email=registrant.new_email)


def address_asked(registrant):
    """Return the mail that tells the address we write to that somebody asked for another one."""
    return write(MailKind.NOTE, "address_asked", registrant, {})


def address_changed(registrant, old_email):
    """Return the last mail to the address that a person had until now. It holds no link."""
    return replace(write(MailKind.NOTE, "address_changed", registrant, {}, my_url=""), to_email=old_email)


def private_link(registrant, *, now):
    """Return the mail with the link to all that we hold about a person, good for a day from the UTC instant `now`."""
    return write(
        MailKind.NOTE, "private", registrant, {"private_url": links.private_url(registrant, now=now)}, my_url=""
    )
