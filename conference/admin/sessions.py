"""Sessions in the organisers' admin, each with the people who appear in it."""

from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from conference.models import Appearance, Day, Session, Speaker
from conference.moving import arrange
from conference.workplace.own_clock import own_span

from .asking import AsksFirst
from .base import ACCESS_FIELDS, ConflictCheckInline, PlainAdmin, time_column
from .changes import NotesChanges
from .drafts import InDraft
from .filters import ConferenceFilter, DayFilter
from .session_order import SessionForm


class AppearanceInline(ConflictCheckInline, admin.StackedInline):
    """The people of the session, in the order in which the program names them."""

    model = Appearance
    fields = [("speaker", "role", "position")]
    extra = 1  # an empty row, for browsers without JavaScript

    def get_formset(self, request, obj=None, **kwargs):
        """Return the formset; it offers the speakers of the session's own edition alone."""
        request.conference_of_session = obj.day.conference
        return super().get_formset(request, obj, **kwargs)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Return the field; for the speaker as said above."""
        if db_field.name != "speaker":
            return super().formfield_for_foreignkey(db_field, request, **kwargs)
        kwargs["queryset"] = Speaker.objects.for_edition(request.conference_of_session)
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        field.choices = list(field.choices)  # read once, not for each row
        return field

    def get_queryset(self, request):
        """Return the appearances with their speakers, whose names head the rows."""
        return super().get_queryset(request).with_people()


@admin.register(Session)
class SessionAdmin(InDraft, AsksFirst, NotesChanges, PlainAdmin):
    """One session: title, words, times, access, recording, people."""

    list_display = ["title_or_announced", "day", "number", time_column("starts_at", _("starts")), "recorded"]
    list_filter = [ConferenceFilter, DayFilter]
    list_select_related = ["day__conference"]
    ordering = ["-day__conference__slug", "day__number", "number"]
    search_fields = ["title", "summary", "description", "appearances__speaker__name"]
    search_help_text = _("Search by title, by words of the description, or by a speaker's name.")
    form = SessionForm
    inlines = [AppearanceInline]
    fieldsets = [
        (None, {"fields": ["day", "number", "title", "title_is_description", "summary", "description"]}),
        (
            _("Times"),
            {
                "fields": [("starts_at", "ends_at")],
                "description": _(
                    "Type all times on your own clock. While both are empty, "
                    "the page says that the time is to be announced."
                ),
            },
        ),
        (
            _("Access"),
            {
                "fields": ACCESS_FIELDS,
                "description": _("Leave a field empty if it is the same as for the day."),
            },
        ),
        (_("Afterwards"), {"fields": ["recording_url", "rewatch_party"]}),
    ]

    def get_inlines(self, request, session):
        """Return the people's table; a new session gets it once it is saved and so belongs to an edition."""
        return self.inlines if session else []

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Return the field; the days are loaded with their editions, so naming each costs no query."""
        if db_field.name == "day":
            kwargs["queryset"] = Day.objects.newest_edition_first()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request, obj, form, change):
        """Save what was typed; the session's place last, since the others make room."""
        form.put()
        if form.place:
            arrange(obj.day, {obj.pk: form.place})
            obj.refresh_from_db(fields=["number"])

    def questions_about(self, before, after, now):
        """Ask about times that move with a session to another day."""
        if before is None or before.day == after.day or not after.has_time:
            return []
        words = {"day": after.day.label, "time": own_span(after.starts_at, after.ends_at).sentence()}
        return [_("It moves to %(day)s. Its new time is %(time)s.") % words]

    @admin.display(description=_("title"), ordering="title", empty_value=_("to be announced"))
    def title_or_announced(self, session):
        """Return the title, or None for the words that say it is not known."""
        return session.title or None

    @admin.display(description=_("recording"), boolean=True)
    def recorded(self, session):
        """Whether there is a recording to watch."""
        return bool(session.recording_url)

    def view_on_site(self, session):
        """Return the session's public page, or None while the public cannot see it."""
        conference = session.day.conference
        parts = {"year": conference.slug, "slug": session.slug}
        return reverse("edition:session", kwargs=parts) if conference.is_published else None
