"""Error pages for our own faults (500, 503). If the fault is temporary, the form comes back as typed, to be sent again.

It is temporary while the database is away, busy, locked, read-only or full. None of these pages makes a query.
"""

import errno
import sys

from django.core.exceptions import BadRequest, RequestDataTooBig, TooManyFieldsSent
from django.db import InterfaceError, OperationalError
from django.http import UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from pxp.origin import comes_from_elsewhere

SECONDS_UNTIL_ANOTHER_TRY = 30
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")
SECRETS = ("password", "code", "credential")  # in the names of fields whose values no page repeats
# A full disk also affects uploads, and tables while they are written.
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG)
READ_ONLY = "25006"  # PostgreSQL's read_only_sql_transaction, which is no OperationalError
UNREADABLE = (BadRequest, MultiPartParserError, RequestDataTooBig, TooManyFieldsSent, UnreadablePostError, ValueError)


def server_error(request):
    """Answer as Django's handler500.

    If the fault is temporary: 503 with Retry-After in seconds (RFC 9110 §10.2.3) and the form that was sent.
    """
    if not is_temporary(sys.exception()):
        return render(None, "500.html", status=500)
    page = render(None, "503.html", sent_form(request), status=503)
    page["Retry-After"] = str(SECONDS_UNTIL_ANOTHER_TRY)
    add_never_cache_headers(page)
    return page


def is_temporary(fault):
    """Whether an exception, or its cause, says that the database or the disk cannot work now but may soon."""
    while fault is not None:
        if isinstance(fault, OperationalError | InterfaceError) or getattr(fault, "sqlstate", "") == READ_ONLY:
            return True
        if isinstance(fault, OSError) and fault.errno in NO_ROOM:
            return True
        fault = fault.__cause__ or fault.__context__
    return False


def sent_form(request):
    """Return what the page needs to offer a form of our own pages once more; nothing for other requests."""
    # The fault may have come before the check for cross-site forms.
    if request.method != "POST" or request.content_type not in FORM_TYPES or comes_from_elsewhere(request.headers):
        return {}
    try:
        sent = [(name, value) for name, values in request.POST.lists() for value in values]
    except UNREADABLE:
        return {}
    fields = [(name, value) for name, value in sent if not any(secret in name.lower() for secret in SECRETS)]
    return {
        "path": request.get_full_path(),
        "fields": fields,
        "words": [value for _name, value in fields if len(value) > 20 and " " in value],
        "lacks_some": len(fields) < len(sent) or request.content_type == "multipart/form-data",
    }
