"""Forms of a person's own page: their details, and what they need."""

from typing import Any, cast

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from registration.models import Registrant
from registration.models.details import columns_on, details_on

from .countries import country_choices
from .fields import NameField, line_of, longest
from .sign_up import SignUpForm


class Checkbox(forms.CheckboxInput):
    """A box that screen readers do not call wrong before anything was typed."""

    def use_required_attribute(self, initial: Any) -> bool:
        return False


class LanguageSelect(forms.Select):
    """A list of languages, each by its own name, which a screen reader says in that language."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the option with its `lang`."""
        option = super().create_option(name, value, *args, **kwargs)
        option["attrs"]["lang"] = value
        return option


class DetailsForm(forms.Form):
    """The attendee, the reader of our emails, their country, and the language we write in."""

    name = NameField(
        label=_("Your name"),
        limit=longest(Registrant, "name"),
        error_messages={"required": _("Enter a name. Any name you like will do.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    carer_name = NameField(
        label=_("The name of the person who reads our emails"),
        help_text=_("Only if that is someone else."),
        required=False,
        refuses=False,
        limit=longest(Registrant, "carer_name"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    time_zone = SignUpForm.base_fields["time_zone"]
    country = forms.ChoiceField(
        label=_("Country"),
        required=False,
        error_messages={"invalid_choice": _("Choose a country from the list.")},
        widget=forms.Select(attrs={"autocomplete": "country"}),
    )
    language = forms.ChoiceField(
        label=_("Language of our emails"),
        required=False,
        error_messages={"invalid_choice": _("Choose from the list only.")},
        widget=LanguageSelect,
    )

    def __init__(self, data: Any = None, *, registrant: Registrant) -> None:
        """Make the form with what we know of a registrant."""
        known = {name: getattr(registrant, name) for name in columns_on("details")}
        known["time_zone"] = registrant.clock.key if registrant.clock else ""  # not one that the zone database dropped
        super().__init__(data, initial=known)
        self.registrant = registrant
        for detail in details_on("details"):
            if detail.column not in self.fields:
                self.fields[detail.column] = line_of(detail)
        if registrant.carer_name:
            self.fields["name"].label = _("The name of the person attending")
        cast(forms.ChoiceField, self.fields["country"]).choices = country_choices()
        cast(forms.ChoiceField, self.fields["language"]).choices = settings.LANGUAGES
        if len(settings.LANGUAGES) == 1:  # nothing to choose
            del self.fields["language"]
        self.helper = FormHelper()
        self.helper.layout = Layout(*self.fields, Submit("send", _("Save"), css_class="button--big"))

    def clean_language(self) -> str:
        """Return the language that was chosen, or the one that they have."""
        return self.cleaned_data["language"] or self.registrant.language


class NeedsForm(forms.Form):
    """One more access need, and consent to read it."""

    needs = SignUpForm.base_fields["needs"]
    consent = forms.BooleanField(label=_("I agree that the PxP access team may read this"), widget=Checkbox)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["needs"].required = True
        self.fields["needs"].help_text = _("For example: more time, a phone line, someone to talk to before the day.")
        self.fields["needs"].error_messages["required"] = _("Write what you need.")
        self.fields["consent"].error_messages["required"] = _("Tick this box, or the access team may not read it.")
        self.helper = FormHelper()
        send = Submit("send", _("Tell the access team"), css_class="button--big")
        self.helper.layout = Layout("needs", "consent", send)
