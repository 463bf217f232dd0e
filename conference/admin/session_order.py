"""The order of sessions in their day, as organisers type it: the others make room, and no URL changes."""

from django import forms
from django.utils.translation import gettext_lazy as _

from conference.models import Day, Session
from conference.models.sessions import HIGHEST_SESSION, new_session_slug
from conference.moving import arrange, move_to_day, next_number


class SessionForm(forms.ModelForm):
    """A session. Its number is its new place, which another session may have now."""

    number = forms.IntegerField(
        label=_("Position in the day"),
        required=False,
        min_value=1,
        max_value=HIGHEST_SESSION,
        help_text=_("1 is first, and the others move down. Empty: at the end. The web address stays the same."),
        error_messages=dict.fromkeys(("min_value", "max_value", "invalid"), _("Write a number from 1 to 999.")),
    )

    class Meta:
        model = Session
        exclude = ["slug"]  # noqa: DJ006 - the admin names the fields

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and "day" in self.fields:
            self.fields["day"].queryset = Day.objects.for_edition(self.instance.day.conference_id).with_conference()

    def clean_number(self):
        """Return the place that was typed; an existing session keeps its own."""
        return self.cleaned_data["number"] or self.instance.number

    def _get_validation_exclusions(self):
        return super()._get_validation_exclusions() | {"number"}

    @property
    def place(self):
        """The place that was typed, or None."""
        return self.cleaned_data.get("number") if "number" in self.changed_data else None

    def put(self):
        """Save the session's row with what was typed but its place. Return the row."""
        session = self.instance
        if session.pk is None:
            session.slug, session.number = new_session_slug(), next_number(session.day)
            session.save()
            return session
        typed = set(self.changed_data) & set(self.cleaned_data) - {"number", "day"}
        session.save(update_fields=typed)
        if "day" in self.changed_data:
            move_to_day(session, session.day, with_times=not {"starts_at", "ends_at"} & typed)
        session.refresh_from_db(fields=["number"])
        return session


class OnlyWhatWasTyped(forms.BaseInlineFormSet):
    """Saves only the fields that were edited: a day that moves may have changed the others."""

    def save_existing(self, form, obj, commit=True):
        obj.save(update_fields=form.changed_data)
        return obj


class SessionsOfADay(forms.BaseInlineFormSet):
    """The table of sessions on a day's page: the typed numbers put them in order."""

    def save_existing(self, form, obj, commit=True):
        return form.put()

    def save_new(self, form, commit=True):
        form.instance.day = self.instance
        return form.put()

    def save(self, commit=True):
        saved = super().save(commit)
        places = {form.instance.pk: form.place for form in self.forms if form.instance.pk and form.place}
        if places:
            arrange(self.instance, places)
        for session in saved:
            session.refresh_from_db(fields=["number"])
        return saved
