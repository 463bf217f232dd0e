"""Mail addresses and header words as mail servers can carry them: ASCII only (RFC 5322, RFC 2047)."""

import base64
import re
from email.utils import parseaddr
from functools import lru_cache

from registration.addresses import ascii_address

# RFC 5322 §3.2.3: what a name may hold without quotes, and blanks between.
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")
# Base64 of 39 bytes has 52 characters; with =?utf-8?b? and ?= that is 64, so a line stays under the 76 of RFC 2047 §2.
_WORD_BYTES = 39


def one_line(text):
    """Return `text` without line breaks and other control characters, so that it cannot begin a header of its own."""
    if not text.isprintable():
        text = "".join(" " if ord(char) < 32 or 127 <= ord(char) < 160 else char for char in text)
    return " ".join(text.split())


def header_words(text):
    """Return `text` for an unstructured header such as Subject: as it is in ASCII, else as encoded words (RFC 2047)."""
    text = one_line(text)
    if text.isascii() and "=?" not in text:
        return text
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(part).decode()}?=" for part in _parts(text))


def mailbox(name, address):
    """Return a mailbox for From, To and Reply-To: `"O'Brien, Zoe" <zoe@example.org>`, names in any script."""
    name, address = one_line(name), ascii_address(one_line(address))
    if not name:
        return address
    if not name.isascii() or "=?" in name:
        return f"{header_words(name)} <{address}>"
    if not _ATOMS.fullmatch(name):
        name = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"{name} <{address}>"


@lru_cache(maxsize=10)
def sender_mailbox(sender):
    """Return our From header's value, from a setting like "PxP <hello@pxp.example.org>"."""
    return mailbox(*parseaddr(sender))


@lru_cache(maxsize=10)
def sender_address(sender):
    """Return the bare address in such a setting."""
    return ascii_address(parseaddr(sender)[1])


def _parts(text):
    """UTF-8 in pieces that fit one encoded word each; no character is cut (RFC 2047 §5)."""
    piece = b""
    for char in text:
        encoded = char.encode()
        if len(piece) + len(encoded) > _WORD_BYTES:
            yield piece
            piece = b""
        piece += encoded
    yield piece
