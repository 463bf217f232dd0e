"""The formats of program files: from bytes to the plain data that `program_file` validates, and back."""

from .exporting import export_program
from .reading import plain_of, read
from .sessions_csv import rows_of
from .sizes import LARGEST, MOST_BYTES
from .workbooks import sheets_of
from .yaml_files import as_yaml

__all__ = ["LARGEST", "MOST_BYTES", "as_yaml", "export_program", "plain_of", "read", "rows_of", "sheets_of"]
