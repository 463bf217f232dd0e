"""The gate: the outermost layer. It looks at the size, charset and script name of a request before anything parses it.

A refused request goes on to Django without its body, marked with a status: `pxp.error_pages` answers it.
"""

from contextlib import suppress
from io import BytesIO

from django.core.exceptions import BadRequest
from django.utils.http import parse_header_parameters

from conference.site.languages import without_language
from pxp.logs import begin_request

KB = 1024
# A public form with every field filled to its limit, in the script that needs most bytes, takes about 40 KB.
MOST_FROM_PEOPLE = 64 * KB
# Enough for an evening's typing, and Django's own limit for fields (DATA_UPLOAD_MAX_MEMORY_SIZE).
MOST_FROM_ORGANISERS = 2560 * KB
MOST_UPLOADED = 9 * 1024 * KB
# Paths that may receive more than a person types. Mail providers report hundreds of mails at once.
TRUSTED_WITH_MORE = ("/organisers/", "/mail-events/")
STEP = 64 * KB
MOST_DIGITS = 19  # of a length
OF_BODIES = ("CONTENT_LENGTH", "CONTENT_TYPE", "HTTP_TRANSFER_ENCODING")

REFUSED = "pxp.refused"  # in the WSGI environment: the status with which a request is refused
# A claim by a proxy or a stranger about the path of the site, which is always "/".
MOUNTS = ("SCRIPT_NAME", "SCRIPT_URL", "REDIRECT_URL")


class Gate:
    """A WSGI application (PEP 3333) before two others: `application`, and `refuse`, which says no."""

    def __init__(self, application, refuse):
        self.application = application
        self.refuse = refuse

    def __call__(self, environ, start_response):
        """Pass the request on, without its body if it is refused."""
        begin_request(environ)
        mount_at_root(environ)
        if status := environ.get(REFUSED) or why_refused(environ):
            drop_body(environ)
            environ |= {REFUSED: status, "wsgi.input": BytesIO(), "CONTENT_LENGTH": "0", "CONTENT_TYPE": ""}
            environ.pop("HTTP_TRANSFER_ENCODING", None)
        body = (self.refuse if status else self.application)(environ, start_response)
        # Read the rest of the body: otherwise gunicorn closes a connection that it promised to keep.
        drop_body(environ)
        return without_body(body) if environ["REQUEST_METHOD"] == "HEAD" else body


class WholeBody:
    """A body that has `left` bytes. Raises BadRequest if it ends before: the connection broke.

    Django would take half a form for all of it, and write to "ada@example.co".
    """

    def __init__(self, body, left):
        self.body, self.left, self.readline = body, left, body.readline

    def read(self, size=-1):
        """Return `size` bytes, or all that are left."""
        wanted = self.left if size is None or size < 0 else min(size, self.left)
        piece = self.body.read(wanted)
        self.left -= wanted
        if len(piece) < wanted:
            raise BadRequest("The body ended before its length.")
        return piece


def without_body(body):
    """Return the empty answer to HEAD (RFC 9110 9.3.2): gunicorn would drop the body too, and complain each time."""
    if hasattr(body, "close"):
        body.close()
    return []


def mount_at_root(environ):
    """Undo what a header moved from the path into SCRIPT_NAME: it would show one page at the address of another."""
    environ["PATH_INFO"] = environ.get("SCRIPT_NAME", "").rstrip("/") + environ.get("PATH_INFO", "")
    for name in MOUNTS:
        environ.pop(name, None)
    environ["SCRIPT_NAME"] = ""


def why_refused(environ):
    """Return the status with which a request is refused, or None. A chunked body is read; another one must be whole."""
    if "\0" in environ.get("PATH_INFO", "") or "%00" in environ.get("QUERY_STRING", ""):
        return 404  # no page, name or filter contains a NUL, and PostgreSQL rejects one
    if not any(name in environ for name in OF_BODIES):
        return None  # most requests, so they come first
    content_type, in_utf_8 = read_content_type(environ.get("CONTENT_TYPE", ""))
    if not in_utf_8:
        return 400
    most = most_bytes(environ.get("PATH_INFO", ""), content_type)
    if "HTTP_TRANSFER_ENCODING" in environ:
        return None if read_chunks(environ, min(most, MOST_FROM_ORGANISERS)) else 413
    length = environ.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdecimal()):
        return 400
    if len(length) > MOST_DIGITS or int(length) > most:
        return 413
    environ["wsgi.input"] = WholeBody(environ["wsgi.input"], int(length))
    return None


def read_content_type(header):
    """Return the content type, and whether its charset is UTF-8: Django would accept any Python codec, even base64."""
    try:
        content_type, parameters = parse_header_parameters(header)
    except (ValueError, LookupError):  # too long, or not a codec
        return "", False
    return content_type, parameters.get("charset", "utf-8").lower() in ("utf-8", "utf8")


def most_bytes(path, content_type):
    """Return how many bytes a body may have at this path."""
    if not without_language(path).startswith(TRUSTED_WITH_MORE):
        return MOST_FROM_PEOPLE
    return MOST_UPLOADED if content_type == "multipart/form-data" else MOST_FROM_ORGANISERS


def drop_body(environ):
    """Read on for a while and discard it: a browser that is cut off while it sends does not show our answer."""
    length = environ.get("CONTENT_LENGTH") or "0"
    left = MOST_UPLOADED
    if "HTTP_TRANSFER_ENCODING" not in environ:
        left = min(left, int(length)) if length.isdecimal() and len(length) <= MOST_DIGITS else 0
    with suppress(BadRequest):
        while left > 0 and (piece := environ["wsgi.input"].read(min(STEP, left))):
            left -= len(piece)


def read_chunks(environ, most):
    """Read a chunked body into memory and give it its length, which Django needs; False if it is over `most` bytes."""
    body = environ["wsgi.input"].read(most + 1)
    if len(body) > most:
        return False
    del environ["HTTP_TRANSFER_ENCODING"]
    environ |= {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))}
    return True
