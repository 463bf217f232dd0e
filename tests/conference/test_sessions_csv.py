"""Sessions as CSV: out, changed by people and their programs, and back in."""

from zoneinfo import ZoneInfo

import pytest

from conference.models import Session
from conference.program_file import ProgramFaults, check
from conference.program_formats import export_program, plain_of, rows_of
from conference.program_loading import apply, drop_faulty_sessions
from conference.tables import write
from tests.factories import NOW, make_appearance, make_conference, make_day, make_session, make_speaker
from tests.support.program_files import FILES, load


def as_csv(told):
    """Return the sessions of a program as the bytes of a CSV file."""
    with write("csv", [rows_of(told)]) as file:
        return file.read()


def plain(data, told, zone="UTC"):
    data = data if isinstance(data, bytes) else data.encode()
    return plain_of(data, "sessions.csv", there=told, zone=ZoneInfo(zone))


def faults_of(data, told):
    """Return (row, field, sentence) of each fault."""
    with pytest.raises(ProgramFaults) as caught:
        check(plain(data, told), anyway=True)
    return [(fault.line, fault.field, fault.sentence) for fault in caught.value.faults]


DAY = {"starts_at": "2027-09-12T19:00:00Z", "ends_at": "2027-09-12T22:00:00Z"}
NEXT_DAY = {"starts_at": "2027-09-13T19:00:00Z", "ends_at": "2027-09-13T22:00:00Z"}


@pytest.fixture
def told():
    """Two days of three hours from 19:00 UTC, the first with two sessions."""
    sessions = [{"number": 1, "title": "Café"}, {"number": 2, "title": "Hope", "slug": "s-bcdfgh"}]
    days = [{"number": 1, "sessions": sessions} | DAY, {"number": 2} | NEXT_DAY]
    return {"conference": {"slug": "2027", "name": "PxP"}, "days": days}


@pytest.mark.django_db
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_sessions_of_a_real_program_come_back_as_they_were(path):
    conference = load(path.read_text(), anyway=True).conference
    before = export_program(conference)
    Session.objects.all().delete()

    apply(check(plain(as_csv(before), export_program(conference)), anyway=True), now=NOW, anyway=True)

    assert rows_of(export_program(conference)) == rows_of(before)


@pytest.mark.django_db
def test_what_the_file_does_not_say_stays():
    conference = make_conference(tagline="Yes")
    session = make_session(make_day(conference, summary="A day", captions="yes"), 1, title="=1+1", break_minutes=5)
    make_appearance(session, make_speaker(conference, bio="Grace speaks."), role="facilitator")
    before = export_program(conference)

    changes = apply(check(plain(as_csv(before), before)), now=NOW)

    assert (changes.changed, changes.new, changes.removed) == ([], [], [])
    assert export_program(conference) == before


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_encodings_and_separators_are_found_out(told, encoding, separator):
    rows = [["Day", "Number", "Title", "Speakers"], ["1", "1", f"Café{separator} “au lait”", "Zoë"]]
    text = "\r\n".join(separator.join(f'"{cell}"' for cell in row) for row in rows)

    session = check(plain(text.encode(encoding), told)).days[0].sessions[0]

    assert session.title == f"Café{separator} “au lait”".replace("\t", " ").replace("  ", " ")
    assert [speaker.name for speaker in session.speakers] == ["Zoë"]


def test_what_people_make_of_it_is_understood(told):
    text = "sep=;\nDay;Start;End;Name;Speaker;;\nDay 1;7 pm;19.30;Tea;Ada (Facilitator);;\n\n1;;;Hope;Ada; \n"

    day = check(plain(text, told), anyway=True).days[0]

    first, second = day.sessions
    assert (first.number, first.title) == (1, "Tea")
    assert [f"{instant:%H:%M}" for instant in (first.starts_at, first.ends_at)] == ["19:00", "19:30"]
    assert [(person.name, person.role) for person in first.speakers] == [("Ada", "facilitator")]
    assert (second.slug, second.number) == ("s-bcdfgh", 2)


def test_sessions_of_one_title_are_told_apart_each_time():
    there = {"conference": {"slug": "2027", "name": "PxP"}, "days": [{"number": 1} | DAY]}
    text = "day,title\n1,Break\n1,Tea\n1,Break\n1,\n1,Break\n"
    first = check(plain(text, there)).days[0].sessions
    there["days"][0]["sessions"] = [
        {"number": session.number, "title": session.title, "slug": session.slug} for session in first
    ]

    again = check(plain(text, there)).days[0].sessions

    assert len({session.slug for session in first}) == 5
    assert [session.slug for session in again] == [session.slug for session in first]


def test_a_table_is_one_whatever_the_file_is_called(told):
    zone = ZoneInfo("Europe/Paris")

    for name in ("sessions", "sessions.csv (1)", "sessions.xlsx"):
        assert check(plain_of(b'\xef\xbb\xbf"Day";"Start time";"Name"\n1;;Tea\n', name, there=told, zone=zone)).days


def test_people_who_are_there_may_be_called_as_they_are(told):
    told["days"][0]["sessions"][0]["speakers"] = [{"name": "Ada Byron, Countess of Lovelace"}]

    text = 'day,title,speakers\n1,x,"Ada Byron, Countess of Lovelace"\n'

    [session] = check(plain(text, told)).days[0].sessions

    assert [speaker.name for speaker in session.speakers] == ["Ada Byron, Countess of Lovelace"]
    assert check(plain("day,title,speakers\n1,x,Patients of Oslo and Friends of Ada;\n1,y,Ada and Bob", told))


def test_a_time_is_on_the_clock_of_who_brings_it_in(told):
    text = "day,title,starts_at,ends_at\n1,Tea,7:30,8:00\n"

    session = check(plain(text, told, "Pacific/Auckland")).days[0].sessions[0]

    assert f"{session.starts_at:%d %H:%M}" == "12 19:30"


def test_rows_without_a_name_are_found_by_title_then_by_number(told):
    moved = "day,number,title\n1,1,Hope\n1,2,Café\n"
    added = "day,number,title\n1,1,Café\n1,2,New\n1,3,Hope\n"

    def slugs(text):
        return [session.slug for session in check(plain(text, told)).days[0].sessions]

    assert slugs(moved) == ["s-bcdfgh", "day-1-session-1"]
    assert slugs("day,number,title\n1,2,Hopes\n") == ["s-bcdfgh"]
    assert slugs(added)[::2] == ["day-1-session-1", "s-bcdfgh"]
    assert slugs(added)[1] == slugs(added)[1] != "s-bcdfgh"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("day,titel\n1,x\n", (1, "titel", "There is no such column. Did you mean “title”?")),
        ("day,title,title\n1,x,y\n", (1, "title", "This column is there twice. Keep one.")),
        ("", (None, "", "The file is empty.")),
        ("\n1,x\n", (1, "", "This row must name the columns.")),
        ("day,title\n7,x\n1,y\n", (2, "day", "There is no day “7”. Write one of: 1, 2.")),
        ("Tag 1,title\n1,x\n", (1, "Tag 1", "There is no such column.")),
        ("day,title\n2,x\n,y\n", (3, "day", "Write its day, one of: 1, 2. If cells are merged, only the first row")),
        ("day,title\n1,y\n1,x,and more\n", (3, "", "This row has more cells than there are columns.")),
        ("day,number,title\n1,1,y\n\n1,one,x\n", (4, "day 1, sessions, item 2, number", "Write a whole number")),
        ("day,title,starts_at\n1,x,25:00\n1,y,\n", (2, "starts_at", "Write a time like 19:00 or 7:00 pm.")),
        (
            "day,starts_at,ends_at\n1,2027-09-12 19:00,8 pm\n1,,\n",
            (2, "day 1, session 1, starts_at", "The time zone is"),
        ),
        ("day,title,rewatch_party\n1,x,\n1,y,maybe\n", (3, "day 1, session 2, rewatch_party", "Write true or false.")),
        ("day,title\n1,x\x01\n1,y\n", (2, "day 1, session 1, title", "There is an invalid character")),
        ('day,title,speakers\n1,x,"Ada Byron, Bob King"\n1,y,\n', (2, "speakers", "These look like two people.")),
        ("day,title,speakers\n1,x,Ada Byron and Bob King\n1,y,\n", (2, "speakers", "Put “;” between them, or after")),
        ("day,title\n1,#REF!\n1,y\n", (2, "title", "This is a formula.")),
        ("day,title\n1,Æàííà\n1,y\n", (2, "", "This row has letters in another encoding.")),
        ("day,title\n1,x\x00\n1,y\n", (None, "", "This is not a table.")),
        ("day,title\n1," + "x" * 140_000 + "\n", (None, "", "A cell is far too long")),
        ("day,title\n" + "1,x\n" * 200_000, (None, "", "The table has too many rows. At most 5,000 can be read.")),
        ("day,title\n1" + "," * 300 + "\n", (None, "", "The table has too many columns.")),
    ],
)
def test_a_fault_names_row_and_column(told, text, expected):
    faults = faults_of(text, told)

    line, field, words = expected
    assert [fault[:2] for fault in faults] == [(line, field)]
    assert words in faults[0][2]


@pytest.mark.parametrize(
    "words",
    ["03/04/2027 19:00", "12.9.2027 19:00", "12-9-27", "2027/9/12 7 pm", "46357.7916", "46357,7916", "46357", "0.7916"],
)
def test_a_time_as_a_spreadsheet_keeps_it_is_not_guessed(told, words):
    [(row, field, sentence)] = faults_of(f'day,title,starts_at\n1,x,"{words}"\n', told)

    assert (row, field) == (2, "starts_at")
    advice = "Write only the time, like 19:00. The date comes from the day."
    assert sentence == f"“{words}” can be read in several ways. {advice}"


def test_a_row_in_another_encoding_is_a_bad_row(told):
    data = "day,title\n1,Café\n1,".encode() + "Zoë\n".encode("cp1252")

    assert [fault[0] for fault in faults_of(data, told)] == [3]
    assert "another encoding" in faults_of(data, told)[0][2]
    assert drop_faulty_sessions(plain(data, told)).left_out == 1


@pytest.mark.django_db
def test_good_rows_come_in_alone_and_take_nothing_away(told):
    text = "day,number,slug,title\n1,1,day-1-session-1,Tea\n1,two,s-bcdfgh,x\n8,1,,y\n"
    day = make_day(make_conference())
    make_session(day, 1, slug="day-1-session-1", is_from_file=True)
    make_session(day, 2, slug="s-bcdfgh", title="Hope", is_from_file=True)

    good = drop_faulty_sessions(plain(text, export_program(day.conference)), anyway=True)
    apply(good.program, now=NOW, anyway=True, only_adds=True)

    assert (good.left_out, good.sessions) == (2, 3)
    assert list(day.sessions.values_list("title", flat=True)) == ["Tea", "Hope"]


def test_a_file_of_one_day_says_nothing_of_the_others(told):
    program = check(plain("day,title\n2,Tea\n", told))

    assert [day.sessions and len(day.sessions) for day in program.days] == [None, 1]


def test_where_nothing_is_good_nothing_comes_in(told):
    with pytest.raises(ProgramFaults):
        drop_faulty_sessions(plain("day,number\n1,x\n", told))


def test_a_fault_that_another_hid_is_left_out_too(told):
    text = "day,number,slug,title\n1,one,,x\n1,1,s-bcdfgh,y\n1,2,s-bcdfgh,z\n"

    good = drop_faulty_sessions(plain(text, told))

    assert good.left_out == 2
    assert [fault.line for fault in good.faults] == [2, 4]
    assert [session.title for session in good.program.days[0].sessions] == ["y"]
