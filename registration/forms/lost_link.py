"""The form that asks for one's own link again."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from .fields import AddressField


class LostLinkForm(forms.Form):
    """One address."""

    email = AddressField(
        label=_("Your email address"),
        help_text=_("The one you signed up with."),
        error_messages={"required": _("Enter your email address, like name@example.org.")},
    )

    @property
    def helper(self) -> FormHelper:
        """The form's parts. Made for each form: a button keeps the language in which it was first drawn."""
        helper = FormHelper()
        helper.layout = Layout("email", Submit("send", _("Send me my link"), css_class="button--big"))
        return helper
