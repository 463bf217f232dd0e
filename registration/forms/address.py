"""The form for a new address."""

from datetime import datetime, timedelta
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from registration.addresses import key_of_address
from registration.models import Registrant

from .fields import AddressField


class AnotherAddressForm(forms.Form):
    """The right address, if the one that was typed is wrong."""

    email = AddressField(
        label=_("Your email address"),
        error_messages={"required": _("Enter your email address, like name@example.org.")},
    )

    @property
    def helper(self) -> FormHelper:
        """The form's parts. Made for each form: a button keeps the language in which it was first drawn."""
        helper = FormHelper()
        helper.layout = Layout("email", Submit("send", _("Send it to this address")))
        return helper

    def was_sent_too_fast(self, now: datetime, *, least: timedelta) -> bool:
        """Whether a program may have sent it: no, it comes with a receipt of a form that was looked at."""
        return False


class AddressForm(forms.Form):
    """One address, another than the one we write to."""

    email = AddressField(
        label=_("Your new email address"),
        help_text=_("We will email you a link there. Your new address is used once you confirm it."),
        error_messages={"required": _("Enter your new email address, like name@example.org.")},
    )

    def __init__(self, *args: Any, registrant: Registrant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.registrant = registrant
        self.helper = FormHelper()
        self.helper.layout = Layout("email", Submit("send", _("Send an email there"), css_class="button--big"))

    def clean_email(self) -> str:
        """Return the address. Raises ValidationError for the one that counts already."""
        email = self.cleaned_data["email"]
        if key_of_address(email) == self.registrant.email_key:
            raise forms.ValidationError(_("We write to this address already."), code="same")
        return email
