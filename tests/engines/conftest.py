"""Gives the tests of this folder windows of other browsers.

Its files are not named test_*, so `make test` leaves them out: `make test-browsers` names them.
"""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from tests.engines.windows import Display, Firefox, WebKit
from tests.support.usable import MEASURES

PICTURES = Path(settings.BASE_DIR) / "var" / "engines"
ENGINES = ("firefox", "webkit")
LOOKS = ("light", "dark")


@pytest.fixture(scope="session")
def display():
    """An X display without a screen."""
    server = Display()
    yield server.name
    server.close()


@pytest.fixture(scope="module", params=[(engine, look) for engine in ENGINES for look in LOOKS], ids="-".join)
def window(request, display, tmp_path_factory):
    """A window of each engine, light and dark; `engine` and `look` say which."""
    engine, look = request.param
    if engine == "firefox":
        opened = Firefox(dark=look == "dark")
    else:
        opened = WebKit(dark=look == "dark", display=display, folder=tmp_path_factory.mktemp("gtk"))
    opened.engine, opened.look = engine, look
    yield opened
    opened.close()


@pytest.fixture
def faults_in(window, axe):
    """A function `(name) -> list[str]`: what axe and our own measures find on the page, on a phone and on a desk.

    It also draws the page into var/engines/, to be looked at.
    """
    PICTURES.mkdir(parents=True, exist_ok=True)

    def find(name):
        faults = []
        for width in (320, 1280):
            window.resize(width)
            window.evaluate(MEASURES.read_text())
            found = axe(window) + window.evaluate("[...measures.lost(), ...measures.small()]")
            faults += [f"{name}, {width} px: {fault}" for fault in found]
            window.photograph(PICTURES / f"{name}-{width}-{window.engine}-{window.look}.png")
        return faults

    return find


@pytest.fixture
def program(db):
    """The real program of the first PxP, moved to the days that all tests look forward to."""
    call_command("load_program", "data/pxp-2023.yaml", first_day="2027-09-12", verbosity=0)
