"""A test client for the whole WSGI stack: the gate, the page cache, then Django."""

from contextlib import contextmanager
from functools import cache

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.http import HttpResponse
from django.test import Client


@cache
def application():
    """Return the application of pxp/wsgi.py, made once."""
    from conference.site.page_cache import PageCache
    from pxp.gate import Gate

    django = WSGIHandler()
    return Gate(PageCache(django), refuse=django)


class WholeSite(Client):
    """A Client whose answers come from the whole application; they have no `context`."""

    def request(self, **request):
        """Ask with the WSGI environment of `request`; return the answer as an HttpResponse."""
        environ = {"HTTP_HOST": "testserver"} | self._base_environ(**request)
        with open_connection():
            status, headers, content = ask(environ)
        response = HttpResponse(content, status=int(status[:3]))
        del response["Content-Type"]
        for name, value in headers:
            if name == "Set-Cookie":
                self.cookies.load(value)
                response.cookies.load(value)
            else:
                response[name] = value
        return response


@contextmanager
def open_connection():
    """Keep the test's connection to the database, with its transaction, as Django's own Client does."""
    were_connected = [
        signal for signal in (request_started, request_finished) if signal.disconnect(close_old_connections)
    ]
    yield
    for signal in were_connected:
        signal.connect(close_old_connections)


def ask(environ):
    """Ask the application; return (status line, headers, body)."""
    started = []
    body = application()(environ, lambda *start: started.append(start))
    try:
        return *started[0], b"".join(body)
    finally:
        if hasattr(body, "close"):
            body.close()


@pytest.fixture
def whole_site(db):
    """A client of the whole application."""
    return WholeSite()
