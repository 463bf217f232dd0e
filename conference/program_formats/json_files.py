"""Parses JSON into plain data, with the path to each part."""

import json

from django.utils.translation import gettext as _

from conference.program_file import Element, refuse

from .sizes import refuse_long_pieces, refuse_many

MOST_PARTS = 50_000  # lists and groups of fields; a session has about five
MOST_TEXTS = 70_000  # with the names of fields; a session has about eighty
MOST_COMMAS = 200_000


def parse(data):
    """Return the data in a JSON file's bytes, numbers as strings, and a function from a place to its Element.

    Raises ProgramFaults for anything that is not one JSON document of a bearable size.
    """
    _refuse_tricks(data)
    try:
        return json.loads(data, parse_int=str, parse_float=str, parse_constant=str), element_at
    except json.JSONDecodeError as error:
        words = _("This is not JSON: %(error)s, at character %(n)d of the line. Export the file again.")
        refuse(error.lineno, "", words % {"error": error.msg, "n": error.colno})
    except RecursionError:
        refuse(None, "", _("Brackets are nested too deep for a program. Export the file once more."))
    except ValueError:
        refuse(None, "", _("This is not JSON in UTF-8. Export the file once more."))


def _refuse_tricks(data):
    """Refuse what would take too much memory, before it is parsed."""
    texts = data.replace(b'\\"', b"")  # without escaped quotation marks
    if data.count(b"[") + data.count(b"{") > MOST_PARTS:
        refuse_many(None)
    if texts.count(b'"') > 2 * MOST_TEXTS or data.count(b",") > MOST_COMMAS:
        refuse_many(None)
    refuse_long_pieces(texts, b'"')


def element_at(place):
    """Return the Element at a place: schedule.conference.days[0].rooms["Hall 1"][2].title."""
    words = ""
    for step in place:
        if isinstance(step, int):
            words += f"[{step}]"
        elif step.isidentifier():
            words += f".{step}"
        else:
            words += f'["{_printable(step)[:60]}"]'
    return Element(1, words.removeprefix("."))


def _printable(words):
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in words)
