"""Fixtures for a running `manage.py demo`, in a copy of the project."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.databases import kept_tables
from tests.support.ports import free_port
from tests.support.programs import ROOT, running

NOT_COPIED = [".*", "var", "node_modules", "tests"]
READY = "Press Ctrl-C to stop."


def copied(folder):
    """Copy the project, without a demo's data, into the folder; return where it is."""
    shutil.copytree(ROOT, folder / "project", ignore=shutil.ignore_patterns(*NOT_COPIED))
    return folder / "project"


@pytest.fixture(scope="module")
def demo_folder(tmp_path_factory):
    """A copy of the project, for the tests that start and stop a demo."""
    return copied(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """A running demo in a copy of its own, ready: (address, program, folder). No test may stop it.

    The first of a run fills tables that are there, the next ones begin with a copy. One in `demo_folder` makes its own.
    """
    folder = copied(tmp_path_factory.mktemp("running-demo"))
    kept, database = Path(os.environ["TESTS_FOLDER"]) / "demo.sqlite3", folder / "var/demo/pxp.sqlite3"
    database.parent.mkdir(parents=True)
    for ready in [file for file in (kept, kept_tables()) if file.exists()][:1]:
        shutil.copy(ready, database)
    port = free_port()
    log = folder / "log"
    with running("manage.py", "demo", environment={"PORT": str(port)}, folder=folder, log=log) as program:
        program.wait_for(lambda: READY in program.printed)
        if not kept.exists():
            half = kept.with_suffix(f".{port}")
            with closing(sqlite3.connect(database)) as connection:
                connection.execute("VACUUM INTO ?", [str(half)])
            half.rename(kept)
        yield f"http://127.0.0.1:{port}", program, folder
