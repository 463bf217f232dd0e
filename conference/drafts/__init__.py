"""Drafts: organisers' changes to a published edition, which readers see only when all of them are published together.

A draft is a list of changes to rows. `show_drafts` applies them to the rows in a transaction that is rolled back, so
previews and forms read the same tables as readers do; `edit_draft` lets a form write there and stores what it changed;
`publish` applies them for good. Why: docs/decisions/0016-a-draft-is-a-list-of-changes.md
"""

from .editing import (
    drop,
    edit_draft,
    edit_unpublished,
    has_draft,
    is_only_in_draft,
    is_within_draft,
    keep_at_once,
    roll_back,
    show_drafts,
)
from .publishing import publish
from .rows import INCLUDED, include_model

__all__ = [
    "INCLUDED",
    "drop",
    "edit_draft",
    "edit_unpublished",
    "has_draft",
    "include_model",
    "is_only_in_draft",
    "is_within_draft",
    "keep_at_once",
    "publish",
    "roll_back",
    "show_drafts",
]
