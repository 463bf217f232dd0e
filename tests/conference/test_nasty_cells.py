"""Nasty values in each field of a program, in formats that people edit: a fault with its place, or a right change."""

import copy
from zoneinfo import ZoneInfo

import pytest

from conference.program_file import Plain, ProgramFaults, check, words_of
from conference.program_formats import rows_of, sessions_csv, sheets_of, workbooks, yaml_files
from tests.support.program_files import PXP_2023

pytestmark = pytest.mark.sqlite_only

NASTY = [
    "",
    "x" * 10_000,
    '=HYPERLINK("http://x","y")',
    "a\u202eb\u2066c",
    "a\0b",
    "0000-00-00T00:00:00Z",
    "9999-12-31T23:59:59-14:00",
    "24:00",
    "-1",
    "1448-03-15",
    "12 กันยายน 2570",
    "99",
    "9" * 400,
    "<script>alert(1)</script>",
    "👩🏽\u200d🦽",
    "%s %(n)d {0}",
    "a\nb\rc",
    "1.5",
    "١",
]
NOT_TEXTS = [["a"], {"a": 1}, None, [[["a"]]]]


@pytest.fixture(scope="module")
def told():
    """Two sessions of a real program, one after the other, with all that a file can say of them."""
    data = yaml_files.parse(PXP_2023.encode()).data
    day = data["days"][0]
    starts = ("2023-09-12T19:00:00Z", "2023-09-12T20:00:00Z", "2023-09-12T21:00:00Z")
    day["sessions"] = [
        {
            "number": number,
            "slug": f"s-bcdfg{number}",
            "title": f"Topic {number}",
            "summary": "Words",
            "speakers": people,
        }
        | {"starts_at": starts[number - 1], "ends_at": starts[number], "title_is": "title", "break_minutes": 5}
        for number, people in ((1, [{"name": "Ada", "role": "facilitator", "bio": "Words"}]), (2, [{"name": "Grace"}]))
    ]
    data["days"] = [day]
    for region in data["conference"]["regions"]:
        region["dates"] = region["dates"][:1]
    return data


def places(part, at=()):
    """Yield the way to each part of plain data."""
    for step in part if isinstance(part, dict) else range(len(part)) if isinstance(part, list) else ():
        yield (*at, step)
        yield from places(part[step], (*at, step))


def fields(part):
    """Return the ways to the fields of plain data, one for each kind of them."""
    kinds = {}
    for at in places(part):
        kinds.setdefault(tuple(step for step in at if isinstance(step, str)), at)
    return kinds.values()


def with_value(part, at, value):
    part = copy.deepcopy(part)
    inner = part
    for step in at[:-1]:
        inner = inner[step]
    inner[at[-1]] = value
    return part


def say(read, value, at):
    """Return what is wrong with the answer to a file, or "". `read` makes Plain data of it."""
    try:
        check(read(), anyway=True)
    except ProgramFaults as faults:
        for fault in faults.faults:
            words = " ".join((words_of(fault.line), fault.field, fault.sentence))
            words.encode()
            if not (fault.line or fault.field) and "more faults" not in words:
                return f"{at} {value!r:.30}: no place: {words}"
            if len(words) > 1_500:
                return f"{at} {value!r:.30}: {len(words)} signs"
    return ""


def test_any_value_in_a_program_file_is_a_fault_with_its_place_or_right(told):
    lines = {at: line for line, at in enumerate(places(told), 1)}
    found = []
    for at in fields(told):
        for value in [*NASTY, *NOT_TEXTS]:
            plain = Plain(with_value(told, at, value), lines)
            found.append(say(lambda plain=plain: plain, value, at))

    assert [words for words in found if words] == []


def test_any_cell_of_a_workbook_is_a_fault_with_its_place_or_right(told):
    book = {
        name: [list(heads), *([str(cell) for cell in row] for row in rows)] for name, heads, rows in sheets_of(told)
    }
    found = []
    for at in places(book):
        for value in NASTY if len(at) == 3 and at[1] < 2 and at[0] != "texts" else ():
            changed = with_value(book, at, value)
            found.append(say(lambda book=changed: workbooks.tree_of(book), value, at))

    assert [words for words in found if words] == []


def test_any_cell_of_a_csv_file_is_a_fault_with_its_place_or_right(told):
    _name, heads, rows = rows_of(told)
    table, zone = [list(heads), *([str(cell) for cell in row] for row in rows)], ZoneInfo("Europe/Paris")
    found = []
    for at in places(table):
        for value in NASTY if len(at) == 2 else ():
            changed = with_value(table, at, value)
            found.append(say(lambda rows=changed: sessions_csv.plain_of(rows, told, zone), value, at))

    assert [words for words in found if words] == []
