"""Asks for pages that are ready as fast as it can, of the site and of a bare WSGI application with the same bytes.

Holds: at least 0.8 of the bare application's requests a second, for each page and coding. Both run behind the same
gunicorn (pxp/gunicorn.py, 2 processes), in turns, so a busy moment of the machine meets both alike. It needs wrk.
"""

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.support.ports import free_port
from tests.support.programs import collect_static_files, get, is_up, run, running

LEAST = 0.8  # of the bare application's requests a second
PAGES = {"home": "/", "program": "/program/", "day": "/program/day-1/", "sign-up": "/register/"}
CODINGS = ("br", "gzip", "")
CONNECTIONS = 16
SETTINGS = {
    "SECRET_KEY": "JcTnBQqkzQvPEWW3Y0kzv5xgSnhLb2cq9Xp8WmVtRrZfDdAa7LmKs0uH",
    "ALLOWED_HOSTS": "127.0.0.1",
    "EMAIL_URL": "smtp://127.0.0.1:9",
    "DEFAULT_FROM_EMAIL": "PxP <hello@pxp.example.org>",
    "WEB_CONCURRENCY": "2",
}
ANSWERS = "BARE_ANSWERS"  # names the file with what the bare application answers


def bare():
    """Return the bare application: the same headers and bytes by path and coding, and nothing else."""
    answers = {
        (path, coding): ([tuple(pair) for pair in headers], body.encode("latin-1"))
        for path, coding, headers, body in json.loads(Path(os.environ[ANSWERS]).read_text())
    }

    first = next(iter(answers.values()))  # for clients that ask whether it is up

    def application(environ, start_response):
        coding = environ.get("HTTP_ACCEPT_ENCODING", "")
        headers, body = answers.get((environ["PATH_INFO"], coding)) or first
        start_response("200 OK", headers)
        return [body]

    return application


def main():
    """Measure; print each ratio, then the line with the smallest; exit with 1 where one is under the bound."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="home and sign-up alone, under a minute")
    options = parser.parse_args()
    if not shutil.which("wrk"):
        sys.exit("wrk is not there. Install it: apt-get install wrk")
    pages = {name: PAGES[name] for name in ("home", "sign-up")} if options.quick else PAGES
    codings = ("br", "") if options.quick else CODINGS
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        site = stack.enter_context(serve("pxp.wsgi", prepare(folder), folder))
        answers = [(path, coding, *answer_of(site, path, coding)) for path in pages.values() for coding in codings]
        (folder / "answers").write_text(json.dumps(answers))
        environment = prepare(folder) | {ANSWERS: str(folder / "answers")}
        other = stack.enter_context(serve("tests.load.warm_pages:bare()", environment, folder))
        turns = 5 if options.quick else 15
        ratios = [compare(name, path, coding, site, other, turns) for name, path in pages.items() for coding in codings]
    holds = min(ratios) >= LEAST
    print(f"warm_pages: at least {min(ratios):.2f} of a bare application: {'holds' if holds else 'FAILS'}")
    sys.exit(not holds)


def prepare(folder):
    """Return the environment of a site with a program a year ahead, on a database in `folder`."""
    environment = SETTINGS | {"DATABASE_URL": f"sqlite:///{folder}/site.sqlite3", "SITE_URL": "http://127.0.0.1"}
    if not (folder / "site.sqlite3").exists():
        collect_static_files()
        first_day = f"{datetime.now(UTC).year + 1}-09-12"
        for command in (["migrate"], ["load_program", "data/pxp-2023.yaml", "--first-day", first_day]):
            code, printed = run("manage.py", *command, environment=environment)
            assert code == 0, printed
    return environment


@contextmanager
def serve(application, environment, folder):
    """Serve an application by gunicorn; give the Server."""
    url = f"http://127.0.0.1:{(port := free_port())}"
    command = ("-m", "gunicorn", "-c", "python:pxp.gunicorn", application)
    environment = environment | {"PORT": str(port), "PYTHONPATH": "."}
    with running(*command, environment=environment, log=folder / f"log-{port}") as program:
        program.wait_for(lambda: is_up(f"{url}/"))
        yield Server(url, program.process.pid)


@dataclass(frozen=True)
class Server:
    """A running gunicorn: its address, and the id of its first process."""

    url: str
    pid: int

    def cpu(self):
        """Return the seconds of CPU that its processes have taken, by /proc/<id>/stat (proc(5))."""
        rows = [file.read_text().rpartition(")")[2].split() for file in Path("/proc").glob("[0-9]*/stat")]
        return sum(int(row[11]) + int(row[12]) for row in rows if int(row[1]) == self.pid) / os.sysconf("SC_CLK_TCK")


def answer_of(site, path, coding):
    """Return (headers, body as Latin-1 text) of the site's ready page."""
    for _process in range(8):  # so each process has it
        answer = get(site.url + path, Accept_Encoding=coding or "identity")
    assert answer.status == 200, (path, answer.status)
    assert "Age" in answer.headers, path
    left_out = {"server", "date", "connection"}  # gunicorn's own
    headers = [pair for pair in answer.headers.items() if pair[0].lower() not in left_out]
    return headers, answer.data.decode("latin-1")


def compare(name, path, coding, site, other, turns):
    """Return how many of the bare application's requests a second the site answers, the median of some turns."""
    pairs = []
    for turn in range(turns):
        # Each is first as often as the other: a machine that slows down all the while would favour the first.
        servers = [site, other] if turn % 2 else [other, site]
        measured = {server.url: measure(server, path, coding) for server in servers}
        pairs.append((measured[site.url], measured[other.url]))
    speeds, costs = (statistics.median(ours[n] / bare[n] for ours, bare in pairs) for n in (0, 1))
    ours, bare = (statistics.median(run[0] for run in column) for column in zip(*pairs, strict=True))
    print(
        f"{name}, {coding or 'plain'}: {ours:.0f} of {bare:.0f} requests a second, {speeds:.2f}; CPU {1 / costs:.2f}",
        flush=True,
    )
    return speeds


def measure(server, path, coding):
    """Return the requests a second that a server answers, all with 200, and the seconds of CPU for each."""
    encoding = ["-H", f"Accept-Encoding: {coding}"] if coding else []
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", "-d1s", *encoding, server.url + path]
    before = server.cpu()
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in printed, printed
    requests = int(re.search(r"(\d+) requests in", printed)[1])
    return float(re.search(r"Requests/sec:\s+([\d.]+)", printed)[1]), (server.cpu() - before) / requests


if __name__ == "__main__":
    main()
