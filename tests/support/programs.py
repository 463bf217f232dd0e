"""Starts the site's own programs as an operator does: with an environment, a folder and nothing else."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from tests.support.databases import ROOT, kept_tables

# The variables that a shell gives to every program; none of our settings.
SHELL = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}

# What `load_program` needs for a conference to come, by the real clock: programs that a test starts have no other.
NEXT_YEAR = ("data/pxp-2023.yaml", "--first-day", f"{datetime.now(UTC).year + 1}-09-12")


def run(*arguments, environment, folder=ROOT, seconds=100):
    """Run Python with these arguments to its end; return (exit code, all that it printed)."""
    done = subprocess.run(
        [sys.executable, *arguments],
        env=SHELL | environment,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=seconds,
        text=True,
    )
    return done.returncode, done.stdout


def collect_static_files():
    """Collect the static files for servers that a test starts, once: as `make install` does, and after each change.

    Tests may run side by side, and a file that is written again is missing for a moment.
    """
    collected = ROOT / ".cache/static/.collected"
    (ROOT / ".cache").mkdir(exist_ok=True)
    with (ROOT / ".cache/collecting").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        sources = [ROOT / "uv.lock", ROOT / "pxp/static_files.py", *(ROOT / "static").rglob("*")]
        newest = max(source.stat().st_mtime for source in sources)
        if collected.exists() and collected.stat().st_mtime >= newest:
            return
        code, printed = run("manage.py", "collectstatic", "--no-input", "--clear", environment={}, seconds=300)
        assert code == 0, printed
        collected.touch()


def fill_database(file, *program, environment):
    """Make `file` a database of SQLite with all tables, and with a program where `load_program` gets these arguments.

    The commands run once for all tests of a run, the later databases are copies. `environment` holds what the
    commands need.
    """
    name = hashlib.sha256(repr(program).encode()).hexdigest()[:12]
    kept = Path(os.environ["TESTS_FOLDER"]) / f"filled-{name}.sqlite3"
    with kept.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            half = kept.with_suffix(".half")
            steps = [["load_program", *program]] if program else []
            if (tables := kept_tables()).exists():
                shutil.copy(tables, half)
            else:
                steps.insert(0, ["migrate"])
            for arguments in steps:
                code, printed = run(
                    "manage.py", *arguments, environment=environment | {"DATABASE_URL": f"sqlite:///{half}"}
                )
                assert code == 0, printed
            half.rename(kept)
    shutil.copy(kept, file)


class Program:
    """A running program, and its output so far."""

    def __init__(self, arguments, environment, folder, log):
        self.log = log
        with log.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-u", *arguments],
                env=SHELL | environment,
                cwd=folder,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    @property
    def printed(self):
        """All its output so far."""
        return self.log.read_text()

    def wait_for(self, condition, seconds=100):
        """Wait until `condition()` is true; fail with what was printed when the program ends or time runs out."""
        end = time.monotonic() + seconds
        while not condition():
            assert self.process.poll() is None, f"it ended with exit code {self.process.returncode}: {self.printed}"
            assert time.monotonic() < end, f"not after {seconds} seconds: {self.printed}"
            time.sleep(0.05)

    def stop(self, number):
        """Send the signal `number` and return the exit code."""
        self.process.send_signal(number)
        return self.process.wait(30)


@contextmanager
def running(*arguments, environment, log, folder=ROOT):
    """Run Python with these arguments beside the test; give the Program, and stop it at the end."""
    program = Program(arguments, environment, folder, log)
    try:
        yield program
    finally:
        if program.process.poll() is None:
            program.process.terminate()
        program.process.wait(30)


class Answer:
    """An answer of a server: `status`, `headers`, `data` (bytes) and `body` (text). No redirect was followed."""

    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.data = response.read()

    @property
    def body(self):
        """The text of the answer."""
        return self.data.decode()


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """Leaves a redirect to the test."""

    def redirect_request(self, *arguments):
        """Follow nothing."""


OPENER = urllib.request.build_opener(NoRedirect)  # once: each reads all certificates of the system


def get(url, **headers):
    """Ask for `url`; return the Answer, whatever its status."""
    request = urllib.request.Request(url, headers={name.replace("_", "-"): value for name, value in headers.items()})
    try:
        with OPENER.open(request, timeout=30) as response:
            return Answer(response)
    except urllib.error.HTTPError as response:
        with response:
            return Answer(response)


def is_up(url):
    """Return whether a server answers at `url` with anything but a fault of its own."""
    try:
        return get(url).status < 500
    except OSError:
        return False
