"""Finds web and mail addresses in what people paste: an invitation, a line of a mail program, brackets around it.

The functions for links raise ValueError with a sentence that says what to paste.
"""

import re
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

_ADDRESS = re.compile(r"""https?://[^\s<>"'“”«»\\^`{|}]+""", re.IGNORECASE)
_WITHOUT_SCHEME = re.compile(r"[\w-]+(\.[\w-]+)+(:\d+)?([/?#]\S*)?")
_AFTER_A_LINK = ".,;:!?)]}*_"
# Links for guests at the usual services. If a text has several links, one of these is meant.
_JOIN = re.compile(
    r"zoom(gov)?\.\w+/(j|w|my|wc/join)/|teams\.(microsoft|live)\.com/(l/meetup-join|meet)/|meet\.google\.com/\w"
    r"|webex\.com/(meet|join|[^/]+/j\.php|[^/]+/[^/]*joinservice|wbxmjs/join)|whereby\.com/|meet\.jit\.si/|bbb|bigbluebutton"
    r"|gotomeet(ing)?\.\w+/|gotowebinar\.com/join",
    re.IGNORECASE,
)
# Redirects that mail programs put around links; the link itself is in the query.
_WRAPPED = {"url", "q", "u"}
_WRAPPERS = re.compile(r"(^|\.)(safelinks\.protection\.outlook\.com|google\.\w+|urldefense\.com)$", re.IGNORECASE)


def link_from(text):
    """Return the one web address in a text; without http, https is added."""
    return _one(_links_in(text))


def join_link_from(text):
    """Return the link by which guests join, out of a pasted invitation. Refuses the host's start link."""
    links = list(dict.fromkeys(_links_in(text)))
    open_to_all = [link for link in links if not _starts_meeting(link)]
    joins = [link for link in open_to_all if _JOIN.search(link)]
    if links and not open_to_all:
        raise ValueError(
            _(
                "This link starts the meeting: it carries the host's key and would make every guest a host. "
                "Paste the link for guests. Zoom calls it “Invite Link”."
            )
        )
    chosen = _one(joins or open_to_all)
    if "tk" in parse_qs(urlsplit(chosen).query):
        raise ValueError(_("This link belongs to one registered person. Paste the link that all guests can use."))
    return chosen


def _one(links):
    if not links:
        raise ValueError(_("Paste a web address, like https://example.org/talk."))
    if len(set(links)) > 1:
        raise ValueError(_("There are several links in this. Keep the one that is meant."))
    try:
        URLValidator(schemes=["http", "https"])(links[0])
    except ValidationError:
        raise ValueError(_("This is not a whole web address. Paste one like https://example.org/talk.")) from None
    return links[0]


def _links_in(text):
    text = text.strip().strip("<>").strip()
    found = [_unwrapped(_trimmed(link)) for link in _ADDRESS.findall(text)]
    if not found and _WITHOUT_SCHEME.fullmatch(text):
        found = [f"https://{text}"]
    return found


def _trimmed(link):
    while link[-1:] in _AFTER_A_LINK and not (link.endswith(")") and "(" in link):
        link = link[:-1]
    return link


def _unwrapped(link):
    try:
        parts = urlsplit(link)
        if _WRAPPERS.search(parts.hostname or ""):
            inner = [values[0] for name, values in parse_qs(parts.query).items() if name in _WRAPPED]
            return next((value for value in inner if _ADDRESS.fullmatch(value)), link)
    except ValueError:
        return link
    return link


def _starts_meeting(link):
    """Whether a link makes the person who opens it the host."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    names = {name.lower() for name in parse_qs(parts.query, keep_blank_values=True)}
    is_zoom = re.search(r"(^|\.)zoom(gov)?\.\w+$", parts.hostname or "")
    return bool(
        names & {"zak", "hostkey", "host_key", "startkey"}
        or (is_zoom and re.match(r"/(s/\d+|wc/\d+/start)", parts.path))
        or "meetingoptions" in parts.path.lower()
    )


# Mail addresses: "Jane Doe <jane@example.org>", "mailto:jane@example.org,".
_IN_BRACKETS = re.compile(r"[<\[(]\s*([^<>\[\]()]*@[^<>\[\]()]*?)\s*[>\])]")
_COMMENT = re.compile(r"\([^()@]*\)")  # RFC 5322 §3.2.2
_LABEL = re.compile(r"[^@<>:]*:\s*(?=[^\s:/]+@)")  # "Email: ", "To: "
_QUOTED = re.compile(r'"[^"]*"@[^"\s]*\w')  # "a..b"@docomo.ne.jp
_PLAUSIBLE = re.compile(r"""[^\s@<>()\[\],:;"]+@[^\s@<>()\[\],:;"'/]+\w""")
_PAIRS = ("''", "**", "__")  # each may also begin an address
# More is no address with something around it, and to look for one would take minutes: the time grows with the square.
_LONGEST_PASTED = 1000
_OPENING, _CLOSING = '"“”„«»‹›‘’`([{< ', '"“”„«»‹›‘’`)]}>.,;:!?…、。，； '


def take_out_address(text):
    """Return the one address in a pasted text, or the text without blanks around it if that is not clear.

    Nothing is guessed: two addresses, or words before one ("jane doe@example.org"), stay as they are.
    """
    text = " ".join(text.split())
    if len(text) > _LONGEST_PASTED:
        return text
    inside = [_bare(found) for found in _IN_BRACKETS.findall(text)]
    outside = _bare(_IN_BRACKETS.sub(" ", text))
    if not inside:
        found = _bare(_COMMENT.sub(" ", text))
    elif len({one.casefold() for one in inside}) == 1 and ("@" not in outside or _same(outside, inside[0])):
        found = inside[0]
    else:
        return text
    return found if _PLAUSIBLE.fullmatch(found) or _QUOTED.fullmatch(found) else text


def _same(one, other):
    return one.casefold() == other.casefold()


def _bare(text):
    """The text without a label, "mailto:", and the punctuation around it."""
    text = _strip(text)
    if not text.casefold().startswith("mailto:"):
        text = _strip(_LABEL.sub("", text, count=1))
    if text.casefold().startswith("mailto:"):
        text = _strip(unquote(text[len("mailto:") :].partition("?")[0]))
    return text


def _strip(text):
    text = text.strip()
    if _QUOTED.fullmatch(text):
        return text
    text = text.lstrip(_OPENING).rstrip(_CLOSING)
    if text and text[0] + text[-1] in _PAIRS:
        text = text[1:-1]
    return text.rstrip(_CLOSING + "'")
