"""Gives the tests a running `manage.py demo`, in a copy of the project."""

import shutil

import pytest

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
    """A running demo in a copy of its own, ready: (address, program, folder). No test may stop it."""
    folder = copied(tmp_path_factory.mktemp("running-demo"))
    port = free_port()
    log = folder / "log"
    with running("manage.py", "demo", environment={"PORT": str(port)}, folder=folder, log=log) as program:
        program.wait_for(lambda: READY in program.printed)
        yield f"http://127.0.0.1:{port}", program, folder
