"""Reads a program file's bytes into Plain data, or reports what is wrong."""

from pathlib import PurePath

from conference.program_file import check, refuse
from conference.tables import CannotRead, read_workbook, refuse_old_workbook, sheet_of_csv
from conference.tables.reading import PROGRAM

from . import frab_xml, json_files, schedules, sessions_csv
from .sizes import MOST_BYTES, MOST_BYTES_OF_JSON, MOST_BYTES_OF_XML, refuse_larger
from .workbooks import tree_of
from .yaml_files import parse

_XLSX = b"PK\x03\x04"
_BEFORE = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"  # whitespace and byte order marks
# What schedules begin with.
_MOST_BYTES = {b"{": MOST_BYTES_OF_JSON, b"<": MOST_BYTES_OF_XML}
_SEPARATED = (".csv", ".tsv", ".txt")


def read(data, *, anyway=False):
    """Return the Program in the bytes of a YAML file. Raises as `check` says."""
    return check(parse(data), anyway=anyway)


def plain_of(data, name, *, there, zone):
    """Return the Plain data of a file of any format. Raises ProgramFaults if it cannot be read at all.

    Args:
        data: its bytes.
        name: what it is called; its extension counts if the bytes do not show the format.
        there: the edition that it is for, as `export_program` writes it: some formats contain less than an edition has.
        zone: the clock of times that are written without a zone.
    """
    first = data.lstrip(_BEFORE)[:1]
    refuse_larger(data, _MOST_BYTES.get(first, MOST_BYTES))
    _in_words(refuse_old_workbook, data)
    if data.startswith(_XLSX):
        return _of_workbook(data)
    if first in _MOST_BYTES:
        parse_schedule = json_files.parse if first == b"{" else frab_xml.parse
        return schedules.plain_of(*parse_schedule(data), there)
    if PurePath(name).suffix.lower() in _SEPARATED or sessions_csv.has_heads(data):
        return sessions_csv.plain_of(_in_words(_rows_of, data), there, zone)
    return parse(data)


def _of_workbook(data):
    return tree_of(_in_words(read_workbook, data))


def _rows_of(data):
    return list(sheet_of_csv(data, PROGRAM).rows)


def _in_words(reader, data):
    try:
        return reader(data)
    except CannotRead as error:
        return refuse(None, "", error.sentence)
