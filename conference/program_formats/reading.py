"""From a program file's bytes to a checked Program, or all that is wrong with it."""

from conference.program_file import check, refuse
from conference.tables import CannotRead, read_workbook

from .workbooks import tree_of
from .yaml_files import parse


def read(data, *, anyway=False):
    """Return the Program that the bytes of a YAML file tell. Raises as `check` says."""
    return check(*parse(data), anyway=anyway)


def read_sheets(data, *, anyway=False):
    """Return the Program that the bytes of an XLSX file tell, as `workbooks` has it. Raises as `check` says."""
    try:
        book = read_workbook(data)
    except CannotRead as error:
        refuse(None, "", error.sentence)
    return check(*tree_of(book), anyway=anyway)
