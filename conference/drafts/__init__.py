"""Drafts: what organisers change in a published edition stays unseen until it is published, all of it together.

A draft is a list of changes to rows. `shown` puts them over the rows in a transaction that is taken back, so previews
and forms read the same tables as readers do; `editing` lets a form write there and keeps what it changed; `publish`
puts them over the rows for good. Why: docs/decisions/0016-a-draft-is-a-list-of-changes.md
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
