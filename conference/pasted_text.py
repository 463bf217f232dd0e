"""Finds web and mail addresses in what people paste: an invitation, a line of a mail program, brackets around it.
Takes the signs of a list away.

The functions for links raise ValueError with a sentence that says what to paste.
"""

import re
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

_ADDRESS = re.compile(r"""https?://[^\s<>"'“”«»\\^`{|}]+""", re.IGNORECASE)
_LIST_SIGN = re.compile(r"^[ \t]*[•◦▪‣·●○■*–—-][ \t]+", re.MULTILINE)
_WITHOUT_SCHEME = re.compile(r"[\w-]+(\.[\w-]+)+(:\d+)?([/?#]\S*)?")
_AFTER_A_LINK = ".,;:!?)]}*_…。、，；：！？）】」》،؛؟"
# Characters that nobody sees, and those that the source of a page or mail writes in another way.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_ESCAPED = re.compile("&(?:lt|gt|quot|apos|nbsp|#0?39|#34);")
# Mail programs cut long lines. Within these brackets what follows is certain (RFC 3986, appendix C).
_IN_ANGLES = re.compile(r"<\s*(https?://[^<>]*)>", re.IGNORECASE)
_LINE_BREAK = re.compile(r"\s*[\r\n]\s*")
_NEXT_LINE = re.compile(r"=?[ \t]*\r?\n[ \t]*(?!https?:)([\w.~:/?#@!$&'()*+,;=%-]+)[ \t]*(?:\r?\n|$)")
# Links for guests at the usual services. If a text has several links, one of these is meant.
_JOIN = re.compile(
    r"zoom(gov)?\.\w+/(j|w|my|wc/join)/|teams\.(microsoft|live)\.com/(l/meetup-join|meet)/|meet\.google\.com/\w"
    r"|webex\.com/(meet|join|[^/]+/j\.php|[^/]+/[^/]*joinservice|wbxmjs/join)|whereby\.com/|meet\.jit\.si/|bbb|bigbluebutton"
    r"|gotomeet(ing)?\.\w+/|gotowebinar\.com/join",
    re.IGNORECASE,
)
# Redirects that mail programs put around links; the link itself is in the query.
_WRAPPED = {"url", "q", "u", "a"}
_WRAPPERS = re.compile(
    r"(^|\.)(safelinks\.protection\.outlook\.com|google\.\w+|urldefense\.com|urldefense\.proofpoint\.com"
    r"|linkprotect\.cudasvc\.com)$",
    re.IGNORECASE,
)
# Proofpoint's: in version 3 the link is between "__", and its odd signs are after ";"; version 2 has signs of its own.
_VERSION_3 = re.compile(r"https://urldefense\.com/v3/__(.+?)__;([^!]*)!.*", re.IGNORECASE)
_VERSION_2 = re.compile(r"https?-3A__.*", re.IGNORECASE)


def without_bullets(text):
    """Return a text whose lines have lost the signs that a list puts before them."""
    return _LIST_SIGN.sub("", text)


def link_from(text):
    """Return the one web address in a text; without http, https is added."""
    return _one(_links_in(text), text)


def links_from(text):
    """Return the lines of a text, each a web address with words before it or none, as browsers need the address."""
    lines = []
    for line in filter(None, map(str.strip, text.splitlines())):
        words, _space, last = line.rpartition(" ")
        try:
            address = link_from(last)
        except ValueError as error:
            raise ValueError(f"“{line[:80]}”: {error}") from None
        lines.append(f"{words.strip(' :')} {address}".strip())
    return "\n".join(lines)


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
    chosen = _one(joins or open_to_all, text)
    if "tk" in parse_qs(urlsplit(chosen).query):
        raise ValueError(_("This link belongs to one registered person. Paste the link that all guests can use."))
    return chosen


def _one(links, text):
    if not links:
        raise ValueError(_("Paste a web address, like https://example.org/talk."))
    if len(set(links)) > 1:
        raise ValueError(_("There are several links in this. Keep the one that is meant."))
    if _is_cut(links[0], text):
        raise ValueError(
            _("The link seems to go on in the next line: a mail program has cut it. Write the whole link in one line.")
        )
    if _in_version_3(links[0]):
        raise ValueError(_("Here a mail program has changed the link. Copy it from where you made the meeting."))
    try:
        URLValidator(schemes=["http", "https"])(links[0])
    except ValidationError:
        raise ValueError(_("This is not a whole web address. Paste one like https://example.org/talk.")) from None
    return links[0]


def _links_in(text):
    text = _IN_ANGLES.sub(lambda found: f"<{_LINE_BREAK.sub('', found[1])}>", _as_seen(text)).strip("<>").strip()
    found = [_unwrapped(_trimmed(link)) for link in _ADDRESS.findall(text)]
    if not found and _WITHOUT_SCHEME.fullmatch(text):
        found = [f"https://{text}"]
    return found


def _as_seen(text):
    return _ESCAPED.sub(" ", _INVISIBLE.sub("", text)).replace("&amp;", "&").strip()


def _is_cut(link, text):
    """Whether the line after a link looks like the rest of it: one piece, with signs that links have."""
    text = _as_seen(text)
    place = text.find(link)
    found = _NEXT_LINE.match(text, place + len(link)) if place >= 0 else None
    if not found:
        return False
    is_soft_break = link.endswith("=") or found[0].startswith("=")  # as mails are encoded (RFC 2045 §6.7)
    return is_soft_break or (bool(re.search("[?=&%/]", found[1])) and not _WITHOUT_SCHEME.fullmatch(found[1]))


def _trimmed(link):
    while link[-1:] in _AFTER_A_LINK and not (link.endswith(")") and "(" in link):
        link = link[:-1]
    return link


def _unwrapped(link):
    """Return the link that mail programs put others around: up to three of them."""
    for _layer in range(3):
        link = _without_wrapper(link)
    return link


def _without_wrapper(link):
    try:
        parts = urlsplit(link)
        if not _WRAPPERS.search(parts.hostname or ""):
            return link
        if found := _in_version_3(link):
            # Each odd sign became a "*". A link for hosts must be known as one, also with these.
            return found[1] if not found[2] or _starts_meeting(found[1]) else link
        inner = [values[0] for name, values in parse_qs(parts.query).items() if name in _WRAPPED]
    except ValueError:
        return link
    inner = [unquote(one.translate(_SIGNS_OF_2)) if _VERSION_2.fullmatch(one) else one for one in inner]
    return next((value for value in inner if _ADDRESS.fullmatch(value)), link)


_SIGNS_OF_2 = str.maketrans("-_", "%/")


def _in_version_3(link):
    return _VERSION_3.fullmatch(link) if len(link) <= _LONGEST_PASTED * 3 else None  # the time grows with the square


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
_BLANK_BETWEEN_WORDS = re.compile(r"[^\s@.]\s+[^\s@.]")
_INVISIBLE_IN_MAIL = re.compile(
    "[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)  # domains may have joiners
_PAIRS = ("''", "**", "__")  # each may also begin an address
# More is no address with something around it, and to look for one would take minutes: the time grows with the square.
_LONGEST_PASTED = 1000
_OPENING, _CLOSING = '"“”„«»‹›‘’`([{< ', '"“”„«»‹›‘’`)]}>.,;:!?…、。，；،؛؟/|\\–— '
_SIGNS_AROUND = re.compile(r"""^[^\w\s@"'<(\[]+\s+|\s+[^\w\s@"'>)\]]+$""")  # the dot of a list, ">" of an answer, "✉"


def take_out_address(text):
    """Return the one address in a pasted text, or the text without blanks around it if that is not clear.

    Nothing is guessed: two addresses, or words before one ("jane doe@example.org"), stay as they are.
    """
    text = " ".join(_INVISIBLE_IN_MAIL.sub("", text).split())
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


def has_other_words(text):
    """Whether a text with blanks is an address with words around it, rather than one with a blank too many."""
    words = text.split()
    whole = next((number for number, word in enumerate(words) if _is_whole(_strip(word))), None)
    if whole is None:  # phones put a blank behind a dot
        return bool(_BLANK_BETWEEN_WORDS.search(text))
    local = words[whole].rpartition("@")[0].casefold()
    return whole != 1 or len(words) > 2 or words[0].casefold() in local


def _is_whole(word):
    return _PLAUSIBLE.fullmatch(word) and "." in word.rpartition("@")[2]


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
    text = _SIGNS_AROUND.sub("", text).lstrip(_OPENING).rstrip(_CLOSING)
    if text and text[0] + text[-1] in _PAIRS:
        text = text[1:-1]
    return text.rstrip(_CLOSING + "'")
