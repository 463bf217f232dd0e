"""A passage of a page."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Passage:
    """One passage: its key, the page it is on and its name there (for organisers), and our standard words for it.

    All but the key are translatable; `words` are Markdown.
    """

    key: str
    page: str
    label: str
    words: str
