"""Mails around the sign-up: please confirm, and the link to one's page."""

from dataclasses import dataclass, replace

from django.conf import settings

from registration import links
from registration.mail.message import Message, render
from registration.status import MailKind

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
    words = {"slips": tuple(slip(row) for row in registrations)}
    personal = {"confirm_url": links.confirm_url(registrant), "my_url": ""}  # no page before they confirmed
    return write(MailKind.PLEASE_CONFIRM, "please_confirm", registrant, words, personal)


def page_link(registrants):
    """Return one mail with the page of each person at one address; all at one edition, the newest first.

    Somebody who has not confirmed yet gets the address to do so instead.
    """
    pages = tuple(PageLink(person.name, person.is_verified, _way_in(person)) for person in registrants)
    message = write(MailKind.LINK, "link", registrants[0], {"pages": pages}, {"my_url": ""}, many=False)
    return message if len(registrants) == 1 else replace(message, to_name="")


def _way_in(registrant):
    return links.my_url(registrant) if registrant.is_verified else links.confirm_url(registrant)


def write(kind, name, registrant, words, personal=None, *, invite=None, unsubscribe_url="", many=True):
    """Return the message of `kind` to a person, from the templates `name`, with a calendar part if there is one.

    `words`, `personal` and `many` are those of `render`. Each mail also names who reads it, whom it is about if that is
    somebody else, the conference, the person's page, and how to get no more like it.
    """
    conference = registrant.conference
    words = {
        "conference_name": conference.name,
        "short_name": conference.short_name,
        "times_are_provisional": conference.times_are_provisional,
        "site_url": settings.SITE_URL + "/",
        **words,
    }
    personal = {
        "reader": registrant.carer_name or registrant.name,
        "about": registrant.carer_name and registrant.name,
        "my_url": links.my_url(registrant),
        "unsubscribe_url": unsubscribe_url,
    } | (personal or {})
    subject, text, html = render(name, words, personal, language=registrant.language, many=many)
    return Message(
        kind=kind,
        to_name=personal["reader"],
        to_email=registrant.email,
        subject=subject,
        text=text,
        html=html,
        reply_to=conference.contact_email,
        calendar=invite.content if invite else b"",
        method=invite.method if invite else "",
        unsubscribe_url=unsubscribe_url,
    )
