"""Form fields that accept dates, times, links and addresses as people type and paste them, and never guess."""

from datetime import date, time

from django import forms
from django.contrib.admin import widgets
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils import formats
from django.utils.translation import gettext_lazy, pgettext

from conference.clock.parsing import clocks_change_words, date_from, time_from
from conference.pasted_text import join_link_from, link_from, take_out_address, without_bullets
from conference.raw_input import strip_unreadable
from conference.workplace.own_clock import own_zone, time_as_typed


class DateWidget(widgets.BaseAdminDateWidget):
    """Shows a date with its month as a word, so nobody misreads it: "12 September 2027".

    Its template has no <p>, unlike Django's: next to a time it is inside one already, and a second <p> would close
    that.
    """

    def format_value(self, value):
        """Return what the field shows. It repeats typed text that was not understood."""
        pattern = pgettext("Django date format: day, month, year", "j F Y")
        return formats.date_format(value, pattern) if isinstance(value, date) else value


class TimeWidget(widgets.BaseAdminTimeWidget):
    """Shows a time as the organiser's clock says it: "3:00 pm", or "15:00"."""

    def format_value(self, value):
        return time_as_typed(value) if isinstance(value, time) else value


class DateAndTimeWidget(widgets.AdminSplitDateTime):
    """The same for a date with a time."""

    def __init__(self, attrs=None):
        forms.MultiWidget.__init__(self, [DateWidget, TimeWidget], attrs)


class TypedDateField(forms.DateField):
    """Takes "12 September 2027" and the like; refuses 12/9/2027, which can be read in two ways."""

    widget = DateWidget

    def to_python(self, value):
        return _read(value, date_from, super().to_python)


class TypedTimeField(forms.TimeField):
    """Takes 19:00, 7 pm, 19.00 and 19h00."""

    def to_python(self, value):
        return _read(value, time_from, super().to_python)


class TypedDateTimeField(forms.SplitDateTimeField):
    """A date and a time on the organiser's own clock."""

    widget = DateAndTimeWidget
    default_error_messages = {
        "invalid_date": gettext_lazy("Write the date too, like 12 September 2027."),
        "invalid_time": gettext_lazy("Write the time too, like 19:00 or 7:00 pm."),
    }

    def __init__(self, *, input_date_formats=None, input_time_formats=None, **kwargs):
        super(forms.SplitDateTimeField, self).__init__((TypedDateField(), TypedTimeField()), **kwargs)

    def clean(self, value):
        """Return the UTC instant; say which half is missing where only one is there."""
        if isinstance(value, list):  # as typed; a field that another organiser changed meanwhile has an instant
            date_there, time_there = (bool(half and half.strip()) for half in value)
            if date_there != time_there:
                words = self.error_messages["invalid_time" if date_there else "invalid_date"]
                raise ValidationError(words, code="half")
        return super().clean(value)

    def compress(self, data_list):
        """Return the UTC instant. Raises ValidationError for a time that a change of clocks skips or repeats."""
        try:
            return super().compress(data_list)
        except ValidationError as error:
            if "current_timezone" not in (error.params or {}):
                raise
            raise ValidationError(clocks_change_words(own_zone()), code="no_such_time") from None


class PastedWordsField(forms.CharField):
    """Removes control characters from pasted text; a single line has no line break, nor a bullet before it."""

    def to_python(self, value):
        words = super().to_python(value)
        if not words:
            return words
        words = strip_unreadable(words)
        return words if isinstance(self.widget, forms.Textarea) else without_bullets(words.replace("\n", " "))


class PastedLinkField(forms.CharField):
    """Takes one web address out of what was pasted, and shows it."""

    widget = widgets.AdminTextInputWidget
    find = staticmethod(link_from)

    def __init__(self, *, max_length=500, assume_scheme=None, **kwargs):
        super().__init__(**kwargs)
        self.longest = MaxLengthValidator(max_length)  # of the link only; the pasted text around it may be longer

    def to_python(self, value):
        text = super().to_python(value)
        return _read(text, self.find, str) if text else ""

    def run_validators(self, value):
        super().run_validators(value)
        self.longest(value)

    def bound_data(self, data, initial):
        """Return what the form shows again: the extracted link, or the typed text if there is none."""
        try:
            return self.clean(data)
        except ValidationError:
            return data


class JoinLinkField(PastedLinkField):
    """Takes the link that guests join by out of a pasted invitation, and refuses the host's own."""

    find = staticmethod(join_link_from)
    widget = forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"})


class PastedAddressField(forms.EmailField):
    """Takes one mail address out of what was pasted, and shows it: "PxP <hello@pxp.example.org>"."""

    # Not type="email": a browser that checks the form would refuse pasted text.
    widget = forms.TextInput(attrs={"inputmode": "email", "autocomplete": "email", "class": "vTextField"})
    default_error_messages = {"invalid": gettext_lazy("Enter one email address, like name@example.org.")}

    def __init__(self, *, max_length=254, **kwargs):
        super().__init__(max_length=None, **kwargs)
        self.longest = MaxLengthValidator(max_length)  # of the address only; the pasted text around it may be longer

    def to_python(self, value):
        """Return the address, or the typed text if it has not exactly one."""
        return take_out_address(super().to_python(value))

    def run_validators(self, value):
        super().run_validators(value)
        self.longest(value)

    def bound_data(self, data, initial):
        return self.to_python(data)


def _read(value, read, otherwise):
    """Return `read(text)`. The message of its ValueError becomes the field's error."""
    if not isinstance(value, str) or not value.strip():
        return otherwise(value)
    try:
        return read(value)
    except ValueError as error:
        raise ValidationError(str(error), code="invalid") from None
