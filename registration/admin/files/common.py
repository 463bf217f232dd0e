"""What the pages of files share: who may open them, and the form of the table of people."""

from django import forms
from django.utils.translation import gettext_lazy as _

from conference.models import Day
from registration.groups import is_in_access_team
from registration.services.files.columns import choices
from registration.status import Status

MAY_IMPORT = "registration.change_registration"  # who may add a person by hand


def sees_people(user):
    """Whether a user may take people's data out of the site."""
    return user.has_perm("registration.view_registrant")


def may_open(user):
    """Whether something on the page of files is for this organiser."""
    return sees_people(user) or is_in_access_team(user)


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
