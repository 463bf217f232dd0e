"""Reads what a browser sent and no Django form checks: whole numbers, and words that every file can hold."""

import re

LONGEST_NUMBER = 18  # digits: keys of rows have 64 bits, and Python itself refuses to read some thousand digits


def whole_number(text: str | None) -> int | None:
    """Return the whole number that a text is, or None: also for one that is longer than any key or count."""
    text = text or ""
    return int(text) if text.isdecimal() and len(text) <= LONGEST_NUMBER else None


# Signs that no text has (XML 1.0 §2.2), so no program file and no feed can hold them.
UNREADABLE = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# The line break within a paragraph that Word and PowerPoint copy, and their page break.
_BREAKS = str.maketrans("\v\f", "\n\n")


def readable(text: str) -> str:
    """Return words without the signs that no text has. Pasted words can bring some, which nobody sees."""
    return UNREADABLE.sub("", text.translate(_BREAKS))


def one_line(text: str | None) -> str:
    """Return words in one line, without blanks around them and without signs that no text has."""
    return " ".join(readable((text or "").replace("\0", " ")).split())
