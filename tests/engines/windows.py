"""Windows of two browsers beside Chromium, Firefox and WebKitGTK, for a person who has nothing but a keyboard.

Firefox is driven by puppeteer-core over WebDriver BiDi, which Firefox itself speaks. The ways not taken: Debian has no
geckodriver, selenium would fetch one from elsewhere; and Playwright asks for commands that the ESR does not have yet.
WebKitGTK is driven by selenium: its driver, Debian's WebKitWebDriver, speaks classic WebDriver alone.
"""

import json
import os
import re
import shutil
import subprocess
import time

import pytest
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.client_config import ClientConfig
from selenium.webdriver.remote.remote_connection import RemoteConnection
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service

from tests.support.node import NODE, TOOLS, tool

# The control that has the focus: its tag, and its label or its own words.
FOCUSED = """() => {
  const control = document.activeElement, words = (control.labels?.[0] ?? control).innerText ?? "";
  return [control.tagName.toLowerCase(), words.replace(/\\s+/g, " ").trim()];
}"""
MOST_TABS = 120


class Window:
    """What both engines do the same way, over what each does in its own: goto, press, type, evaluate, resize …"""

    @property
    def title(self):
        """The page's title."""
        return self.evaluate("document.title")

    def wait_for(self, code, seconds=20):
        """Wait until the JavaScript expression or function is true; a page that is being replaced is not there yet."""
        end = time.monotonic() + seconds
        fault = ""
        while time.monotonic() < end:
            try:
                if self.evaluate(code):
                    return
            except WindowError as error:
                fault = error
            time.sleep(0.05)
        pytest.fail(f"Not within {seconds} seconds: {code}. The title is {self.title!r}. {fault}")

    def wait_for_title(self, title):
        """Wait for the page of that title, whole."""
        self.wait_for(f"document.title === {json.dumps(title)} && document.readyState === 'complete'")

    def wait_for_words(self, words):
        """Wait until the page's own part shows these words."""
        self.wait_for(f"!!document.querySelector('main')?.innerText.includes({json.dumps(words)})")

    def go_to(self, tag, words):
        """Press Tab until the control with that tag, whose label begins with `words`, has the focus."""
        passed = []
        for _ in range(MOST_TABS):
            where, label = self.evaluate(FOCUSED)
            if where == tag and label.startswith(words):
                return
            passed.append(f"{where}: {label[:40]}")
            self.press("Tab")
        pytest.fail(f"The keyboard does not reach the {tag} “{words}”, only {passed}")

    def use(self, tag, words, key="Enter"):
        """Go to a control and press a key there."""
        self.go_to(tag, words)
        self.press(key)


class WindowError(Exception):
    """What was asked of the window did not work."""


class Firefox(Window):
    """Debian's Firefox ESR, without a screen."""

    def __init__(self, *, dark):
        tool("puppeteer-core")
        self.node = subprocess.Popen(
            [NODE, TOOLS / "firefox.mjs", program("firefox-esr"), "dark" if dark else "light"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, action, argument=None):
        """Let Node.js do something with the browser; return what came of it."""
        self.node.stdin.write(json.dumps([action, argument]) + "\n")
        self.node.stdin.flush()
        answer = json.loads(self.node.stdout.readline() or '{"error": "Firefox ended"}')
        if "error" in answer:
            raise WindowError(answer["error"])
        return answer["value"]

    @property
    def version(self):
        """What the browser calls itself, with its number."""
        return self.ask("version")

    def goto(self, url):
        """Open a page and wait until it is whole."""
        self.ask("goto", url)

    def press(self, key):
        """Press a key as JavaScript names it, such as Tab, Enter or Space."""
        self.ask("press", key)

    def type(self, words):
        """Replace what is in the field that has the focus."""
        self.ask("replace", words)

    def evaluate(self, code, argument=None):
        """Return the value of a JavaScript expression, or of a function, awaited, that takes `argument`."""
        return self.ask("evaluate", called(code, argument))

    def resize(self, width, height=900):
        """Give the page this many CSS pixels."""
        self.ask("resize", [width, height])

    def photograph(self, path):
        """Write a picture of the whole page."""
        self.ask("photograph", str(path))

    def close(self):
        """End the browser."""
        self.node.stdin.close()
        self.node.wait(30)
        self.node.stdout.close()


class WebKit(Window):
    """WebKitGTK's MiniBrowser, in the window of an X display."""

    # Without it the window's own bar keeps every page at least 447 px wide.
    SMALL_BAR = "* { min-width: 0; min-height: 0; margin: 0; padding: 0; border-width: 0; font-size: 1px; }"
    LESS_MOTION = "[Settings]\ngtk-enable-animations=0\n"  # prefers-reduced-motion, as in Chromium's tests
    KEYS = {"Tab": Keys.TAB, "Enter": Keys.ENTER, "Space": Keys.SPACE}

    def __init__(self, *, dark, display, folder):
        (folder / "gtk-3.0").mkdir()
        (folder / "gtk-3.0" / "gtk.css").write_text(self.SMALL_BAR)
        (folder / "gtk-3.0" / "settings.ini").write_text(self.LESS_MOTION)
        environment = os.environ | {
            "DISPLAY": display,
            "GTK_THEME": "Adwaita:dark" if dark else "Adwaita",
            "XDG_CONFIG_HOME": str(folder),
            "NO_AT_BRIDGE": "1",
        }
        self.service = Service(program("WebKitWebDriver"), env=environment)
        self.service.start()
        # Not webdriver.WebKitGTK, which warns about itself.
        address = ClientConfig(self.service.service_url)
        self.driver = webdriver.Remote(RemoteConnection(client_config=address), options=Options())

    @property
    def version(self):
        """What the browser calls itself, with its number."""
        return "webkitgtk/" + self.driver.capabilities["browserVersion"]

    def goto(self, url):
        """Open a page and wait until it is whole."""
        self.driver.get(url)

    def press(self, key):
        """Press a key as JavaScript names it, such as Tab, Enter or Space."""
        ActionChains(self.driver, duration=0).send_keys(self.KEYS[key]).perform()

    def type(self, words):
        """Replace what is in the field that has the focus."""
        keys = ActionChains(self.driver, duration=0)
        keys.key_down(Keys.CONTROL).send_keys("a").key_up(Keys.CONTROL).send_keys(words).perform()

    def evaluate(self, code, argument=None):
        """Return the value of a JavaScript expression, or of a function, awaited, that takes `argument`."""
        script = """
          const done = arguments[arguments.length - 1];
          (async () => %s)().then((value) => done({ value }), (error) => done({ error: String(error) }));"""
        try:
            answer = self.driver.execute_async_script(script % f"({called(code, argument).rstrip().rstrip(';')})")
        except WebDriverException as error:
            raise WindowError(error) from error
        if "error" in answer:
            raise WindowError(answer["error"])
        return answer.get("value")

    def resize(self, width, height=900):
        """Give the page this many CSS pixels in width; the window's own bar takes a few of the height."""
        self.driver.set_window_rect(0, 0, width, height)
        self.wait_for(f"innerWidth === {width}")

    def photograph(self, path):
        """Write a picture of the whole page, from a window as high as the page."""
        width, height = self.evaluate("[innerWidth, document.documentElement.scrollHeight]")
        self.resize(width, height + 40)
        self.driver.save_screenshot(str(path))
        self.resize(width)

    def close(self):
        """End the browser."""
        self.driver.quit()
        self.service.stop()


def called(code, argument):
    """Return code whose value is that of an expression, or what a function gives back for the argument."""
    is_function = re.match(r"(async )?\(\w*\) =>", code)
    return f"({code})({json.dumps(argument)})" if is_function else code


def program(name):
    """Return where a program of Debian's lies, or fail with what to do."""
    path = shutil.which(name)
    if not path:
        pytest.fail(f"{name} is not there. Install what these tests need: sh .ci/install-engines", pytrace=False)
    return path


class Display:
    """An X display without a screen. `name` is what DISPLAY takes."""

    def __init__(self, size="1280x900"):
        read, write = os.pipe()
        screen = ["-screen", "0", f"{size}x24", "-nolisten", "tcp", "-noreset"]
        self.server = subprocess.Popen(
            [program("Xvfb"), "-displayfd", str(write), *screen], pass_fds=[write], stderr=subprocess.DEVNULL
        )
        os.close(write)
        with os.fdopen(read) as number:
            self.name = f":{number.readline().strip()}"

    def close(self):
        """End the display."""
        self.server.terminate()
        self.server.wait(10)
