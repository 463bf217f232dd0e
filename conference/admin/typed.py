"""Form fields that take dates, times, links and addresses as people type and paste them, and guess nothing."""

from django import forms
from django.contrib.admin import widgets
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from conference.clock.typed import date_from, time_from
from conference.pasted import join_link_from, link_from, take_out_address

ISO_DATE = "%Y-%m-%d"  # read in one way in every language, and what the fields show


class DateWidget(widgets.AdminDateWidget):
    """Shows a date in the one order that nobody misreads."""

    def __init__(self, attrs=None, format=ISO_DATE):
        super().__init__(attrs=attrs, format=format)


class DateAndTimeWidget(widgets.AdminSplitDateTime):
    """The same for a date with a time."""

    def __init__(self, attrs=None):
        super().__init__(attrs)
        self.widgets[0].format = ISO_DATE


class TypedDateField(forms.DateField):
    """Takes "12 September 2027" and the like; refuses 12/9/2027, which can be read in two ways."""

    widget = DateWidget

    def to_python(self, value):
        """Return a date."""
        return _read(value, date_from, super().to_python)


class TypedTimeField(forms.TimeField):
    """Takes 19:00, 7 pm, 19.00 and 19h00."""

    def to_python(self, value):
        """Return a time."""
        return _read(value, time_from, super().to_python)


class TypedDateTimeField(forms.SplitDateTimeField):
    """Takes both, in UTC."""

    widget = DateAndTimeWidget

    def __init__(self, *, input_date_formats=None, input_time_formats=None, **kwargs):
        super(forms.SplitDateTimeField, self).__init__((TypedDateField(), TypedTimeField()), **kwargs)


class PastedLinkField(forms.CharField):
    """Takes one web address out of what was pasted, and shows it."""

    widget = widgets.AdminTextInputWidget
    find = staticmethod(link_from)

    def __init__(self, *, max_length=500, assume_scheme=None, **kwargs):
        super().__init__(**kwargs)
        self.longest = MaxLengthValidator(max_length)  # of the link: what is pasted around it may be longer

    def to_python(self, value):
        """Return the link, or an empty text."""
        text = super().to_python(value)
        return _read(text, self.find, str) if text else ""

    def run_validators(self, value):
        """Check the length of what was taken out."""
        super().run_validators(value)
        self.longest(value)

    def bound_data(self, data, initial):
        """Return what the form shows again: the link that was taken out, or what was typed where there is none."""
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

    # Not of type "email": where a form is checked by the browser, that refuses what is pasted.
    widget = forms.TextInput(attrs={"inputmode": "email", "autocomplete": "email", "class": "vTextField"})
    default_error_messages = {"invalid": _("Enter one email address, like name@example.org.")}

    def __init__(self, *, max_length=254, **kwargs):
        super().__init__(max_length=None, **kwargs)
        self.longest = MaxLengthValidator(max_length)  # of the address: what is pasted around it may be longer

    def to_python(self, value):
        """Return the address, or what was typed where there is not one."""
        return take_out_address(super().to_python(value))

    def run_validators(self, value):
        """Check the length of what was taken out."""
        super().run_validators(value)
        self.longest(value)

    def bound_data(self, data, initial):
        """Return what the form shows again."""
        return self.to_python(data)


def _read(value, read, otherwise):
    """Return typed text as `read` takes it. What it says where it takes nothing becomes the field's error."""
    if not isinstance(value, str) or not value.strip():
        return otherwise(value)
    try:
        return read(value)
    except ValueError as error:
        raise ValidationError(str(error), code="invalid") from None
