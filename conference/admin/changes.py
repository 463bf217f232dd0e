"""Publishes what organisers change: a note for changes to the program, and fresh pages for all changes."""

from django.db import transaction
from django.utils import timezone

from conference import drafts
from conference.changes import noting_changes
from conference.models import raise_content_version


class NotesChanges:
    """Mixin for the admin of days and sessions: saving or deleting one notes the change for readers."""

    def changeform_view(self, request, *args, **kwargs):
        """Show a row, or save it and note what changed."""
        if request.method != "POST" or drafts.is_within_draft():
            return super().changeform_view(request, *args, **kwargs)
        with noting_changes(now=timezone.now()):
            return super().changeform_view(request, *args, **kwargs)

    def delete_view(self, request, *args, **kwargs):
        """Ask, or delete a row and note that it is gone."""
        if request.method != "POST" or drafts.is_within_draft():
            return super().delete_view(request, *args, **kwargs)
        with noting_changes(now=timezone.now()):
            return super().delete_view(request, *args, **kwargs)


class RefreshesPages:
    """Mixin for the admin of what else pages show: saving or deleting one expires the page cache."""

    def changeform_view(self, request, *args, **kwargs):
        """Show a row, or save it and expire the kept pages."""
        if request.method != "POST" or drafts.is_within_draft():
            return super().changeform_view(request, *args, **kwargs)
        with transaction.atomic():
            response = super().changeform_view(request, *args, **kwargs)
            raise_content_version(now=timezone.now())
            return response

    def delete_view(self, request, *args, **kwargs):
        """Ask, or delete a row and expire the kept pages."""
        if request.method != "POST" or drafts.is_within_draft():
            return super().delete_view(request, *args, **kwargs)
        with transaction.atomic():
            response = super().delete_view(request, *args, **kwargs)
            raise_content_version(now=timezone.now())
            return response
