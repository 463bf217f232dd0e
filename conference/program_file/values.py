"""From a node of the file to the value of a model's field, or a sentence that says what to write instead."""

import re
from datetime import UTC, date, datetime
from difflib import get_close_matches

from django.core.exceptions import ValidationError
from django.db import models

YEARS = range(2000, 3000)  # editions are named by years like 2027
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d)?( ?([Zz]|[+-]\d\d:?\d\d))?")


class Wrong(ValueError):
    """The node is not what the field takes; the message says what to write."""


def value_for(field, node):
    """Return the node as a value of a model's `field`. Raises Wrong.

    Times come out in UTC, texts without blanks around them; those of one line without line breaks.
    """
    if field.choices:
        return one_of({value: value for value, _label in field.choices}, node)
    value = _converter(field)(plain_text(node))
    if value == "" and field.blank:
        return value
    try:
        return field.clean(value, None)
    except ValidationError as error:
        raise Wrong(_what_to_write(field, value, error)) from None


def plain_text(node):
    """Return the text of a node that is neither a list nor a mapping. Raises Wrong."""
    if not isinstance(node.value, str):
        raise Wrong("Write words here, in quotes: there is a list or a group of fields.")
    return node.value.strip()


def calendar_date(text, year):
    """Return a date from "2027-09-12", or "09-12" of that year. Raises Wrong."""
    try:
        return date.fromisoformat(f"{year}-{text}" if re.fullmatch(r"\d\d-\d\d", text) else text)
    except ValueError:
        raise Wrong(f"Write a date of the calendar, like “{year}-09-12” or “09-12”.") from None


def close_to(word, known):
    """Return a sentence that names what `word` may have meant, or all there is."""
    near = get_close_matches(word[:80], known, n=1)
    return f"Did you mean “{near[0]}”?" if near else f"Write one of: {', '.join(known)}."


def _what_to_write(field, value, error):
    if value == "":
        return "Write something here."
    if isinstance(field, models.URLField):
        return "Write a web address, like https://example.org/talk."
    return " ".join(error.messages)


def one_of(known, node):
    """Return what a node's word stands for in the dict `known`. Raises Wrong."""
    text = plain_text(node)
    if text not in known:
        raise Wrong(f"“{text[:80]}” is not known. {close_to(text, tuple(known))}")
    return known[text]


def _converter(field):
    for kind, convert in CONVERTERS.items():
        if isinstance(field, kind):
            return convert
    raise TypeError(f"Program files have no way to write a {type(field).__name__}.")


def _one_line(text):
    return " ".join(text.split())


def _whole_number(text):
    if not re.fullmatch(r"[0-9]{1,4}", text):
        raise Wrong("Write a whole number, like 1.")
    return int(text)


def _flag(text):
    try:
        return {"true": True, "yes": True, "false": False, "no": False}[text.casefold()]
    except KeyError:
        raise Wrong("Write true or false.") from None


def _instant(text):
    found = _INSTANT.fullmatch(text)
    if not found:
        raise Wrong("Write date and time in UTC, like 2027-09-12T19:00:00Z.")
    if not found[2]:
        raise Wrong("It names no time zone. Write it in UTC, with Z at the end, like 2027-09-12T19:00:00Z.")
    try:
        instant = datetime.fromisoformat(text.replace(" ", "T", 1).replace(" ", "").upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Wrong("The calendar or the clock has no such time. Write one like 2027-09-12T19:00:00Z.") from None
    if instant.year not in YEARS:
        raise Wrong("The year is far away. Write one like 2027.")
    return instant


CONVERTERS = {
    models.TextField: str,
    models.CharField: _one_line,
    models.BooleanField: _flag,
    models.IntegerField: _whole_number,
    models.DateTimeField: _instant,
}
