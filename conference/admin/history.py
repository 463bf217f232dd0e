"""The history's words for a saved form: each field that changed, with its old and new value.

For values that nobody should read later (a link to the meeting, a password, what a person says about their health), the
history only names the field.
"""

from datetime import date, datetime

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from conference.clock import plain_date_words
from conference.workplace.own_clock import own_words

LONGEST = 200  # characters of a value
BEFORE_THE_CHANGE = 30  # characters of context in a long text, so its place can be found
UNREADABLE = (forms.FileField,)  # an upload
NEVER_QUOTED = {"meeting_url", "password"}


def describe(form, hidden=()):
    """Return (the field's label, with both values) of each changed field of a valid ModelForm, in the form's order.

    `hidden` names fields whose values are left out.
    """
    return [_describe_field(form, name, hidden) for name in form.changed_data]


def from_to(label, before, after):
    """Return a label with two texts: "Title (from “One” to “Two”)". Of long ones the part around the change."""
    if max(len(before), len(after)) > LONGEST:
        shared = max(0, _first_difference(before, after) - BEFORE_THE_CHANGE)
        before, after = (f"…{text[shared:]}" if shared else text for text in (before, after))
    words = {"field": label, "before": _quoted(before), "after": _quoted(after)}
    return _("%(field)s (from %(before)s to %(after)s)") % words


def value_words(field, value):
    """Return a value of a form's field, as it is at first or as it was cleaned, for people to read; "" for nothing."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return own_words(value)
    if isinstance(value, date):
        return plain_date_words(value)
    choices = {str(key): words for key, words in getattr(field, "choices", [])}
    values = value if hasattr(value, "__iter__") and not isinstance(value, str) else [value]
    keys = (getattr(item, "pk", item) for item in values if item not in (None, ""))
    return ", ".join(str(choices.get(str(key), key)) for key in keys)


def _describe_field(form, name, hidden):
    field = form.fields.get(name)
    label = str(field.label or name) if field else name
    is_told = field is not None and name in form.cleaned_data and name not in {*hidden, *NEVER_QUOTED}
    if not is_told or isinstance(field, UNREADABLE):
        return label
    before, after = value_words(field, form[name].initial), value_words(field, form.cleaned_data[name])
    return from_to(label, before, after) if before != after else label


def _first_difference(before, after):
    pairs = enumerate(zip(before, after, strict=False))
    return next((place for place, (one, other) in pairs if one != other), min(len(before), len(after)))


def _quoted(text):
    text = Truncator(" ".join(text.split())).chars(LONGEST)
    return _("“%(words)s”") % {"words": text} if text else _("nothing")
