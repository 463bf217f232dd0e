"""The program as files that the site reads back: exported, loaded into an empty site, exported again, it is equal."""

import io
import tracemalloc
import zipfile
from datetime import UTC

import pytest
from django.contrib.admin.models import LogEntry
from django.db import transaction
from django.urls import reverse
from python_calamine import CalamineWorkbook

from conference.models import Conference, Day, Session, Speaker
from conference.program_file import ProgramFaults, check
from conference.program_formats import as_yaml, export_program, plain_of, read, sheets_of
from conference.program_loading import apply, drop_faulty_sessions
from conference.tables import write
from tests.factories import NOW, make_appearance, make_conference, make_day, make_program, make_session, make_speaker
from tests.support.program_files import FILES, PXP_2023, changed, load

pytestmark = pytest.mark.django_db


def read_sheets(data, *, anyway=False):
    """Return the Program of an XLSX file, as the page of files reads it."""
    return check(plain_of(data, "program.xlsx", there={}, zone=UTC), anyway=anyway)


def into_an_empty_site(file, reader=read):
    """Return what the export says after `file` was loaded into a site that has nothing; then it is as it was."""
    with transaction.atomic():
        for model in (Session, Day, Speaker, Conference):
            model.objects.all().delete()
        again = export_program(apply(reader(file, anyway=True), now=NOW, anyway=True).conference)
        transaction.set_rollback(True)
    return again


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_real_program_comes_back_as_it_was(path):
    told = export_program(load(path.read_text(), anyway=True).conference)

    assert into_an_empty_site(as_yaml(told)) == told


def test_a_program_with_everything_comes_back_as_it_was():
    conference = make_conference(tagline="Yes: “no”, # and 'all'", is_published=False)
    day = make_day(conference, title="true", captions="yes", access_note="In English", recording_url="https://a.test/1")
    first = make_session(day, 1, slug="s-bcdfgh", title="=1+1", description="One\n\n- two\n  three", break_minutes=10)
    times = {"starts_at": day.starts_at, "ends_at": day.ends_at, "title_is_description": True}
    second = make_session(day, 2, slug="day-1-session-1", break_title="Tea", sign_language="no", **times)
    grace = make_speaker(conference, pronouns="she/her", links="Site https://a.test", bio="null", affiliation="日本")
    make_appearance(first, grace, role="facilitator")
    make_appearance(second, grace)
    told = export_program(conference)

    assert into_an_empty_site(as_yaml(told)) == told
    assert into_an_empty_site(as_xlsx(told), read_sheets) == told
    assert told["days"][0]["sessions"][1]["slug"] == "day-1-session-1"
    assert [speaker.get("bio") for row in told["days"][0]["sessions"] for speaker in row["speakers"]] == ["null", None]


def test_the_file_of_a_program_changes_nothing_where_it_came_from():
    conference = make_program(days=2, sessions=2)
    day = conference.days.get(number=1)
    make_session(day, 3, slug="s-bcdfgh")
    Session.objects.filter(slug="day-2-session-1").update(day=day, number=4)  # as organisers move one

    changes = apply(read(as_yaml(export_program(conference))), now=NOW)

    assert (changes.new, changes.removed, changes.changed) == ([], [], [])
    assert Session.objects.count() == 5


def test_a_session_that_the_file_names_is_found_wherever_it_is_and_gone_once_it_is_left_out():
    load(PXP_2023)
    named = changed(PXP_2023, "      - number: 2\n", "      - number: 2\n        slug: s-bcdfgh\n")

    assert load(named).removed == ["Day 1, Session 2"]
    assert Session.objects.named("s-bcdfgh").get().number == 2
    assert load(named).is_nothing

    load(PXP_2023)

    assert not Session.objects.named("s-bcdfgh").exists()


def test_two_sessions_of_one_name_are_refused():
    file = changed(PXP_2023, "      - number: 2\n", "      - number: 2\n        slug: day-1-session-1\n")

    with pytest.raises(ProgramFaults) as refused:
        read(file.encode())

    assert [fault.field for fault in refused.value.faults] == ["day 1, session 2, slug"]
    assert "Another session has this name." in refused.value.faults[0].sentence


def test_a_workbook_has_a_row_for_each_part():
    told = export_program(load(PXP_2023).conference)

    sheets = {name: (heads, rows) for name, heads, rows in sheets_of(told)}

    assert list(sheets) == ["conference", "regions", "days", "sessions", "speakers", "texts"]
    assert [row[0] for row in sheets["days"][1]] == [1, 2, 3]
    assert len(sheets["sessions"][1]) == Session.objects.count()
    assert ["supported_by", told["conference"]["supported_by"]] in sheets["conference"][1]


def test_organisers_download_the_program_and_it_is_on_record(organiser):
    conference = make_program(days=1, sessions=1)
    page = organiser.get(reverse("admin:program-files")).text
    url = reverse("admin:program-files-download", args=[conference.pk])

    yaml = organiser.post(url, {"kind": "yaml"})
    table = organiser.post(url, {"kind": "csv"})
    book = CalamineWorkbook.from_filelike(io.BytesIO(organiser.post(url, {"kind": "xlsx"}).getvalue()))

    assert yaml.getvalue() == as_yaml(export_program(conference))
    assert book.get_sheet_by_name("sessions").to_python()[1][:2] == [1.0, 1.0]
    assert table.getvalue().startswith(b'\xef\xbb\xbf"day","number","slug","title"')
    assert "/2027/program.json" in page
    words = [entry.get_change_message() for entry in LogEntry.objects.order_by("pk")]
    assert words == [f"Downloaded the program ({kind})" for kind in ("YAML", "CSV", "XLSX")]
    assert organiser.post(url, {"kind": "exe"}).status_code == 404


def test_a_drafts_files_for_others_are_not_linked(organiser):
    make_conference(is_published=False)

    assert "program.json" not in organiser.get(reverse("admin:program-files")).text


# --- XLSX comes back too


def as_xlsx(told):
    """Return a program's workbook as bytes."""
    with write("xlsx", sheets_of(told)) as file:
        return file.read()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_workbook_comes_back_as_it_was(path):
    told = export_program(load(path.read_text(), anyway=True).conference)

    assert into_an_empty_site(as_xlsx(told), read_sheets) == told


def book(**sheets):
    """Return a workbook of PXP 2027 with one day, and other sheets."""
    base = {
        "conference": [["field", "value"], ["slug", "2027"], ["name", "PxP 2027"]],
        "days": [["number", "starts_at", "ends_at"], [1, "2027-09-12T19:00:00Z", "2027-09-12T22:00:00Z"]],
    }
    with write("xlsx", [(name, rows[0], rows[1:]) for name, rows in (base | sheets).items()]) as file:
        return file.read()


def test_a_workbook_of_ones_own_is_led_to_csv():
    with write("xlsx", [("Tabelle1", ["day", "title"], [[1, "Tea"]])]) as file:
        data = file.read()

    with pytest.raises(ProgramFaults) as refused:
        plain_of(data, "own.xlsx", there={}, zone=UTC)

    [fault] = refused.value.faults
    assert "save its sheet as CSV" in fault.sentence


@pytest.mark.parametrize(
    ("sheets", "sheet", "row", "field", "words"),
    [
        ({"sessions": [["day", "number"], [1, 1], [2, 1]]}, "sessions", 3, "day", "There is no day “2”"),
        ({"sessions": [["day", "numbre"], [1, 1]]}, "sessions", 1, "numbre", "Did you mean “number”?"),
        (
            {"sessions": [["day", "number", "title"], [1, "one", "x"]]},
            "sessions",
            2,
            "day 1, sessions, item 1, number",
            "whole",
        ),
        (
            {"speakers": [["day", "session", "name"], [1, 7, "Ada"]]},
            "speakers",
            2,
            "session",
            "There is no session “7”",
        ),
        ({"days": [["number", "starts_at"], [1, "7 pm"]]}, "days", 2, "day 1, starts_at", ""),
        ({"texts": [["passage", "words"], ["home-lead", "a"], ["home-lead", "b"]]}, "texts", 3, "home-lead", "twice"),
        ({"sessions": [["day", "number", "title"], [1, 1, "#N/A"]]}, "sessions", 2, "title", "This is a formula."),
        ({"extra": [["a"], ["b"]]}, None, None, "extra", "There is no such sheet."),
    ],
)
def test_a_fault_of_a_workbook_names_sheet_row_and_column(sheets, sheet, row, field, words):
    with pytest.raises(ProgramFaults) as refused:
        read_sheets(book(**sheets))

    fault = refused.value.faults[0]
    assert (getattr(fault.line, "sheet", None), fault.line) == (sheet, row)
    assert words in fault.sentence
    assert fault.field == field


def test_a_session_on_no_day_is_left_out_with_its_speakers():
    sheets = {
        "sessions": [["day", "number", "title"], [1, 1, "Hope"], [7, 1, "Lost"]],
        "speakers": [["day", "session", "name"], [1, 1, "Ada"], [7, 1, "Bob"]],
    }

    good = drop_faulty_sessions(plain_of(book(**sheets), "a.xlsx", there={"days": []}, zone=UTC))

    assert (good.left_out, good.sessions) == (1, 2)
    assert [session.title for session in good.program.days[0].sessions] == ["Hope"]


def bomb():
    """Return a small archive that says that it becomes large."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)
    return file.getvalue()


def liar():
    """Return an archive whose part becomes larger than it says."""
    data = bytearray(bomb())
    where = data.rindex(b"PK\x01\x02") + 24
    data[where : where + 4] = (100).to_bytes(4, "little")
    return bytes(data)


def with_entities():
    """Return a workbook with XML entities in a sheet."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book())) as packed, zipfile.ZipFile(file, "w") as evil:
        for part in packed.infolist():
            data = packed.read(part)
            if part.filename.endswith("sheet1.xml"):
                data = data.replace(b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet', 1)
            evil.writestr(part.filename, data)
    return file.getvalue()


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (bomb, "far too large when it is unpacked"),
        (liar, "not a workbook"),
        (with_entities, "XML entities"),
        (lambda: b"PK\x03\x04 and rubbish", "not a workbook"),
        (lambda: b"\xd0\xcf\x11\xe0 an old file", "workbook of an old Excel"),
        (lambda: b"x" * 1_000_001, "too large"),
        (lambda: book(days=[["number"], *([n] for n in range(6000))]), "At most 5,000 can be read"),
    ],
    ids=["bomb", "liar", "entities", "rubbish", "xls", "large", "long"],
)
def test_hostile_workbooks_get_a_sentence_and_little_memory(made, words):
    data = made()
    tracemalloc.start()

    with pytest.raises(ProgramFaults) as refused:
        read_sheets(data)

    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(refused.value.faults) == 1
    assert words in refused.value.faults[0].sentence
    assert peak < 12_000_000
