"""Fixtures for a running site and real Chromium."""

import os
import shutil
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.support.ports import free_port
from tests.support.programs import NEXT_YEAR, collect_static_files, fill_database, is_up, running

PATIENCE = 30_000  # milliseconds to wait for what a page shall show; on a quiet machine it comes at once
expect.set_options(timeout=PATIENCE)

# Required settings, with test values.
NEEDED = ("SECRET_KEY", "ALLOWED_HOSTS", "EMAIL_URL", "DEFAULT_FROM_EMAIL")
GUNICORN = ("-m", "gunicorn", "-c", "python:pxp.gunicorn", "pxp.wsgi")

CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--renderer-process-limit=1",  # for each context, so the next page finds the scripts compiled
]


def find_chromium():
    """Return the path of Chromium (the headless shell if there is one), or None."""
    return shutil.which("chromium-headless-shell") or shutil.which("chromium")


@pytest.fixture
def site(live_server, settings):
    """The URL of the running site, without a trailing slash; links in mails lead there too."""
    settings.SITE_URL = live_server.url
    return live_server.url


@pytest.fixture
def real_site(tmp_path):
    """The site as in production, with a real program: (address, Program, which the test may stop)."""
    url = f"http://127.0.0.1:{(port := free_port())}"
    of_its_own = {"DATABASE_URL": f"sqlite:///{tmp_path}/site.sqlite3", "SITE_URL": url, "PORT": str(port)}
    environment = {name: os.environ[name] for name in NEEDED} | of_its_own
    collect_static_files()
    fill_database(tmp_path / "site.sqlite3", *NEXT_YEAR, environment=environment)
    with running(*GUNICORN, environment=environment, log=tmp_path / "log") as program:
        program.wait_for(lambda: is_up(f"{url}/healthz"))
        yield url, program


@pytest.fixture(scope="session")
def browser():
    """Debian's Chromium, one for all tests; each page has its own context."""
    executable = find_chromium()
    if not executable:
        pytest.fail("Chromium is not there. Install it: apt-get install chromium-headless-shell", pytrace=False)
    # Playwright keeps a loop in this thread, and Django would refuse to ask the database beside one.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_OPTIONS)
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


ORDINARY = {"locale": "en", "timezone_id": "UTC", "reduced_motion": "reduce", "service_workers": "block"}


@pytest.fixture(scope="session")
def warm_context(browser):
    """A context for the many pages that axe looks at: a process that has run axe before takes a fifth less."""
    context = browser.new_context(**ORDINARY)
    parked = context.new_page()  # keeps its process alive between tests
    parked.goto("about:blank")
    yield context
    context.close()


@contextmanager
def forgetting(context):
    """Clear what a page of a warm context stored: cookies, storage, files."""
    yield context
    for page in context.pages[1:]:
        page.close()
    chromium = context.new_cdp_session(context.pages[0])
    chromium.send("Network.clearBrowserCache")
    chromium.send("Network.clearBrowserCookies")
    chromium.send("Storage.clearDataForOrigin", {"origin": "*", "storageTypes": "all"})
    chromium.detach()


@pytest.fixture
def new_page(browser):
    """A function `(width=1280, dark=False, script=True, **context options) -> Page`, each with its own cookies.

    The test fails at its end when a page had a script error, broke the security policy or missed a file. The worker
    that keeps the program (tests/browser/test_offline.py) runs with `service_workers="allow"` alone: it fetches pages
    on its own, also while a test ends and its rows go.
    """
    contexts, faults = [], []

    def open_page(*, width=1280, dark=False, script=True, **options):
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            **ORDINARY | options,
        )
        contexts.append(context)
        return watched_page(context, faults)

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def page(request):
    """One page of a wide, light window, with script. Faults are handled as in `new_page`."""
    if "axe" not in request.fixturenames:
        yield request.getfixturevalue("new_page")()
        return
    faults = []
    with forgetting(request.getfixturevalue("warm_context")) as context:
        page = watched_page(context, faults)
        page.set_viewport_size({"width": 1280, "height": 900})
        page.emulate_media(color_scheme="light")
        yield page
    assert faults == []


def watched_page(context, faults):
    """Open a page of a context and record what goes wrong on it in the list `faults`."""
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(f"script error: {error}"))
    page.on("console", lambda message: note_console(message, faults))
    page.on("response", lambda response: note_response(response, faults))
    return page


def note_console(message, faults):
    # "Failed to load" comes for a form that answers 422 too; note_response knows which files were missed. Axe
    # posts to each frame, also to one whose sandbox gives it no origin, such as a mail of the demo's mailbox.
    expected = (
        "Failed to load resource",
        "Service Worker registration blocked by Playwright",
        "Failed to execute 'postMessage' on 'DOMWindow'",
    )
    if message.type in ("error", "warning") and not message.text.startswith(expected):
        faults.append(f"console: {message.text}")


def note_response(response, faults):
    if response.status >= 400 and not response.request.is_navigation_request():
        faults.append(f"{response.status}: {response.url}")
