"""Gives the tests --fast, for the loop: without browsers, other programs, and what is marked `slow`."""

# Tests that start a browser, a server or another program, or wait for one.
SLOW_FIXTURES = {"axe", "browser", "demo", "demo_folder", "ical_js", "node_ical", "nu", "schema_org", "served", "site"}


def pytest_addoption(parser):
    """Add --fast."""
    parser.addoption("--fast", action="store_true", help="leave out what needs a browser or takes long")


def pytest_configure(config):
    """Name the mark."""
    config.addinivalue_line("markers", "slow: takes more than a second, so --fast leaves it out")


def pytest_collection_modifyitems(config, items):
    """Leave out what is slow."""
    if config.getoption("--fast"):
        left_out = [item for item in items if is_slow(item)]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def is_slow(item):
    """Whether a test is not for the loop."""
    marked = item.get_closest_marker("slow") or SLOW_FIXTURES & set(item.fixturenames)
    return bool(marked) or "browser" in item.path.parts
