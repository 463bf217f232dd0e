"""The format of a backup: JSON lines, compressed with gzip. The rows of each table, and how many there must be.

First a header (version, instant, migrations), then for each table a line with its name and columns and a line for each
row, then a line with the number of rows of each table. A file without that last line is incomplete.
"""

import json
from base64 import b64encode
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.duration import duration_string

VERSION = 1
FORMAT = "pxp-backup"
# Not copied: ended sessions must stay ended, and the list of erased people is kept outside the database
# (erased_list.py).
LEFT_OUT = {"sessions.Session", "registration.Erasure"}
_SALT = "pxp.backup"


class NoBackup(Exception):
    """The file is not a backup of this site, is incomplete, or is from a newer version; the message says which."""


@dataclass(frozen=True)
class Header:
    """The head of a backup."""

    made_at: datetime
    database: str
    migrations: list[tuple[str, str]]
    key: str

    def as_json(self):
        return {
            "format": FORMAT,
            "version": VERSION,
            "made_at": self.made_at.isoformat(),
            "database": self.database,
            "migrations": sorted(self.migrations),
            "key": self.key,
        }

    @classmethod
    def from_json(cls, line):
        """Read the first line. Raises NoBackup."""
        if not isinstance(line, dict) or line.get("format") != FORMAT:
            raise NoBackup("This is not a backup of this site.")
        if line["version"] > VERSION:
            raise NoBackup("This backup was made by a newer version of the site. Install that one, and restore then.")
        return cls(
            made_at=datetime.fromisoformat(line["made_at"]).astimezone(UTC),
            database=line["database"],
            migrations=[(app, name) for app, name in line["migrations"]],
            key=line["key"],
        )

    @property
    def opens_links(self):
        """Whether this site's SECRET_KEY, or one of its fallbacks, is the one that people's links were made with."""
        keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
        return any(constant_time_compare(self.key, fingerprint_of_key(self.made_at, key)) for key in keys)


def fingerprint_of_key(made_at, key=None):
    """Return a hash that shows later whether a site has the same SECRET_KEY, without revealing it."""
    return salted_hmac(_SALT, made_at.isoformat(), secret=key, algorithm="sha256").hexdigest()[:32]


def tables_of(apps):
    """Return the models of these apps whose rows are copied, in the order of their names."""
    models = apps.get_models(include_auto_created=True)
    kept = {
        model._meta.db_table: model
        for model in models
        if model._meta.managed and not model._meta.proxy and model._meta.label not in LEFT_OUT
    }
    return sorted(kept.values(), key=lambda model: model._meta.label)


def columns_of(model):
    """Return the fields of a model that are written, each one column."""
    return [field for field in model._meta.concrete_fields if not field.generated]


def to_json(value):
    """Return a value that JSON does not have as a string that its field can parse again, to the microsecond."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return duration_string(value)
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return b64encode(value).decode()  # the format that BinaryField.to_python reads
    raise TypeError(f"A backup cannot hold {type(value).__name__} yet: pxp/operations/backups/format.py")


def write_line(value):
    """Return the bytes of one line."""
    return json.dumps(value, default=to_json, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
