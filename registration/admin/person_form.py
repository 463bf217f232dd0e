"""The form on a person's page in the organisers' admin: checks shapes and words the errors."""

from django import forms
from django.conf import settings
from django.contrib.admin import widgets
from django.utils.translation import gettext_lazy as _

from conference.clock import countries
from registration.forms.fields import AddressField, NameField, longest
from registration.models import Registrant
from registration.services.corrections import MAY_CORRECT

from .clock_field import ClockField


class PersonForm(forms.ModelForm):
    """The details that organisers may correct. Saving goes through `services.corrections.correct_details`."""

    name = NameField(
        label=_("Name"),
        limit=longest(Registrant, "name"),
        error_messages={"required": _("Enter a name.")},
        widget=widgets.AdminTextInputWidget,
    )
    email = AddressField(
        label=_("Email"),
        error_messages={"required": _("Enter their email address, like name@example.org.")},
        widget=widgets.AdminEmailInputWidget,
    )
    country = forms.ChoiceField(label=_("Country"), required=False)
    time_zone = ClockField(
        label=_("City"),
        required=False,
        help_text=_("Their city, or the nearest one with the same time. Their emails use its clock."),
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
            clock = self.instance.clock
            self.fields["time_zone"].offer(_("not known"), chosen=clock.key if clock else "")

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
