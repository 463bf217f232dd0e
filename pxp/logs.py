"""Keeps people out of the logs: their keys, addresses and rows are taken out of every line."""

import logging
import re

# /my/<token>/ is as good as a password, an address is nobody's business, and PostgreSQL quotes the row in DETAIL.
HIDDEN = [
    (
        re.compile(r"/(confirm|my|join|calendar|unsubscribe|address|private|thanks|lost-link)/[^/\s\"'?.]+"),
        r"/\1/[hidden]",
    ),
    (re.compile(r"/organisers/password/[^/\s]+/[^/\s\"'?]+"), "/organisers/password/[hidden]"),
    (re.compile(r"[^\s<>\"'()=,:;]+@[^\s<>\"'()=,:;]+\.[^\s<>\"'()=,:;]+"), "[hidden address]"),
    (re.compile(r"^DETAIL:.*$", re.MULTILINE), "DETAIL: [hidden]"),
]


class PrivateFormatter(logging.Formatter):
    """A formatter whose lines, tracebacks included, name no person."""

    def format(self, record):
        """Return the whole text of `record` without keys and addresses."""
        line = super().format(record)
        for pattern, replacement in HIDDEN:
            line = pattern.sub(replacement, line)
        return line
