"""`manage.py demo`, started for real in a copy of the project."""

import http.cookiejar
import os
import pty
import re
import shutil
import signal
import stat
import sys
import urllib.error
import urllib.parse
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest

from tests.support.demo import READY
from tests.support.ports import free_port
from tests.support.programs import SHELL, get, run, running

pytestmark = pytest.mark.sqlite_only  # the demo is always on SQLite


def printed_password(program):
    return re.search(r"user: organiser, password: (\w+)", program.printed)[1]


def browser_with_cookies():
    return urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))


def send_form(opener, url, **fields):
    """Open the page at `url` and send its form with these fields; return (address in the end, text of the page)."""
    page = opener.open(url).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)  # on organisers' pages alone
    fields |= {"csrfmiddlewaretoken": token[1]} if token else {}
    data = urllib.parse.urlencode(fields, doseq=True).encode()
    with opener.open(url, data) as response:
        return response.url, response.read().decode()


def test_demo_shows_the_site_the_past_conference_and_the_mailbox(demo):
    url, program, _ = demo

    answers = {path: get(url + path).status for path in ("/", "/register/", "/program/", "/2025/", "/_mailbox/")}

    assert set(answers.values()) == {200}, answers
    for address in (f"{url}/", f"{url}/register/", f"{url}/_mailbox/", f"{url}/organisers/"):
        assert address in program.printed


def test_demo_lets_the_organiser_in_with_the_printed_password(demo):
    url, program, _ = demo

    address, page = send_form(
        browser_with_cookies(),
        f"{url}/organisers/login/?next=/organisers/",
        username="organiser",
        password=printed_password(program),
    )

    assert address == f"{url}/organisers/"
    assert "organiser" in page


def test_demo_has_our_page_for_a_wrong_address(demo):
    url, *_ = demo

    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{url}/404")

    page = refused.value.read().decode()
    assert refused.value.code == 404
    assert "This page is not here" in page
    assert "DEBUG" not in page


def test_demo_keeps_its_secrets_from_other_users_of_the_computer(demo):
    folder = demo[2] / "var/demo"
    modes = {file: stat.S_IMODE((folder / file).stat().st_mode) for file in ("secret-key", "organiser-password")}

    assert set(modes.values()) == {0o600}


def test_demo_stops_cleanly_and_starts_again_with_its_data(demo_folder, tmp_path):
    environment = {"PORT": str(free_port())}
    printed, passwords = [], set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        log = tmp_path / number.name
        with running("manage.py", "demo", environment=environment, folder=demo_folder, log=log) as program:
            program.wait_for(lambda program=program: READY in program.printed)
            printed.append(program.printed)
            passwords.add(printed_password(program))
            assert program.stop(number) == 0
            assert "Traceback" not in program.printed

    assert len(passwords) == 1
    assert ["Loading" in words for words in printed] == [True, False, False]  # only the first start takes long


def test_ctrl_c_under_make_ends_with_0(demo_folder, tmp_path):
    (tmp_path / "Makefile").write_text(f"demo:\n\t@cd {demo_folder} && exec {sys.executable} manage.py demo\n")
    pid, terminal = pty.fork()
    if not pid:
        os.execve(shutil.which("make"), ["make", "-C", str(tmp_path), "demo"], SHELL | {"PORT": str(free_port())})  # noqa: S606
    printed = b""
    while b"Press Ctrl-C to stop." not in printed:
        printed += os.read(terminal, 1000)

    os.write(terminal, b"\x03")

    with suppress(OSError):  # the end of the terminal
        while more := os.read(terminal, 1000):
            printed += more
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0, printed
    os.close(terminal)


def test_demo_says_when_its_port_is_taken(demo):
    url, _, folder = demo
    port = url.rpartition(":")[2]

    code, printed = run("manage.py", "demo", environment={"PORT": port}, folder=folder)

    assert code == 1
    assert printed.startswith(f"Port {port} is taken: another program uses it")
    assert len(printed.splitlines()) == 1


def test_demo_says_when_its_port_is_no_port(demo_folder):
    code, printed = run("manage.py", "demo", environment={"PORT": "http"}, folder=demo_folder)

    assert code == 1
    assert printed.startswith("PORT is 'http', and that is not a port.")


def test_demo_touches_no_site_that_the_environment_names(demo_folder, tmp_path):
    real = tmp_path / "real.sqlite3"
    environment = {
        "PORT": str(free_port()),
        "DEBUG": "0",
        "DATABASE_URL": f"sqlite:///{real}",
        "EMAIL_URL": "smtp://mail.example.org",
    }

    with running("manage.py", "demo", environment=environment, folder=demo_folder, log=tmp_path / "log") as program:
        program.wait_for(lambda: READY in program.printed)

    assert not real.exists()


def test_demo_stops_when_one_of_its_parts_dies(demo_folder, tmp_path):
    port = free_port()
    environment = {"PORT": str(port)}
    with running("manage.py", "demo", environment=environment, folder=demo_folder, log=tmp_path / "log") as program:
        program.wait_for(lambda: READY in program.printed)
        pid = program.process.pid
        worker = int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[-1])

        os.kill(worker, signal.SIGKILL)

        assert program.process.wait(30) == 1
    assert "The mail worker stopped by itself" in program.printed
    with pytest.raises(OSError, match="refused"):
        get(f"http://127.0.0.1:{port}/")
