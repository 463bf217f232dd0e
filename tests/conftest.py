"""The tests' settings; the fixtures are in tests/support/."""

import gc
import os
import re
from pathlib import Path

# The tests run as a real site does, with DEBUG off; nothing comes from the shell that started them.
SETTINGS = Path(__file__).parents[1] / "pxp/settings.py"
for name in [*re.findall(r'\benv(?:\.\w+)?\("([A-Z_]+)"', SETTINGS.read_text()), "WEB_CONCURRENCY"]:
    os.environ.pop(name, None)
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "pxp.settings",
    "SECRET_KEY": "a-key-for-tests-alone-0123456789-abcdefghijkl",
    "ALLOWED_HOSTS": "testserver",
    "SITE_URL": "http://testserver",
    "PAGE_CACHE": "0",  # tests write rows without saying that they publish; the cache's own tests switch it on
    "EMAIL_URL": "smtp://127.0.0.1:9",  # nothing listens on this port: tests that send use `smtp_server`
    "DEFAULT_FROM_EMAIL": "PxP <hello@pxp.example.org>",
}

pytest_plugins = [
    "tests.support.clock",
    "tests.support.chance",
    "tests.support.examples",
    "tests.support.databases",
    "tests.support.fast",
    "tests.support.static",
    "tests.support.admin",
    "tests.support.mail",
    "tests.support.node",
    "tests.support.checkers",
    "tests.support.browser",
    "tests.support.usable",
    "tests.support.demo",
    "tests.support.schema",
    "tests.support.styleguide",
    "tests.support.served",
    "tests.support.through",
]


def pytest_collection_finish():
    """Freeze the garbage collector for what is loaded by now: saves a twentieth of the run."""
    gc.freeze()
