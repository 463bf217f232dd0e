"""Reads a backup line by line, and detects an incomplete one."""

import gzip
import json
import zlib
from collections import Counter
from contextlib import contextmanager

from .format import Header, NoBackup

BROKEN = (EOFError, OSError, zlib.error, ValueError, KeyError, TypeError)
NOT_WHOLE = "This backup is not whole: it was cut short or damaged. Take another one."


class Backup:
    """A backup that is being read: its header, then its tables in turn. `counts` is filled by then."""

    def __init__(self, lines):
        self.lines = lines
        try:
            self.header = Header.from_json(json.loads(next(lines)))
        except (StopIteration, *BROKEN):
            raise NoBackup("This is not a backup of this site.") from None
        self.counts = Counter()

    def rows(self):
        """Yield (table, names of columns, values) for each row. Raises NoBackup at the end if rows are missing."""
        table, names, promised = None, [], None
        try:
            for line in self.lines:
                value = json.loads(line)
                if isinstance(value, list):
                    self.counts[table] += 1
                    yield table, names, value
                elif "table" in value:
                    table, names = value["table"], value["columns"]
                    self.counts[table] = 0
                else:
                    promised = value["counts"]
        except BROKEN:
            raise NoBackup(NOT_WHOLE) from None
        if promised != dict(self.counts):
            raise NoBackup(NOT_WHOLE)


@contextmanager
def read_backup(file):
    """Read an open binary file, which holds an unsealed backup: give the Backup. Raises NoBackup."""
    with gzip.GzipFile(fileobj=file, mode="rb") as unpacked:
        yield Backup(iter(unpacked))


def check_backup(file):
    """Read an open binary file to its end. Returns (Header, counts); raises NoBackup if it is incomplete."""
    with read_backup(file) as backup:
        for _row in backup.rows():
            pass
        return backup.header, dict(backup.counts)
