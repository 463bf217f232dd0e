"""Finished HTML carries no indentation, and loses nothing that shows."""

import re

import pytest

from conference.site.blanks import keep_hours_whole, strip_blanks
from tests.factories import make_program


def test_indentation_and_empty_lines_go_and_line_ends_stay():
    html = "\n\n<ul>\n    \n  <li>One\n    two</li>\n\r\n</ul>\n"

    assert strip_blanks(html) == "<ul>\n<li>One\ntwo</li>\n</ul>"


@pytest.mark.parametrize(
    "kept",
    [
        '<textarea name="needs">\n  One\n\n    two\n</textarea>',
        "<TEXTAREA>\n\n  x</TEXTAREA >",
        "<pre>\n  a\n\n  b\n</pre>",
        '<input type="hidden" value="One\n\n  two">',
    ],
)
def test_what_a_person_typed_keeps_its_blanks(kept):
    assert strip_blanks(f"<p>\n  {kept}\n  </p>") == f"<p>\n{kept}\n</p>"


def test_spaces_that_never_break_stay():
    assert strip_blanks("<p>\n\u00a0x\u00a0\n</p>") == "<p>\n\u00a0x\u00a0\n</p>"


def test_hours_stay_on_one_line_and_fields_as_they_are_typed():
    html = '<p>3:00 pm to 6:00 pm, 19:00 UTC, 3 amber</p><input value="3:00 pm"><textarea>6:00 pm</textarea>'

    kept = html.replace("00 pm to", "00\u00a0pm to").replace("00 pm,", "00\u00a0pm,").replace("00 UTC", "00\u00a0UTC")
    assert keep_hours_whole(html) == kept


def test_as_many_hours_as_a_person_can_send_stay_whole():
    html = f'<input value="{"1 am " * 12_000}"><p>{"2 pm " * 12_000}</p>'

    assert keep_hours_whole(html).count("\u00a0") == 12_000


@pytest.mark.parametrize("path", ["/", "/program/", "/register/", "/nothing-here/"])
def test_pages_are_sent_without_blanks(client, db, path):
    make_program()

    response = client.get(path)

    assert re.findall(rb"^[ \t\r]*\n|^[ \t]+", response.content, re.MULTILINE) == []
    assert int(response.get("Content-Length", len(response.content))) == len(response.content)
