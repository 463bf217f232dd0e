"""The sign-up form: which days, who, and nothing else that must be answered."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Self, cast
from zoneinfo import ZoneInfo

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from conference.clock import UnknownZone, canonical_zone, place_name
from conference.models import Day
from conference.reader_days import ReaderDay
from registration.abuse.traps import TrapsMixin
from registration.models import AccessRequest, Question, Registrant
from registration.pages.availability import free_places
from registration.pages.words import places_words, reasons, why_closed
from registration.services.sign_up import Person

from .cities import CityField
from .countries import country_of
from .fields import AddressField, AttendeeField, NameField, WordsField, longest
from .layout import Disclosure
from .questions import QuestionsMixin, field_name

CHOOSE_DAYS = _("Choose at least one day.")


@dataclass(frozen=True)
class DayCard(ReaderDay):
    """A day as its row in the form shows it, with the words for its places."""

    places: str = ""

    def __str__(self) -> str:
        return str(self.day.label)


class DayCards(forms.CheckboxSelectMultiple):
    """A row for each day, which also says when it is."""

    template_name = "registration/forms/day_cards.html"


class DaysField(forms.MultipleChoiceField):
    """Numbers of days. `closed` says, by number, why a day cannot be taken."""

    widget = DayCards
    closed: dict[str, str] = {}

    def validate(self, value: Any) -> None:
        """Raise ValidationError for no day, a day that cannot be taken, and no day of ours."""
        if not value:
            raise ValidationError(self.error_messages["required"], code="required")
        for number in value:
            if number in self.closed:
                why = _("%(why)s Choose another day.") % {"why": self.closed[number]}
                raise ValidationError(why, code="closed")
        super().validate(value)


class SignUpForm(QuestionsMixin, TrapsMixin):
    """The days, the attendee, and their email address. Optional fields never refuse.

    Field names are a public contract.
    """

    days = DaysField(
        label=_("Your days"),
        error_messages={"required": CHOOSE_DAYS, "invalid_choice": _("Choose from these days.")},
    )
    time_zone = CityField(label=_("Nearest city"))
    name = NameField(
        label=_("Your name"),
        limit=longest(Registrant, "name"),
        error_messages={"required": _("Enter a name. Any name you like will do.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = AddressField(
        label=_("Your email address"),
        help_text=_("We will email you a link. Open it to confirm your place."),
        error_messages={"required": _("Enter your email address, like name@example.org.")},
    )
    attendee_name = AttendeeField(
        label=_("The name of the person attending"),
        help_text=_("Emails come to you, at the address above."),
        required=False,
        limit=longest(Registrant, "name"),
        error_messages={"required": _("Enter a name. Any name you like will do.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    # Forms of others may send the attendee as `name` and this beside it. Ours asks a carer for their own name first.
    carer_name = NameField(
        required=False, refuses=False, limit=longest(Registrant, "carer_name"), widget=forms.HiddenInput
    )
    needs = WordsField(
        label=_("What would help?"),
        help_text=_("Only the PxP access team reads this, once you confirm. We delete it after the conference."),
        required=False,
        limit=longest(AccessRequest, "words"),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        days: Sequence[Day],
        now: datetime,
        questions: Iterable[Question] = (),
        zone: ZoneInfo | None = None,
        chosen: Collection[int] = (),
        **kwargs: Any,
    ) -> None:
        """Make the form: the same one for every visitor with the same address.

        Args:
            data: what was posted, or None.
            days: all days of the edition, with their announced dates.
            now: the UTC instant of the request.
            questions: the organisers' own that must be answered, in order.
            zone: the visitor's ZoneInfo if their address names one (`?tz=`), or None.
            chosen: numbers of the days that are ticked beforehand.
        """
        initial = {"days": [str(n) for n in chosen], "time_zone": zone.key if zone else ""}
        super().__init__(data, initial=initial | kwargs.pop("initial", {}), **kwargs)
        self.set_traps(now)
        self.set_questions(questions)
        self.open_days = [day for day in days if day.sign_up_is_open(now)]
        self.closed_days = [(day, why) for day in days if (why := why_closed(day, now, zone))]
        self.find_reasons = partial(reasons, days, now, zone)
        self.opens_later = any(day.sign_up_is_to_come(now) for day in days)
        cast(DaysField, self.fields["days"]).closed = {str(day.number): why for day, why in self.closed_days}
        self._offer_days()
        self.helper = FormHelper()
        self.helper.form_id = "sign-up"
        self.helper.layout = layout_with(self.questions)
        # The summary of mistakes names them in the order in which they are on the page.
        self.order_fields(["days", "time_zone", "name", "email", *map(field_name, self.questions)])

    @classmethod
    def kept(cls, data: Any, **kwargs: Any) -> Self:
        """Return the form with all that was typed and without a word of blame: for a page that is shown once more."""
        return cls(initial=cls(data, **kwargs).typed(), **kwargs)

    @classmethod
    def without_days(cls, data: Any, why: Any, **kwargs: Any) -> Self:
        """Return the form as if just opened, with all that was typed, no day, and the reason beside the days."""
        fresh = cls(**kwargs)
        data = data.copy()
        data.setlist("days", [])
        data["opened"] = fresh["opened"].value()
        form = cls(data, **kwargs)
        form.fields["days"].error_messages["required"] = why
        return form

    def typed(self) -> dict[str, Any]:
        """Return what each field shows, by name."""
        return {name: self[name].value() for name in self.fields if name not in TrapsMixin.base_fields}

    @property
    def reasons(self) -> list[str]:
        """Why nobody can sign up, a sentence for each day or one for all: for the page of a closed form alone."""
        return list(self.find_reasons().values())

    @property
    def clock(self) -> ZoneInfo | None:
        """The ZoneInfo on whose clock the form shows its days, or None while nobody knows it."""
        try:
            return canonical_zone(self["time_zone"].value() or "")
        except UnknownZone:
            return None

    @property
    def place(self) -> str:
        """The place that the clock is named after, or "" while nobody knows it."""
        return place_name(self.clock.key) if self.clock else ""

    def _offer_days(self) -> None:
        """Fill the list of days, with their hours once the person's clock is known."""
        free = free_places(self.open_days)
        clock = self.clock
        cards = [DayCard(day, clock, places_words(free.get(day.pk))) for day in self.open_days]
        cast(DaysField, self.fields["days"]).choices = [(str(card.day.number), card) for card in cards]

    def clean_days(self) -> list[Day]:
        """Return the `Day` rows chosen."""
        numbers = set(self.cleaned_data["days"])
        return [day for day in self.open_days if str(day.number) in numbers]

    def person(self) -> Person:
        """Return what a valid form says of its person."""
        values = {name: self.cleaned_data[name] for name in ("name", "carer_name", "email", "time_zone")}
        if attendee := self.cleaned_data["attendee_name"]:
            values |= {"name": attendee, "carer_name": values["name"]}
        return Person(language=get_language(), country=country_of(self.clock), **values)


def layout_with(questions: Iterable[Question]) -> Layout:
    """Return the form's parts in order; the organisers' own questions come after the address."""
    return Layout(
        HTML("{% include 'registration/forms/default_button.html' %}"),
        "days",
        HTML("{% include 'registration/forms/about_the_days.html' %}"),
        HTML("{% include 'registration/forms/city.html' %}"),
        "name",
        "email",
        *[field_name(question) for question in questions],
        Disclosure(_("I’m signing up someone else"), "attendee_name"),
        HTML("{% if form.carer_name.value %}{{ form.carer_name }}{% endif %}"),
        Disclosure(
            _("I need something to take part"),
            "needs",
            HTML("{% include 'registration/forms/what_there_is.html' %}"),
        ),
        HTML("{% include 'registration/forms/trap.html' %}"),
        "opened",
        HTML("{% include 'registration/forms/send.html' %}"),
    )
