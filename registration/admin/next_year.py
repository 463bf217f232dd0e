"""The page on which an organiser makes the next edition from this one."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from conference.admin.form_fields import TypedDateField
from conference.models import Conference, Day
from conference.workplace.own_clock import own_zone
from registration.services.errors import YearIsTaken
from registration.services.next_year import copy_edition, count_copies, usual_dates


class DatesForm(forms.Form):
    """One date for each day, on the organiser's own clock."""

    def __init__(self, *args, days, **kwargs):
        super().__init__(*args, **kwargs)
        for day, usual in zip(days, usual_dates(days, own_zone()), strict=True):
            missing = _("Write the date of %(day)s.") % {"day": day.label}
            self.fields[f"day_{day.number}"] = TypedDateField(
                label=day.label, initial=usual, error_messages={"required": missing}
            )

    def clean(self):
        """Check that the days follow each other, all in one year."""
        cleaned = super().clean()
        dates = list(cleaned.values())
        if self.errors:
            return cleaned
        for name, before, after in zip(list(cleaned)[1:], dates, dates[1:], strict=False):
            if after <= before:
                self.add_error(name, _("Each day must be later than the one before."))
            elif after.year != dates[0].year:
                self.add_error(name, _("All days must be in one year."))
        return cleaned

    @property
    def dates(self):
        """The dates, in the order of the days."""
        return list(self.cleaned_data.values())


@require_http_methods(["GET", "HEAD", "POST"])
def next_year(request, object_id):
    """Show what the next edition copies, ask for its dates, and create it."""
    if not request.user.has_perm("conference.add_conference"):
        raise PermissionDenied
    conference = get_object_or_404(Conference, pk=object_id)
    days = list(Day.objects.for_edition(conference))
    form = DatesForm(request.POST or None, days=days)
    if days and request.method == "POST" and form.is_valid():
        try:
            edition = copy_edition(conference, dates=form.dates, zone=own_zone())
        except YearIsTaken:
            words = _("There is a conference of %(year)d already. Choose another year.")
            form.add_error(next(iter(form.fields)), words % {"year": form.dates[0].year})
        else:
            return _tell(request, conference, edition)
    context = {
        **admin.site.each_context(request),
        "title": _("Next year from %(name)s") % {"name": conference},
        "conference": conference,
        "form": form if days else None,
        "copied": count_copies(conference),
        "back_url": reverse("admin:conference_conference_change", args=[conference.pk]),
    }
    return TemplateResponse(request, "organisers/next_year.html", context, status=422 if form.errors else 200)


def _tell(request, conference, edition):
    made = _("Made from %(name)s") % {"name": conference}
    # As Django's own "Add" does, so the history of the new edition begins with this.
    admin.site._registry[Conference].log_addition(request, edition, made)
    words = _("%(name)s is ready as a draft. Only organisers see it. Look at its dates and words, then publish it.")
    messages.success(request, words % {"name": edition})
    return redirect("admin:conference_conference_change", edition.pk)
