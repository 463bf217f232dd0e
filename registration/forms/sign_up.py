"""The sign-up form."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from conference import clock
from conference.models import Day
from registration.abuse.traps import TrapsMixin
from registration.models import AccessRequest, Registrant
from registration.pages.words import dates_of, free_places, places_words, why_closed
from registration.services.sign_up import Person

from .fields import AddressField, LineField, NameField, WordsField, ZoneField
from .places import country_choices, country_of, only_clock_of, zone_choices
from .questions import QuestionsMixin, field_name

CARER_NAME = _("Write your own name, or choose “I come myself”.")
CHOOSE_DAYS = _("Choose at least one day.")
CHOOSE_COUNTRY = _("Choose your country, so that we can show all hours on your clock.")


@dataclass(frozen=True)
class DayCard:
    """A day as its row in the form shows it: `words.dates_of` it, and the words for its places."""

    day: Day
    dates: list
    places: str = ""

    def __str__(self):
        return str(self.day.label)


class DayCards(forms.CheckboxSelectMultiple):
    """A row for each day, which also says when it is."""

    template_name = "registration/forms/day_cards.html"


class DaysField(forms.MultipleChoiceField):
    """Numbers of days. `closed` says, by number, why a day cannot be taken."""

    widget = DayCards
    closed = {}

    def validate(self, value):
        """Raise ValidationError for no day, a day that cannot be taken, and no day of ours."""
        if not value:
            raise ValidationError(self.error_messages["required"], code="required")
        for number in value:
            if number in self.closed:
                why = _("%(why)s Choose another day.") % {"why": self.closed[number]}
                raise ValidationError(why, code="closed")
        super().validate(value)


class Checkbox(forms.CheckboxInput):
    """A box without the attribute `required`: most people write no needs."""

    def use_required_attribute(self, initial):
        """Leave it out."""
        return False


class ConsentField(forms.BooleanField):
    """A box to tick when there is something to consent to: the form says so. It is never called optional."""

    widget = Checkbox

    def validate(self, value):
        """Accept both."""


class WhomField(forms.ChoiceField):
    """For whom somebody fills in the form. One answer is given beforehand, and forms that do not ask it are taken."""

    widget = forms.RadioSelect

    def validate(self, value):
        """Raise ValidationError for an answer that is not in the list."""
        if value:
            super().validate(value)


class CountryField(forms.ChoiceField):
    """A country. Whether an empty one is a mistake depends on the time zone, so the form says so."""

    def validate(self, value):
        """Raise ValidationError for a code that is not in the list."""
        if value:
            super().validate(value)


def _limit(model, name):
    return model._meta.get_field(name).max_length


def layout_with(questions):
    """Return the form's parts in order; the organisers' own questions stand before what somebody needs."""
    fields = [field_name(question) for question in questions]
    own = [Fieldset(_("Some questions from us"), *fields)] if fields else []
    return Layout(*ABOUT_THEM, *own, *NEEDS_AND_SEND)


ABOUT_THEM = [
    HTML("{% include 'registration/forms/default_button.html' %}"),
    Fieldset(_("Who comes"), "whom", "carer_name", "name", "email"),
    # Before the days, because the places button also shows the days on the person's clock.
    Fieldset(
        _("Where you are"),
        "country",
        "time_zone",
        HTML("{% include 'registration/forms/places_button.html' %}"),
    ),
    Fieldset(_("Your days"), HTML("{% include 'registration/forms/about_the_days.html' %}"), "days"),
    Fieldset(_("Your part in health research"), "roles", "role_words"),
]
NEEDS_AND_SEND = [
    Fieldset(
        _("What you need"),
        HTML("{% include 'registration/forms/what_every_session_has.html' %}"),
        "needs",
        "consent",
    ),
    HTML("{% include 'registration/forms/trap.html' %}"),
    "opened",
    HTML("{% include 'registration/forms/send.html' %}"),
]


class SignUpForm(QuestionsMixin, TrapsMixin):
    """Who comes, on which days, on whose clock, and what they need. Field names are a public contract."""

    whom = WhomField(
        label=_("Who comes to the conference?"),
        choices=[("me", _("I come myself")), ("other", _("I am registering somebody else"))],
        initial="me",
        error_messages={"invalid_choice": _("Choose from the list only.")},
    )
    carer_name = NameField(
        label=_("Your own name, if you register somebody else"),
        help_text=_("You read our mails, and we greet you with it. All below is about the person who comes."),
        required=False,
        limit=_limit(Registrant, "carer_name"),
        error_messages={"required": CARER_NAME},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    name = NameField(
        label=_("What may we call you?"),
        help_text=_("Any name you like. It stands in our mails to you. Somebody else comes? Write their name."),
        limit=_limit(Registrant, "name"),
        error_messages={"required": _("Tell us what we may call you.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = AddressField(
        label=_("Your email address"),
        help_text=_(
            "We send you one mail with a button. Press it, and you are in. "
            "Several people can share one address: sign up each with their own name."
        ),
        error_messages={"required": _("Enter your email address, like name@example.org.")},
    )
    days = DaysField(
        label=_("Which days would you like to join?"),
        help_text=_("Take one, two or all of them. You can change this later."),
        error_messages={"required": CHOOSE_DAYS, "invalid_choice": _("Choose from these days.")},
    )
    country = CountryField(
        label=_("Which country are you in?"),
        help_text=_("So that we can show all hours on your clock."),
        error_messages={"invalid_choice": _("Choose a country from the list.")},
        widget=forms.Select(attrs={"autocomplete": "country"}),
    )
    time_zone = ZoneField(
        label=_("The place closest to you"),
        help_text=_("Only needed where a country has more than one time zone."),
        required=False,
    )
    roles = forms.MultipleChoiceField(
        label=_("Which of these are you?"),
        help_text=_("Choose as many as you like."),
        required=False,
        choices=Registrant.Role.choices,
        error_messages={"invalid_choice": _("Choose from the list only.")},
        widget=forms.CheckboxSelectMultiple,
    )
    role_words = LineField(label=_("Or in your own words"), required=False, limit=_limit(Registrant, "role_words"))
    needs = WordsField(
        label=_("What do you need to take part?"),
        help_text=_("For example: more time, a phone line, a person to talk to before the day."),
        required=False,
        limit=_limit(AccessRequest, "words"),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    consent = ConsentField(
        label=_("I agree that PxP’s Access team reads what I wrote here"),
        help_text=_("What you write here is for our Access team alone. It is deleted soon after the conference."),
    )

    def __init__(
        self, data=None, *, days, now, questions=(), zone=None, country="", chosen=(), shows_places=False, **kwargs
    ):
        """Make the form for one visitor.

        Args:
            data: what was posted, or None.
            days: all days of the edition, with their announced dates.
            now: the UTC instant of the request.
            questions: the organisers' own, in order.
            zone: the visitor's ZoneInfo if they chose one (`?tz=`), or None.
            country: a guess (ISO 3166 code) where the person chooses none, or "". The page does not show it: it is
                the same for everybody.
            chosen: numbers of the days that are ticked beforehand.
            shows_places: whether the person asked for the places of their country, and stands there again.
        """
        self.guessed_country = country_of(zone) or country
        initial = {"days": [str(n) for n in chosen], "country": country_of(zone), "time_zone": zone.key if zone else ""}
        super().__init__(data, initial=initial | kwargs.pop("initial", {}), **kwargs)
        self.set_traps(now)
        self.set_questions(questions)
        self.all_days = days
        self.shows_places = shows_places
        self.fields["time_zone"].widget.attrs |= {"autofocus": True} if shows_places else {}
        self.open_days = [day for day in days if day.sign_up_is_open(now)]
        self.closed_days = [(day, why) for day in days if (why := why_closed(day, now, zone))]
        self.opens_later = any(day.sign_up_is_to_come(now) for day in days)
        self.fields["days"].closed = {str(day.number): why for day, why in self.closed_days}
        self.fields["country"].choices = country_choices()
        self._offer_zones(now)
        self._offer_days()
        self.helper = FormHelper()
        self.helper.form_id = "sign-up"
        self.helper.layout = layout_with(self.questions)
        # The summary of mistakes names them in the order in which they stand on the page.
        self.order_fields([pointer.name for pointer in self.helper.layout.get_field_names()])

    @classmethod
    def kept(cls, data, **kwargs):
        """Return the form with all that was typed and without a word of blame: for a page that is shown once more."""
        return cls(initial=cls(data, **kwargs).typed(), **kwargs)

    @classmethod
    def with_places(cls, data, **kwargs):
        """Return the form as typed, with the places of the chosen country to choose from."""
        typed = cls(data, **kwargs).typed()
        if typed["time_zone"] not in clock.zones_of(typed["country"]):
            typed["time_zone"] = ""
        return cls(initial=typed, shows_places=True, **kwargs)

    def typed(self):
        """Return what each field shows, by name."""
        return {name: self[name].value() for name in self.fields if name not in TrapsMixin.base_fields}

    def _offer_zones(self, now):
        """Fill the list of zones: it depends on the country, and holds whatever is chosen."""
        country, chosen = self["country"].value() or "", self["time_zone"].value() or ""
        at = self.all_days[0].starts_at if self.all_days else now
        self.fields["time_zone"].widget.choices = zone_choices(
            country=country, chosen=chosen, at=at, blank=_("Work it out from my country")
        )

    def _offer_days(self):
        """Fill the list of days, with their hours once the person's clock is known."""
        name = self["time_zone"].value()
        if not name and (self.is_bound or self.shows_places):
            name = only_clock_of(self["country"].value(), [day.starts_at for day in self.open_days])
        zone = ZoneInfo(name) if name else None
        free = free_places(self.open_days)
        cards = [DayCard(day, dates_of(day, zone), places_words(free.get(day.pk))) for day in self.open_days]
        self.fields["days"].choices = [(str(card.day.number), card) for card in cards]

    def clean_days(self):
        """Return the `Day` rows chosen."""
        numbers = set(self.cleaned_data["days"])
        return [day for day in self.open_days if str(day.number) in numbers]

    def clean(self):
        """Work out the time zone, and ask for consent where there is something to consent to."""
        cleaned = super().clean()
        self._check_whom(cleaned)
        if cleaned.get("needs") and not cleaned.get("consent"):
            self.add_error(
                "consent", _("Tick this box so that the Access team may read it, or empty the field above it.")
            )
        if {"country", "time_zone"} & self.errors.keys() or cleaned["time_zone"]:
            return cleaned
        cleaned["country"] = cleaned["country"] or self.guessed_country
        if not cleaned["country"]:
            self.add_error("country", CHOOSE_COUNTRY)
            return cleaned
        cleaned["time_zone"] = only_clock_of(cleaned["country"], [day.starts_at for day in self.all_days])
        if not cleaned["time_zone"]:
            self.add_error("time_zone", self._which_place(cleaned["country"]))
        return cleaned

    def _check_whom(self, cleaned):
        """Compare for whom it is with the name of who fills it in."""
        if {"whom", "carer_name"} & self.errors.keys():
            return
        if cleaned["whom"] == "other" and not cleaned["carer_name"]:
            self.add_error("carer_name", CARER_NAME)
        if cleaned["whom"] == "me" and cleaned["carer_name"]:
            self.add_error("whom", _("Do you register somebody else? Choose that, or empty the next field."))

    def _which_place(self, country):
        words = {"country": clock.country_name(country)}
        if not clock.zones_of(country):
            return _("We know no time zone for %(country)s. Choose a place that has the same time as you.") % words
        return _("%(country)s has more than one time zone. Choose the place closest to you.") % words

    def person(self):
        """Return what a valid form says of its person."""
        names = ("name", "carer_name", "email", "country", "time_zone", "roles", "role_words")
        return Person(language=get_language(), **{name: self.cleaned_data[name] for name in names})
