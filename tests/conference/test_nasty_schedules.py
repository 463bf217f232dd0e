"""Nasty values in each field of schedule JSON and frab XML: a fault with its place, or words that can be kept."""

import json
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from conference.models import Speaker
from conference.program_file import ProgramFaults, check, words_of
from conference.program_formats import plain_of
from conference.schedules import schedule_json, schedule_xml
from tests.conference.test_nasty_cells import fields, with_value
from tests.factories import (
    FIRST_DAY,
    NOW,
    make_appearance,
    make_conference,
    make_day,
    make_session,
    make_speaker,
    make_staff,
)

REAL = Path(__file__).parent / "schedules"
WORDS = [
    "",
    '=HYPERLINK("http://x","y")',
    "a\u202eb\u2066c \ud800",
    "a\0b\nc\rd",
    "9999-12-31T23:59:59-14:00",
    "-1",
    "9" * 400,
    "\ue000\U000f0000 private",
    "]]>&amp;<!-- <b>\"'",
    "a\x85b\u2028c\u2029d\ufeffe\ufffe\uffff",
    "\x1b[31m\x07\x7f",
    "w" * 290,
]
MARK = "MARK"


def read(data):
    return plain_of(data, "schedule", there={"days": []}, zone=ZoneInfo("UTC"))


def short_schedule():
    """A schedule of pretalx with one day and two talks, and all that we read of one."""
    told = json.loads((REAL / "pretalx-democon.json").read_text().replace("2020-12-1", "2027-09-1"))
    conference = told["schedule"]["conference"]
    conference["days"] = conference["days"][:1]
    rooms = conference["days"][0]["rooms"]
    conference["days"][0]["rooms"] = dict([(name, events[:1]) for name, events in rooms.items()][:1])
    for event in (event for events in conference["days"][0]["rooms"].values() for event in events):
        event["persons"] = [event["persons"][0] | {"biography": "Words."}] if event["persons"] else []
        event["links"] = [{"url": "https://example.org/", "title": "Words"}]
    return told


def wrong_with(data, value, at):
    """Return what is wrong with the answer to a file, or "": no place, no words, or words that no database keeps."""
    try:
        told = repr(check(read(data), anyway=True))
        bad = [sign for sign in ("\\x00", "\\x1b", "\\ud800", "\\x07") if sign in told]
    except ProgramFaults as faults:
        told = [(words_of(fault.line), fault.field, fault.sentence) for fault in faults.faults]
        placed = ("This is not a schedule", "This is not XML", "many more faults")
        bad = [
            words
            for words in told
            if not (any(words[:2]) or words[2].startswith(placed)) or len(" ".join(words).encode()) > 2_000
        ]
    return f"{at} {value!r:.30}: {bad}" if bad else ""


@pytest.mark.sqlite_only
def test_any_value_in_schedule_json_is_a_fault_with_its_place_or_right():
    told = short_schedule()

    found = [
        wrong_with(json.dumps(with_value(told, at, value)).encode(), value, at)
        for at in fields(told)
        for value in [*WORDS, ["a"], {"a": 1}, None, 1e308, True]
    ]

    assert [words for words in found if words] == []


@pytest.mark.parametrize(
    "raw", ["&#xD800;", "&#0;", "&undefined;", "<![CDATA[<b>x]]>", "]]>", "<!-- c -->", "<b>x</b>"]
)
def test_what_xml_has_in_brackets_is_a_fault_or_words(raw):
    data = (REAL / "31c3.xml").read_text().replace("31C3 Opening Event", raw, 1)

    assert wrong_with(data.encode(), raw, "title") == ""


def short_xml():
    """A schedule of frab with one day and one event."""
    root = ElementTree.fromstring((REAL / "31c3.xml").read_bytes())
    for day in root.findall("day")[1:]:
        root.remove(day)
    for room in root.iter("room"):
        for event in room.findall("event")[1:]:
            room.remove(event)
    return root


def marked(root):
    """Yield (where, the file) with MARK in each text and each attribute, one after the other."""
    for node in root.iter():
        for name, was in node.attrib.items():
            node.attrib[name] = MARK
            yield f"{node.tag} {name}", ElementTree.tostring(root, encoding="unicode")
            node.attrib[name] = was
        if not len(node):
            node.text, was = MARK, node.text
            yield node.tag, ElementTree.tostring(root, encoding="unicode")
            node.text = was


@pytest.mark.sqlite_only
def test_any_value_in_frab_xml_is_a_fault_with_its_place_or_right():
    found = [
        wrong_with(file.replace(MARK, escape(value, {'"': "&quot;"})).encode("utf-8", "surrogatepass"), value, at)
        for at, file in marked(short_xml())
        for value in WORDS
    ]

    assert [words for words in found if words] == []


KEPT = [words for words in WORDS if words.strip() and "\0" not in words and "\ud800" not in words and len(words) < 300]


@pytest.fixture
def nasty_program(db):
    """An edition that has such words in each field that a schedule tells."""
    conference = make_conference(name=f"PxP {KEPT[1]}"[:100], platform="Zoom <&>")
    day = make_day(conference, title=KEPT[1])
    for number, words in enumerate(KEPT, 1):
        start = FIRST_DAY + timedelta(minutes=5 * number)
        times = {"starts_at": start, "ends_at": start + timedelta(minutes=5)}
        session = make_session(day, number, title=words, summary=words, description=words, **times)
        speaker = make_speaker(conference, name=words[:100], slug=f"s-{number}")
        Speaker.objects.filter(pk=speaker.pk).update(bio=words)
        make_appearance(session, speaker)
    return conference


@pytest.mark.django_db
def test_nasty_words_go_out_as_json_and_xml_that_others_can_read(nasty_program):
    days = nasty_program.days.with_program()

    data = schedule_json(
        nasty_program, days, url_of=lambda row: f"https://a.test/{row.slug}", home="https://a.test/", now=NOW
    )
    as_xml = ElementTree.fromstring(schedule_xml(data))
    as_json = json.loads(json.dumps(data))

    (events,) = as_json["schedule"]["conference"]["days"][0]["rooms"].values()
    assert [event["title"] for event in events] == KEPT
    assert [event["persons"][0]["public_name"] for event in events] == [words[:100] for words in KEPT]
    assert len(as_xml.findall(".//event")) == len(KEPT)
    for node, words in zip(as_xml.iterfind(".//event/description"), KEPT, strict=True):
        assert (
            node.text.split()
            == "".join(sign for sign in words if sign in "\n\r\t" or sign >= " ")
            .replace("\ufffe", "")
            .replace("\uffff", "")
            .split()
        )


@pytest.mark.django_db
def test_the_preview_of_a_schedule_shows_nasty_words_as_words(client):
    conference = make_conference()
    client.force_login(make_staff())
    told = short_schedule()
    event = next(iter(told["schedule"]["conference"]["days"][0]["rooms"].values()))[0]
    event["title"] = event["abstract"] = "<script>alert(1)</script> \u202e{{ x }} \ue000 ]]> =1+1 %s\ud800"
    event["persons"] = [{"public_name": "</li><b>\x1b Ada", "biography": "<img src=x onerror=alert(1)>"}]

    page = client.post(
        reverse("admin:program-files-look", args=[conference.pk]),
        {"file": SimpleUploadedFile("schedule.json", json.dumps(told).encode())},
    )

    assert page.status_code == 200, page.context["faults"]
    assert "&lt;script&gt;alert(1)" in page.text
    for raw in ("<script>alert(1)", "</li><b>", "<img src=x", "\x1b"):
        assert raw not in page.text
    page.text.encode()
