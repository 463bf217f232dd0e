"""Reminds the Access team of unanswered requests, without telling the sender whose they are."""

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conference.workplace.editions import edition_at_work
from registration.groups import ACCESS_TEAM
from registration.models import AccessRequest, AccountLetter
from registration.models.history import note_table
from registration.services.accounts import AccountMailKind, write_to


def remind(request):
    """Ask first, with the number and the names; then write to each account of the team that has an address.

    Raises PermissionDenied for an account without any work here.
    """
    if not request.user.get_all_permissions():
        raise PermissionDenied
    team = list(User.objects.filter(is_active=True, groups__name=ACCESS_TEAM).exclude(email="").order_by("username"))
    number, _oldest = AccessRequest.objects.new().for_edition(edition_at_work(request)).number_and_oldest()
    if not team or not number:
        messages.warning(request, _("No mail was sent: nobody is on the Access team, or no request is waiting."))
        return redirect("admin:index")
    names = get_text_list([user.get_username() for user in team], _("and"))
    if request.method == "POST":
        waiting = set(AccountLetter.objects.of_kind(AccountMailKind.NEEDS_WAIT).values_list("user", flat=True))
        for user in team:
            if user.pk not in waiting:  # a second click writes no second mail
                write_to(user, AccountMailKind.NEEDS_WAIT, now=timezone.now())
        note_table(request.user, AccessRequest, _("Reminded the Access team: %(names)s") % {"names": names})
        messages.success(request, _("%(names)s get a mail now.") % {"names": names})
        return redirect("admin:index")
    count = len(team)
    sentences = [
        ngettext("%(n)d request waits for an answer.", "%(n)d requests wait for an answer.", number) % {"n": number},
        _("The mail goes to %(names)s. It names no person and no need, only how many wait.") % {"names": names},
    ]
    button = ngettext("Write to %(n)d organiser", "Write to %(n)d organisers", count) % {"n": count}
    context = admin.site.each_context(request) | {
        "title": _("Remind the Access team?"),
        "sentences": sentences,
        "button": button,
        "back_url": reverse("admin:index"),
    }
    return TemplateResponse(request, "admin/ask.html", context)
