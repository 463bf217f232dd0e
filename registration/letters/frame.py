"""The frame of all mails: what each says besides its own words, and how a template becomes a message."""

from django.conf import settings
from django.template.loader import get_template
from django.utils import translation

from conference.site.blanks import strip_blanks
from registration import links
from registration.mail.message import Message
from registration.status import MailKind

from .plain_text import PlainText

# These may reach an address that nobody has verified, or hold what others at an address typed. They greet nobody: a
# name can be any words that a stranger wants to send.
NAMELESS = (MailKind.PLEASE_CONFIRM, MailKind.ADDRESS, MailKind.LINK)


def write(kind, name, registrant, words, *, my_url=None, invite=None, unsubscribe_url=""):
    """Return the message of `kind` to a person, from templates/emails/<name>.html, in the person's language.

    Args:
        registrant: the person, with the conference loaded.
        words: what the template says besides the frame.
        my_url: the person's page; empty for a mail that must not lead there.
        invite: an `Invite`, if the mail carries a calendar part.
        unsubscribe_url: where one ends mails like it; empty for an answer to the person's own act (RFC 8058).
    """
    conference = registrant.conference
    is_nameless = kind in NAMELESS
    reader = "" if is_nameless else registrant.carer_name or registrant.name
    is_named = not is_nameless and registrant.is_verified and registrant.must_be_named
    frame = {
        "conference_name": conference.name,
        "short_name": conference.short_name,
        "times_are_provisional": conference.times_are_provisional,
        "site_url": settings.SITE_URL + "/",
        "reader": reader,
        "about": "" if is_nameless else registrant.carer_name and registrant.name,
        "named": registrant.name if is_named else "",
        "my_url": links.my_url(registrant) if my_url is None else my_url,
        "unsubscribe_url": unsubscribe_url,
        "has_invite": invite is not None,
    }
    subject, text, html = render(name, frame | words, language=registrant.language)
    return Message(
        kind=kind,
        to_name=reader,
        to_email=registrant.email,
        subject=subject,
        text=text,
        html=html,
        reply_to=conference.contact_email,
        calendar=invite.content if invite else b"",
        method=invite.method if invite else "",
        unsubscribe_url=unsubscribe_url,
    )


def render(name, context, *, language):
    """Return (subject, text, html) of the mail `name`, all three from templates/emails/<name>.html."""
    with translation.override(language):
        page = get_template(f"emails/{name}.html").render(context)
    html = strip_blanks(page)
    read = PlainText(html)
    return " ".join(read.title.split()), read.text, html
