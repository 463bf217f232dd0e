"""The text part of a mail as it is made from the HTML part."""

import pytest
from django.utils import translation

from registration.letters.frame import render
from registration.letters.plain_text import PlainText


def text_of(html):
    return PlainText(f"<title>A\n subject</title><style>p {{ color: red }}</style><main>{html}</main>").text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One\n  two</p>\n<p>three</p>", "One two\n\nthree\n"),
        ("<h1>Head</h1><p>Words</p>", "Head\n\nWords\n"),
        ("<h2>PxP Day 1</h2>\n<p>Sunday <br>19:00</p>", "PxP Day 1\nSunday\n19:00\n"),
        ("<ul><li>one</li>\n<li>two</li></ul><p>end</p>", "- one\n- two\n\nend\n"),
        (
            '<p><a href="https://x.example/?a=1&amp;b=2">Open <b>it</b></a></p>',
            "Open it:\nhttps://x.example/?a=1&b=2\n",
        ),
        ('<p>See<br><a href="https://x.example/">https://x.example/</a></p>', "See\nhttps://x.example/\n"),
        ('<p class="soft screen">Look <b>here</b><br></p><p>Read</p>', "Read\n"),
        ("<p>Zo\u00eb O&#x27;Brien &amp; S\u00f8n &lt;b&gt;</p>", "Zo\u00eb O'Brien & S\u00f8n <b>\n"),
        ("<p>It was <s>1</s>. It is <strong>2</strong>.</p>", "It was 1. It is 2.\n"),
        ("<p>19\u202fh\u00a000</p>", "19\u202fh\u00a000\n"),
        ("<p>Words</p><footer><p>Who we are</p></footer>", "Words\n\n-- \nWho we are\n"),
    ],
)
def test_text_says_what_the_html_says(html, text):
    assert text_of(html) == text


def test_link_has_the_colon_of_its_language():
    with translation.override("fr"):
        text = text_of('<p><a href="https://x.example/">Ouvrir</a></p>')

    assert text == "Ouvrir\u00a0:\nhttps://x.example/\n"


def test_title_is_no_part_of_the_text():
    page = PlainText("<head><title>A\n subject</title></head><body><p>Words</p></body>")

    assert (page.title, page.text) == ("A\n subject", "Words\n")


def test_one_template_gives_subject_text_and_html(settings, tmp_path):
    (tmp_path / "emails").mkdir()
    (tmp_path / "emails/trial.html").write_text("<title>\n For {{ who }}\n</title>\n\n  <p>Hello {{ who }}</p>")
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}]

    written = render("trial", {"who": "Ada & <b>"}, language="en")

    assert written == (
        "For Ada & <b>",
        "Hello Ada & <b>\n",
        "<title>\nFor Ada &amp; &lt;b&gt;\n</title>\n<p>Hello Ada &amp; &lt;b&gt;</p>",
    )
