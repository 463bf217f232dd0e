"""The page of files, and the numbers for a funder."""

from django.contrib import admin
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from conference.models import Conference, Day
from conference.workplace.editions import edition_asked_for
from conference.workplace.pages import require_right
from registration.groups import is_in_access_team
from registration.models import AccessRequest
from registration.services.files.columns import chosen_by
from registration.services.files.guests import guests_by_day
from registration.services.files.numbers import numbers_of
from registration.services.files.people import people_of

from .common import MAY_IMPORT, PeopleForm, may_open, sees_people


@require_safe
@require_right(may_open)
def files(request):
    """Show what can be taken out of one edition."""
    conference = edition_asked_for(request)
    form = PeopleForm(initial={"columns": chosen_by(request.user)}, conference=conference)
    return show_files(request, conference, form)


def show_files(request, conference, form):
    """Return the page, with a form as it is."""
    sees, needs = sees_people(request.user), is_in_access_team(request.user)
    days, guests = (Day.objects.for_edition(conference), guests_by_day(conference)) if sees else ([], {})
    context = {
        "form": form if sees else None,
        "people": people_of(conference).count() if sees else 0,
        "days": [(day, guests.get(day.pk, 0)) for day in days],
        "needs": AccessRequest.objects.for_edition(conference).readable().count() if needs else None,
        "may_import": request.user.has_perm(MAY_IMPORT),
        "others": Conference.objects.newest_first().other_than(conference),
    }
    title = _("Files of %(conference)s") % {"conference": conference.name}
    return _draw(request, "files", title, conference, context, status=422 if form.errors else 200)


@require_safe
@require_right(sees_people)
def numbers(request):
    """Show the numbers, with a way to take them out."""
    conference = edition_asked_for(request)
    found = numbers_of(conference)
    title = _("Numbers of %(conference)s") % {"conference": conference.name}
    back = reverse("admin:files", query={"edition": conference.pk})
    context = {"numbers": found, "crumbs": [(_("Files"), back)]}
    return _draw(request, "numbers", title, conference, context)


def _draw(request, name, title, conference, context, *, status=200):
    everywhere = admin.site.each_context(request) | {"title": title, "conference": conference}
    return TemplateResponse(request, f"organisers/files/{name}.html", everywhere | context, status=status)
