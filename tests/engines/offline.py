"""The program without internet in Firefox and WebKitGTK: `make test-browsers`."""

import signal

import pytest

pytestmark = pytest.mark.timeout(300)

NOTICE = "document.querySelector('main > .wrap > .notice:first-child')?.innerText ?? ''"
IS_READY = "navigator.serviceWorker.getRegistration().then((found) => found?.active?.state === 'activated')"
KEPT = """async () => {
  const [name] = await caches.keys();
  return (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname).sort();
}"""


def test_program_is_readable_and_says_how_old_it_is_when_the_site_is_away(real_site, window, faults_in):
    url, program = real_site
    window.goto(f"{url}/program/?tz=Asia/Tokyo")
    window.wait_for(IS_READY)
    kept = window.evaluate(KEPT)

    program.stop(signal.SIGTERM)
    window.goto(f"{url}/program/day-2/?tz=Asia/Tokyo")

    window.wait_for("document.title.startsWith('Offline copy: Day 2')")
    said = window.evaluate(NOTICE)
    assert "Our site does not answer" in said
    assert "your time (1 minute ago). Times and titles may have changed since." in said
    assert window.evaluate("getComputedStyle(document.querySelector('.head')).borderBottomWidth") == "1px"
    faults = faults_in("offline-day")
    assert {"/offline/", "/program/", "/program/day-1/", "/program/day-2/", "/program/day-3/"} < set(kept)

    window.goto(f"{url}/register/")

    window.wait_for("document.title.startsWith('No answer:')")
    assert window.evaluate("document.querySelectorAll('#kept li').length") == 4
    faults += faults_in("offline-stand-in")
    assert faults == []
