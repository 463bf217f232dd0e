"""The form for adding a person who wrote or phoned, in the organisers' admin."""

from django import forms
from django.contrib.admin import widgets
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from conference.clock import countries, country_name, territory_of, zones_of
from conference.models import Day
from registration.forms.countries import only_clock_of
from registration.forms.fields import AddressField, NameField
from registration.models import Registrant
from registration.pages.availability import availability_of
from registration.services.sign_up import Person

from .clock_field import ClockField
from .moving import days_to_come

ORGANISER, PERSON = "organiser", "person"


class AddPersonForm(forms.ModelForm):
    """Name, address, days, who confirms, and where they are. Saving goes through `services.by_hand`."""

    CONFIRMED_BY = (
        (ORGANISER, gettext_lazy("I vouch for the person and the address. They are confirmed at once.")),
        (PERSON, gettext_lazy("The person confirms by mail, and has no place until then.")),
    )

    name = NameField(
        label=gettext_lazy("Name"),
        limit=200,
        error_messages={"required": gettext_lazy("Enter a name.")},
        widget=widgets.AdminTextInputWidget,
    )
    email = AddressField(
        label=gettext_lazy("Email address"),
        help_text=gettext_lazy("Read it back to them."),
        error_messages={"required": gettext_lazy("Enter their email address, like name@example.org.")},
        widget=widgets.AdminEmailInputWidget,
    )
    days = forms.MultipleChoiceField(
        label=gettext_lazy("Days"),
        error_messages={
            "required": gettext_lazy("Choose at least one day."),
            "invalid_choice": gettext_lazy("Choose from these days."),
        },
        widget=forms.CheckboxSelectMultiple,
    )
    confirmed_by = forms.ChoiceField(
        label=gettext_lazy("How they are confirmed"),
        choices=CONFIRMED_BY,
        initial=ORGANISER,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), gettext_lazy("Choose how the person is confirmed.")
        ),
        widget=forms.RadioSelect,
    )
    country = forms.ChoiceField(label=gettext_lazy("Country"), required=False)
    time_zone = ClockField(
        label=gettext_lazy("City"),
        help_text=gettext_lazy(
            "Only needed if a country has more than one time zone. Choose their city, or the nearest one with the same "
            "time."
        ),
        required=False,
    )

    class Meta:
        model = Registrant
        fields = ["name", "email", "country", "time_zone"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.days_to_come = days_to_come(Day.objects.newest_edition_first(), timezone.now())
        found = availability_of(self.days_to_come)
        self.fields["days"].choices = [(str(day.pk), _day_words(day, found.get(day.pk))) for day in self.days_to_come]
        self.fields["country"].choices = [("", _("not told")), *countries()]
        self.fields["time_zone"].offer(_("not chosen"), country=self.data.get(self.add_prefix("country"), ""))

    def clean_days(self):
        """Return the `Day` rows chosen; refuse days of two conferences."""
        days = [day for day in self.days_to_come if str(day.pk) in self.cleaned_data["days"]]
        if len({day.conference_id for day in days}) > 1:
            raise forms.ValidationError(_("Choose days of one conference only."))
        return days

    def clean(self):
        """Work out the clock from a country with only one, and the country from the place. Both may be unknown."""
        values = super().clean()
        if "time_zone" not in values or "country" not in values:
            return values
        country = values["country"]
        if country and not values["time_zone"]:
            values["time_zone"] = only_clock_of(country, [day.starts_at for day in self.days_to_come])
        if country and not values["time_zone"]:
            self.add_error("time_zone", _no_clock(country))
        elif values["time_zone"] and not country:
            values["country"] = territory_of(values["time_zone"])
        return values

    def _post_clean(self):
        """Leave the row alone: the service finds or makes it, and the same person again is no mistake."""

    @property
    def is_vouched_for(self):
        """Whether the organiser vouches for the person of the valid form."""
        return self.cleaned_data["confirmed_by"] == ORGANISER

    def person(self):
        """Return what the valid form says."""
        values = {name: self.cleaned_data[name] for name in ("name", "email", "country", "time_zone")}
        return Person(language=get_language(), **values)


def _day_words(day, found):
    if not day.conference.is_published:
        return _("%(day)s: in a draft. Nobody else can see this conference yet.") % {"day": day}
    if found is None or found.free:
        return str(day)
    if not found.waiting:
        return _("%(day)s: full. They go on its waiting list.") % {"day": day}
    words = ngettext(
        "%(day)s: full, and %(n)d person waits. They go on its waiting list.",
        "%(day)s: full, and %(n)d people wait. They go on its waiting list.",
        found.waiting,
    )
    return words % {"day": day, "n": found.waiting}


def _no_clock(country):
    if not zones_of(country):
        return _("Choose the city too.")
    return _("Choose the city too: %(country)s has more than one time zone.") % {"country": country_name(country)}
