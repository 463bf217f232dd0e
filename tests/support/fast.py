"""The option --fast, for quick feedback: skips browsers, other programs, and tests that were slow last time.

Of a test with many cases only the first and the last run.
"""

import json
import os

from tests.support.programs import ROOT

# Tests that start a browser, a server or another program, or wait for one.
SLOW_FIXTURES = {"axe", "browser", "demo", "demo_folder", "ical_js", "node_ical", "nu", "schema_org", "served", "site"}

LONGEST = 0.12  # seconds
KEPT = ROOT / ".cache" / "durations.json"
TOOK = {}


def pytest_addoption(parser):
    """Add --fast."""
    parser.addoption("--fast", action="store_true", help="leave out what needs a browser or takes long")


def pytest_runtest_logreport(report):
    """Note how long a test took."""
    if report.when == "call":
        TOOK[report.nodeid] = round(report.duration, 2)


def pytest_sessionfinish(session):
    """Keep what was noted, for the next run."""
    config = session.config
    if TOOK and not hasattr(config, "workerinput") and config.getoption("--database") == "sqlite":
        half = KEPT.with_suffix(f".{os.getpid()}")
        half.write_text(json.dumps(last_seconds() | TOOK, indent=0))
        half.rename(KEPT)


def last_seconds():
    """Return {test: how many seconds it took when it last ran here}."""
    return json.loads(KEPT.read_text()) if KEPT.exists() else {}


def pytest_collection_modifyitems(config, items):
    """Leave out what is slow, and the cases between the first and the last."""
    if config.getoption("--fast"):
        cases, took = {}, last_seconds()
        for item in items:
            if not (needs_others(item) or took.get(item.nodeid, 0) > LONGEST):
                cases.setdefault(item.nodeid.partition("[")[0], []).append(item)
        kept = {item for each in cases.values() for item in (each[0], each[-1])}
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = [item for item in items if item in kept]


def needs_others(item):
    """Whether a test needs a browser or another program."""
    return bool(SLOW_FIXTURES & set(item.fixturenames)) or "browser" in item.path.parts
