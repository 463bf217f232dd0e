"""What the gate lets through, as a stranger's program meets it: by real gunicorn, and byte by byte."""

import http.client
import re
import socket
from io import BytesIO

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.core.files.uploadedfile import SimpleUploadedFile

from pxp.gate import KB, MOST_FROM_ORGANISERS, MOST_FROM_PEOPLE, MOST_UPLOADED, REFUSED, Gate
from pxp.uploads import accept_uploads
from tests.support.programs import Answer, get
from tests.support.served import send, serving

pytestmark = pytest.mark.sqlite_only
FORM = "application/x-www-form-urlencoded"
FILES = "multipart/form-data; boundary=x"
MULTIPART = b'--x\r\nContent-Disposition: form-data; name="email"\r\n\r\nada@example.com\r\n--x--\r\n'


class Reader(BytesIO):
    """A body that tells the size of the largest piece that was taken of it, and how much in all."""

    largest = read_so_far = 0

    def read(self, size=-1):
        data = super().read(size)
        self.read_so_far += len(data)
        self.largest = max(self.largest, len(data))
        return data


def through_gate(path="/", **environ):
    """Pass a request through the gate; return the environment that Django would get."""
    seen = {}
    environ = {"REQUEST_METHOD": "POST", "PATH_INFO": path, "wsgi.input": Reader()} | environ

    def django(environ, start_response):
        seen.update(environ)
        return []

    Gate(django, refuse=django)(environ, None)
    return seen


def chunks(size):
    """Yield a body of `size` bytes in pieces, so it has to be sent chunked."""
    for start in range(0, size, 8 * KB):
        yield b"x" * min(8 * KB, size - start)


# --- Size -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "content_type", "most"),
    [
        ("/", FORM, MOST_FROM_PEOPLE),
        ("/register/", FILES, MOST_FROM_PEOPLE),
        ("/organisers/conference/day/1/change/", FORM, MOST_FROM_ORGANISERS),
        ("/organisers/conference/day/1/change/", FILES, MOST_UPLOADED),
        ("/organisersx/", FORM, MOST_FROM_PEOPLE),
        ("/mail-events/", "application/json", MOST_FROM_ORGANISERS),
    ],
)
def test_body_has_a_bound_at_each_path(path, content_type, most):
    fits = through_gate(path, CONTENT_TYPE=content_type, CONTENT_LENGTH=str(most))
    does_not = through_gate(path, CONTENT_TYPE=content_type, CONTENT_LENGTH=str(most + 1))

    assert REFUSED not in fits
    assert (does_not[REFUSED], does_not["CONTENT_LENGTH"], does_not["wsgi.input"].read()) == (413, "0", b"")


@pytest.mark.parametrize("length", ["-1", "1e3", "٣", "1" * 400])
def test_length_that_is_no_number_of_bytes_is_refused(length):
    assert through_gate(CONTENT_LENGTH=length)[REFUSED] in (400, 413)


def test_chunked_body_is_whole_and_has_a_length_for_django():
    seen = through_gate(HTTP_TRANSFER_ENCODING="chunked", **{"wsgi.input": Reader(b"name=Ada")})

    assert (seen["CONTENT_LENGTH"], seen["wsgi.input"].getvalue()) == ("8", b"name=Ada")


@pytest.mark.parametrize(("path", "most"), [("/register/", MOST_FROM_PEOPLE), ("/organisers/", MOST_FROM_ORGANISERS)])
def test_chunked_body_is_kept_no_further_than_its_bound(path, most):
    body = Reader(b"x" * 3 * MOST_UPLOADED)

    seen = through_gate(path, HTTP_TRANSFER_ENCODING="chunked", CONTENT_TYPE=FILES, **{"wsgi.input": body})

    assert seen[REFUSED] == 413
    assert body.largest == most + 1
    assert body.read_so_far < 2 * MOST_UPLOADED


def test_body_that_no_page_read_is_taken_off_the_connection():
    # gunicorn closes one with more than a little left, and a proxy that keeps it answers the next person with an error.
    size = MOST_FROM_ORGANISERS - KB
    body = Reader(b"x" * size)

    through_gate("/organisers/", CONTENT_TYPE=FORM, CONTENT_LENGTH=str(size), **{"wsgi.input": body})

    assert body.read_so_far == size


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("path", ["/", "/register/", "/nowhere/", "/healthz"])
def test_large_body_gets_our_own_page(served, path, chunked):
    body = chunks(5_000 * KB) if chunked else b"x" * 5_000 * KB

    answer = send(served, "POST", path, body, chunked=chunked, **{"Content-Type": FORM})

    assert answer.status == 413
    assert "That was too much for one form" in answer.body
    assert_ours(answer)


def test_large_body_gets_its_page_in_the_language_of_the_address(served):
    answer = send(served, "POST", "/fr/lost-link/", b"x" * (MOST_FROM_PEOPLE + 1), **{"Content-Type": FORM})

    assert "aucun fichier. Revenez en arrière" in answer.body


def test_large_file_of_an_organiser_gets_the_size_that_fits(served):
    path = "/fr/organisers/conference/speaker/add/"

    answers = [
        send(served, "POST", at, b"x" * (MOST_UPLOADED + 1), **{"Content-Type": FILES})
        for at in (path.removeprefix("/fr"), path)
    ]

    assert [answer.status for answer in answers] == [413, 413]
    assert "A file can have at most 9 MB" in answers[0].body
    assert re.search(r"9\sMo", answers[1].body)


@pytest.mark.parametrize("content_type", [FORM, FILES])
def test_form_that_breaks_off_is_not_taken_for_all_of_it(served, content_type):
    body = b"email=ada%40example.com" if content_type == FORM else MULTIPART
    connection = http.client.HTTPConnection(served.removeprefix("http://"), timeout=30)
    connection.putrequest("POST", "/lost-link/")
    connection.putheader("Content-Type", content_type)
    connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body[: body.index(b".com") + 3])
    connection.sock.shutdown(socket.SHUT_WR)
    answer = Answer(connection.getresponse())
    connection.close()

    assert answer.status == 400
    assert_ours(answer)


def test_small_chunked_form_is_read(served):
    answer = send(served, "POST", "/lost-link/", iter([b"email=", b"nonsense"]), chunked=True, **{"Content-Type": FORM})

    assert answer.status in (403, 422)  # without the charset, length or type being what is wrong with it


def assert_ours(answer):
    """The answer is a page of ours with the headers of our pages."""
    assert "<h1>" in answer.body
    assert "/static/site" in answer.body
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"


# --- Charset ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", '"utf-8"', "utf8"])
def test_utf_8_is_let_in(charset):
    assert REFUSED not in through_gate(CONTENT_TYPE=f"{FORM}; charset={charset}")


@pytest.mark.parametrize("method", ["GET", "POST", "HEAD"])
@pytest.mark.parametrize(
    "parameter",
    [
        *(f"charset={name}" for name in ("utf-16", "idna", "base64", "rot13", "undefined", "nonsense", "iso-8859-1")),
        "charset=utf-8; charset=idna",
        "charset*=idna''x",
        "charset*=base64''x",
        "charset*=nonsense''x",
    ],
)
def test_any_other_charset_is_refused_in_our_own_page(served, method, parameter):
    answer = send(served, method, "/register/", **{"Content-Type": f"text/plain; {parameter}"})

    assert answer.status == 400
    assert answer.headers["X-Frame-Options"] == "DENY"
    if method != "HEAD":
        assert "We could not read what your browser sent" in answer.body
        assert_ours(answer)


# --- Where the site is mounted ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["SCRIPT_NAME", "Script-Name", "PATH_INFO", "X-Script-Name", "SCRIPT_URL", "REDIRECT_URL"]
)
@pytest.mark.parametrize("value", ["/program", "/program/", "/evil", "//evil.example"])
def test_header_does_not_move_the_site(served, name, value):
    answer = send(served, "GET", "/program/", **{name: value})

    assert answer.status == 200
    assert "<title>Program" in answer.body
    assert "evil" not in answer.body


def test_script_name_is_dropped_also_where_gunicorn_believes_it(tmp_path):
    """Plain `gunicorn pxp.wsgi`, without our own settings, takes SCRIPT_NAME from any proxy on the same machine."""
    with serving(tmp_path, command=["-m", "gunicorn", "pxp.wsgi"]) as (url, *_):
        answer = send(url, "GET", "/program/", SCRIPT_NAME="/program")

    assert answer.status == 200
    assert "<title>Program" in answer.body


@pytest.mark.parametrize(("mounted", "path"), [("/program", "/"), ("/", "/program/"), ("", "/program/")])
def test_path_is_whole_at_django(mounted, path):
    seen = through_gate(path, SCRIPT_NAME=mounted, SCRIPT_URL="/evil/", REDIRECT_URL="/evil/")

    assert (seen["SCRIPT_NAME"], seen["PATH_INFO"]) == ("", "/program/")
    assert "SCRIPT_URL" not in seen
    assert "REDIRECT_URL" not in seen


# --- Other refusals ---------------------------------------------------------------------------------------------------


def test_page_for_a_wrong_method_is_ours_and_says_which_are_right(served):
    answer = send(served, "POST", "/program/")

    assert answer.status == 405
    assert answer.headers["Allow"] == "GET, HEAD"
    assert "This page does not accept that" in answer.body
    assert_ours(answer)


def test_page_for_a_wrong_host_is_ours(served):
    answer = get(f"{served}/", Host="evil.example")

    assert answer.status == 400
    assert_ours(answer)


@pytest.mark.parametrize(
    ("path", "user", "files"),
    [
        ("/register/", AnonymousUser(), []),
        ("/register/", User(is_staff=True), []),
        ("/organisers/", AnonymousUser(), []),
        ("/organisers/", User(is_staff=False), []),
        ("/organisers/", User(is_staff=True, is_active=False), []),
        ("/organisers/", User(is_staff=True), ["program"]),
    ],
)
def test_organisers_alone_upload_files(rf, path, user, files):
    request = rf.post(path, {"name": "Ada", "program": SimpleUploadedFile("program.yaml", b"days: []")})
    request.user = user

    accept_uploads(lambda request: None)(request)

    assert (request.POST["name"], list(request.FILES)) == ("Ada", files)


@pytest.mark.parametrize(("path", "query"), [("/\0", ""), ("/", "tz=%00"), ("/organisers/", "q=a%00b")])
def test_nul_leads_nowhere(path, query):
    assert through_gate(path, QUERY_STRING=query)[REFUSED] == 404


def test_refused_request_gets_no_page_that_is_ready(served):
    assert send(served, "GET", "/program/").status == 200

    assert send(served, "GET", "/program/", **{"Content-Type": "text/plain; charset=idna"}).status == 400


def test_head_is_answered_without_a_word_in_the_log(tmp_path):
    with serving(tmp_path) as (url, program, _environment):
        for path in ("/", "/register/", "/time-zone/", "/lost-link/", "/organisers/login/"):
            answer = send(url, "HEAD", path)
            assert (answer.status, answer.data) == (200, b"")
            assert int(answer.headers["Content-Length"]) > 1000
        logged_before = program.printed
        assert send(url, "HEAD", "/nowhere/").status == 404
        program.wait_for(lambda: "/nowhere/" in program.printed)

    assert "WARNING" not in logged_before


# --- What gunicorn refuses by itself ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"GARBAGE\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nCookie: " + b"a" * 9000 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 200 + b"\r\n", 431),
        (b"GET /?" + b"a" * 5000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414),
        (b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nzzz\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: rot13\r\n\r\n", 501),
    ],
)
def test_request_that_is_no_http_gets_our_own_page(served, request_bytes, status):
    host, _colon, port = served.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(request_bytes)
        response = http.client.HTTPResponse(connection)
        response.begin()
        answer = Answer(response)

    assert answer.status == status
    assert_ours(answer)


def test_request_that_is_no_http_leaves_no_key_in_the_log(tmp_path):
    key = "Ab1" + 40 * "x"
    with serving(tmp_path) as (url, program, _environment):
        host, _colon, port = url.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port)), timeout=30) as connection:
            connection.sendall(f"GET /my/{key}/\xe9 HTTP/1.1\r\nHost: x\r\n\r\n".encode("latin-1"))
            connection.recv(4096)
        send(url, "GET", "/program/")
        program.wait_for(lambda: "Invalid request" in program.printed)

    assert key not in program.printed
    assert "GET /program/" not in program.printed
    assert re.search(r"T[\d:.]+Z WARNING \S+ gunicorn\.error: Invalid request", program.printed)
