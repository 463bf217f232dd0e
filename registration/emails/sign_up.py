"""Mails around the sign-up: please confirm, and the link to one's page."""

from dataclasses import replace

from registration import links
from registration.status import MailKind

from .message import Message, render
from .slips import contact_url, reply_to, site_url, slip


def please_confirm(registrant, registrations):
    """Return the only kind of mail that an address gets before somebody showed that it is theirs.

    Args:
        registrant: the person, with the conference loaded.
        registrations: the days to confirm, in order, with their days loaded.
    """
    context = common(registrant) | {
        "slips": [slip(row) for row in registrations],
        "confirm_url": links.confirm_url(registrant),
        "my_url": "",  # not before they confirmed
    }
    return write(MailKind.PLEASE_CONFIRM, "please_confirm", registrant, context)


def page_link(registrants):
    """Return one mail with the page of each person at one address; all at one edition, the newest first.

    Somebody who has not confirmed yet gets the address to do so instead.
    """
    pages = [{"name": person.name, "is_verified": person.is_verified, "url": _way_in(person)} for person in registrants]
    context = common(registrants[0]) | {"pages": pages, "my_url": ""}
    message = write(MailKind.LINK, "link", registrants[0], context)
    return message if len(registrants) == 1 else replace(message, to_name="")


def _way_in(registrant):
    return links.my_url(registrant) if registrant.is_verified else links.confirm_url(registrant)


def common(registrant):
    """Return what each mail to a person names: them, who reads it, the conference, their page."""
    return {
        "registrant": registrant,
        "reader": registrant.carer_name or registrant.name,
        "conference": registrant.conference,
        "my_url": links.my_url(registrant),
        "contact_url": contact_url(registrant.conference),
        "site_url": site_url(),
    }


def write(kind, name, registrant, context, *, invite=None, unsubscribe_url=""):
    """Return the message of `kind` to a person, from the templates `name`, with a calendar part if there is one."""
    subject, text, html = render(name, context | {"unsubscribe_url": unsubscribe_url}, language=registrant.language)
    return Message(
        kind=kind,
        to_name=registrant.carer_name or registrant.name,
        to_email=registrant.email,
        subject=subject,
        text=text,
        html=html,
        reply_to=reply_to(registrant.conference),
        calendar=invite.content if invite else b"",
        method=invite.method if invite else "",
        unsubscribe_url=unsubscribe_url,
    )
