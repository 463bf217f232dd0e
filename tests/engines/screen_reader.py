"""Orca, the screen reader of Linux, with Firefox on a desk that nobody sees: what it says, and keys to press.

With --debug-file Orca writes down all that it gives to its voice. Here it has none, so it need not wait for the
end of a sentence, and says the whole of a page at once.
"""

import os
import re
import subprocess
import time
from contextlib import ExitStack, suppress
from threading import Thread

import pytest

from tests.engines.windows import Display, program

# Words, perhaps on more lines than one, then the voice. For a key it writes "'tab ' {", which is nothing of the page.
SAID = re.compile(r"SPEECH OUTPUT: '((?:.*\n {18})*.*)'(?: voice=\w+)?(?:\{.*\})?$", re.M)
FIREFOX_PREFERENCES = {
    "browser.aboutwelcome.enabled": "false",
    "browser.newtab.preload": "false",  # Orca would hear that page being loaded
    "browser.shell.checkDefaultBrowser": "false",
    "datareporting.policy.dataSubmissionEnabled": "false",
    "intl.accept_languages": '"en"',  # no country's English, or the form would guess that country
}
PAUSE = 0.6  # seconds of silence after which Orca has said all that there is to say about a key


class Desk:
    """A display, a session's bus, a window manager, Orca and Firefox: all its own, and gone when it is closed."""

    def __init__(self, folder):
        self.folder, self.log, self.read = folder, "", 0
        self.running = ExitStack()
        self.orca = None

    def start(self):
        """Start all but Firefox, and wait until Orca says that it is there."""
        display = Display()
        self.running.callback(display.close)
        (self.folder / "runtime").mkdir(mode=0o700)
        self.environment = {
            "PATH": os.environ["PATH"],
            "LC_ALL": "C.UTF-8",
            "DISPLAY": display.name,
            "HOME": str(self.folder),
            "XDG_RUNTIME_DIR": str(self.folder / "runtime"),
            "GNOME_ACCESSIBILITY": "1",  # Firefox tells the bus what is on the page
            "SPEECHD_ADDRESS": f"unix_socket:{self.folder}/no-voice",
            "SPEECHD_CMD": f"{self.folder}/no-voice",
        }
        bus = self.launch("dbus-daemon", "--session", "--nofork", "--print-address", stdout=subprocess.PIPE, text=True)
        self.environment["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().strip()
        self.launch("openbox")  # without a window manager no window has the focus
        self.listen()
        self.heard(until="Screen reader on.")

    def launch(self, name, *arguments, **options):
        """Start a program that ends with the desk."""
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        process = subprocess.Popen(
            [program(name), *arguments], env=self.environment, cwd=self.folder, **(quiet | options)
        )
        self.running.callback(end, process)
        return process

    def listen(self):
        """Start Orca, and keep what it writes: to a terminal, because it would hold back lines for a file."""
        ours, its = os.openpty()
        self.running.callback(os.close, ours)
        self.running.callback(os.close, its)
        # Without --replace, which would end the Orca of a person who uses it and runs these tests.
        self.orca = self.launch("orca", "--debug-file", os.ttyname(its))

        def keep():
            with suppress(OSError):  # the desk was closed
                while written := os.read(ours, 65536):
                    self.log += written.decode(errors="replace").replace("\r", "")

        Thread(target=keep, daemon=True).start()

    def browse(self, url):
        """Open a page in Firefox, which fills the screen."""
        profile = self.folder / "firefox"
        profile.mkdir()
        preferences = [f'user_pref("{name}", {value});\n' for name, value in FIREFOX_PREFERENCES.items()]
        (profile / "user.js").write_text("".join(preferences))
        self.launch("firefox-esr", "--no-remote", "--profile", str(profile), "--kiosk", url)

    def press(self, *keys):
        """Press keys one after the other, named as X names them: Tab, Return, space, shift+Tab."""
        subprocess.run([program("xdotool"), "key", *keys], env=self.environment, check=True, timeout=20)

    def type(self, words):
        """Type words; Orca says nothing of them."""
        subprocess.run([program("xdotool"), "type", words], env=self.environment, check=True, timeout=20)

    def heard(self, *, until="", pause=PAUSE, seconds=60):
        """Return what Orca says from the last call on, until it said `until` and then nothing more for a `pause`."""
        end, changed, count = time.monotonic() + seconds, time.monotonic(), -1
        while time.monotonic() < end and self.orca.poll() is None:
            new = SAID.findall(self.log)[self.read :]
            if len(new) != count:
                count, changed = len(new), time.monotonic()
            if any(until in words for words in new) and time.monotonic() - changed > pause:
                self.read += len(new)
                return [" ".join(words.split()) for words in new]
            time.sleep(0.1)
        if self.orca.poll() is not None:
            pytest.fail("Orca ended. It does not start while you use another one: these tests leave yours alone.")
        pytest.fail(f"Orca did not say “{until}” within {seconds} seconds, only {new}")

    def page(self, title):
        """Return what Orca says of a page with this title when it is opened, to the page's end."""
        loaded = self.heard(until=f"Finished loading {title}", pause=0)
        return loaded + self.heard(until="leaving main content.", pause=1.5)

    def tab(self, *, to, key="Tab"):
        """Press Tab until Orca says words that begin with `to`; return what it says at each stop, a line for each."""
        stops = []
        for _ in range(60):
            self.press(key)
            stops.append(" | ".join(self.heard()))
            if any(words.startswith(to) for words in stops[-1].split(" | ")):
                return stops
        pytest.fail(f"The keyboard does not reach “{to}”, only {stops}")

    def close(self):
        """End everything, the newest first."""
        self.running.close()


def end(process):
    """Ask a program to end, and make it after some seconds."""
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(5)
    process.kill()
    process.wait()
    if process.stdout:
        process.stdout.close()
