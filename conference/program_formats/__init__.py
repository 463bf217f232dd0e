"""The formats of program files: from bytes to the plain data that `program_file` checks, and back to bytes."""

from .reading import read, read_sheets
from .telling import tell
from .workbooks import sheets_of
from .yaml_files import MOST_BYTES, as_yaml

__all__ = ["MOST_BYTES", "as_yaml", "read", "read_sheets", "sheets_of", "tell"]
