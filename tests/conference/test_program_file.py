"""Program files that are right: the real ones, moved to another year, edited, loaded by the command."""

import re
from datetime import UTC, date, datetime
from time import process_time

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from conference.models import AnnouncedDate, Conference, Day, Session, Speaker, Text
from conference.program_file import ProgramFaults
from conference.program_formats import read
from conference.program_loading import apply, shift
from conference.texts import PASSAGES
from tests.factories import NOW, make_appearance, make_session, make_speaker
from tests.support.program_files import DATA, FILES, PXP_2023, PXP_2025, changed, line_of, load, rows


def differences(before, after):
    """Return the fields that differ between two results of `rows`, with their new values."""
    return {
        f"{name}.{key}": value
        for name, fields in after.items()
        for key, value in fields.items()
        if before.get(name, {}).get(key) != value
    }


# --- The real files


@pytest.mark.django_db
def test_real_program_has_what_is_known_and_leaves_open_what_is_not():
    conference = load(PXP_2023).conference

    days = list(Day.objects.for_edition(conference))
    sessions = list(Session.objects.for_edition(conference).with_people())
    assert [day.title for day in days] == [
        "Boost your skills",
        "Trailblaze new approaches",
        "Strengthen patient partnerships",
    ]
    assert (days[0].starts_at, days[0].ends_at) == (
        datetime(2023, 9, 12, 19, tzinfo=UTC),
        datetime(2023, 9, 12, 22, tzinfo=UTC),
    )
    assert [(told.region, told.date) for told in days[2].announced_dates.all()] == [
        ("Europe, Africa, North and South America", date(2023, 9, 14)),
        ("Asia and Oceania", date(2023, 9, 15)),
    ]
    assert [bool(session.title) for session in sessions] == [True, True, True, False, False, True, False, False, False]
    assert not any(session.has_time for session in sessions)
    assert [str(told) for told in sessions[1].appearances.all()] == [
        "Rebecca Mbewe (Speaker)",
        "Maria Dutarte (Speaker)",
    ]
    assert Speaker.objects.get(slug="maria-dutarte").affiliation == "EUPATI"
    assert conference.times_are_provisional
    assert conference.supported_by.endswith("(CIHR-IMHA)")


@pytest.mark.django_db
def test_archive_has_facilitators_a_recording_and_titles_that_only_describe():
    load((DATA / "pxp-2024.yaml").read_text())
    conference = load(PXP_2025).conference

    first = Session.objects.for_edition(conference).with_people().first()
    assert [(told.speaker.name, told.is_facilitator) for told in first.appearances.all()] == [
        ("Joab Wako", True),
        ("Dominique Hamerlijnck", False),
        ("Nikhil Jayswal", False),
        ("Jeff Ordway", False),
    ]
    assert (first.recording_url, first.rewatch_party) == ("https://youtu.be/xJwAKSoHGNs", True)
    assert Session.objects.numbered(2, 2).get(day__conference__slug="2024").title_is_description
    assert Speaker.objects.get(name="Marie Ennis-O'Connor").slug == "marie-ennis-oconnor"
    # In two sessions, and one person.
    assert Speaker.objects.get(name="Maalvika Bhuvansunder").appearances.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_loading_twice_writes_nothing(path):
    load(path.read_text())
    before = rows()

    with CaptureQueriesContext(connection) as queries:
        changes = load(path.read_text())

    writes = [q["sql"] for q in queries if re.match(r"\s*(INSERT|UPDATE|DELETE)", q["sql"])]
    assert (changes.is_nothing, writes, rows()) == (True, [], before)


@pytest.mark.django_db
def test_loading_costs_the_same_queries_for_a_long_program():
    sessions = "".join(
        f"""
      - number: {number}
        title: "Topic {number}"
        speakers: [{{name: "Grace {number}"}}]"""
        for number in range(4, 64)
    )
    long = changed(PXP_2023, "        speakers: []\n  - number: 2", f"        speakers: []{sessions}\n  - number: 2")
    counts = []

    for text in (PXP_2023, long):
        load(text)
        with CaptureQueriesContext(connection) as queries:
            load(text)
        counts.append(len(queries))

    assert Session.objects.count() == 69
    assert counts[0] == counts[1]


def test_offsets_are_read_as_utc_and_byte_order_marks_are_ignored():
    text = changed(PXP_2023, '"2023-09-12T19:00:00Z"', '"2023-09-12T21:00:00+02:00"')

    program = read(b"\xef\xbb\xbf" + text.encode())

    assert program == read(PXP_2023.encode())


# --- Moving it to another year


@pytest.mark.django_db
def test_first_day_moves_all_dates_and_the_year():
    conference = apply(shift(read(PXP_2023.encode()), date(2027, 9, 12)), now=NOW).conference

    days = list(Day.objects.for_edition(conference).with_announced_dates())
    assert conference.slug == "2027"
    assert [day.starts_at for day in days] == [datetime(2027, 9, number, 19, tzinfo=UTC) for number in (12, 13, 14)]
    assert [[told.date.day for told in day.announced_dates.all()] for day in days] == [[12, 13], [13, 14], [14, 15]]


def test_first_day_moves_sessions_and_the_year_within_the_name():
    text = changed(
        PXP_2025,
        '        title: "Global voices"',
        """        title: "Global voices"
        starts_at: "2025-09-09T19:15:00Z"
        ends_at: "2025-09-09T20:00:00Z\"""",
    )

    program = shift(read(text.encode()), date(2028, 2, 29))

    session = program.days[0].sessions[0]
    assert program.conference.name == "PxP 2028"
    assert session.starts_at == datetime(2028, 2, 29, 19, 15, tzinfo=UTC)
    assert program.days[2].starts_at == datetime(2028, 3, 2, 19, tzinfo=UTC)
    assert session.title == "Global voices"


@given(first_day=st.dates(date(2000, 1, 1), date(2998, 1, 1)))
def test_moving_there_and_back_gives_the_same_program(first_day):
    program = read(PXP_2023.encode())

    assert shift(shift(program, first_day), date(2023, 9, 12)) == program


# --- Edits


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('"Boost your skills"', '"Grow your skills"', {"title": "Grow your skills"}),
        ("tagline: ", "cost: free of charge\n  tagline: ", None),
        ('affiliation: "EUPATI"', 'affiliation: "Europe"', {"affiliation": "Europe"}),
        ("- {number: 2, title: null, speakers: []}", '- {number: 2, title: "New", speakers: []}', {"title": "New"}),
        ('{name: "Shoba Dawson"}', '{name: "Shoba Dawson", role: facilitator}', {"role": "facilitator"}),
        ('"09-13", "09-14", "09-15"', '"09-12", "09-14", "09-15"', {"date": date(2023, 9, 12)}),
        ("clock: provisional", "clock: published", {"clock": "published"}),
    ],
)
def test_edit_changes_just_that(old, new, expected):
    text = changed(PXP_2023, "  cost: free\n", "") if old == "tagline: " else PXP_2023
    load(text)
    before = rows()

    load(changed(text, old, new))

    found = {name.rpartition(".")[2]: value for name, value in differences(before, rows()).items()}
    assert found == (expected or {"cost": "free of charge"})


@pytest.mark.django_db
def test_moved_day_goes_through_the_one_who_tells_people():
    load(PXP_2023)
    moves = []

    def move_day(day, *, starts_at, ends_at, now):
        moves.append((day.number, starts_at, ends_at, now))
        return 7

    changes = load(changed(PXP_2023, '"2023-09-13T19:00:00Z"', '"2023-09-13T18:30:00Z"'), move_day=move_day)

    start, end = datetime(2023, 9, 13, 18, 30, tzinfo=UTC), datetime(2023, 9, 13, 22, tzinfo=UTC)
    assert moves == [(2, start, end, NOW)]
    assert (changes.people_to_tell, changes.changed) == (7, ["Day 2 (starts_at, ends_at)"])


@pytest.mark.django_db
def test_what_the_file_does_not_say_stays_as_organisers_typed_it():
    conference = load(PXP_2023).conference
    Session.objects.for_edition(conference).filter(title="").update(title="Typed in the admin", summary="Also typed")
    Day.objects.for_edition(conference).update(capacity=40)
    before = rows()

    changes = load(PXP_2023)

    assert (changes.is_nothing, rows()) == (True, before)


@pytest.mark.django_db
def test_file_takes_away_only_what_a_file_brought():
    conference = load(PXP_2023).conference
    day = Day.objects.for_edition(conference).first()
    grace = make_speaker(conference)
    make_appearance(make_session(day, 9, title="Break"), grace)
    make_appearance(Session.objects.for_edition(conference).first(), grace, position=5)
    before = rows()

    third = PXP_2023[PXP_2023.index("      - number: 3\n") : PXP_2023.index("  - number: 2\n    title")]
    changes = load(changed(changed(PXP_2023, third, ""), ', {name: "Angela Ruddock"}', ""))

    assert changes.removed == ["Day 1, Session 1, Angela Ruddock", "Day 1, Session 3", "Angela Ruddock"]
    assert not differences(before, rows())
    assert [session.number for session in day.sessions.all()] == [1, 2, 9]


@pytest.mark.django_db
def test_day_left_out_goes_with_its_sessions():
    load(PXP_2023)

    shorter = PXP_2023[: PXP_2023.index("  - number: 3\n    title")]
    shorter = re.sub(r', "09-1[45]"\]', "]", shorter)
    load(shorter)

    assert [day.number for day in Day.objects.all()] == [1, 2]
    assert Session.objects.count() == 6
    assert AnnouncedDate.objects.count() == 4


@pytest.mark.django_db
def test_day_with_something_on_it_is_not_left_out():
    conference = load(PXP_2023).conference
    make_session(Day.objects.for_edition(conference).last(), 9)
    before = rows()

    shorter = re.sub(r', "09-1[45]"\]', "]", PXP_2023[: PXP_2023.index("  - number: 3\n    title")])
    with pytest.raises(ProgramFaults) as caught:
        load(changed(shorter, "Boost your skills", "Grow"))

    assert [fault.field for fault in caught.value.faults] == ["Day 3"]
    assert "it has sessions" in caught.value.faults[0].sentence
    assert rows() == before


@pytest.mark.django_db
def test_real_title_ends_what_was_said_of_the_old_one():
    text = (DATA / "pxp-2024.yaml").read_text()
    load(text)

    load(
        changed(
            text,
            """        title: "Types of recognition for patient partners"
        title_is: description
""",
            """        title: "Thank you"
""",
        )
    )

    session = Session.objects.get(title="Thank you")
    assert not session.title_is_description


@pytest.mark.django_db
def test_names_become_web_addresses_of_their_own():
    names = ["Zoë O'Brien & Søn", "Łucja", "张伟", "李娜", "Grace Ho", "Grace  Ho!"]
    speakers = ", ".join(f'{{name: "{name}"}}' for name in names)

    load(changed(PXP_2023, '[{name: "Patrick Gee"}]', f"[{speakers}]"))

    found = dict(Speaker.objects.filter(name__in=[*names, "Grace Ho!"]).values_list("name", "slug"))
    assert found == {
        "Zoë O'Brien & Søn": "zoe-obrien-son",
        "Łucja": "lucja",
        "张伟": "speaker",
        "李娜": "speaker-2",
        "Grace Ho": "grace-ho",
        "Grace Ho!": "grace-ho-2",
    }


@pytest.mark.django_db
def test_words_of_one_edition_come_with_its_file():
    conference = load(PXP_2023).conference

    assert "for patient partners" in Text.objects.get(conference=conference, key="home-lead").body
    assert Text.objects.for_edition(conference).count() == len(PASSAGES)


# --- The command


def run(capsys, *arguments):
    """Run `manage.py load_program`; return its exit code, and what it said on stdout and stderr."""
    code = 0
    try:
        call_command("load_program", *arguments)
    except SystemExit as end:
        code = end.code
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.mark.django_db
def test_command_says_what_it_did(capsys, tmp_path):
    path = tmp_path / "pxp.yaml"
    path.write_text(PXP_2023)
    options = (str(path), "--first-day", "2027-09-12")

    said = [run(capsys, *options), run(capsys, *options)]
    path.write_text(changed(PXP_2023, "Boost your skills", "Grow your skills"))
    said.append(run(capsys, *options))

    loaded = "Loaded PxP 2027: 3 days, 9 sessions, 5 speakers.\n"
    assert said == [
        (0, f"{loaded}This edition is new.\n", ""),
        (0, f"{loaded}Nothing changed.\n", ""),
        (0, f"{loaded}Changed: Day 1 (title).\n", ""),
    ]


@pytest.mark.django_db
def test_command_refuses_a_fault_and_changes_nothing(capsys, tmp_path):
    load(PXP_2023)
    before = rows()
    path = tmp_path / "pxp.yaml"
    path.write_text(
        changed(changed(PXP_2023, "Boost", "Grow"), '{name: "Patrick Gee"}', '{name: "Patrick Gee", role: x}')
    )

    code, out, err = run(capsys, str(path))

    line = line_of(path.read_text(), "role: x")
    assert (code, out) == (1, "")
    assert err == (
        f"{path}:{line}: day 3, session 1, speaker 1, role: “x” is not known. Write one of: speaker, facilitator.\n"
        "Nothing was changed.\n"
    )
    assert rows() == before


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "words"),
    [("folder", "This is a folder."), ("nothing.yaml", "There is no such file."), ("nul\0.yaml", "no such file")],
)
def test_command_needs_a_file(capsys, tmp_path, name, words):
    (tmp_path / "folder").mkdir()

    code, _out, err = run(capsys, str(tmp_path / name))

    assert code == 1
    assert words in err


@pytest.mark.django_db
@pytest.mark.parametrize("first_day", ["tomorrow", "2027-02-30", "1999-01-01", "12/09/2027"])
def test_command_needs_a_date_of_the_calendar(capsys, first_day):
    code, _out, err = run(capsys, str(DATA / "pxp-2023.yaml"), "--first-day", first_day)

    assert (code, Conference.objects.count()) == (1, 0)
    assert "--first-day: Write a date like 2027-09-12." in err


@pytest.mark.django_db
def test_ten_megabytes_of_rubbish_are_refused_at_once(capsys, tmp_path):
    path = tmp_path / "rubbish.yaml"
    path.write_bytes(b"- rubbish: [\n" * 800_000)
    before = process_time()

    code, _out, err = run(capsys, str(path))

    assert (code, err) == (
        1,
        f"{path}: The file is too large for a program. At most 1 MB can be read.\nNothing was changed.\n",
    )
    assert process_time() - before < 2  # seconds of work, however busy the machine is


@pytest.mark.sqlite_only
def test_example_in_the_handbook_is_a_program():
    handbook = (DATA.parent / "docs" / "organisers.md").read_text()
    example = handbook.partition("```yaml\n")[2].partition("```")[0]

    program = read(example.encode())

    assert [day.number for day in program.days] == [1, 2]
