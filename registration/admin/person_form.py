"""The form on a person's page in the organisers' admin: checks shapes and words the errors."""

from django import forms
from django.conf import settings
from django.contrib.admin import widgets
from django.utils.translation import gettext_lazy as _

from conference.clock import UnknownZone, canonical_zone, countries
from registration.addresses import key_of_name
from registration.forms.fields import AddressField
from registration.models import Registrant
from registration.services.organisers import MAY_CORRECT


class PersonForm(forms.ModelForm):
    """The details that organisers may correct. Saving goes through `services.organisers.correct_details`."""

    email = AddressField(
        label=_("Email"),
        error_messages={"required": _("Enter their email address, like name@example.org.")},
        widget=widgets.AdminEmailInputWidget,
    )
    country = forms.ChoiceField(label=_("Country"), required=False)
    time_zone = forms.CharField(
        label=_("Time zone"),
        max_length=64,
        required=False,
        widget=widgets.AdminTextInputWidget,
        help_text=_("The name of the zone, like America/Toronto. Their emails use it. Empty: not known."),
    )
    language = forms.ChoiceField(label=_("Language of mails"))
    roles = forms.MultipleChoiceField(
        label=_("Roles"), required=False, choices=Registrant.Role.choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Registrant
        fields = MAY_CORRECT

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # An organiser who may only look gets a form without fields.
        if "country" in self.fields:
            self.fields["country"].choices = [("", _("not told")), *countries()]
            self.fields["language"].choices = settings.LANGUAGES

    def clean_name(self):
        """Return the name as typed; refuse one of blanks only."""
        name = self.cleaned_data["name"].strip()
        if not key_of_name(name):
            raise forms.ValidationError(_("Enter a name."))
        return name

    def clean_time_zone(self):
        """Return today's name of the zone; "" while nobody knows it."""
        if not self.cleaned_data["time_zone"].strip():
            return ""
        try:
            return canonical_zone(self.cleaned_data["time_zone"]).key
        except UnknownZone:
            raise forms.ValidationError(_("Enter the name of a time zone, like America/Toronto.")) from None

    def clean(self):
        """Refuse a name and address that are another person of the same conference."""
        values = super().clean()
        if "name" in values and "email" in values:
            people = Registrant.objects.for_edition(self.instance.conference_id).with_address(values["email"])
            if people.named(values["name"]).other_than(self.instance).exists():
                raise forms.ValidationError(
                    _("Someone with this name and address is here already: it is the same person.")
                )
        return values
