"""The backup folder: file names, permissions, and which files are kept."""

import os
import tempfile
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from registration.services import retention
from registration.services.erased_list import ErasedList

from .sealing import AGE_BEGINS

BEGINS, ENDS = "pxp-", ".backup"
MOMENT = "%Y-%m-%dT%H-%M-%SZ"
HALF_WRITTEN = ".backup-"
ALL_FOR = timedelta(days=1)
WRITTEN_WITHIN = timedelta(days=1)
GZIP_BEGINS = b"\x1f\x8b"


def name_at(instant, *, is_sealed):
    """Return the name of a backup of that UTC instant."""
    return f"{BEGINS}{instant.astimezone(UTC):{MOMENT}}{ENDS}{'.age' if is_sealed else ''}"


def made_at(file):
    """Return the UTC instant in a backup's name; None for any other file."""
    name = file.name.removesuffix(".age")
    with suppress(ValueError):
        return datetime.strptime(name, f"{BEGINS}{MOMENT}{ENDS}").replace(tzinfo=UTC)
    return None


def backups_in(folder):
    """Return [(UTC instant, file)] of the backups in a folder, oldest first."""
    files = Path(folder).iterdir() if Path(folder).is_dir() else []
    return sorted((at, file) for file in files if (at := made_at(file)))


def holds_something_else(target):
    """Whether a path already leads to something that no backup may replace: a database, a device."""
    if not target.exists():
        return False
    if not target.is_file():
        return True
    with target.open("rb") as file:
        head = file.read(len(AGE_BEGINS))
    return bool(head) and not head.startswith((GZIP_BEGINS, AGE_BEGINS))


def kept_for():
    """Return how long backups are kept, as the privacy page promises."""
    return timedelta(days=retention.rules()["backups"].days)


@contextmanager
def new_file(target):
    """Yield an open file that becomes `target` at the end: complete, synced to disk, with mode 600."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=HALF_WRITTEN)  # for its owner alone
    try:
        with os.fdopen(handle, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)
    finally:
        Path(name).unlink(missing_ok=True)
    folder = os.open(target.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def is_left(file, *, now):
    """Whether nobody writes this half-written backup any more."""
    with suppress(FileNotFoundError):
        return datetime.fromtimestamp(file.stat().st_mtime, UTC) < now - WRITTEN_WITHIN
    return False


def rotate(folder, *, now):
    """Delete backups that are too old, and all but the last of each past day. Returns how many.

    The newest always stays. Entries older than every backup are removed from the list of erased people.
    """
    backups = backups_in(folder)
    last_of_day = {at.date(): file for at, file in backups}.values()
    doomed = [
        file for at, file in backups[:-1] if at < now - kept_for() or (at < now - ALL_FOR and file not in last_of_day)
    ]
    # What a machine without power left: it holds people too, and no other rule would end it.
    left = [file for file in Path(folder).glob(f"{HALF_WRITTEN}*") if is_left(file, now=now)]
    for file in [*doomed, *left]:
        file.unlink(missing_ok=True)
    oldest = min([now - kept_for(), *(at for at, _file in backups_in(folder))])
    ErasedList(Path(folder) / "erased.txt").forget_before(oldest)
    return len(doomed)
