"""A crowd that signs up and confirms while something happens to the site, and records every response."""

import http.client
import re
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

LINK = r"https?://[^/\s]+(/%s/[\w-]+/)"


@dataclass
class Person:
    """One person of the crowd: the site's answers to them, and when (by the machine's monotonic clock)."""

    email: str
    name: str
    signed_up: float | None = None
    confirmed: float | None = None
    confirm_link: str = ""
    my_link: str = ""


@dataclass
class Crowd:
    """People who come one after the other, in several threads, until `enough`.

    Args:
        address: of the site, or of the proxy before it, without a slash at its end.
        mails: a `tests.support.smtp.ScriptedServer` to which the site's mails go.
        host: the name in the Host header, where it is not the address.
        at_once: how many people are there at a time.

    `people` are those who came; `odd` holds every answer that was neither right nor a plain "not now" (503).
    """

    address: str
    mails: object
    host: str = ""
    at_once: int = 4
    prefix: str = "ada"
    people: list = field(default_factory=list)
    odd: list = field(default_factory=list)
    not_now: int = 0

    def __post_init__(self):
        self.lock = threading.Lock()
        self.enough = threading.Event()
        self.threads = []

    def __enter__(self):
        self.threads = [threading.Thread(target=self._come, daemon=True) for _ in range(self.at_once)]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *error):
        self.enough.set()
        for thread in self.threads:
            thread.join(60)

    def wait_for(self, number, seconds=60, *, what="confirmed"):
        """Wait until this many people have signed up or confirmed."""
        end = time.monotonic() + seconds
        while len(self.those(what)) < number:
            assert time.monotonic() < end, (
                f"{len(self.those(what))} of {number} {what} after {seconds} s: {self.odd[:3]}"
            )
            time.sleep(0.02)

    def those(self, what, *, before=float("inf")):
        """Return the people who were told that they are "signed_up" or "confirmed" before that moment."""
        with self.lock:
            return [person for person in self.people if (getattr(person, what) or float("inf")) < before]

    def ask(self, method, path, typed=None, *, number=0):
        """Send one request from a network of its own; return (status, Location, text). None: no answer."""
        headers = {"X-Forwarded-For": f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"}
        headers |= {"Host": self.host} if self.host else {}
        if typed is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=40)
        try:
            connection.request(method, path, urlencode(typed, doseq=True) if typed is not None else None, headers)
            answer = connection.getresponse()
            return answer.status, answer.getheader("Location") or "", answer.read().decode(errors="replace")
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()

    def press(self, path, typed, expected, number):
        """Send a form until the site takes it; return whether it did. After no answer or "not now", try again."""
        while not self.enough.is_set():
            answer = self.ask("POST", path, typed, number=number)
            if answer and answer[0] == 302 and expected in answer[1]:
                return True
            if answer is None or answer[0] in (502, 503, 504):
                with self.lock:
                    self.not_now += 1
                time.sleep(0.1)
                continue
            with self.lock:
                self.odd.append(f"POST {path.split('/')[1]}: {answer[0]} {answer[1]} {answer[2][:200]}")
            return False
        return False

    def link_of(self, email, page, seconds=60):
        """Wait for the mail that leads to this page ("confirm", "my"); return its path, or "" where none comes."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for mail in list(self.mails.arrived):
                if mail.recipient == email:
                    body = mail.message.get_body(("plain",)).get_content()
                    if found := re.search(LINK % page, body):
                        return found[1]
            if self.enough.wait(0.05):
                end = min(end, time.monotonic() + 30)
        return ""

    def _come(self):
        while not self.enough.is_set():
            with self.lock:
                number = len(self.people)
                # At many domains: one domain gets few mails at once.
                address = f"{self.prefix}{number}@n{number % 500}.example.org"
                person = Person(address, f"Ada Ø {number}")
                self.people.append(person)
            typed = {"name": person.name, "email": person.email, "days": ["1", "2"], "country": "JP"}
            if not self.press("/register/", typed, "/register/thanks/", number):
                continue
            person.signed_up = time.monotonic()
            person.confirm_link = self.link_of(person.email, "confirm")
            if person.confirm_link and self.press(person.confirm_link, {}, "/my/", number):
                person.confirmed = time.monotonic()
