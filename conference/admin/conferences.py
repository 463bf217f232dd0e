"""Editions in the organisers' admin."""

from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from conference.models import Conference
from conference.texts import ensure_rows

from .base import PlainAdmin
from .changes import RefreshesPages


@admin.register(Conference)
class ConferenceAdmin(RefreshesPages, PlainAdmin):
    """One edition a year: its name, its times in general, and whether the public sees it."""

    list_display = ["name", "slug", "clock", "is_published"]
    list_display_links = ["name"]
    ordering = ["-slug"]
    search_fields = ["name", "slug"]
    search_help_text = _("Search by name or year.")
    fieldsets = [
        (None, {"fields": ["name", "short_name", "slug", "is_published"]}),
        (
            _("What the home page says"),
            {"fields": ["tagline", "cost", "format", "platform", "supported_by", "contact_email"]},
        ),
        (_("Times"), {"fields": ["clock"], "description": _("The times themselves stand on each day.")}),
        (
            _("Sign-up"),
            {
                "fields": [("sign_up_opens_at", "sign_up_closes_at"), "needs_by"],
                "description": _("All times are in UTC. A day can have its own times, which then count instead."),
            },
        ),
        (
            _("The door"),
            {
                "fields": [
                    "door_opens_minutes",
                ],
                "description": _("The page of the meeting opens its button so long before a day starts."),
            },
        ),
    ]
    what_to_do_instead = _("To take an edition off the site, open it and remove the tick at “published”.")

    def save_model(self, request, obj, form, change):
        """Save the edition, and give it a row for each passage of its pages."""
        super().save_model(request, obj, form, change)
        ensure_rows(obj)

    def view_on_site(self, conference):
        """Return the edition's home page, or None while the public cannot see it."""
        return reverse("edition:home", kwargs={"year": conference.slug}) if conference.is_published else None
