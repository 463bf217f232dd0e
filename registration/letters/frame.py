"""The parts that all mails share, and how a template becomes a complete message."""

import re
import secrets
from email.headerregistry import Address
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import get_template
from django.utils import translation

from conference.scripts import isolated
from conference.site.blanks import keep_hours_whole, strip_blanks
from conference.site.languages import in_language
from registration import links
from registration.addresses import ascii_address
from registration.mail.delivery import NO_ANSWER
from registration.models import Registrant

from .invites import Invite
from .plain_text import PlainText
from .wording import override_words

# These may go to an unverified address, or contain what others at that address typed. They have no greeting: a name can
# be any text that a stranger wants to send.
NAMELESS = ("please_confirm", "address", "link")


class Mail(EmailMultiAlternatives):
    """A mail, with an `Invite` if it carries one.

    Its parts are ordered for calendar programs: Outlook accepts only the first part of multipart/mixed as an invite,
    and not one marked as an attachment. base64 keeps the file's CRLF, whatever a server does to line endings.
    """

    def __init__(self, *args: Any, invite: Invite | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invite = invite

    def message(self, **options: Any) -> Any:
        """Return the mail as Python's EmailMessage."""
        mime = super().message(**options)
        if self.invite:
            mime.add_alternative(
                self.invite.content.decode(), subtype="calendar", cte="base64", params={"method": self.invite.method}
            )
            name = "invite.ics"
            mime.add_attachment(self.invite.content, "application", "ics", filename=name, params={"name": name})
        boundary = _BOUNDARY
        if any(_BOUNDARY in str(words) for words in (self.body, *(words for words, _type in self.alternatives))):
            boundary = _new_boundary()
        for number, part in enumerate(part for part in mime.walk() if part.is_multipart()):
            part.set_boundary(f"{boundary}{number}")
        return mime


def _new_boundary() -> str:
    return f"=_{secrets.token_hex(16)}_"


# The boundary in our mails (RFC 2046 §5.1.1). Python would search each mail for an unused one, and then parse and fold
# the headers that name it.
_BOUNDARY = _new_boundary()


def write(
    name: str,
    registrant: Registrant,
    words: dict[str, Any],
    *,
    to_email: str | None = None,
    my_url: str | None = None,
    invite: Invite | None = None,
    unsubscribe_url: str = "",
) -> Mail:
    """Return the `Mail` to a person from templates/emails/<name>.html, in the person's language.

    Args:
        registrant: the person, with the conference loaded.
        words: the template's own values, besides the frame's.
        to_email: where it goes, if not to the person's address.
        my_url: the person's page; empty for a mail that must not lead there.
        invite: an `Invite`, if the mail carries a calendar part.
        unsubscribe_url: where one ends mails like it; empty for an answer to the person's own act (RFC 8058).
    """
    conference = registrant.conference
    is_nameless = name in NAMELESS
    reader = "" if is_nameless else registrant.carer_name or registrant.name
    is_named = not is_nameless and registrant.is_verified and registrant.must_be_named
    frame = {
        "conference_name": conference.translated.name,
        "short_name": conference.short_name,
        "times_are_provisional": conference.times_are_provisional,
        "site_url": settings.SITE_URL + in_language("/", registrant.language),
        "reader": reader,
        "about": "" if is_nameless else registrant.carer_name and registrant.name,
        "named": isolated(registrant.name) if is_named else "",
        "my_url": links.my_url(registrant) if my_url is None else my_url,
        "unsubscribe_url": unsubscribe_url,
        "has_invite": invite is not None,
        "wants_invites": registrant.calendar_mails,
    }
    subject, text, html = render(name, frame | words, language=registrant.language)
    return Mail(
        one_line(subject),
        text,
        settings.DEFAULT_FROM_EMAIL,
        [mailbox(reader, to_email or registrant.email)],
        reply_to=[ascii_address(conference.contact_email)] if conference.contact_email else [],
        headers=_headers(unsubscribe_url),
        alternatives=[(html, "text/html")],
        invite=invite,
    )


def _headers(unsubscribe_url: str) -> dict[str, str]:
    headers = dict(NO_ANSWER)
    if unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def render(name: str, context: dict[str, Any], *, language: str) -> tuple[str, str, str]:
    """Return (subject, text, html) of the mail `name`, all three from templates/emails/<name>.html."""
    with translation.override(language), override_words(name, language):
        page = get_template(f"emails/{name}.html").render(context)
    html = strip_blanks(page)
    read = PlainText(html)
    return " ".join(read.title.split()), read.text, keep_hours_whole(html)


def one_line(text: str) -> str:
    """Return `text` without line breaks and other control characters, which would allow header injection.

    Python 3.13 decodes what looks like an encoded word (RFC 2047) even if it is set as plain text.
    """
    return " ".join(_CONTROL.sub(" ", text).replace("=?", "= ?").split())


_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def mailbox(name: str, address: str) -> str:
    """Return a recipient: `"O'Brien, Zoe" <zoe@example.org>`. The name cannot inject a header."""
    spec = ascii_address(address)
    local, _at, domain = spec.rpartition("@")
    if local.startswith('"'):  # an old phone address is quoted already; Address would quote it again
        return str(Address(one_line(name), "x", domain)).replace(f"x@{domain}", spec) if name else spec
    return str(Address(one_line(name), local, domain))
