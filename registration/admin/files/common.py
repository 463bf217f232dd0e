"""What the pages of files share: who may open them, which edition they are about, and the form of people's table."""

from functools import wraps

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conference.models import Conference, Day
from registration.groups import is_in_access_team
from registration.services.files.columns import choices
from registration.status import Status

LONGEST_KEY = 18  # digits


def sees_people(user):
    """Whether a user may take people's data out of the site."""
    return user.has_perm("registration.view_registrant")


def may_open(user):
    """Whether something on the page of files is for this organiser."""
    return sees_people(user) or is_in_access_team(user)


def only_for(right):
    """Decorate a view: `right(user)` says who may open it."""

    def decorate(view):
        @wraps(view)
        def opened(request, *args, **kwargs):
            if not right(request.user):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return opened

    return decorate


def edition_of(request):
    """Return the edition that the address or form names, or the one that `/` shows, or the newest draft. Else a 404."""
    key = (request.POST or request.GET).get("edition", "")
    if key:
        found = Conference.objects.with_id(key[:LONGEST_KEY] if key.isdecimal() else None).first()
    else:
        found = Conference.objects.current(timezone.now()) or Conference.objects.newest_first().first()
    if found is None:
        raise Http404
    return found


class PeopleForm(forms.Form):
    """Whom the table holds, and which columns."""

    STATES = (
        ("", _("Everybody")),
        (Status.CONFIRMED.value, _("With a place")),
        (Status.WAITLISTED.value, _("On the waiting list")),
        (Status.PENDING.value, _("Not confirmed yet")),
    )

    state = forms.ChoiceField(label=_("Whom"), choices=STATES, required=False)
    day = forms.ModelChoiceField(label=_("Day"), queryset=Day.objects.none(), required=False, empty_label=_("Any day"))
    columns = forms.MultipleChoiceField(
        label=_("Columns"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one column.")},
    )

    def __init__(self, *args, conference, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["day"].queryset = Day.objects.for_edition(conference)
        self.fields["day"].label_from_instance = lambda day: day.label
        self.fields["columns"].choices = [(choice.key, choice.words) for choice in choices()]
