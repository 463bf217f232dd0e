"""Gives the tests a running `manage.py demo`, in a copy of the project."""

import shutil

import pytest

from tests.support.ports import free_port
from tests.support.programs import ROOT, running

NOT_COPIED = [".*", "var", "node_modules", "__pycache__", "tests"]
READY = "Press Ctrl-C to stop."


@pytest.fixture(scope="module")
def demo_folder(tmp_path_factory):
    """A copy of the project in which no demo ran yet."""
    copy = tmp_path_factory.mktemp("demo") / "project"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*NOT_COPIED))
    return copy


@pytest.fixture
def demo(demo_folder, tmp_path):
    """A running demo, ready: (address, program)."""
    port = free_port()
    log = tmp_path / "log"
    with running("manage.py", "demo", environment={"PORT": str(port)}, folder=demo_folder, log=log) as program:
        program.wait_for(lambda: READY in program.printed)
        yield f"http://127.0.0.1:{port}", program
