"""The list of erased people outside the database: after a restore it erases them again.

A line is a UTC instant and a row id, nothing else. The worker copies each erasure from the database, so a list on each
machine with a worker is whole. It is kept beside the backups, and as long as the oldest of them.
"""

import fcntl
import logging
import os
import re
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import batched
from pathlib import Path

from django.conf import settings

from registration.models import Erasure, Registrant
from registration.services.erase import erase

logger = logging.getLogger(__name__)

NAME = "erased.txt"
ENTRY = re.compile(r"(\d{4}-\d\d-\d\dT[\d:.]+\+00:00) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b")
# A row may be committed after others with higher numbers: two people press at once.
OUT_OF_ORDER = 1000


class ErasedList:
    """The list in one file. Only its owner can read it."""

    def __init__(self, file: Path | str) -> None:
        self.file = Path(file)

    def read(self) -> dict[uuid.UUID, datetime]:
        """Return {row id: UTC instant of the erasure}. A log that holds such entries is read as well."""
        if not self.file.exists():
            return {}
        words = self.file.read_text(encoding="ascii", errors="replace")
        return {uuid.UUID(key): datetime.fromisoformat(at) for at, key in ENTRY.findall(words)}

    def add(self, erasures: Iterable[Erasure]) -> None:
        """Append the Erasures and wait until the disk has them."""
        with self._alone():
            self._append(erasures)

    def forget_before(self, instant: datetime) -> None:
        """Drop the entries from before the UTC instant: no backup is as old as they are."""
        with self._alone():
            kept = {key: at for key, at in self.read().items() if at >= instant}
            new = self.file.with_suffix(".new")
            new.unlink(missing_ok=True)
            ErasedList(new)._append([Erasure(public_id=key, erased_at=at) for key, at in kept.items()])
            new.replace(self.file)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Let one process at a time change the list: a line that one adds must be in the file that another writes."""
        self.file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder = os.open(self.file.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)

    def _append(self, erasures: Iterable[Erasure]) -> None:
        handle = os.open(self.file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(handle, "ab") as file:
            # A line that a crash cut short ends here, and keeps none after it from being read.
            file.write(b"\n" if file.tell() and not self._ends_with_a_line() else b"")
            file.write(b"".join(f"{entry_of(row)}\n".encode() for row in erasures))
            file.flush()
            os.fsync(file.fileno())

    def _ends_with_a_line(self) -> bool:
        with self.file.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            return file.read(1) == b"\n"


def entry_of(row: Erasure) -> str:
    """Return the line of an Erasure: a UTC instant and a row id."""
    return f"{row.erased_at.astimezone(UTC).isoformat()} {row.public_id}"


def the_list() -> ErasedList:
    """Return the list of this machine."""
    return ErasedList(Path(settings.BACKUP_DIR) / NAME)


class Copying:
    """Copies erasures to the list of this machine; it remembers how far it came, so an idle turn is one query."""

    def __init__(self) -> None:
        self.known: set[uuid.UUID] | None = None
        self.newest = 0

    def __call__(self) -> int:
        """Copy erasures that are not on the list yet, and return how many.

        If no file can be written, each id goes to the log, once: a platform without disks keeps its log elsewhere.
        """
        rows = Erasure.objects.after(self.newest - OUT_OF_ORDER)
        if self.known is None:
            self.known = set(the_list().read())
        missing = [row for row in rows if row.public_id not in self.known]
        if missing:
            try:
                the_list().add(missing)
            except OSError as fault:
                logger.warning("The list of erased people cannot be written (%s), so this is it:", fault.strerror)
                for row in missing:
                    logger.warning("Erased: %s", entry_of(row))
            self.known |= {row.public_id for row in missing}
            self.newest = missing[-1].pk
        return len(missing)


copy_erasures = Copying()


def erase_again(entries: Iterable[uuid.UUID], *, now: datetime) -> int:
    """Erase people in a restored database who are on the list. Returns how many."""
    done = 0
    for keys in batched(entries, 500, strict=False):  # a query has room for so many
        for registrant in list(Registrant.objects.known_as_any(keys)):
            erase(registrant, now=now)
            done += 1
    return done
