"""The forms of a file with people: the file itself, and what its columns are."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference.scripts import labelled
from conference.tables import column_letters
from registration.forms.fields import one_line
from registration.people_file import DAY, USES, Choices

SAMPLES = 2
LONGEST_SAMPLE = 40
HEADS = 40  # rows among which the headings are


class UploadForm(forms.Form):
    """One file."""

    file = forms.FileField(label=gettext_lazy("File"), error_messages={"required": gettext_lazy("Choose a file.")})


class ChoicesForm(forms.Form):
    """Which row has the headings, what each column is, which days, and how the people come in."""

    VOUCHED = (
        ("yes", gettext_lazy("Registered elsewhere: I vouch for the addresses. They get a place at once.")),
        ("no", gettext_lazy("To be confirmed by mail: they get a place once they confirm.")),
    )

    head = forms.TypedChoiceField(label=gettext_lazy("Row with the headings"), coerce=int)
    days = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Days"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    vouched = forms.ChoiceField(label=gettext_lazy("How they come in"), choices=VOUCHED, widget=forms.RadioSelect)

    def __init__(self, data=None, *, chosen, headings, rows, first_rows, days):
        """Make the form with what is chosen, and what is in the table: its headings and the rows below them."""
        initial = {"head": chosen.head, "days": chosen.days, "vouched": "yes" if chosen.is_verified else "no"}
        super().__init__(data, initial=initial)
        self.fields["head"].choices = [
            (0, _("none")),
            *((number, _row_words(number, row)) for number, row in enumerate(first_rows[:HEADS], 1) if any(row)),
        ]
        self.fields["days"].choices = [
            (day.pk, labelled(day.label, day.title or _("title to be announced"))) for day in days
        ]
        self.width = max([len(headings), *(len(row) for row in rows)], default=0)
        uses = [("", _("not used")), *USES.items()]
        uses += [(f"{DAY}{day.pk}", _("State on %(day)s") % {"day": day.label}) for day in days]
        for number in range(self.width):
            heading = one_line(headings[number]) if number < len(headings) else ""
            samples = [words for row in rows if len(row) > number and (words := one_line(row[number]))]
            field = forms.ChoiceField(choices=uses, required=False, initial=chosen.columns.get(number, ""))
            field.label = _("Column %(letter)s") % {"letter": column_letters(number + 1)}
            if heading:
                field.label = labelled(field.label, heading[:LONGEST_SAMPLE])
            field.help_text = ", ".join(sample[:LONGEST_SAMPLE] for sample in samples[:SAMPLES])
            self.fields[f"c{number}"] = field

    @property
    def columns(self):
        """The fields of the columns: those that are used, and the others."""
        fields = [self[f"c{number}"] for number in range(self.width)]
        return [field for field in fields if field.value()], [field for field in fields if not field.value()]

    def clean(self):
        """Refuse two columns for one thing."""
        values = super().clean()
        repeated = self.chosen().repeated_uses
        if repeated:
            names = ", ".join(str(USES.get(use, use)) for use in repeated)
            raise forms.ValidationError(_("Two columns are chosen for: %(names)s.") % {"names": names})
        return values

    def chosen(self):
        """Return the Choices that the form says."""
        values = self.cleaned_data
        columns = {number: values[f"c{number}"] for number in range(self.width) if values.get(f"c{number}")}
        return Choices(
            head=values.get("head", 0),
            columns=columns,
            days=tuple(values.get("days", ())),
            is_verified=values.get("vouched") == "yes",
        )


def _row_words(number, row):
    cells = ", ".join(filter(None, map(one_line, row)))
    return _("Row %(n)d: %(cells)s") % {"n": number, "cells": cells[:60]}
