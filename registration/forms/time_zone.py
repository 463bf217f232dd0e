"""The form that changes a person's time zone."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Hidden, Layout, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from .fields import ZoneField
from .places import zone_choices


class TimeZoneForm(forms.Form):
    """One time zone."""

    time_zone = ZoneField(
        label=_("Where are you?"),
        help_text=_("We show all hours on this clock, here and in our mails."),
        error_messages={"required": _("Choose a place from the list.")},
    )

    def __init__(self, *args, registrant, at, **kwargs):
        """Make the form for a registrant; `at` is the aware instant whose UTC offsets are named."""
        chosen = registrant.time_zone
        super().__init__(*args, initial={"time_zone": chosen}, **kwargs)
        self.fields["time_zone"].widget.choices = zone_choices(
            country=registrant.country, chosen=chosen, at=at, blank=""
        )
        self.helper = FormHelper()
        self.helper.layout = Layout("time_zone", Hidden("action", "time-zone"), Submit("send", _("Change my clock")))
