"""The WSGI application: `gunicorn -c python:pxp.gunicorn pxp.wsgi` serves it."""

import os
import sys

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from pxp.gate import Gate

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pxp.settings")

# Without pxp/gunicorn.py the settings are first read here, and gunicorn would restart the worker forever, unless it
# exits with this code.
DO_NOT_START_AGAIN = 3


def make_application():
    """Return the whole site: the gate, then the page cache, then Django."""
    django = get_wsgi_application()
    get_resolver()._populate()  # imports all views before gunicorn forks, so processes share their memory
    from django.conf import settings

    from conference.site.page_cache import PageCache  # imported here: it needs the settings

    if not settings.WATCH_TOKEN:
        return Gate(PageCache(django), refuse=django)
    from pxp.operations.metrics import Timed, mark_made  # only if metrics are used

    django = mark_made(django)
    return Timed(Gate(PageCache(django), refuse=django))


try:
    application = make_application()
except SystemExit as stop:
    print(stop.code, file=sys.stderr)
    sys.exit(DO_NOT_START_AGAIN)
