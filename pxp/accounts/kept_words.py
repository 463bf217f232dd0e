"""Words that an organiser typed while the session ended: they go with the login form, and come back after it.

Before the password is right they are only in the page; after it they are in the session, and go with it.
"""

import json

from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

FIELD = "_kept"
IN_SESSION = "kept_words"


def pack(request):
    """Return the form that was sent as a text for one hidden field."""
    fields = [(name, values) for name, values in request.POST.lists() if name not in ("csrfmiddlewaretoken", FIELD)]
    return json.dumps({"path": request.get_full_path(), "fields": fields})


def posted(request):
    """Return the packed words that a request carries, or "" for none."""
    return request.POST.get(FIELD, "")


def take(request):
    """Keep the words of a login form in the session; return whether there are any."""
    try:
        words = json.loads(posted(request) or "null")
        path = words["path"]
        fields = [(str(name), [str(value) for value in values]) for name, values in words["fields"]]
    except (ValueError, TypeError, KeyError):
        return False
    return keep(request, path, fields)


def keep(request, path, fields):
    """Keep a form of the organisers' pages in the session; return whether it is one."""
    is_ours = url_has_allowed_host_and_scheme(path, allowed_hosts=None) and path.startswith(reverse("admin:index"))
    if is_ours:
        request.session[IN_SESSION] = {"path": path, "fields": fields}
    return is_ours


@require_safe
def show(request):
    """Show that the words are there, with one button that sends them as they were meant to be sent."""
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
