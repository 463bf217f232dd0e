"""Fixtures for the site behind real gunicorn, and a client that sends any request."""

import http.client
import re
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest

from tests.support.browser import GUNICORN
from tests.support.ports import free_port
from tests.support.programs import Answer, collect_static_files, fill_database, is_up, run, running

SETTINGS = {
    "SECRET_KEY": "JcTnBQqkzQvPEWW3Y0kzv5xgSnhLb2cq9Xp8WmVtRrZfDdAa7LmKs0uH",
    "ALLOWED_HOSTS": "pxp.example.org",
    "EMAIL_URL": "smtp://127.0.0.1:9",
    "DEFAULT_FROM_EMAIL": "PxP <hello@pxp.example.org>",
}


@contextmanager
def serving(folder, command=GUNICORN, program=("data/pxp-2023.yaml",), **environment):
    """Serve a real program by gunicorn from a database in `folder`; give (address, Program, its environment)."""
    url = f"http://127.0.0.1:{(port := free_port())}"
    environment = (
        SETTINGS
        | {
            "DATABASE_URL": f"sqlite:///{folder}/site.sqlite3",
            "SITE_URL": url,
            "PORT": str(port),
            "WEB_CONCURRENCY": "1",
        }
        | environment
    )
    collect_static_files()
    if environment["DATABASE_URL"] == f"sqlite:///{folder}/site.sqlite3":
        fill_database(folder / "site.sqlite3", *program, environment=environment)
    else:
        for arguments in (["migrate"], ["load_program", *program]):
            code, printed = run("manage.py", *arguments, environment=environment)
            assert code == 0, printed
    with running(*command, environment=environment, log=folder / "log") as program:
        program.wait_for(lambda: is_up(f"{url}/healthz"))
        yield url, program, environment


@pytest.fixture(scope="session")
def served(tmp_path_factory):
    """The site behind gunicorn with DEBUG off, reached by plain http: its address."""
    with serving(tmp_path_factory.mktemp("served")) as (url, *_):
        yield url


def send(url, method, path, body=None, *, chunked=False, **headers):
    """Send one request as it is given; return the Answer. No redirect is followed, no header is added but Host."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    names = {re.sub("_", "-", name): value for name, value in headers.items()}
    try:
        connection.request(method, path, body, names, encode_chunked=chunked)
        return Answer(connection.getresponse())
    finally:
        connection.close()
