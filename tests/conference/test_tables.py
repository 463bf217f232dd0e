"""Tables for spreadsheet programs: no cell is a formula, and what was written comes back."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from conference.tables import guarded, unguarded, write

FORMULAS = ["=1+1", "+33 1", "-2", "@SUM(A1)", "＝1", "|cmd", "%0", "\t=1", "\r\n-1", "  =1", '"=1', "\u200b=1", "'=1"]
PIECES = st.lists(st.sampled_from([*"=+-@;\t\n'\" a,", "\u200b", "＝", "x=1"]), max_size=12).map("".join)


@pytest.mark.parametrize("formula", FORMULAS)
@pytest.mark.parametrize("before", ["", "Ada;", "Ada; ", "Ada\t", "a line\n"])
def test_no_piece_that_a_program_may_cut_out_begins_a_formula(before, formula):
    cell = guarded(before + formula)

    pieces = cell.replace("\t", ";").replace("\n", ";").replace("\r", ";").split(";")
    assert not [piece for piece in pieces if piece.strip(' "\u200b')[:1] in [*"=+-@|%＝"] and piece.strip(' "')]


@pytest.mark.parametrize("cell", ["", "Ada", "a-b", "x = 1", "O'Brien", "'Twas", "3 + 4", "a@example.org", "a, -b"])
def test_other_words_are_left_as_they_are(cell):
    assert (guarded(cell), unguarded(cell)) == (cell, cell)


@given(PIECES)
def test_exactly_the_guard_is_taken_back(cell):
    assert unguarded(guarded(cell)) == cell


def test_a_csv_file_is_cut_into_harmless_cells_where_semicolons_separate(tmp_path):
    with write("csv", [("People", ["Name", "Role"], [["Ada", "nurse;=1+1"], ["Bob", 'a\n=2"']])]) as file:
        text = file.read().decode("utf-8-sig")

    cells = [cell for row in csv.reader(io.StringIO(text), delimiter=";") for cell in row]
    assert not [cell for cell in cells if cell.startswith("=")]
    rows = list(csv.reader(io.StringIO(text)))
    assert [[unguarded(cell) for cell in row] for row in rows[1:]] == [["Ada", "nurse;=1+1"], ["Bob", 'a\n=2"']]


@pytest.mark.parametrize("words", ["=1+1", "https://example.org", "12", "\x0bodd\x00", "_x0041_", "x" * 40_000, "日本"])
def test_an_xlsx_file_holds_words_as_words(words):
    with write("xlsx", [("People: all?", ["Name", "Came"], [[words, 7]])]) as file:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(file.read())).get_sheet_by_index(0)

    said = words.replace("\x0b", "").replace("\x00", "")[:32_767]
    assert sheet.name == "People  all"
    assert sheet.to_python() == [["Name", "Came"], ["'=1+1" if words == "=1+1" else said, 7.0]]


def test_several_tables_are_several_sheets_or_follow_each_other():
    sheets = [("Days", ["Day", "Came"], [["Day 1", 9]]), ("Roles", ["Role", "Came"], [["Patient", 8]])]
    with write("csv", sheets) as file:
        rows = list(csv.reader(io.StringIO(file.read().decode("utf-8-sig"))))
    with write("xlsx", sheets) as file:
        names = CalamineWorkbook.from_filelike(io.BytesIO(file.read())).sheet_names

    assert rows == [["Days"], ["Day", "Came"], ["Day 1", "9"], [], ["Roles"], ["Role", "Came"], ["Patient", "8"]]
    assert names == ["Days", "Roles"]
