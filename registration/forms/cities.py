"""The list of cities whose clocks people know: one select, kept as text by language."""

from functools import cache
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from conference.clock import UnknownZone, canonical_zone, common_zones, place_name


class CitySelect(forms.Select):
    """A select of well-known cities by name, and of the chosen one if it is another. Empty means nobody knows."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """Return the select. The options are the same for everybody, so they are not built for each page."""
        options, chosen = _options(get_language()), str(value or "")
        mark = format_html(' value="{}"', chosen)
        if chosen and mark not in options:
            options = format_html("<option{}>{}\n", mark_safe(mark), place_name(chosen)) + options  # noqa: S308
        drawn_options = options.replace(f"<option{mark}>", f"<option{mark} selected>", 1)
        given = self.build_attrs(self.attrs, attrs)
        drawn = "".join(format_html(' {}="{}"', key, words) for key, words in given.items() if words is not True)
        return mark_safe(f'<select name="{name}"{drawn}>{drawn_options}</select>')  # noqa: S308


@cache
def _options(language: str) -> SafeString:
    cities = sorted((place_name(name), name) for name in common_zones() if name != "UTC")
    options = [format_html('<option value="">{}\n', _("I do not want to say"))]
    options += [format_html('<option value="{}">{}\n', name, words) for words, name in cities]
    return mark_safe("".join(options))  # noqa: S308


class CityField(forms.CharField):
    """A time zone by its IANA name, old or new, listed or not. Anything else is as good as none: it never refuses."""

    widget = CitySelect

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False} | kwargs)

    def to_python(self, value: Any) -> str:
        """Return today's name of the zone, or ""."""
        try:
            return canonical_zone(super().to_python(value) or "").key
        except UnknownZone:
            return ""

    def bound_data(self, data: Any, initial: Any) -> str:
        """Return today's name for a posted old one, so the list shows it as chosen."""
        return self.to_python(data)
