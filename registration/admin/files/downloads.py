"""Hands files over. Each is a POST, since each leaves a row in the history."""

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from conference.models import Day
from conference.tables import FORMATS
from conference.workplace.editions import edition_asked_for
from conference.workplace.pages import require_right
from registration.groups import is_in_access_team
from registration.services.files.guests import zoom_file
from registration.services.files.needs import table_of_needs
from registration.services.files.numbers import numbers_file
from registration.services.files.people import people_of, table_of_people

from .common import PeopleForm, sees_people
from .pages import show_files


def as_download(file, name):
    """Return a file as a download that nobody keeps on the way; `name` ends in the format."""
    kind = name.rpartition(".")[2]
    answer = FileResponse(file, as_attachment=True, filename=name, content_type=FORMATS[kind])
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
@require_right(sees_people)
def people(request):
    """Return the people chosen, with the columns chosen, or the form with what is wrong."""
    conference, kind = edition_asked_for(request), _kind_of(request)
    form = PeopleForm(request.POST, conference=conference)
    if not form.is_valid():
        return show_files(request, conference, form)
    chosen = people_of(conference, state=form.cleaned_data["state"], day=form.cleaned_data["day"])
    file = table_of_people(chosen, keys=form.cleaned_data["columns"], kind=kind, user=request.user)
    return as_download(file, f"people-{conference.slug}.{kind}")


@require_POST
@require_right(sees_people)
def zoom(request, pk):
    """Return one day's people for Zoom."""
    day = get_object_or_404(Day.objects.with_conference(), pk=pk)
    return as_download(zoom_file(day, user=request.user), f"zoom-{day.conference.slug}-{day.slug}.csv")


@require_POST
@require_right(is_in_access_team)
def needs(request):
    """Return what people need, to the Access team."""
    conference, kind = edition_asked_for(request), _kind_of(request)
    return as_download(table_of_needs(conference, kind=kind, user=request.user), f"needs-{conference.slug}.{kind}")


@require_POST
@require_right(sees_people)
def numbers(request):
    """Return the numbers for a funder."""
    conference, kind = edition_asked_for(request), _kind_of(request)
    return as_download(numbers_file(conference, kind=kind, user=request.user), f"numbers-{conference.slug}.{kind}")


def _kind_of(request):
    kind = request.POST.get("kind", "xlsx")
    if kind not in FORMATS:
        raise Http404
    return kind
