"""Letters of the outbox as they arrive: rendered by the site, parsed from their bytes."""

import re
from email import message_from_bytes, policy
from html import unescape

from registration.letters.writing import write_letter
from registration.mail.delivery import to_bytes
from tests.factories import NOW


def letter_of(row, *, now=NOW):
    """Return the mail that a row of the outbox would be at the UTC instant `now`."""
    return message_from_bytes(to_bytes(write_letter(row, now=now)), policy=policy.default)


def text_of(row, *, now=NOW):
    """Return what its text part says."""
    return letter_of(row, now=now).get_body(("plain",)).get_content()


def html_of(row, *, now=NOW):
    """Return its HTML part."""
    return letter_of(row, now=now).get_body(("html",)).get_content()


def words_of(html):
    """The text of the HTML part without visual-only parts, extracted in another way than the site does."""
    html = html.partition("<body>")[2]
    for_the_eye = r'<div class="preview".*?</div>|<header.*?</header>|<(p|h1) class="[^"]*screen".*?</\1>'
    return words_in(unescape(re.sub(r"<[^>]+>", " ", re.sub(for_the_eye, " ", html, flags=re.DOTALL))))


def words_in(text):
    """The words of a text, without addresses of pages."""
    return re.findall(r"\w+", re.sub(r"http\S+", " ", text))
