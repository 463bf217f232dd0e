"""Keeps spreadsheet programs from taking words for formulas, and takes exactly that back when a table comes in.

A cell is a formula if it begins with one of a few characters; blanks and quotation marks before them are skipped. Where
";" or a tab separates cells, programs cut our cells there too, and at each line break: what follows begins a cell. An
apostrophe before it is what people type themselves to say "this is text".
"""

import re

# The wide ones are what Japanese keyboards type.
_FORMULA = r"=+\-@＝＋－＠|%"
_BEGINNING = r"(?:^|(?<=[;\t\r\n]))"
# Signs that programs skip, or that nobody sees.
_SKIPPED = r"[\s'\"\u200b-\u200f\u2060\ufeff]*"
_TO_GUARD = re.compile(rf"{_BEGINNING}(?={_SKIPPED}[{_FORMULA}])")
_GUARD = re.compile(rf"{_BEGINNING}'(?={_SKIPPED}[{_FORMULA}])")


def guard_cell(cell):
    """Return the words of a cell, made safe: no spreadsheet program takes them, or a piece of them, for a formula."""
    return _TO_GUARD.sub("'", cell)


def unguard_cell(cell):
    """Return what `guard_cell` was given: exactly the apostrophes that it adds are taken out."""
    return _GUARD.sub("", cell)
