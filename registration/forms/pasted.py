"""Takes a mail address out of what people paste: "Jane Doe <jane@example.org>", "mailto:jane@example.org,"."""

import re
from urllib.parse import unquote

_IN_BRACKETS = re.compile(r"[<\[(]\s*([^<>\[\]()]*@[^<>\[\]()]*?)\s*[>\])]")
_COMMENT = re.compile(r"\([^()@]*\)")  # RFC 5322 §3.2.2
_LABEL = re.compile(r"[^@<>:]*:\s*(?=[^\s:/]+@)")  # "Email: ", "To: "
_QUOTED = re.compile(r'"[^"]*"@[^"\s]*\w')  # "a..b"@docomo.ne.jp
_PLAUSIBLE = re.compile(r"""[^\s@<>()\[\],:;"]+@[^\s@<>()\[\],:;"'/]+\w""")
_PAIRS = ("''", "**", "__")  # each may also begin an address
_OPENING, _CLOSING = '"“”„«»‹›‘’`([{< ', '"“”„«»‹›‘’`)]}>.,;:!?…、。，； '


def take_out_address(text):
    """Return the one address in a pasted text, or the text without blanks around it if that is not clear.

    Nothing is guessed: two addresses, or words before one ("jane doe@example.org"), stay as they are.
    """
    text = " ".join(text.split())
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
