"""Schedule JSON and frab XML as programs: our own come back, those of others come in, hostile ones get a sentence."""

import json
import re
import tracemalloc
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.utils import translation

from conference.models import Conference, Day, Session, Speaker
from conference.program_file import ProgramFaults, check, words_of
from conference.program_formats import export_program, plain_of
from conference.program_loading import apply, drop_faulty_sessions
from conference.schedules import schedule_json, schedule_xml
from tests.factories import FIRST_DAY, NOW, make_appearance, make_conference, make_day, make_session, make_speaker
from tests.support.program_files import FILES, load

REAL = Path(__file__).parent / "schedules"
EMPTY = {"days": []}


def plain(data, there=EMPTY):
    return plain_of(data if isinstance(data, bytes) else data.encode(), "schedule", there=there, zone=ZoneInfo("UTC"))


def faults_of(data):
    """Return (place, field, sentence) of each fault."""
    with pytest.raises(ProgramFaults) as caught:
        check(plain(data), anyway=True)
    return [(words_of(fault.line), fault.field, fault.sentence) for fault in caught.value.faults]


# --- Our own


def files_of(conference, now=NOW):
    """Return the schedule JSON and the frab XML of an edition, without what each site numbers for itself."""
    days = Day.objects.for_edition(conference).with_program()
    data = schedule_json(
        conference, days, url_of=lambda session: f"https://a.test/{session.slug}", home="https://a.test/", now=now
    )
    data["schedule"]["version"] = ""
    numbers = re.compile(rb' id="\d+"|"id": \d+,?')
    return [numbers.sub(b"", file) for file in (json.dumps(data).encode(), schedule_xml(data))]


def again(file, now=NOW):
    """Return what an empty site gives once `file` was loaded into it; then all is as it was."""
    with transaction.atomic():
        for model in (Session, Day, Speaker, Conference):
            model.objects.all().delete()
        files = files_of(apply(check(plain(file), anyway=True), now=now, anyway=True).conference, now)
        transaction.set_rollback(True)
    return files


@pytest.fixture
def ours():
    """A program with all that a schedule can hold, and what it has other words for."""
    conference = make_conference(name="PxP 2027", platform="Zoom")
    day = make_day(conference, title="Boost your skills")
    times = {"starts_at": FIRST_DAY, "ends_at": FIRST_DAY + timedelta(minutes=50), "recording_url": "https://v.test/1"}
    known = make_session(day, title="Voices & <choices>", summary="One line.", description="First.\n\nSecond.", **times)
    make_session(day, 2, title="", slug="s-bcdfgh", description="Known.")
    make_appearance(known, make_speaker(conference, bio="Grace <3 speaks."), role="facilitator")
    make_session(make_day(conference, 2, starts_at=FIRST_DAY + timedelta(days=1)), 1, title="List<String>")
    return conference


@pytest.mark.django_db
def test_ours_come_back_as_they_were(ours):
    as_json, as_xml = files_of(ours)

    assert again(as_json) == [as_json, as_xml]
    assert again(as_xml)[1] == as_xml


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "ar"])
def test_ours_come_back_as_they_were_once_they_are_over(ours, language):
    over = FIRST_DAY + timedelta(days=30)
    with translation.override(language):
        as_json, as_xml = files_of(ours, over)

        assert again(as_json, over) == [as_json, as_xml]
    (_known, unknown), _of_day_2 = (day["sessions"] for day in plain(as_json).data["days"])
    assert unknown == {"number": 2, "slug": "s-bcdfgh", "description": "Known.", "speakers": []}


@pytest.mark.django_db
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_real_program_of_ours_comes_back_as_it_was(path):
    as_json, _as_xml = files_of(load(path.read_text(), anyway=True).conference)

    assert again(as_json)[0] == as_json


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "fr"])
def test_ours_change_nothing_where_they_came_from(ours, language):
    before = export_program(ours)
    with translation.override(language):
        files = files_of(ours)

    for file in files:
        changes = apply(check(plain(file, before), anyway=True), now=NOW, anyway=True)

        assert (changes.new, changes.changed, changes.removed) == ([], [], [])
    assert export_program(ours) == before


@pytest.mark.django_db
def test_a_day_without_sessions_in_the_file_keeps_its_own(ours):
    data = json.loads(files_of(ours)[0])
    data["schedule"]["conference"]["days"][1]["rooms"] = {"Zoom": []}
    Session.objects.update(is_from_file=True)

    apply(check(plain(json.dumps(data), export_program(ours)), anyway=True), now=NOW, anyway=True)

    assert Session.objects.filter(day__number=2).count() == 1


# --- Others'


def test_a_schedule_of_frab_comes_in():
    program = check(plain((REAL / "31c3.xml").read_bytes()), anyway=True)

    first = program.days[0].sessions[0]
    assert program.conference.told == {"slug": "2014", "name": "31. Chaos Communication Congress"}
    assert [(day.number, f"{day.starts_at:%d %H:%M}", len(day.sessions)) for day in program.days] == [
        (1, "27 10:00", 5),
        (2, "28 10:30", 5),
    ]
    assert (first.title, first.number, f"{first.ends_at:%H:%M}") == ("31C3 Opening Event", 1, "10:30")
    assert [speaker.name for speaker in first.speakers] == ["Speaker 1", "Speaker 2"]
    assert [session.number for session in program.days[1].sessions] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(("name", "days"), [("pretalx-democon.json", 2), ("camp-2019.json", 1)])
def test_schedule_json_of_others_comes_in(name, days):
    program = check(plain((REAL / name).read_bytes()), anyway=True)

    sessions = program.days[0].sessions
    assert (len(program.days), len(sessions)) == (days, 4)
    assert program.days[0].starts_at == min(session.starts_at for session in sessions)
    assert sessions == sorted(sessions, key=lambda session: session.starts_at)
    assert sessions[0].description in (None, "More words about it.\n\nAnd more.")


def test_a_session_has_the_same_name_whenever_it_comes():
    data = (REAL / "camp-2019.json").read_text()
    moved = data.replace("2019-08-21T11:00:00+02:00", "2019-08-21T19:00:00+02:00").replace("Opening", "Closing")

    names = [{session.slug for session in check(plain(file), anyway=True).days[0].sessions} for file in (data, moved)]

    assert names[0] == names[1]
    assert len(names[0]) == 4


def test_times_without_a_zone_are_refused_until_it_is_there():
    data = (REAL / "fosdem-2018.xml").read_text()
    zone = "<time_zone_name>Europe/Brussels</time_zone_name></conference>"
    night = data.replace("<start>12:00</start>", "<start>1:00</start>")

    session = check(plain(data.replace("</conference>", zone))).days[0].sessions[0]
    late = check(plain(night.replace("</conference>", zone)), anyway=True).days[0].sessions[1]

    assert faults_of(data)[0][:2] == ("line 3", "time_zone_name")
    assert f"{session.starts_at:%d %H:%M}" == "03 09:00"
    assert f"{late.starts_at:%d %H:%M}" == "04 00:00"
    assert session.summary == "Twenty Years of OSI Stewardship"
    assert session.description == "A few words & a [link](https://example.org).\n\nFirst.\n\n- one\n- two"


DEMO = (REAL / "pretalx-democon.json").read_text()
EVENT = 'schedule.conference.days[0].rooms["Gray Room"][0]'


SESSION = "day 1, session 1"


@pytest.mark.parametrize(
    ("old", "new", "place", "field", "words"),
    [
        ('"duration": "00:30"', '"duration": "x"', f"{EVENT}.duration", f"{SESSION}, ends_at", "like 00:45"),
        ('"public_name": "Speaker 1"', '"x": ""', f"{EVENT}.persons[0]", f"{SESSION}, speaker 1, name", "missing"),
        ('"title": "Focused', f'"title": "{"x" * 301}', f"{EVENT}.title", f"{SESSION}, title", "at most 300"),
        ('"start": "2020-12-14"', '"start": ""', "schedule.conference.start", "start", "year is missing"),
        ('"UTC"', '"a/../b"', "schedule.conference.time_zone_name", "time_zone_name", "There is no such time zone"),
        ('"days": [', '"dais": [', "", "", "This is not a schedule"),
        ('"schedule": {', '"schedule": {,', "line 2", "", "This is not JSON"),
    ],
)
def test_a_fault_of_json_names_the_way_to_the_element(old, new, place, field, words):
    faults = faults_of(DEMO.replace(old, new, 1))

    assert faults[0][:2] == (place, field)
    assert words in faults[0][2]


def test_a_session_without_a_time_that_means_something_is_a_fault():
    data = DEMO.replace('"date": "2020-12-14T09:00:00+01:00"', '"date": "soon"', 1).replace('"09:00"', '"nine"', 1)

    place, field, sentence = faults_of(data)[0]

    assert (place, field) == (f"{EVENT}.date", "day 1, session 4, starts_at")
    assert "Write its date with the time zone" in sentence


@pytest.mark.parametrize(
    "date", ["9999-12-31T23:59:00+00:00", "9999-12-31T23:59:00-12:00", "0001-01-01T00:00:00+14:00"]
)
def test_a_session_at_the_end_of_the_calendar_is_a_fault(date):
    data = DEMO.replace('"date": "2020-12-14T09:00:00+01:00"', f'"date": "{date}"', 1)
    data = data.replace('"start": "09:00"', '"start": "nine"', 1)

    assert faults_of(data)[0][0].startswith(EVENT)


def test_a_night_at_the_end_of_the_calendar_is_a_fault():
    data = DEMO.replace('"date": "2020-12-14T09:00:00+01:00"', '"date": ""', 1).replace('"09:00"', '"01:00"', 1)
    data = data.replace('"date": "2020-12-14"', '"date": "9999-12-31"', 1).replace(
        '"days": [', '"day_change": "04:00", "days": ['
    )

    assert faults_of(data)


def test_good_sessions_come_in_alone():
    good = drop_faulty_sessions(plain(DEMO.replace('"duration": "00:30"', '"duration": "long"', 1)), anyway=True)

    assert (good.left_out, good.sessions) == (1, 8)
    assert [len(day.sessions) for day in good.program.days] == [3, 4]


@pytest.mark.parametrize(
    ("data", "place", "words"),
    [
        ('{"schedule": {"conference": {"days": [{}]}, "events": []}}', "schedule.events", "version 2"),
        ("{}", "", "This is not a schedule"),
        ("[]", "line 1", "This is not a program"),
        (b"\xd0\xcf\x11\xe0", "", "old Excel"),
    ],
)
def test_another_file_is_refused(data, place, words):
    assert faults_of(data)[0][0] == place
    assert words in faults_of(data)[0][2]


def test_another_xml_file_is_refused():
    data = '<schedule created="2014-07-13"><day date="2014-07-21"><entry id="1"/></day></schedule>'

    assert faults_of(data)[0][::2] == ("line 1", faults_of(data)[0][2])
    assert "This is not a schedule" in faults_of(data)[0][2]


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (f'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY l0 "ha">{LAUGHS}]><schedule>&l9;</schedule>', "XML entities"),
        ('<!DOCTYPE s [<!ENTITY f SYSTEM "file:///etc/passwd">]><schedule>&f;</schedule>', "XML entities"),
        ('<!DOCTYPE s SYSTEM "http://127.0.0.1/x.dtd"><schedule/>', "XML entities"),
        (("<!DOCTYPE s [<!ENTITY a 'b'>]><s>&a;</s>").encode("utf-16"), "XML entities"),
        ("<schedule>" + "<a>" * 100_000, "nested too deep"),
        ("<schedule>" + "<a/>" * 30_000, "too many parts"),
        ("<schedule><conference>", "This is not XML"),
        ('<?xml version="1.0" encoding="rot13"?><schedule/>', "encoding that is not known"),
        ("<schedule " + " ".join(f'a{n}=""' for n in range(80_000)) + "/>", "far too long"),
        ("<schedule><![CDATA[\U0001f600" + "<x " * 900_000 + "]]></schedule>", "far too long"),
        ("<" + " " * 3_000_001, "At most 3 MB can be read"),
        (("<" + " " * 600_000).encode("utf-16"), "At most 1 MB can be read"),
        ('{"a":' * 160_000, "too many parts"),
        ('{"a":' * 40_000, "nested too deep"),
        ("{" + '"a":1,' * 160_000, "too many parts"),
        ("{" + '"a":1,' * 60_000, "This is not JSON"),
        ('{"a": ["",' + "11," * 400_000 + '""]}', "too many parts"),
        ('{"a": ' + "9" * 900_000 + "}", "far too long"),
        ('{"a": "\U0001f600' + 'xxxxxxx\\"' * 200_000 + '"}', "far too long"),
        ('{"a": [' + ",".join(['"\U0001f600' + "x" * 95_000 + '"'] * 20) + "]}", "This is not a schedule"),
        ("{" + ",".join(f'"\U0001f600{n}":1{n}' for n in range(69_000)) + "}", "This is not a schedule"),
        (b'{"a": "\xff"}', "not JSON in UTF-8"),
        ("{" + " " * 2_000_001, "At most 2 MB can be read"),
    ],
    ids=range(23),
)
def test_hostile_schedules_get_a_sentence_and_little_memory(data, words):
    data = data if isinstance(data, bytes) else data.encode()
    tracemalloc.start()

    faults = faults_of(data)

    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(faults) == 1
    assert words in faults[0][2]
    assert peak < 24_000_000


def test_a_schedule_of_more_than_a_megabyte_comes_in():
    long = json.loads(DEMO)
    for day in long["schedule"]["conference"]["days"]:
        for event in (event for events in day["rooms"].values() for event in events):
            event["description"] = "\U0001f600 Much to say. " * 5_000
            event["abstract"] = "In short. " * 8_000
    data = json.dumps(long, ensure_ascii=False).encode()

    program = check(plain(data), anyway=True)

    assert len(data) > 1_000_000
    assert [len(day.sessions) for day in program.days] == [4, 4]


@pytest.mark.parametrize("name", ["\\ud800", "\\u0000", "<b>", "\\u202e"])
def test_odd_signs_in_names_break_nothing(name):
    data = DEMO.replace("Gray Room", name).replace('"duration": "00:30"', '"duration": ""')

    place, _field, _sentence = faults_of(data)[0]

    assert place.encode()
