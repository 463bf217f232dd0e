"""The passages of pages: standard words, the organisers' own, and what Markdown may become."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.models import Text
from conference.texts import PASSAGES, Passages, ensure_rows
from conference.texts.markdown import escaped, to_html
from tests.factories import make_conference, make_session, make_speaker

pytestmark = pytest.mark.sqlite_only


def write(conference, key, body):
    ensure_rows(conference)
    text = Text.objects.get(conference=conference, key=key)
    text.body = body
    text.save()


@pytest.mark.django_db
def test_passage_is_the_standard_words_until_organisers_write_their_own():
    conference = make_conference()
    assert "From home" not in Passages(conference)["speakers-intro"]

    write(conference, "speakers-intro", "From home, *for you*.")

    assert Passages(conference)["speakers-intro"] == "<p>From home, <em>for you</em>.</p>\n"


@pytest.mark.django_db
def test_blank_words_mean_the_standard_ones():
    conference = make_conference()
    standard = Passages(conference)["speakers-intro"]

    write(conference, "speakers-intro", " \n ")

    assert Passages(conference)["speakers-intro"] == standard


@pytest.mark.django_db
def test_all_passages_cost_one_query(django_assert_num_queries):
    conference = make_conference()

    with django_assert_num_queries(1):
        pages = dict(Passages(conference))

    assert pages.keys() == PASSAGES.keys()


@pytest.mark.django_db
def test_words_of_one_edition_stay_in_it():
    old, new = make_conference(slug="2026"), make_conference(slug="2027")

    write(old, "home-lead", "Last year.")

    assert "Last year" not in Passages(new)["home-lead"]


@pytest.mark.django_db
def test_placeholders_are_filled_and_other_braces_stay():
    conference = make_conference(slug="2027", short_name="P*x*P", contact_email="hello_you@example.org")

    write(conference, "home-lead", "{conference} [write]({contact}) {contact} {password} {0}")

    assert Passages(conference)["home-lead"] == (
        '<p>P*x*P 2027 <a href="mailto:hello_you@example.org">write</a> hello_you@example.org {password} {0}</p>\n'
    )


@pytest.mark.django_db
@pytest.mark.parametrize(("platform", "steps"), [("Zoom", 5), ("zoom Webinar", 5), ("BigBlueButton", 4), ("", 4)])
def test_test_meeting_of_zoom_is_offered_only_for_a_meeting_on_zoom(platform, steps):
    words = Passages(make_conference(platform=platform))["how-to-join-before"]

    assert words.count("<li>") == steps
    assert words.count('href="https://zoom.us/test"') == steps - 4
    assert "{" not in words


@pytest.mark.django_db
def test_contact_is_the_sender_s_address_when_the_edition_has_none():
    assert 'href="mailto:hello@pxp.example.org"' in Passages(make_conference(contact_email=""))["accessibility-ask"]


@pytest.mark.django_db
def test_rows_are_made_once_for_each_passage():
    conference = make_conference()

    made = [ensure_rows(conference), ensure_rows(conference)]

    assert made == [len(PASSAGES), 0]
    assert set(Text.objects.for_edition(conference).values_list("key", flat=True)) == set(PASSAGES)
    for text in Text.objects.for_edition(conference):
        text.full_clean()


def test_unknown_passage_is_an_error():
    with pytest.raises(KeyError):
        Passages(None)["home-nothing"]


@pytest.mark.parametrize("key", PASSAGES)
def test_standard_words_need_no_html_and_no_large_heading(key):
    html = to_html(str(PASSAGES[key].words))

    assert "<h1" not in html
    assert "&lt;" not in html
    assert str(PASSAGES[key].label)
    assert str(PASSAGES[key].page)


@pytest.mark.parametrize(
    ("words", "html"),
    [
        ("# One\n\n###### Six", "<h2>One</h2>\n<h4>Six</h4>\n"),
        (
            "<b>bold</b><script>alert(1)</script>",
            "<p>&lt;b&gt;bold&lt;/b&gt;&lt;script&gt;alert(1)&lt;/script&gt;</p>\n",
        ),
        ("[go](https://example.org/a?b=1&c=2)", '<p><a href="https://example.org/a?b=1&amp;c=2">go</a></p>\n'),
        ("[go](/program/)", '<p><a href="/program/">go</a></p>\n'),
        ("[go](mailto:hello@example.org)", '<p><a href="mailto:hello@example.org">go</a></p>\n'),
        ("[go](javascript:alert(1))", "<p>[go](javascript:alert(1))</p>\n"),
        ("[go](JaVaScRiPt:alert(1))", "<p>[go](JaVaScRiPt:alert(1))</p>\n"),
        ("[go](data:text/html,x)", "<p>[go](data:text/html,x)</p>\n"),
        ("[go](//evil.example.org)", "<p>[go](//evil.example.org)</p>\n"),
        ("<javascript:alert(1)>", "<p>&lt;javascript:alert(1)&gt;</p>\n"),
        ("![eye](https://example.org/spy.png)", '<p>!<a href="https://example.org/spy.png">eye</a></p>\n'),
        ("    indented by accident", "<p>indented by accident</p>\n"),
        ("A line\n---\nanother", "<p>A line</p>\n<hr />\n<p>another</p>\n"),
        ("One line\nand the next", "<p>One line<br />\nand the next</p>\n"),
        ("Bring:\n• water\n• a chair", "<p>Bring:</p>\n<ul>\n<li>water</li>\n<li>a chair</li>\n</ul>\n"),
        ("·\ta\n– b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("*stars* and **more**", "<p><em>stars</em> and <strong>more</strong></p>\n"),
        ("See https://example.org/a.", '<p>See <a href="https://example.org/a">https://example.org/a</a>.</p>\n'),
        ("See www.example.org/a, too", '<p>See <a href="https://www.example.org/a">www.example.org/a</a>, too</p>\n'),
        ("me@example.org", '<p><a href="mailto:me@example.org">me@example.org</a></p>\n'),
        ("[x](example.org/p)", '<p><a href="https://example.org/p">x</a></p>\n'),
        ("[x](me@example.org)", '<p><a href="mailto:me@example.org">x</a></p>\n'),
        ("[x](program/day-1/)", '<p><a href="/program/day-1/">x</a></p>\n'),
        ("[x](#here)", '<p><a href="#here">x</a></p>\n'),
        ("J.de Boer and e.g. this, 19.00", "<p>J.de Boer and e.g. this, 19.00</p>\n"),
    ],
)
def test_markdown_becomes_safe_html(words, html):
    assert to_html(words) == html


@pytest.mark.django_db
def test_sessions_and_speakers_are_written_as_pages_are(client):
    session = make_session(description="# Why\nBring:\n• water")
    speaker = make_speaker(session.day.conference, bio="She wrote **books**.\nSee example.org")

    session_page = client.get(f"/program/sessions/{session.slug}/").text
    speaker_page = client.get(f"/speakers/{speaker.slug}/").text

    assert "<h3>Why</h3>" in session_page
    assert "<li>water</li>" in session_page
    assert "<strong>books</strong>.<br />" in speaker_page


@pytest.mark.parametrize("key", PASSAGES)
def test_standard_words_break_no_line(key):
    assert "<br" not in to_html(str(PASSAGES[key].words))


@given(text=st.text(st.characters(exclude_characters="\r\0", exclude_categories=["Cs"])))
def test_escaped_text_makes_no_markup(text):
    html = to_html(f"x{escaped(text)}x")

    assert html.replace("<p>", "").replace("</p>", "").replace("<br />", "").count("<") == 0
