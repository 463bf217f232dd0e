"""Speakers in the organisers' admin."""

from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from conference.models import Appearance, Speaker
from conference.slugs import free_slug

from .base import PlainAdmin, rows_of_links
from .changes import RefreshesPages
from .drafts import InDraft
from .filters import ConferenceFilter


@admin.register(Speaker)
class SpeakerAdmin(InDraft, RefreshesPages, PlainAdmin):
    """One person on the program of one edition."""

    list_display = ["name", "affiliation", "conference"]
    list_filter = [ConferenceFilter]
    list_select_related = ["conference"]
    ordering = ["-conference__slug", "name"]
    search_fields = ["name", "affiliation"]
    search_help_text = _("Search by name or organisation.")
    readonly_fields = ["sessions"]
    what_to_do_instead = _("Take the person out of these sessions first.")

    def get_fields(self, request, speaker=None):
        """Return the speaker's fields; a new speaker has no sessions yet."""
        return ["conference", "name", "slug", "affiliation", "bio"] + (["sessions"] if speaker else [])

    def get_readonly_fields(self, request, speaker=None):
        """Return what is not typed: the address of a speaker's page, once it may be printed somewhere."""
        return [*self.readonly_fields, "slug"] if speaker else self.readonly_fields

    def get_prepopulated_fields(self, request, speaker=None):
        """Return what a script fills in from the name while a new speaker is typed."""
        return {} if speaker else {"slug": ["name"]}

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Return the form; a name in any script needs no Latin one beside it."""
        form = super().get_form(request, obj, change, **kwargs)
        if "slug" in form.base_fields:
            form.base_fields["slug"].required = False
            form.base_fields["slug"].help_text = _("Empty: made by itself. It stays when the name changes.")
        return form

    def save_model(self, request, obj, form, change):
        """Save the speaker, with an address of their own."""
        if not obj.slug:
            obj.slug = free_slug(obj.name, Speaker.objects.for_edition(obj.conference).slugs())
        super().save_model(request, obj, form, change)

    @admin.display(description=_("sessions"), empty_value=_("none yet: open a session to put the person into it"))
    def sessions(self, speaker):
        """Return the sessions in which the person appears, each a link to its page, where that is changed."""
        return rows_of_links(
            (
                reverse("admin:conference_session_change", args=[row.session_id]),
                f"{row.session} ({row.get_role_display()})",
            )
            for row in Appearance.objects.filter(speaker=speaker).in_program_order()
        )

    def view_on_site(self, speaker):
        """Return the speaker's public page, or None while the public cannot see it."""
        conference = speaker.conference
        parts = {"year": conference.slug, "slug": speaker.slug}
        return reverse("edition:speaker", kwargs=parts) if conference.is_published else None
