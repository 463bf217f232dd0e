"""What a browser sent where no form of Django checks it: whole numbers, and one line of words."""

LONGEST_NUMBER = 18  # digits: keys of rows have 64 bits, and Python itself refuses to read some thousand digits


def whole_number(text: str | None) -> int | None:
    """Return the whole number that a text is, or None: also for one that is longer than any key or count."""
    text = text or ""
    return int(text) if text.isdecimal() and len(text) <= LONGEST_NUMBER else None


def one_line(text: str | None) -> str:
    """Return words in one line, without blanks around them and without NUL, which PostgreSQL cannot hold."""
    return " ".join((text or "").replace("\0", " ").split())
