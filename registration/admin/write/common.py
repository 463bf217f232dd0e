"""Shared by the pages of messages: permissions and rendering."""

from functools import wraps

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from registration.groups import is_in_access_team
from registration.models import Broadcast


def may_write(user):
    """Whether a user may write to people at all: an organiser to all, the Access team to those with needs."""
    return writes_to_all(user) or is_in_access_team(user)


def writes_to_all(user):
    """Whether a user may write to people with and without needs."""
    return user.has_perm("registration.add_broadcast")


def find_visible(user):
    """Return the messages that a user who `may_write` may see; only the Access team sees those to people with needs."""
    rows = Broadcast.objects.with_authors()
    if not is_in_access_team(user):
        return rows.for_everybody()
    return rows if writes_to_all(user) else rows.filter(is_about_needs=True)


def require_writer(view):
    """Decorate a view of these pages: for those who may write, with the message in its address, if there is one."""

    @wraps(view)
    def wrapper(request, pk=None):
        if not may_write(request.user):
            raise PermissionDenied
        if pk is None:
            return view(request)
        broadcast = find_visible(request.user).with_id(pk).first()
        if request.method == "POST" and not Broadcast.objects.with_id(pk).exists():
            return say_gone(request)
        if broadcast is None:
            raise Http404
        return view(request, broadcast)

    return wrapper


def draw(request, name, title, context, *, crumbs=(), status=200):
    """Return one of these pages."""
    request.current_app = admin.site.name
    way = [(_("Messages"), reverse("admin:registration_broadcast_changelist")), *crumbs]
    everywhere = admin.site.each_context(request) | {"title": title, "crumbs": way}
    return TemplateResponse(request, f"organisers/write/{name}.html", everywhere | context, status=status)


def redirect_to(name, broadcast, *, query=None, fragment=None):
    """Return the redirect to one of a message's pages."""
    url = reverse(f"admin:{name}", args=[broadcast.pk], query=query, fragment=fragment)
    return HttpResponseRedirect(url)


def home_of(broadcast):
    """Return the page for a message's state: its words while it is a draft, then its progress."""
    if broadcast.is_draft:
        return redirect_to("broadcast-words", broadcast)
    return redirect_to("registration_broadcast_change", broadcast)


def say_too_late(request, broadcast):
    """Say that someone else was quicker, and lead to the message's current page."""
    current = Broadcast.objects.only_row(broadcast).first()
    if current is None:
        return say_gone(request)
    messages.warning(request, _("Someone else changed this message at the same time. This is the current version."))
    return home_of(current)


def say_gone(request):
    """Say that a message was thrown away, perhaps by the first of two presses, and lead to the others."""
    messages.warning(request, _("This draft was thrown away."))
    return HttpResponseRedirect(reverse("admin:registration_broadcast_changelist"))
