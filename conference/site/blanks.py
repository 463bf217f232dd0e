"""Finishes the whitespace of HTML: removes indentation, and keeps hours on one line."""

import re
from functools import partial

# Kept: preformatted text, and what a person typed, which is in a text area or in the value of a hidden field.
_KEPT = re.compile(r'(<(?:textarea|pre)\b.*?</(?:textarea|pre)\s*>|="[^"\n]*\n[^"]*")', re.DOTALL | re.IGNORECASE)
_BLANKS = re.compile(r"\n[ \t\r\n]+")
# The space comes first: 15 times faster.
_WITHIN_AN_HOUR = re.compile(r" (?<=\d )(?=(?:am|pm|UTC)\b)")


def strip_blanks(html):
    """Return `html` (str) without leading whitespace and empty lines.

    A line break stays a line break, so words never run together. Text areas, <pre> and values of more than one line
    keep all of theirs. About a millisecond for a page.
    """
    return _put(partial(_BLANKS.sub, "\n"), html).strip(" \t\r\n")


def keep_hours_whole(html):
    """Return `html` (str) with no-break spaces within "3:00 pm" and "22:00 UTC".

    Other languages get them from CLDR; in English the plain space is better for subjects and fields.
    """
    return _put(_keep_hours_of_texts, html)


def _keep_hours_of_texts(part):
    """Do it only between two tags: the value of a field stays as a person would type it.

    The search for the next tag is done once for all hours before it: a person can send thousands.
    """
    kept, done, opens, closes = [], 0, -1, -1
    for found in _WITHIN_AN_HOUR.finditer(part):
        at = found.start()
        if opens < at and (opens := part.find("<", at)) == -1:
            break
        if closes < at and (closes := part.find(">", at)) == -1:
            closes = len(part)
        if opens < closes:
            kept += [part[done:at], "\u00a0"]
            done = found.end()
    return "".join([*kept, part[done:]])


def _put(change, html):
    parts = _KEPT.split(html)
    parts[::2] = map(change, parts[::2])
    return "".join(parts)


def strip_pages(get_response):
    """Make the middleware that finishes every page of HTML: those for everybody, a person's and the organisers'."""

    def answer(request):
        response = get_response(request)
        if response.get("Content-Type", "").startswith("text/html") and not response.streaming:
            response.content = keep_hours_whole(strip_blanks(response.content.decode(response.charset)))
            if "Content-Length" in response:
                response["Content-Length"] = str(len(response.content))
        return response

    return answer
