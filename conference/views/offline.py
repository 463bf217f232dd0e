"""The offline copy of the program: its service worker, and the page that says what is stored."""

import hashlib
from pathlib import Path

import rjsmin
from django.conf import settings
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from conference.models import Day
from conference.site.edition import with_conference
from conference.site.public import FOR_EVERYBODY, public_page

WORKER = Path(__file__).parents[1] / "site" / "service_worker.js"
# Removes itself and all copies. Answering 404 would not do: browsers keep a service worker whose URL is gone.
NO_WORKER = """addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(Promise.all([
  registration.unregister(), caches.keys().then((names) => Promise.all(names.map((name) => caches.delete(name))))])));
"""


@require_safe
def service_worker(request):
    """Send the service worker; with OFFLINE_COPY off, one that removes it from every device."""
    source = rjsmin.jsmin(WORKER.read_text(encoding="utf-8")) if settings.OFFLINE_COPY else NO_WORKER
    others = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
    source = source.replace("LANGUAGES", "|".join(others))
    version = hashlib.sha256(source.encode()).hexdigest()[:12]
    request.META[FOR_EVERYBODY] = True
    return HttpResponse(
        source.replace("VERSION", version),
        content_type="text/javascript; charset=utf-8",
        headers={"Cache-Control": "no-cache"},
    )


@public_page
@with_conference
def offline(request):
    """Say what the device stores of the program. The service worker shows this page if it cannot load another one."""
    return TemplateResponse(request, "conference/offline.html", {"days": Day.objects.for_edition(request.conference)})
