"""The form on a day's page in the organisers' admin: a new time that writes to people needs a yes."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from conference.models import Day
from registration.services.day_changes import people_to_tell


class DayForm(forms.ModelForm):
    """A day, with a tick that a new time needs once there are people to tell."""

    tell_people = forms.BooleanField(label=_("Yes, write to everybody about the new time"), required=False)

    class Meta:
        model = Day
        exclude = ["called_off_at"]  # noqa: DJ006 - the admin names the fields

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "tell_people" not in self.fields:  # an organiser who may only look
            return
        self.people = people_to_tell(self.instance) if self.instance.pk else 0
        self.fields["tell_people"].help_text = ngettext(
            "%(n)d person has this day in mind. A new start or end sends them one mail.",
            "%(n)d people have this day in mind. A new start or end sends each of them one mail.",
            self.people,
        ) % {"n": self.people}

    @property
    def has_new_times(self):
        """Whether the day's start or end was changed."""
        return bool({"starts_at", "ends_at"} & set(self.changed_data))

    def clean(self):
        """Refuse a new time that would write to people, until the organiser says yes."""
        values = super().clean()
        if self.has_new_times and self.people and not values.get("tell_people"):
            sentence = ngettext(
                "The new time writes to %(n)d person. Tick this to go on, or put the old time back.",
                "The new time writes to %(n)d people. Tick this to go on, or put the old time back.",
                self.people,
            )
            self.add_error("tell_people", sentence % {"n": self.people})
        return values
