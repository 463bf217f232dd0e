"""Reads what a browser sent and no Django form checks: whole numbers, and words that every file can hold."""

import re

LONGEST_NUMBER = 18  # digits: primary keys have 64 bits, and Python refuses to parse thousands of digits


def whole_number(text: str | None) -> int | None:
    """Return the integer in a string, or None, also for one longer than any key or count."""
    text = text or ""
    return int(text) if text.isdecimal() and len(text) <= LONGEST_NUMBER else None


# Characters that XML 1.0 §2.2 forbids, so program files and feeds cannot contain them.
UNREADABLE = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# The line break within a paragraph that Word and PowerPoint copy, and their page break.
_BREAKS = str.maketrans("\v\f", "\n\n")


def strip_unreadable(text: str) -> str:
    """Return text without characters that XML forbids. Pasted text can contain some, which nobody sees."""
    return UNREADABLE.sub("", text.translate(_BREAKS))


def one_line(text: str | None) -> str:
    """Return text as one line, stripped, without characters that XML forbids."""
    return " ".join(strip_unreadable((text or "").replace("\0", " ")).split())
