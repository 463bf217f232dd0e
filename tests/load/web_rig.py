"""What the load programs share that ask the site by HTTP: a gunicorn, its CPU, visitors who sign up, readers."""

import asyncio
import http.client
import io
import os
import random
import re
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import count
from pathlib import Path
from statistics import quantiles
from urllib.parse import urlencode, urlsplit
from wsgiref.util import setup_testing_defaults

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.load import outbox_rig as rig

PAGES = ("/", "/program/", "/program/day-1/", "/register/")


@dataclass(frozen=True)
class Server:
    """A running gunicorn: its port, and the id of its first process."""

    port: int
    pid: int

    @property
    def workers(self):
        """The ids of the processes that answer."""
        return [int(pid) for pid in Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()]

    def cpu(self):
        """Return the seconds of CPU that its processes have taken, by Linux."""
        return sum(map(cpu_of, self.workers))


def cpu_of(pid):
    """Return the seconds of CPU that a process has taken, to the nanosecond where Linux tells (schedstat)."""
    threads = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(file.read_text().split()[0]) for file in threads) / 1e9


@contextmanager
def gunicorn(port, folder, *, processes=2, options=()):
    """Serve the site on the port as production does, by so many processes; give the Server."""
    command = [sys.executable, "-m", "gunicorn", "-c", "python:pxp.gunicorn", *options]
    command += ["--bind", f"127.0.0.1:{port}", "pxp.wsgi"]
    rig.close_database()
    with (folder / f"gunicorn-{port}.log").open("w+") as log:
        environment = os.environ | {"WEB_CONCURRENCY": str(processes), "MALLOC_ARENA_MAX": "2"}  # as in deploy/
        server = subprocess.Popen(command, env=environment, cwd=rig.ROOT, stdout=log, stderr=subprocess.STDOUT)
        try:
            wait_until_ready(port, server, log)
            yield Server(port, server.pid)
        finally:
            server.terminate()
            server.wait(30)


def wait_until_ready(port, server, log):
    """Return once the site answers; raise RuntimeError with the server's words when it does not."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        try:
            if ask(port, "GET", "/readyz").status == 200:
                return
        except OSError:
            time.sleep(0.2)
    log.seek(0)
    raise RuntimeError(f"The site does not start: {log.read()}")


def ask(port, method, path, body=None, headers=None):
    """Send one request on a connection of its own; return the answer, its text in `words`."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        answer.words = answer.read().decode()
        return answer
    finally:
        connection.close()


def call(method, path, typed=None, network="127.0.0.1"):
    """Ask the site within this process, through all of its WSGI; return (status as a number, headers, body)."""
    from pxp.wsgi import application

    body = urlencode(typed or {}, doseq=True).encode()
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "HTTP_HOST": "127.0.0.1",
        "HTTP_X_FORWARDED_FOR": network,
        "CONTENT_TYPE": "application/x-www-form-urlencoded" if typed else "",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
    }
    setup_testing_defaults(environ)
    started = []
    answer = application(environ, lambda status, headers, exc_info=None: started.append((status, headers)))
    words = b"".join(answer)
    if hasattr(answer, "close"):
        answer.close()
    return int(started[0][0].split()[0]), started[0][1], words


class HiddenFields(HTMLParser):
    """The hidden fields of a page: {name: value}."""

    def __init__(self, words):
        super().__init__()
        self.found = {}
        self.feed(words)

    def handle_starttag(self, tag, attributes):
        """Keep a field."""
        given = dict(attributes)
        if tag == "input" and given.get("type") == "hidden":
            self.found[given["name"]] = given.get("value", "")


STEPS = ("form", "send", "confirm page", "confirm")


@dataclass
class Visitor:
    """Someone who signs up through HTTP on one connection, one new person after the other.

    `link_of(email)` returns the path that the mail leads to; `times` has the seconds of each request by its step.
    """

    port: int
    link_of: object
    days: tuple
    times: dict = field(default_factory=lambda: {step: [] for step in STEPS})
    errors: list = field(default_factory=list)

    def address(self, number):
        """Return the address of a person."""
        return f"ada@p{number}.example.org"  # of her own domain: many at a small one would have to wait for each other

    def sign_up(self, number):
        """Open the form, send it, open the link of the mail, press the button."""
        self.send_form(number)
        self.confirm(number)

    def send_form(self, number):
        """Open the form and send it."""
        form = self.step("form", "GET", "/register/all/", network_of(number), expected=200)
        email = self.address(number)
        typed = {"name": f"Ada Ø {number}", "email": email, "days": self.days, "time_zone": "Asia/Tokyo"}
        sent = {**HiddenFields(form).found, **typed}
        self.step("send", "POST", "/register/all/", network_of(number), sent, expected=302)

    def confirm(self, number):
        """Open the link of the mail and press the button."""
        link = self.link_of(self.address(number))
        page = self.step("confirm page", "GET", link, network_of(number), expected=200)
        self.step("confirm", "POST", link, network_of(number), HiddenFields(page).found, expected=302)

    def step(self, name, method, path, headers, typed=None, *, expected):
        """Send one request; keep its time; return the words of the answer."""
        body = None if typed is None else urlencode(typed, doseq=True)
        if body is not None:
            headers = headers | {"Content-Type": "application/x-www-form-urlencoded"}
        began = time.perf_counter()
        try:
            answer = ask(self.port, method, path, body, headers)
        except OSError as error:
            self.errors.append(f"{method} {path}: {error!r}")
            return ""
        self.times[name].append(time.perf_counter() - began)
        if answer.status != expected:
            self.errors.append(f"{method} {path}: {answer.status}")
        return answer.words


def network_of(number):
    """Return the header that puts a person into a network of their own."""
    return {"X-Forwarded-For": f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"}


def crowd(make_visitor, numbers, *, clients, seconds=None):
    """Let so many clients sign up people with the next of `numbers` at once, until the seconds or the numbers are over.

    Returns (seconds it took, people, visitors).
    """
    visitors = [make_visitor() for _ in range(clients)]
    lock, began = threading.Lock(), time.perf_counter()
    done = count()

    def work(visitor):
        while seconds is None or time.perf_counter() - began < seconds:
            with lock:
                number = next(numbers, None)
            if number is None:
                return
            visitor.sign_up(number)
            next(done)

    threads = [threading.Thread(target=work, args=[visitor]) for visitor in visitors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - began, next(done), visitors


def p99(times):
    """Return what 99 of 100 times are not above."""
    return quantiles(times, n=100)[98] if len(times) > 1 else max(times, default=0.0)


def read(port, *, readers, pause, seconds=None):
    """Be so many readers, each of whom opens a page every `pause` seconds or so; return the times of all requests.

    Their connections stay open as those of browsers do. Without `seconds` they read until they are killed.
    """
    return asyncio.run(_read(port, readers, pause, seconds))


async def _read(port, readers, pause, seconds):
    times, end = [], time.perf_counter() + (seconds or 1e9)

    async def be_one(number):
        chance = random.Random(number)
        await asyncio.sleep(chance.random() * pause)
        stream = None
        while time.perf_counter() < end:
            path = PAGES[chance.randrange(len(PAGES))]
            began = time.perf_counter()
            stream = await _get(port, path, stream)
            times.append(time.perf_counter() - began)
            await asyncio.sleep(pause * (0.5 + chance.random()))

    await asyncio.gather(*(be_one(number) for number in range(readers)))
    return times


async def _get(port, path, stream):
    """Ask for a page on an open connection, or on a new one where the server closed it; return the connection."""
    ask_for = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: br\r\n\r\n".encode()
    for reader, writer in [stream] if stream else []:
        try:
            writer.write(ask_for)
            await _answer(reader)
            return reader, writer
        except (OSError, asyncio.IncompleteReadError):
            writer.close()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(ask_for)
    await _answer(reader)
    return reader, writer


async def _answer(reader):
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    if " 200 " not in head.partition("\r\n")[0]:
        raise RuntimeError(head)
    if length := re.search(r"(?i)content-length: (\d+)", head):
        await reader.readexactly(int(length[1]))


def path_of(url):
    """Return the path of an absolute address of ours."""
    return urlsplit(url).path
