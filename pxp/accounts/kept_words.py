"""Keeps what an organiser typed when the session expired: it goes through the login form and comes back after it.

Before the password is accepted the text is only in the page; afterwards it is in the session, and ends with it.
"""

import json

from django.conf import settings
from django.contrib import admin
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from pxp.origin import origin_of

FIELD = "_kept"
IN_SESSION = "kept_words"


def pack(request):
    """Return the submitted form as a string for one hidden field."""
    return json.dumps({"path": request.get_full_path(), "fields": _fields(request)})


def get_packed(request):
    """Return the packed form that a request carries, or "" if it has none."""
    return request.POST.get(FIELD, "")


def keep_from_login(request):
    """Keep the words of a login form in the session; return whether there are any."""
    try:
        words = json.loads(get_packed(request) or "null")
        path = str(words["path"])
        fields = [(str(name), [str(value) for value in values]) for name, values in words["fields"]]
    except (ValueError, TypeError, KeyError, RecursionError):
        return False
    return keep(request, path, fields)


def keep(request, path, fields):
    """Keep a form of the organisers' pages in the session; return whether it is one."""
    is_ours = url_has_allowed_host_and_scheme(path, allowed_hosts=None) and path.startswith(reverse("admin:index"))
    if is_ours:
        request.session[IN_SESSION] = {"path": path, "fields": fields}
    return is_ours


def keep_after_old_token(request):
    """Return the page that keeps the words of one of our own forms whose token is an old one, or None for others."""
    headers = request.headers
    is_ours = headers.get("Sec-Fetch-Site", "same-origin") == "same-origin" and (
        "Sec-Fetch-Site" in headers or origin_of(headers.get("Origin", "")) == origin_of(settings.SITE_URL)
    )
    path = request.path_info
    if not is_ours or not path.startswith(reverse("admin:index")) or path == reverse("admin:login"):
        return None
    if not admin.site.has_permission(request):
        return admin.site.ask_to_log_in_again(request).render()
    keep(request, request.get_full_path(), _fields(request))
    return redirect("organisers-kept-words")


@require_safe
def show(request):
    """Say that the text is still there, with one button that submits the original form."""
    words = request.session.get(IN_SESSION)
    if words is None:
        return redirect("admin:index")
    fields = [(name, value) for name, values in words["fields"] for value in values]
    shown = [value for name, value in fields if len(value) > 20 and not name.startswith("_")]
    context = {"path": words["path"], "fields": fields, "shown": shown}
    return TemplateResponse(request, "organisers/kept_words.html", context)


def forget_once_sent(request):
    """Drop the kept words when they are sent."""
    if FIELD in request.POST:
        request.session.pop(IN_SESSION, None)


def _fields(request):
    """Return (name, values) of what was typed."""
    return [(name, values) for name, values in request.POST.lists() if name not in ("csrfmiddlewaretoken", FIELD)]
