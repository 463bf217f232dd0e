"""Waiting actions that can still be taken back: news of days, and acts on many people."""

from django.contrib import admin, messages
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conference.raw_input import whole_number
from conference.scripts import labelled
from conference.workplace.own_clock import own_words
from registration.models import DayNotice, PlannedAct
from registration.services import day_changes, planned_acts


def may_take_back(user):
    """Whether this organiser may take back news of days, or acts on many people."""
    return user.has_perm("conference.change_day") or user.has_perm("registration.change_registration")


def waiting(request):
    """List what waits; on POST take one of them back."""
    now = timezone.now()
    may_move = request.user.has_perm("conference.change_day")
    notices = DayNotice.objects.open_to_take_back(now).newest_first() if may_move else []
    may_act = request.user.has_perm("registration.change_registration")
    acts = PlannedAct.objects.waiting(now) if may_act else []
    if request.method == "POST":
        _take_back(request, notices, acts, now)
        return HttpResponseRedirect(reverse("admin:waiting"))
    rows = [(f"day-{row.pk}", *_of_notice(row)) for row in notices]
    rows += [(f"act-{row.pk}", *_of_act(row)) for row in acts]
    context = {
        "title": _("What is waiting and can be taken back"),
        "crumbs": [],
        "rows": rows,
    }
    request.current_app = admin.site.name
    return TemplateResponse(request, "organisers/waiting.html", admin.site.each_context(request) | context)


def _take_back(request, notices, acts, now):
    kind, _dash, key = request.POST.get("what", "").partition("-")
    rows = {"day": notices, "act": acts}.get(kind, [])
    row = rows.filter(pk=whole_number(key)).first() if rows else None
    try:
        done = row is not None
        if kind == "day" and done:
            day_changes.take_back(row, user=request.user, now=now)
        elif done:
            done = planned_acts.take_back(row, user=request.user, now=now)
    except day_changes.TooLate:
        done = False
    if done:
        messages.success(request, _("Taken back. Nobody gets a mail."))
    else:
        words = _("It is too late, or it was taken back already. This is what still waits.")
        messages.warning(request, words)


def _of_notice(row):
    people = ngettext("%(n)d person hears of it", "%(n)d people hear of it", row.people) % {"n": row.people}
    return str(row), row.why, people, own_words(row.due_at), row.user


def _of_act(row):
    words = labelled(row.get_act_display(), row.day.label) if row.day else row.get_act_display()
    number = len(row.keys)
    people = ngettext("%(n)d registration or person", "%(n)d registrations or people", number) % {"n": number}
    return words, "", people, own_words(row.due_at), row.user
