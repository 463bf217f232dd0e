"""One mail and its bytes (RFC 5322, MIME), built by hand: each byte reaches the server as it stands here."""

import base64
import binascii
from dataclasses import dataclass
from email.utils import format_datetime

from .mailboxes import header_words, mailbox, sender_mailbox


@dataclass(frozen=True)
class Message:
    """A rendered mail: what it says, and to whom."""

    kind: str
    to_name: str
    to_email: str
    subject: str
    text: str
    html: str
    reply_to: str = ""
    # A calendar file and its METHOD, which must be the same in the file and in the part's type.
    calendar: bytes = b""
    method: str = ""
    # The address of one-click unsubscribing (RFC 8058); empty for an answer to the person's own act.
    unsubscribe_url: str = ""


def to_bytes(message, *, from_email, message_id, date):
    """Return the whole mail: ASCII lines with CRLF, so that any server takes it, also one without 8BITMIME.

    Args:
        from_email: our sender, like "PxP <hello@pxp.example.org>". A calendar's ORGANIZER is the same.
        message_id: without the angle brackets.
        date: the aware instant for the Date header.
    """
    headers = _headers(message, from_email, message_id, date)
    # "=_" stands in no quoted-printable or base64 text, so no part can hold the line (RFC 2045 §6.7).
    mark = f"=_{message_id.partition('@')[0]}"
    alternatives = [_text_part("plain", message.text), _text_part("html", message.html)]
    if not message.calendar:
        content_type, body = _multipart("alternative", mark, alternatives)
        return _join([*headers, content_type, "", body])
    # base64 keeps the file's own CRLF whatever a server does to line ends.
    calendar = base64.encodebytes(message.calendar).replace(b"\n", b"\r\n").removesuffix(b"\r\n")
    # No Content-Disposition: Outlook does not read a part that is called an attachment as an invite.
    alternatives.append(
        _base64_part(calendar, f'Content-Type: text/calendar; charset="utf-8"; method={message.method}')
    )
    attachment = _base64_part(
        calendar,
        'Content-Type: application/ics; name="invite.ics"',
        'Content-Disposition: attachment; filename="invite.ics"',
    )
    content_type, body = _multipart("alternative", f"{mark}_a", alternatives)
    # The alternative comes first: Outlook takes no other part for the invite.
    content_type, body = _multipart("mixed", f"{mark}_m", [_join([content_type, "", body]), attachment])
    return _join([*headers, content_type, "", body])


def _headers(message, from_email, message_id, date):
    headers = [
        f"From: {sender_mailbox(from_email)}",
        f"To: {mailbox(message.to_name, message.to_email)}",
        f"Subject: {header_words(message.subject)}",
        f"Date: {format_datetime(date)}",
        f"Message-ID: <{message_id}>",
        "Auto-Submitted: auto-generated",  # RFC 3834: nobody's out-of-office answers this
        "MIME-Version: 1.0",
    ]
    if message.reply_to:
        headers.append(f"Reply-To: {mailbox('', message.reply_to)}")
    if message.unsubscribe_url:
        headers.append(f"List-Unsubscribe: <{message.unsubscribe_url}>")
        headers.append("List-Unsubscribe-Post: List-Unsubscribe=One-Click")
    return headers


def _multipart(subtype, mark, parts):
    lines = [line for part in parts for line in (f"--{mark}", part)]
    return f'Content-Type: multipart/{subtype}; boundary="{mark}"', _join([*lines, f"--{mark}--", ""])


def _text_part(subtype, text):
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")  # a name may hold any of them
    body = binascii.b2a_qp(lines.encode())
    return _join(
        [f'Content-Type: text/{subtype}; charset="utf-8"', "Content-Transfer-Encoding: quoted-printable", "", body]
    )


def _base64_part(encoded, *headers):
    return _join([*headers, "Content-Transfer-Encoding: base64", "", encoded])


def _join(lines):
    return b"\r\n".join(line.encode("ascii") if isinstance(line, str) else line for line in lines)
