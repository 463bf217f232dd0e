"""Forms of a person's own page: their details, and what they need."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Submit
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from registration.models import Registrant

from .fields import NameField
from .places import country_choices, zone_choices
from .sign_up import SignUpForm
from .time_zone import TimeZoneForm


class DetailsForm(forms.Form):
    """Who somebody is, where, and in which language we write. The fields are those of the sign-up form."""

    name = SignUpForm.base_fields["name"]
    carer_name = NameField(
        label=_("Did somebody else sign this person up? Who reads our mails?"),
        help_text=_("Leave it empty if the person reads them."),
        required=False,
        limit=Registrant._meta.get_field("carer_name").max_length,
        error_messages={"required": _("Enter a name, or leave this empty.")},
    )
    country = SignUpForm.base_fields["country"]
    time_zone = TimeZoneForm.base_fields["time_zone"]
    language = forms.ChoiceField(label=_("In which language may we write to you?"))
    roles = SignUpForm.base_fields["roles"]
    role_words = SignUpForm.base_fields["role_words"]

    def __init__(self, data=None, *, registrant, at):
        """Make the form with what we know of a registrant; `at` is the aware instant whose UTC offsets are named."""
        super().__init__(data, initial={name: getattr(registrant, name) for name in self.base_fields})
        self.fields["name"].help_text = _("Any name you like. It stands in our mails to you.")
        self.fields["country"].choices = country_choices()
        self.fields["country"].required = False
        self.fields["time_zone"].widget.choices = zone_choices(
            country=self["country"].value() or "", chosen=self["time_zone"].value(), at=at, blank=""
        )
        self.fields["language"].choices = settings.LANGUAGES
        if len(settings.LANGUAGES) == 1:  # nothing to choose
            del self.fields["language"]
        own = [name for name in ("time_zone", "language") if name in self.fields]
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Fieldset(_("About you"), "name", "carer_name"),
            Fieldset(_("Where you are"), "country", *own),
            Fieldset(_("Your part in health research"), "roles", "role_words"),
            Submit("send", _("Keep my details"), css_class="button--big"),
        )


class NeedsForm(forms.Form):
    """One more thing that somebody needs, and that we may read it."""

    needs = SignUpForm.base_fields["needs"]
    consent = SignUpForm.base_fields["consent"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["needs"].required = True
        self.fields["needs"].error_messages["required"] = _("Write what you need.")
        self.fields["consent"].error_messages["required"] = _("Tick this box so that the Access team may read it.")
        self.helper = FormHelper()
        self.helper.layout = Layout("needs", "consent", Submit("send", _("Ask for this"), css_class="button--big"))

    def clean_consent(self):
        """Raise ValidationError without consent: nobody may read it then."""
        if not self.cleaned_data["consent"]:
            raise forms.ValidationError(self.fields["consent"].error_messages["required"], code="required")
        return True
