"""Where a person is, in organisers' forms: a place by its name, never the name of a zone."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference import clock


class ClockField(forms.ChoiceField):
    """A clock by the name of a place, as in "Toronto, Canada": its value is the IANA name of the zone, or ""."""

    default_error_messages = {"invalid_choice": gettext_lazy("Choose a city.")}

    def offer(self, empty: str, *, country: str = "", chosen: str = "") -> None:
        """Offer all places, those of a country first; also the zone `chosen` before, of no place or by an old name."""
        near = set(clock.zones_of(country)) if country else set()
        pairs = clock.places()
        groups: list[Any] = [("", empty)]
        if chosen and chosen not in dict(pairs):
            groups.append((chosen, clock.place_name(chosen)))
        if near:
            groups.append((clock.country_name(country), [pair for pair in pairs if pair[0] in near]))
            groups.append((_("Other cities"), [pair for pair in pairs if pair[0] not in near]))
        else:
            groups += pairs
        self.choices = groups

    def prepare_value(self, value: Any) -> Any:
        """Return today's name of a zone, which the list has."""
        return _today(value)

    def to_python(self, value: Any) -> str:
        """Return today's name of the zone, or "". Raises ValidationError if it is not one."""
        name = super().to_python(value).strip()
        if name and not _today(name):
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return _today(name)

    def valid_value(self, value: str) -> bool:
        """Return True: `to_python` has looked."""
        return True

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Return whether another clock is chosen, not only another name of it."""
        return _today(initial) != _today(data)


def _today(name: Any) -> str:
    try:
        return clock.canonical_zone(name or "").key
    except clock.UnknownZone:
        return ""
