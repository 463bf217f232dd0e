"""The form for adding a person who wrote or phoned, in the organisers' admin."""

from django import forms
from django.contrib.admin import widgets
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from conference.clock import UnknownZone, canonical_zone, countries
from conference.models import Day
from registration.forms.fields import AddressField, LineField, NameField
from registration.forms.places import only_clock_of
from registration.models import Registrant
from registration.services.sign_up import Person

from .moving import days_to_come


class AddPersonForm(forms.ModelForm):
    """Name, address, days, and where they are. Saving goes through `services.by_hand.add_by_organiser`."""

    name = NameField(
        label=_("Name"),
        limit=200,
        error_messages={"required": _("Enter a name.")},
        widget=widgets.AdminTextInputWidget,
    )
    email = AddressField(
        label=_("Email address"),
        help_text=_("Read it back to them, because nobody has to confirm it."),
        error_messages={"required": _("Enter their email address, like name@example.org.")},
        widget=widgets.AdminEmailInputWidget,
    )
    days = forms.MultipleChoiceField(
        label=_("Days"),
        help_text=_("If a day is full, they go on its waiting list."),
        error_messages={"required": _("Choose at least one day."), "invalid_choice": _("Choose from these days.")},
        widget=forms.CheckboxSelectMultiple,
    )
    country = forms.ChoiceField(label=_("Country"), required=False)
    time_zone = LineField(
        label=_("Time zone"),
        help_text=_("Only needed where a country has more than one. The name of the zone, like America/Toronto."),
        limit=64,
        required=False,
        widget=widgets.AdminTextInputWidget,
    )

    class Meta:
        model = Registrant
        fields = ["name", "email", "country", "time_zone"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.days_to_come = days_to_come(Day.objects.newest_edition_first(), timezone.now())
        self.fields["days"].choices = [(str(day.pk), str(day)) for day in self.days_to_come]
        self.fields["country"].choices = [("", _("not told")), *countries()]

    def clean_days(self):
        """Return the `Day` rows chosen; refuse days of two conferences."""
        days = [day for day in self.days_to_come if str(day.pk) in self.cleaned_data["days"]]
        if len({day.conference_id for day in days}) > 1:
            raise forms.ValidationError(_("Choose days of one conference only."))
        return days

    def clean_time_zone(self):
        """Return today's name of the zone, or nothing."""
        name = self.cleaned_data["time_zone"]
        try:
            return canonical_zone(name).key if name else ""
        except UnknownZone:
            raise forms.ValidationError(_("Enter the name of a time zone, like America/Toronto.")) from None

    def clean(self):
        """Work out the time zone from the country where it has only one."""
        values = super().clean()
        if "time_zone" in values and not values["time_zone"] and "country" in values:
            starts = [day.starts_at for day in self.days_to_come]
            values["time_zone"] = only_clock_of(values["country"], starts) if values["country"] else ""
            if not values["time_zone"]:
                self.add_error("time_zone", _("Choose a country with one time zone, or enter the name of the zone."))
        return values

    def _post_clean(self):
        """Leave the row alone: the service finds or makes it, and the same person again is no mistake."""

    def person(self):
        """Return what the valid form says."""
        values = {name: self.cleaned_data[name] for name in ("name", "email", "country", "time_zone")}
        return Person(language=get_language(), **values)
