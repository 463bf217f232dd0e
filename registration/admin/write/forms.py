"""The forms of a message: its people, its words, and when to send it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference.admin.form_fields import TypedDateField, TypedTimeField
from conference.clock import country_name
from conference.models import Day
from registration.models import Audience, Registrant
from registration.services.broadcasts import fingerprint_of_audience, name_of
from registration.status import Came, Status

STATES = [
    (Status.CONFIRMED.value, gettext_lazy("Has a place")),
    (Status.WAITLISTED.value, gettext_lazy("Waits for a place")),
    (Status.PENDING.value, gettext_lazy("Not confirmed yet")),
]
CAME = [
    ("", gettext_lazy("All")),
    (Came.YES.value, gettext_lazy("Came")),
    (Came.NO.value, gettext_lazy("Did not come")),
]
PLACES, OTHERS = "places", "others"
ABOUT = [
    (PLACES, gettext_lazy("Their own place: a new link, another time")),
    (OTHERS, gettext_lazy("Something else: thanks, recordings, news")),
]
NOT_TOLD = "none"


class DrawnForm(forms.Form):
    """A form in the look of our pages, whose fields name their errors and hints to screen readers."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field.widget, forms.Textarea | forms.Select | forms.TextInput):
                field.widget.attrs["class"] = "input"


class WhomForm(DrawnForm):
    """Filters that combine."""

    days = forms.MultipleChoiceField(label=gettext_lazy("Days"), required=False, widget=forms.CheckboxSelectMultiple)
    states = forms.MultipleChoiceField(
        label=gettext_lazy("Who"),
        choices=STATES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Tick at least one.")},
    )
    about = forms.ChoiceField(
        label=gettext_lazy("What is it about?"), choices=ABOUT, required=False, widget=forms.RadioSelect
    )
    came = forms.ChoiceField(label=gettext_lazy("Came"), choices=CAME, required=False)
    country = forms.ChoiceField(label=gettext_lazy("Country"), required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language of mails"), required=False)
    role = forms.ChoiceField(label=gettext_lazy("Role"), required=False)
    with_needs = forms.BooleanField(label=gettext_lazy("Only people who told us what they need"), required=False)
    person = forms.IntegerField(required=False, max_value=10**17, widget=forms.HiddenInput)
    edition = forms.IntegerField(required=False, max_value=10**17, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)  # whom the draft was for

    def __init__(self, *args, conference, may_use_needs, must_use_needs, **kwargs):
        super().__init__(*args, **kwargs)
        self.must_use_needs = must_use_needs
        days = Day.objects.for_edition(conference).with_conference()
        self.fields["days"].choices = [(str(day.pk), day.label) for day in days]
        people = Registrant.objects.for_edition(conference)

        def in_use(column):
            return people.order_by(column).values_list(column, flat=True).distinct()

        countries = [(code, country_name(code) or code) for code in in_use("country") if code]
        countries.sort(key=lambda pair: pair[1])
        self.fields["country"].choices = [("", _("All countries")), *countries, (NOT_TOLD, _("Not told"))]
        languages = [(code, name_of(code)) for code in in_use("language")]
        self.fields["language"].choices = [("", _("All languages")), *languages]
        self.fields["role"].choices = [("", _("All roles")), *Registrant.Role.choices]
        if not may_use_needs:
            del self.fields["with_needs"]

    def clean_states(self):
        """Refuse to mix people who have not confirmed with others: they get another mail."""
        states = self.cleaned_data["states"]
        if Status.PENDING in states and len(states) > 1:
            raise forms.ValidationError(
                _("People who have not confirmed may only be asked to confirm. Tick them alone, or not at all.")
            )
        return states

    @property
    def audience(self):
        """The `Audience` that was chosen."""
        data = self.cleaned_data
        return Audience(
            days=tuple(int(key) for key in data["days"]),
            states=tuple(data["states"]),
            came=data["came"],
            countries=("" if data["country"] == NOT_TOLD else data["country"],) if data["country"] else (),
            languages=(data["language"],) if data["language"] else (),
            roles=(data["role"],) if data["role"] else (),
            people=(data["person"],) if data["person"] else (),
            with_needs=data.get("with_needs", False) or self.must_use_needs,
        )

    @property
    def is_about_places(self):
        return self.cleaned_data["about"] != OTHERS

    @property
    def is_narrowed(self):
        """Whether something is chosen in the folded part of the form."""
        names = ("came", "country", "language", "role", "with_needs")
        return any(self.data.get(name) for name in names) or any(name in self.errors for name in names)


def as_typed(broadcast):
    """Return what the form of `WhomForm` would have sent for a draft."""
    whom = broadcast.whom
    return {
        "days": [str(key) for key in whom.days],
        "states": list(whom.states),
        "about": PLACES if broadcast.is_about_places else OTHERS,
        "came": whom.came,
        "country": (whom.countries[0] or NOT_TOLD) if whom.countries else "",
        "language": "".join(whom.languages[:1]),
        "role": "".join(whom.roles[:1]),
        "with_needs": "on" if whom.with_needs else "",
        "person": "".join(str(key) for key in whom.people[:1]),
        "edition": str(broadcast.conference_id),
        "seen": fingerprint_of_audience(broadcast),
    }


class WordsForm(DrawnForm):
    """Subject and words in one language. A draft may be unfinished, so nothing is required."""

    subject = forms.CharField(
        label=gettext_lazy("Subject"), max_length=150, required=False, widget=forms.TextInput({"autocomplete": "off"})
    )
    body = forms.CharField(
        label=gettext_lazy("Your words"),
        max_length=20_000,
        required=False,
        help_text=gettext_lazy("An empty line begins a new paragraph. **Two stars** make words bold."),
        widget=forms.Textarea({"rows": 14}),
    )
    language = forms.ChoiceField(choices=settings.LANGUAGES, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)  # when the words were changed last


NOW, LATER = "now", "later"


class WhenForm(DrawnForm):
    """When it leaves, on the organiser's own clock."""

    when = forms.ChoiceField(
        label=gettext_lazy("When"),
        choices=[(NOW, gettext_lazy("Now")), (LATER, gettext_lazy("Later"))],
        initial=NOW,
        widget=forms.RadioSelect,
    )
    date = TypedDateField(label=gettext_lazy("Date"), required=False, widget=forms.TextInput({"autocomplete": "off"}))
    time = TypedTimeField(label=gettext_lazy("Time"), required=False, widget=forms.TextInput({"autocomplete": "off"}))

    def __init__(self, *args, zone: ZoneInfo, now, **kwargs):
        super().__init__(*args, **kwargs)
        self.zone, self.now = zone, now

    def clean(self):
        """Work out the instant, and refuse one that is over or that the clock jumps over."""
        data = super().clean()
        self.leaves_at = None
        if data.get("when") == NOW and (data.get("date") or data.get("time")):
            self.add_error("when", _("A date or time is written below. Choose “Later”, or empty them to send it now."))
        if data.get("when") != LATER or self.errors:
            return data
        if not data.get("date") or not data.get("time"):
            missing = "time" if data.get("date") else "date"
            self.add_error(missing, _("Write when to send it, or choose “Now”."))
            return data
        local = datetime.combine(data["date"], data["time"], tzinfo=self.zone)
        instant = datetime.fromtimestamp(local.timestamp(), tz=self.zone)
        if instant.replace(tzinfo=None) != local.replace(tzinfo=None):
            self.add_error("time", _("The clocks jump over that time on this date. Choose another."))
        elif instant <= self.now:
            self.add_error(
                "date" if instant.date() < self.now.astimezone(self.zone).date() else "time", _("That time has passed.")
            )
        self.leaves_at = instant
        return data
