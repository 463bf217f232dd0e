"""Counts, while a page is made, which of the organisers' words it shows in another language than its own."""

from contextlib import contextmanager
from contextvars import ContextVar

_missing: ContextVar[set | None] = ContextVar("_missing", default=None)


@contextmanager
def counting_missing():
    """Count the parts that are shown within this block."""
    token = _missing.set(set())
    try:
        yield
    finally:
        _missing.reset(token)


def note_missing(words: str) -> None:
    """Count these words once, however often the page shows them."""
    if (parts := _missing.get()) is not None:
        parts.add(words)


def missing_parts() -> int:
    """Return the number of parts counted so far."""
    return len(_missing.get() or ())
