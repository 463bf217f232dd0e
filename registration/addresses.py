"""Mail addresses as mail servers take them, and as we compare them. Pure text: no database, no mail."""

import unicodedata

from django.utils.encoding import punycode


def ascii_address(address):
    """Return an address whose domain is in ASCII (IDNA), so that no server needs SMTPUTF8. The local part is kept.

    Raises UnicodeError for a domain that cannot be one.
    """
    local, at, domain = address.strip().rpartition("@")
    return f"{local}{at}{domain if domain.isascii() else punycode(domain)}"


def key_of(text):
    """The form of a name or address in which two spellings of the same one are equal.

    Case, runs of blanks, and how an accent is coded (Unicode NFC) do not count. Everything else does.
    """
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", " ".join(text.split())).casefold())


def key_of_address(address):
    """The form of a mail address in which two spellings are equal: `key_of`, and a domain in letters, not in IDNA."""
    key = key_of(address)
    local, at, domain = key.rpartition("@")
    try:
        return f"{local}{at}{key_of(domain.encode('idna').decode('idna'))}"
    except UnicodeError:  # no domain; what is not an address is still a text
        return key
