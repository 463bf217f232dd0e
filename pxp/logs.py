"""Formats log lines: time, level, request id, and nothing about people; as text, or as JSON with LOG_FORMAT=json."""

import logging
import os
import re
import secrets
import time
from contextvars import ContextVar

# /my/<token>/ works like a password, email addresses are private.
HIDDEN = [
    (
        re.compile(r"/(confirm|my|join|calendar|unsubscribe|address|private|preview|thanks|lost-link)/[^/\s\"'?.]+"),
        r"/\1/[hidden]",
    ),
    (re.compile(r"/organisers/(password|invitation)/[^/\s]+/[^/\s\"'?]+"), r"/organisers/\1/[hidden]"),
    # Also in an address that a mail program damaged: any long word with capitals, small letters and digits.
    (re.compile(r"(?<![\w-])(?=[\w-]*[a-z])(?=[\w-]*[A-Z])(?=[\w-]*[0-9])[A-Za-z0-9_-]{43,}"), "[hidden]"),
    # A row that PostgreSQL quotes, in the words of a line or in their JSON; tracebacks: `hide_rows`.
    (re.compile(r"^DETAIL:.*", re.MULTILINE | re.DOTALL), "DETAIL: [hidden]"),
    (re.compile(r"\\nDETAIL:(?:[^\"\\]|\\.)*"), r"\\nDETAIL: [hidden]"),
]
OF_STRANGERS = "django.security."  # the logger of requests that Django finds suspicious, each with its class behind it
DATABASES = ("psycopg", "django.db.", "sqlite3")
# PostgreSQL ends the first line of some messages with the value that it could not read.
VALUE = re.compile(r": \".*")
# An address lies within one of these. A pattern that searched for the @ from each letter took cubic time, and anybody
# can send a long path.
_TOKEN = re.compile(r"[^\s<>\"'()=,:;]+")
# The environment of the request that this thread answers; its id is made when a line first needs it.
_request = ContextVar("request", default=None)
_ID = "pxp.request_id"
GIVEN_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


def begin_request(environ):
    """Say that from now on this thread answers the request with this WSGI environment."""
    _request.set(environ)


def request_id():
    """Return the id of the request that this thread answers: the proxy's X-Request-ID, or our own; "-" outside."""
    environ = _request.get()
    if environ is None:
        return "-"
    if _ID not in environ:
        given = environ.get("HTTP_X_REQUEST_ID", "")
        environ[_ID] = given if GIVEN_ID.fullmatch(given) else secrets.token_hex(6)
    return environ[_ID]


def hide(text):
    """Return the text without keys and addresses."""
    for pattern, replacement in HIDDEN:
        text = pattern.sub(replacement, text)
    return _TOKEN.sub(_without_address, text) if "@" in text else text


def _without_address(found):
    """Return a piece of a log line, or a placeholder for an address: something, an @, and a dot further on."""
    piece = found[0]
    at = piece.find("@", 1)
    dot = piece.find(".", at + 2) if at > 0 else -1
    return "[hidden address]" if 0 < dot < len(piece) - 1 else piece


def hide_rows(text, fault):
    """Return a traceback with the first line alone of what a database said: after it, it quotes rows and statements.

    Where such a quotation ends cannot be seen in the text, since people type quotation marks and new lines.
    """
    seen, faults = set(), [fault]
    while faults:
        fault = faults.pop()
        if fault is None or fault in seen:
            continue
        seen.add(fault)
        faults += [fault.__cause__, fault.__context__]
        if type(fault).__module__.startswith(DATABASES) and (words := str(fault)):
            text = text.replace(words, VALUE.sub(": [hidden]", words.partition("\n")[0]))
    return text


def shorten(record):
    """Take the traceback out of a record of what strangers sent, like a host that is not ours. It says no more."""
    is_refusal = record.name == "django.request" and record.levelno < logging.ERROR
    if is_refusal or record.name.startswith(OF_STRANGERS):
        record.exc_info = record.exc_text = None


class PrivateMixin:
    """Mixin for a formatter: no line names a person, tracebacks included, and times are in UTC."""

    converter = time.gmtime

    def formatException(self, ei):  # noqa: N802 - logging's own name
        """Return the traceback without what a database quotes."""
        return hide_rows(super().formatException(ei), ei[1])

    def format(self, record):
        """Return the whole text of `record` without keys and addresses."""
        shorten(record)
        record.request_id = request_id()
        return hide(super().format(record))


class PrivateFormatter(PrivateMixin, logging.Formatter):
    """A line of text: time, level, request id, logger, words."""

    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def __init__(self):
        super().__init__("%(asctime)s %(levelname)s %(request_id)s %(name)s: %(message)s")


def make_formatter():
    """Return the formatter that LOG_FORMAT asks for."""
    if os.environ.get("LOG_FORMAT") != "json":
        return PrivateFormatter()
    from pythonjsonlogger.json import JsonFormatter  # most sites do without

    class PrivateJson(PrivateMixin, JsonFormatter):
        """The same as one line of JSON."""

    return PrivateJson(
        ["asctime", "levelname", "request_id", "name", "message"],
        datefmt="%Y-%m-%dT%H:%M:%SZ",
        rename_fields={"asctime": "time", "levelname": "level", "name": "logger"},
        json_ensure_ascii=False,
    )
