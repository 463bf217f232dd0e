"""The mistakes in an organisers' form: each in words, with its place on the page."""

from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Mistake:
    """One mistake. `place` names the field or row, or is "" for the whole form; `anchor` is an id, or ""."""

    place: str
    words: str
    anchor: str


def mistakes_in(form, tables=()):
    """Return the mistakes in a bound or unbound form, then those in the tables of its page (InlineAdminFormSets)."""
    found = [_of_whole_form(form, words) for words in form.non_field_errors()] + _in_fields(form)
    for table in tables:
        formset, name = table.formset, capfirst(table.opts.verbose_name_plural)
        found += [Mistake(name, words, f"{formset.prefix}-group") for words in formset.non_form_errors()]
        for number, row in enumerate(formset.forms):
            if not row.errors:
                continue
            place = _words_of_row(table, row, number)
            found += [Mistake(place, words, f"{formset.prefix}-{number}") for words in row.non_field_errors()]
            found += _in_fields(row, place)
    return found


def _in_fields(form, row=""):
    return [
        Mistake(_("%(row)s, %(field)s") % {"row": row, "field": field.label} if row else field.label, words, anchor)
        for field in form
        for anchor in [_anchor_of(field)]
        for words in field.errors
    ]


def _of_whole_form(form, words):
    """Return a mistake at the last field that the database's rule with these `words` names, or at none."""
    for rule in form.instance._meta.constraints if hasattr(form, "instance") else ():
        if str(rule.violation_error_message) == words:
            names = set(getattr(rule, "fields", ())) or rule.condition.referenced_base_fields
            for field in reversed([field for field in form if field.name in names]):
                return Mistake(field.label, words, _anchor_of(field))
    return Mistake("", words, "")


def _words_of_row(table, form, number):
    """Return what the page itself calls a row: its name, or its number if it is new."""
    name = capfirst(table.opts.verbose_name)
    return f"{name} {form.instance if form.instance.pk else number + 1}"


def _anchor_of(field):
    """Return the id of a field, or of the first checkbox if it has several."""
    if field.is_hidden:
        return ""
    return f"{field.auto_id}_0" if field.use_fieldset else field.id_for_label
