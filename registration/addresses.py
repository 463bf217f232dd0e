"""Mail addresses in the form that mail servers accept, and keys to compare names and addresses. No database."""

import re
import unicodedata
from email.utils import parseaddr
from functools import lru_cache
from urllib.parse import urlsplit

import idna

# Until 2009 Japan's phone companies gave out addresses with dots where RFC 5321 §4.1.2 allows none, and people still
# use them. Every mail server accepts them between quotation marks.
_OLD_PHONE_DOMAINS = {"docomo.ne.jp", "ezweb.ne.jp", "au.com"}


def ascii_address(address):
    """Return an address for the SMTP envelope: its domain in ASCII, so no server needs SMTPUTF8.

    The domain follows IDNA 2008 (UTS 46, non-transitional), as browsers do: with IDNA 2003 faß.de was fass.de, which
    belongs to another owner. The local part is unchanged, between quotation marks if an old phone address needs them.
    Raises UnicodeError for an invalid domain.
    """
    local, at, domain = address.strip().rpartition("@")
    domain = ascii_domain(domain)
    return f'"{local}"{at}{domain}' if is_old_phone_address(address) else f"{local}{at}{domain}"


def ascii_domain(domain):
    """Return the name of a host or domain in ASCII (IDNA 2008). Raises UnicodeError for an invalid one."""
    return domain if domain.isascii() else idna.encode(domain, uts46=True).decode()


def ascii_url(url):
    """Return the address of a site, like https://bücher.example, as browsers and the headers of mails have it."""
    if url.isascii():
        return url
    parts = urlsplit(url)
    return f"{parts.scheme}://{ascii_domain(parts.hostname)}" + (f":{parts.port}" if parts.port else "")


def ascii_sender(sender):
    """Return a setting like "PxP <hello@bücher.example>" with its domain in ASCII, and the name as it is."""
    words, at, behind = sender.rpartition("@")
    domain = behind.rstrip("> ")
    return f"{words}{at}{ascii_domain(domain)}{behind[len(domain) :]}"


@lru_cache(maxsize=10)
def sender_address(sender):
    """Return the bare address in a setting like "PxP <hello@pxp.example.org>", its domain in ASCII."""
    return ascii_address(parseaddr(sender)[1])


def is_old_phone_address(address):
    """Whether this is an address with odd dots (`a..b@docomo.ne.jp`) from a company that issued such addresses."""
    local, _at, domain = address.strip().rpartition("@")
    return has_odd_dots(local) and not local.startswith('"') and domain.casefold() in _OLD_PHONE_DOMAINS


def has_odd_dots(local):
    """Whether the part before the @ has a dot where RFC 5321 allows none: two in a row, at the start or the end."""
    return ".." in local or local.startswith(".") or local.endswith(".")


def key_of(text):
    """The key of a text: equal for two spellings of the same text.

    Case, runs of blanks, and how an accent is coded (Unicode NFC) do not count. Everything else does.
    """
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", " ".join(text.split())).casefold())


def key_of_address(address):
    """The key of a mail address: `key_of`, with the domain in Unicode instead of IDNA."""
    local, at, domain = " ".join(address.split()).rpartition("@")
    local = key_of(local)
    if has_odd_dots(local[1:-1]) and local == f'"{local[1:-1]}"':
        local = local[1:-1]  # as it goes on the envelope
    if domain.isascii() and "xn--" not in domain.lower():
        return f"{local}{at}{key_of(domain)}"  # what the rest would give, much sooner
    try:
        return f"{local}{at}{idna.decode(idna.encode(domain, uts46=True), uts46=True)}"
    except UnicodeError:  # no domain; a text need not be an address
        return f"{local}{at}{key_of(domain)}"


# Letters with a stroke and ligatures, which Unicode does not decompose. Casefolding handles ß already.
_BARE = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d"})
_APOSTROPHES = re.compile("['\u2018\u2019\u201b\u02b9\u02bb\u02bc\u02be\u02bf\u2032\uff07`\u00b4\u05f3\ua78c]")
# Scripts in which a name without its accents is the same name. In Hindi, Thai or Japanese it would be another one.
_ACCENTS_ARE_FREE = ("LATIN", "GREEK", "CYRILLIC", "ARABIC", "HEBREW")


def key_of_name(name):
    """The key of a name: equal for two spellings by the same person: O’Brien, O'BRIEN; Zoë, Zoe.

    Case, spaces, apostrophes, dots, hyphens and width do not count; nor do accents, in scripts whose readers omit them.
    Never empty for a name with a letter or digit.
    """
    # Apostrophes first: NFKC turns ´ into a space and an accent.
    text = unicodedata.normalize("NFKC", _APOSTROPHES.sub("", name)).casefold()
    letters = []
    base = ""
    for character in unicodedata.normalize("NFD", text):
        category = unicodedata.category(character)
        if category == "Mn" and base.startswith(_ACCENTS_ARE_FREE):
            continue
        if category[0] in "LN":
            base = unicodedata.name(character, "")
        if category == "Cf" or character == "\u0640":  # joiners, and the stroke that makes an Arabic word longer
            continue
        letters.append(" " if character == "." or category == "Pd" else character)
    text = "".join(letters).translate(_BARE)
    return unicodedata.normalize("NFC", " ".join(text.split())) or key_of(name)
