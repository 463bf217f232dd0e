"""Drafts: organisers' changes to a published edition, which readers see only when all of them are published together.

A draft is a list of changes to rows. `shown` applies them to the rows in a transaction that is rolled back, so previews
and forms read the same tables as readers do; `editing` lets a form write there and stores what it changed; `publish`
applies them for good. Why: docs/decisions/0016-a-draft-is-a-list-of-changes.md
"""

from .editing import drop, editing, has_draft, is_within_draft, keep_at_once, shown, taken_back
from .publishing import publish
from .rows import CARRIED, carry, is_new_in

__all__ = [
    "CARRIED",
    "carry",
    "drop",
    "editing",
    "has_draft",
    "is_new_in",
    "is_within_draft",
    "keep_at_once",
    "publish",
    "shown",
    "taken_back",
]
