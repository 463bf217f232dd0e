"""Measures the machine that it runs on: disk, certificate, backups, clock. Each function returns a number."""

import os
import socket
import ssl
import struct
import time
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from pxp.operations.backups import folder

PATIENCE = 10  # seconds
FEWEST_PERCENT = 10  # percent of a disk that must be free
CLOCKS_DIFFER = timedelta(hours=1)
# Between 1900, where NTP begins to count (RFC 5905, 6), and 1970.
NTP_EPOCH = 2_208_988_800


def folders_with_data():
    """Return the folders that must not be full: of an SQLite database, and of the backups."""
    database = settings.DATABASES["default"]
    folders = [Path(database["NAME"]).parent] if database["ENGINE"].endswith("sqlite3") else []
    return [place for place in [*folders, Path(settings.BACKUP_DIR)] if place.is_dir()]


def percent_free():
    """Return the free space of the fullest of these disks in percent; None if there is none."""
    return min(map(percent_free_at, folders_with_data()), default=None)


def percent_free_at(place):
    """Return the free space of a folder's disk in percent: of its bytes or, if it counts them, of its files."""
    disk = os.statvfs(place)
    parts = [(disk.f_bavail, disk.f_blocks), (disk.f_favail, disk.f_files)]
    return min((free * 100 // total for free, total in parts if total), default=100)


def days_of_certificate():
    """Return for how many more days the site's certificate is valid; None without https.

    Raises OSError if there is no answer, and ssl.SSLError for a certificate that browsers would refuse.
    """
    site = urlsplit(settings.SITE_URL)
    if site.scheme != "https":
        return None
    address = (site.hostname, site.port or 443)
    with (
        socket.create_connection(address, timeout=PATIENCE) as plain,
        ssl.create_default_context().wrap_socket(plain, server_hostname=site.hostname) as line,
    ):
        until = ssl.cert_time_to_seconds(line.getpeercert()["notAfter"])
    return int((until - time.time()) // (24 * 60 * 60))


def hours_since_backup(*, now):
    """Return how old the newest backup in BACKUP_DIR is at the UTC instant `now`; None if there is none."""
    # Ignore names from a clock that was ahead.
    instants = [at for at, _file in folder.backups_in(settings.BACKUP_DIR) if at <= now + CLOCKS_DIFFER]
    return max(0, int((now - instants[-1]).total_seconds() // 3600)) if instants else None


def seconds_off(server="pool.ntp.org", port=123):
    """Return by how many seconds this machine's clock is ahead of a time server (SNTP, RFC 5905, 14).

    Raises OSError if none answers.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.settimeout(PATIENCE)
        asked = time.time()
        line.sendto(b"\x1b" + 47 * b"\0", (server, port))
        answer = line.recv(48)
        answered = time.time()
    seconds, fraction = struct.unpack("!II", answer[40:48])
    return (asked + answered) / 2 - (seconds - NTP_EPOCH + fraction / 2**32)
