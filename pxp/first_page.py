"""The organisers' first page: what each app says, put together."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conference.workplace import areas, notices, steps
from conference.workplace.desk import Desk
from conference.workplace.editions import edition_at_work, has_past_editions
from conference.workplace.notices import Notice, Urgency
from conference.workplace.own_clock import own_date, own_words
from pxp.operations.notices import faults_of_running
from pxp.proxies import is_undeclared
from registration.admin.today.needs import team_of
from registration.admin.today.people import bars_of, growth_for
from registration.admin.write.common import may_write


@notices.register
def undeclared_proxy(desk):
    """Say that PROXY_COUNT is wrong: then all visitors count as one."""
    if is_undeclared(desk.meta):
        yield Notice(
            Urgency.NOW,
            _("A busy hour would lock visitors out"),
            _("Tell the person who runs the site: PROXY_COUNT must say how many proxies are in front of it."),
            _("Look again"),
            reverse("admin:index"),
        )


@notices.register
def faults_of_the_machine(desk):
    """Say what is wrong with the server: worker, disk, certificate, backup."""
    for fault in faults_of_running(now=desk.now):
        yield Notice(
            Urgency.NOW, _("Tell the person who runs the site"), fault.words, _("Look again"), reverse("admin:index")
        )


def first_page(request, *, now):
    """Return what the template needs, at the UTC instant `now`, for the organiser of the request."""
    desk = Desk(user=request.user, now=now, conference=edition_at_work(request, now), meta=request.META)
    team_of(desk)  # which also loads this organiser's groups
    is_new = desk.conference is None or not desk.days
    rows = areas.areas_for(request.user, request.path)
    return {
        "title": _("Today"),
        "headline": headline(desk),
        "now_words": own_words(now),
        "clock_is_set": getattr(request, "own_zone", None) is not None,
        "desk": desk,
        "may_write": may_write(request.user),
        "is_new": is_new,
        "notices": notices.notices_for(desk),
        "calm": notices.calm_words(desk),
        "steps": steps.steps_for(desk),
        "bars": bars_of(desk),
        "growth": growth_for(desk),
        "has_past_years": has_past_editions(request, now),
        "areas": [(area, areas.state_of(area.key, desk)) for area in rows],
    }


def headline(desk):
    """Return the headline: how long until the next day, or the state of the conference."""
    if desk.conference is None or not desk.days:
        return _("Welcome, %(name)s. Start with the dates.") % {"name": desk.user.get_username()}
    day = desk.next_day
    if day is None:
        return _("%(name)s %(year)s is over") % {"name": desk.conference.short_name, "year": desk.conference.slug}
    if day.starts_at <= desk.now:
        return _("%(day)s is on") % {"day": day.label}
    left = (own_date(day.starts_at) - own_date(desk.now)).days
    if left == 0:
        return _("%(day)s is today") % {"day": day.label}
    return ngettext("%(n)d day until %(day)s", "%(n)d days until %(day)s", left) % {"n": left, "day": day.label}
