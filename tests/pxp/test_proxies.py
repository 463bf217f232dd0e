"""The site behind real nginx and real Caddy, with the files of deploy/: what the gate holds, it holds there too."""

import http.client
import os
import re
import shutil
import subprocess
from urllib.parse import urlsplit

import pytest

from tests.support.at_once import wait_until
from tests.support.ports import free_port
from tests.support.programs import ROOT, get, is_up
from tests.support.served import send, serving

pytestmark = pytest.mark.sqlite_only
FORM = "application/x-www-form-urlencoded"
KB = 1024


def nginx(folder, port, site_port):
    """Return the command that runs nginx with our file, by http, at `port`."""
    ours = (ROOT / "deploy/nginx.conf").read_text()
    ours = ours.partition("server {\n    listen 80;")[0]  # the redirect to https
    ours = re.sub(r" *ssl_certificate.*\n", "", ours).replace("listen 443 ssl;", f"listen 127.0.0.1:{port};")
    ours = ours.replace("127.0.0.1:8000", f"127.0.0.1:{site_port}").replace("/var/log/nginx", str(folder))
    paths = "".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;" if os.getuid() == 0 else ""  # the tester, else it could not write into the test's folder
    (folder / "nginx.conf").write_text(
        f"{user} daemon off; pid {folder}/pid; error_log {folder}/errors; events {{}} http {{ {paths} {ours} }}"
    )
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    return [program, "-c", f"{folder}/nginx.conf", "-e", f"{folder}/errors"]


def caddy(folder, port, site_port):
    """Return the command that runs Caddy with our file, by http, at `port`."""
    ours = (ROOT / "deploy/Caddyfile").read_text()
    ours = ours.replace("{$SITE_NAME:pxp.example.org} {", f"http://127.0.0.1:{port} {{")
    ours = ours.replace("{$SITE_UPSTREAM:127.0.0.1:8000}", f"127.0.0.1:{site_port}")
    ours = ours.replace("{\n", "{\n\tadmin off\n", 1)  # among the options for all
    (folder / "Caddyfile").write_text(ours)
    return [shutil.which("caddy"), "run", "--config", f"{folder}/Caddyfile"]


@pytest.fixture(scope="module", params=[nginx, caddy], ids=["nginx", "caddy"])
def proxied(request, tmp_path_factory):
    """The address of the site behind a proxy."""
    folder, port = tmp_path_factory.mktemp("proxied"), free_port()
    url = f"http://127.0.0.1:{port}"
    with serving(folder, SITE_URL=url, PROXY_COUNT="1") as (site, *_):
        command = request.param(folder, port, site.rpartition(":")[2])
        environment = os.environ | {"XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "HOME": str(folder)}
        with (
            (folder / "proxy.log").open("w") as log,
            subprocess.Popen(command, env=environment, stdout=log, stderr=log) as proxy,
        ):
            try:
                wait_until(lambda: proxy.poll() is not None or is_up(f"{url}/healthz"), "the proxy")
                assert proxy.poll() is None, (folder / "proxy.log").read_text()
                yield url
            finally:
                proxy.terminate()


@pytest.mark.parametrize("name", ["SCRIPT_NAME", "Script-Name", "X-Script-Name", "PATH_INFO"])
def test_header_puts_no_page_at_another_s_address(proxied, name):
    for path, title in (("/", "<title>For Patients"), ("/program/", "<title>Program")):
        for headers in ({name: "/program"}, {name: "/"}, {}):
            answer = send(proxied, "GET", path, **headers)
            assert answer.status == 200
            assert title in answer.body


@pytest.mark.parametrize("chunked", [False, True])
def test_large_form_gets_our_own_page(proxied, chunked):
    body = iter([b"x" * KB] * 200) if chunked else b"x" * 200 * KB

    answer = send(proxied, "POST", "/register/", body, chunked=chunked, **{"Content-Type": FORM})

    assert answer.status == 413
    assert "That was too much for one form" in answer.body


@pytest.mark.parametrize("chunked", [False, True])
def test_an_evening_of_an_organiser_s_typing_is_not_cut_off(proxied, chunked):
    body = b"body=" + b"x" * 2400 * KB
    body = iter([body[start : start + KB] for start in range(0, len(body), KB)]) if chunked else body

    answer = send(proxied, "POST", "/organisers/login/", body, chunked=chunked, **{"Content-Type": FORM})

    assert answer.status == 403  # Django's: without its token
    assert "too much" not in answer.body


def test_body_that_no_form_ever_has_is_refused(proxied):
    connection = http.client.HTTPConnection(urlsplit(proxied).netloc, timeout=30)
    connection.putrequest("POST", "/organisers/login/")
    connection.putheader("Content-Length", str(12_000 * KB))
    connection.endheaders()

    assert connection.getresponse().status == 413
    connection.close()


def test_chunked_form_is_read(proxied):
    body = iter([b"email=", b"nonsense"])

    answer = send(proxied, "POST", "/lost-link/", body, chunked=True, **{"Content-Type": FORM})

    assert answer.status == 422
    assert 'value="nonsense"' in answer.body


def test_charset_is_refused_in_our_own_page(proxied):
    answer = send(proxied, "GET", "/register/", **{"Content-Type": "text/plain; charset=idna"})

    assert answer.status == 400
    assert "We could not read what your browser sent" in answer.body


def test_headers_that_are_too_long_are_refused_in_our_own_page(proxied):
    answer = send(proxied, "GET", "/", Cookie="a" * 9000)

    assert answer.status == 431
    assert "Your browser sent too much at once" in answer.body


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 422),
        ({"Sec-Fetch-Site": "same-origin"}, 422),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "ours"}, 422),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "https://evil.example", "X-Forwarded-Host": "evil.example"}, 403),
    ],
)
def test_form_may_come_from_our_own_pages(proxied, headers, status):
    headers = {name: value.replace("ours", proxied) for name, value in headers.items()}

    answer = send(proxied, "POST", "/lost-link/", b"email=nonsense", **{"Content-Type": FORM} | headers)

    assert answer.status == status
    assert "Set-Cookie" not in answer.headers


def test_proxy_that_rewrites_the_host_changes_nothing(served):
    """As proxies do that were set up by hand: they ask for the site by the name of the machine."""
    headers = {"Content-Type": FORM, "Host": "localhost", "Origin": served}

    assert send(served, "POST", "/lost-link/", b"email=nonsense", **headers).status == 422


def test_ready_page_is_compressed_and_has_a_weak_tag(proxied):
    for coding in ("br", "gzip"):
        answer = get(f"{proxied}/register/", Accept_Encoding=coding)
        assert answer.headers["Content-Encoding"] == coding
        assert answer.headers["ETag"].startswith("W/")
        assert get(f"{proxied}/register/", If_None_Match=answer.headers["ETag"]).status == 304
