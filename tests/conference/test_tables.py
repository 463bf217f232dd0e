"""Tables for spreadsheet programs: no cell is a formula, and what was written comes back."""

import csv
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from conference.tables import (
    UNREADABLE,
    CannotRead,
    Limits,
    guard_cell,
    is_formula_error,
    is_garbled,
    sheet_of_csv,
    sheets_of_workbook,
    unguard_cell,
    write,
)

pytestmark = pytest.mark.sqlite_only

FORMULAS = ["=1+1", "+33 1", "-2", "@SUM(A1)", "＝1", "|cmd", "%0", "\t=1", "\r\n-1", "  =1", '"=1', "\u200b=1", "'=1"]
PIECES = st.lists(st.sampled_from([*"=+-@;\t\n'\" a,", "\u200b", "＝", "x=1"]), max_size=12).map("".join)


@pytest.mark.parametrize("formula", FORMULAS)
@pytest.mark.parametrize("before", ["", "Ada;", "Ada; ", "Ada\t", "a line\n"])
def test_no_piece_that_a_program_may_cut_out_begins_a_formula(before, formula):
    cell = guard_cell(before + formula)

    pieces = cell.replace("\t", ";").replace("\n", ";").replace("\r", ";").split(";")
    assert not [piece for piece in pieces if piece.strip(' "\u200b')[:1] in [*"=+-@|%＝"] and piece.strip(' "')]


@pytest.mark.parametrize("cell", ["", "Ada", "a-b", "x = 1", "O'Brien", "'Twas", "3 + 4", "a@example.org", "a, -b"])
def test_other_words_are_left_as_they_are(cell):
    assert (guard_cell(cell), unguard_cell(cell)) == (cell, cell)


@given(PIECES)
def test_exactly_the_guard_is_taken_back(cell):
    assert unguard_cell(guard_cell(cell)) == cell


def test_a_csv_file_is_cut_into_harmless_cells_where_semicolons_separate(tmp_path):
    with write("csv", [("People", ["Name", "Role"], [["Ada", "nurse;=1+1"], ["Bob", 'a\n=2"']])]) as file:
        text = file.read().decode("utf-8-sig")

    cells = [cell for row in csv.reader(io.StringIO(text), delimiter=";") for cell in row]
    assert not [cell for cell in cells if cell.startswith("=")]
    rows = list(csv.reader(io.StringIO(text)))
    assert [[unguard_cell(cell) for cell in row] for row in rows[1:]] == [["Ada", "nurse;=1+1"], ["Bob", 'a\n=2"']]


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


# --- Reading ---------------------------------------------------------------------------------------------------------

SMALL = Limits(bytes=10_000, unpacked=100_000, rows=100, columns=20)


def workbook(cells=(), merged="", **parts):
    """Return an XLSX file with cells {(row, column): words}, counted from 0, and more parts in it."""
    file = io.BytesIO()
    with Workbook(file) as book:
        sheet = book.add_worksheet("People")
        for (row, column), words in dict(cells).items():
            if isinstance(words, str) and words.startswith("="):
                sheet.write_formula(row, column, words, None, "#REF!")
            else:
                sheet.write(row, column, words)
        if merged:
            sheet.merge_range(merged, "Ada")
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as packed:
        for name, data in parts.items():
            packed.writestr(f"xl/{name}.xml", data)
    return file.getvalue()


def test_a_workbook_is_read_with_its_empty_rows_and_merged_cells():
    (sheet,) = sheets_of_workbook(workbook({(1, 1): "Name", (1, 2): 3}, merged="B4:B5"), SMALL)

    rows = [["", "", ""], ["", "Name", "3"], ["", "", ""], ["", "Ada", ""]]
    assert (sheet.name, list(sheet.rows), sheet.merged) == ("People", rows, [(4, 5)])


def test_a_formula_without_a_result_is_no_empty_cell():
    (sheet,) = sheets_of_workbook(workbook({(1, 1): "Name", (3, 1): "=A9", (3, 2): "x", (4, 2): "=A9"}), SMALL)

    assert [row[1:] for row in sheet.rows] == [["", ""], ["Name", ""], ["", ""], ["#N/A", "x"], ["", "#N/A"]]
    assert is_formula_error("#N/A")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (workbook({(0, 0): "Ada", (1_048_575, 0): "Bob"}), "too many rows"),  # room for all between ends the process
        (workbook({(0, 0): "Ada", (0, 16_383): "Bob"}), "too many columns"),
        (workbook(bomb=b"<a>" + b" " * 200_000 + b"</a>"), "far too large"),
        (workbook(words="<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>".encode("utf-16")), "XML entities"),
        (workbook(words=b'<?xml version="1.0" encoding="UTF-1048577"?><a/>'), "not a workbook that can be read"),
        (workbook(broken=b"<a>"), "not a workbook"),
        (workbook(content=b"<a/>"), "not a workbook"),  # as in a file of LibreOffice
        (b"PK\x03\x04", "not a workbook"),
    ],
)
def test_a_hostile_workbook_gets_one_sentence(data, words):
    with pytest.raises(CannotRead, match=words):
        [list(sheet.rows) for sheet in sheets_of_workbook(data, SMALL)]


def read_separated(data):
    return list(sheet_of_csv(data, SMALL).rows)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_a_csv_file_is_read_in_each_encoding_with_each_separator(separator, encoding):
    rows = [["Name", "Email"], ["Zoë Müller", "zoe@example.org"], [], ["O’Brien", 'a, b; "c"\td\ne']]
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows(rows)

    assert read_separated(text.getvalue().encode(encoding)) == rows


def test_excel_says_which_separator_it_wrote():
    assert read_separated(b"sep=;\r\na;b,c\r\n") == [["sep=;"], ["a", "b,c"]]


@pytest.mark.parametrize("sign", ['"', "\r", "\0"])
def test_a_sign_that_separates_nothing_is_not_taken_for_a_separator(sign):
    data = f"sep={sign}\na,b\n".encode("utf-16")

    assert read_separated(data)[-1] == ["a", "b"]


@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman"])
@pytest.mark.parametrize(
    "names",
    [
        ["Zoé Lefèvre", "Jérôme d’Arcy", "Anne–Marie Forêt", "Élodie Bœuf", "MAËLLE FRANÇOIS"],
        ["José Núñez", "María Peña", "Ángela Muñoz", "Íñigo Zúñiga"],
        ["Jürgen Müller", "Käthe Weiß", "Özlem Groß"],
        ["Søren Åberg", "Håkan Öst", "João Conceição"],
        ["“Words…” of a patient–partner", "L’été : 5 €", "Café™ 10 £"],
        ["Aquí está París", "Allí habla José – de Málaga", "Así sea", "Julián Peña", "Después: Inés Gómez"],
    ],
)
def test_a_csv_file_of_excel_is_read_whichever_machine_saved_it(names, encoding):
    assert read_separated("\n".join(names).encode(encoding)) == [[name] for name in names]


@pytest.mark.parametrize(
    "words",
    [
        "The patient’s voice‡",
        "Patients’ rights†, rest•move",
        "rest•move – that’s “it”",
        "we’ll, they’re ¼ “a–b” of it‡",
        "Juli’s “daily‡” – or nightly",
    ],
)
def test_signs_of_plain_english_are_no_letters_of_a_mac(words):
    assert read_separated(words.encode("cp1252")) == [words.split(",")]


@pytest.mark.parametrize(
    ("name", "encoding"),
    [("Michał", "cp1250"), ("Stanisław", "cp1250"), ("José", "cp850"), ("山田 太郎", "cp932")],
)
def test_letters_of_another_encoding_are_taken_for_what_they_are(name, encoding):
    [[cell]] = read_separated(name.encode(encoding))

    assert is_garbled(cell) or UNREADABLE in cell


def test_where_encodings_are_mixed_the_letters_in_question_are_marked():
    data = "Zoë,1\n".encode() + "Chloé,2\n".encode("cp1252")

    assert read_separated(data) == [["Zoë", "1"], [f"Chlo{UNREADABLE}", "2"]]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b" \n", "is empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(1, 200)), "not a table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "an old Excel"),
        (b"\x01\0\0\0" * 200, "not a table"),
        (b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj", "not a table"),
        (b"\xef\xbb\xbf<table><tr><td>Name</td><td>Email</td></tr></table>", "not a table"),
        (b'<?xml version="1.0"?>\n<Workbook/>', "not a table"),
        (b'[{"name": "Ada", "email": "ada@example.org"}]', "not a table"),
        (b"{\\rtf1 Name,Email}", "not a table"),
        (b"\x1f\x8b\x08" + bytes(range(1, 99)), "not a table"),
        (b"BEGIN:VCARD\nFN:Ada\nEND:VCARD\n", "not a table"),
        (b"a,b\n" * 101, "too many rows"),
        (b"a," * 21, "too many columns"),
        (b'a,"' + b"b" * 200_000, "far too long"),
    ],
)
def test_a_file_that_is_no_table_gets_one_sentence(data, words):
    with pytest.raises(CannotRead, match=words):
        read_separated(data)
