"""Editions in the organisers' admin, with the reminders of their days."""

from django import forms
from django.contrib import admin
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from conference.admin.base import ConflictCheckInline
from conference.admin.conferences import ConferenceAdmin
from conference.models import Conference
from registration.models import Registration, ReminderMark
from registration.models.reminders import UNIT_MINUTES, amount_and_unit, check_minutes
from registration.services.reminders import set_usual_marks

from .next_year import next_year
from .publishing import TellsPeople

admin.site.unregister(Conference)

UNITS = [("days", _("days before")), ("hours", _("hours before")), ("minutes", _("minutes before"))]


class ReminderMarkForm(forms.ModelForm):
    """How long before each day, as a number and a unit."""

    amount = forms.IntegerField(label=_("How long before the day"), min_value=1, max_value=1000)
    unit = forms.ChoiceField(label=_("Unit"), choices=UNITS, initial=UNITS[0][0])  # an empty row has not changed

    class Meta:
        model = ReminderMark
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["amount"], self.initial["unit"] = amount_and_unit(self.instance.minutes_before)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("amount") and cleaned.get("unit"):
            minutes = cleaned["amount"] * UNIT_MINUTES[cleaned["unit"]]
            try:
                check_minutes(minutes)
            except forms.ValidationError as error:
                self.add_error("amount", error)
            self.instance.minutes_before = minutes
        return cleaned


class ReminderMarkFormSet(forms.BaseInlineFormSet):
    """All reminders of an edition: no two at the same time, "1 day" and "24 hours" included."""

    def clean(self):
        super().clean()
        seen = set()
        for form in self.forms:
            if form in self.deleted_forms or (not form.has_changed() and not form.instance.pk) or form.errors:
                continue
            if form.instance.minutes_before in seen:
                form.add_error("amount", _("Two reminders have the same time. Remove one of them."))
            seen.add(form.instance.minutes_before)


class ReminderMarkInline(ConflictCheckInline, admin.StackedInline):
    """The reminders: each is a mail to everyone with a place, this long before each day."""

    model = ReminderMark
    form = ReminderMarkForm
    formset = ReminderMarkFormSet
    fields = [("amount", "unit")]
    ordering = ["-minutes_before"]
    extra = 1


@admin.register(Conference)
class ConferenceWithRemindersAdmin(TellsPeople, ConferenceAdmin):
    """An edition as `conference.admin` shows it, with its reminders; a new one begins with the usual ones."""

    change_form_template = "admin/edition.html"

    def get_urls(self):
        """Return the pages of editions, and the one that makes the next."""
        view = self.admin_site.admin_view(next_year)
        return [path("<int:object_id>/next-year/", view, name="next_year"), *super().get_urls()]

    def get_inlines(self, request, conference):
        return [*super().get_inlines(request, conference), *([ReminderMarkInline] if conference else [])]

    def questions_at_once(self, before, after, now):
        """Ask as for any edition; if people have a place, say what stays for them."""
        questions = super().questions_at_once(before, after, now)
        people = Registration.objects.for_edition(after).confirmed().values("registrant").distinct().count()
        if questions and people:
            words = ngettext(
                "%(n)d person has a place. Their own page, door and calendar stay the same, and they get no mail.",
                "%(n)d people have a place. Their own pages, doors and calendars stay the same, and they get no mail.",
                people,
            )
            questions.append(words % {"n": people})
        return questions

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if not change:
            set_usual_marks(obj)
