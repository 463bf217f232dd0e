"""My plan: the sessions a visitor has energy for. The choice is in the address and nowhere else."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404
from django.template.response import TemplateResponse

from conference import calendars
from conference.clock import common_zones, utc_span, zone_choices
from conference.models import Day
from conference.site.edition import with_conference
from conference.site.public import public_page
from conference.views.downloads import calendar_file, page_of


@dataclass(frozen=True)
class Plan:
    """The sessions that were picked, as (day, its sessions), and how many picks are not on the program any more.

    `now` is the UTC instant at which it is read.
    """

    days: list
    missing: int
    now: object

    @property
    def sessions(self):
        return [session for _day, sessions in self.days for session in sessions]

    @property
    def picks(self):
        """Its value in the address."""
        return [session.slug for session in self.sessions]

    @property
    def minutes(self):
        """How long those that are not called off take together, as far as that is known."""
        taking_place = [sessions for day, sessions in self.days if not day.is_called_off]
        timed = [session for sessions in taking_place for session in sessions if session.has_time]
        return sum(utc_span(session.starts_at, session.ends_at).minutes for session in timed)

    @property
    def untimed(self):
        """How many of them have no time yet, and may still get one."""
        to_come = [sessions for day, sessions in self.days if day.is_to_come(self.now)]
        return sum(not session.has_time for sessions in to_come for session in sessions)


@public_page
@with_conference
def my_plan(request):
    """Show the sessions to pick from and, once some are picked, the plan."""
    days = Day.objects.for_edition(request.conference).with_conference().with_program()
    plan = plan_from(request, days)
    query = query_of(request, plan)
    context = {
        "days": [day for day in days if day.sessions.all()],
        "plan": plan,
        "address": settings.SITE_URL + request.path + query,
        "file_url": request.edition.lasting_url("my-plan-ics") + query,
        "places": places_for(request.edition),
    }
    return TemplateResponse(request, "conference/my_plan.html", context)


@public_page
@with_conference
def my_plan_ics(request):
    """Send the picked sessions as one calendar file. Answers 404 if none of them is on the program."""
    plan = plan_from(request, Day.objects.for_edition(request.conference).with_conference().with_program())
    if not plan.sessions:
        raise Http404("No session was picked.")
    content = calendars.sessions_calendar(
        plan.sessions, url_of=lambda session: page_of(request, session), now=request.edition.now
    )
    return calendar_file(request, content, "my-plan")


def plan_from(request, days):
    """Return the Plan that `?pick=` names, in the order of the program."""
    asked = set(request.GET.getlist("pick"))
    picked = [(day, [session for session in day.sessions.all() if session.slug in asked]) for day in days]
    picked = [(day, sessions) for day, sessions in picked if sessions]
    missing = len(asked) - sum(len(sessions) for _day, sessions in picked)
    return Plan(picked, missing, request.edition.now)


def query_of(request, plan):
    """Return the query that brings the plan back, in the visitor's zone."""
    zone = request.edition.zone
    pairs = [("pick", pick) for pick in plan.picks] + ([("tz", zone.key)] if zone else []) + [*request.edition.look]
    return f"?{urlencode(pairs, safe='/')}" if pairs else ""


def places_for(edition):
    """Return (zone name, words) of well-known places; the visitor's own zone is among them."""
    names = common_zones()
    if edition.zone and edition.zone.key not in names:
        names = [edition.zone.key, *names]
    return zone_choices(names, edition.conference.last_end or edition.now)
