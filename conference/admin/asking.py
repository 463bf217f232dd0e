"""Asks before something odd or far-reaching is saved: on the same page, once, with all that was typed.

The row is saved, looked at with everything around it, and taken back unless the organiser said yes. So one place
holds the rules (conference.rules), whichever form or table of a page breaks them.
"""

import hashlib

from django.contrib.messages.storage import default_storage
from django.db import transaction
from django.utils import timezone

from conference import drafts, rules

YES = "said_yes"


class NotSaved(Exception):
    """Roll back the save: rules are broken, or a question has no answer yet."""

    def __init__(self, impossible, questions):
        super().__init__()
        self.impossible, self.questions = impossible, questions


class AsksFirst:
    """Mixed into a ModelAdmin, before what notes changes. `questions_about` says what needs a yes."""

    change_form_template = "admin/ask_first.html"

    def questions_about(self, before, after, now):
        """Return sentences about a change that needs a yes, from one saved row to the next; `before` may be None."""
        return []

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Show or save one row, or show it again with what to fix or answer."""
        if request.method != "POST" or drafts.is_within_draft():  # a draft may have mistakes in it
            return super().changeform_view(request, object_id, form_url, extra_context)
        try:
            with transaction.atomic():
                return self._save_and_look(request, object_id, form_url, extra_context)
        except NotSaved as not_saved:
            request.not_saved = reasons = not_saved
        request._messages = default_storage(request)  # nothing was saved, so no message may say it was
        context = {"questions": reasons.questions, "yes": (YES, _answer_to(reasons.questions))}
        return super().changeform_view(request, object_id, form_url, context | (extra_context or {}))

    def _save_and_look(self, request, object_id, form_url, extra_context):
        now = timezone.now()
        row = self.get_object(request, object_id) if object_id else None
        found_before = rules.findings_now(now)
        request.saved_row = None
        response = super().changeform_view(request, object_id, form_url, extra_context)
        if request.saved_row is None:
            return response
        found = sorted(rules.findings_now(now) - found_before, key=lambda finding: finding.words)
        impossible = [finding for finding in found if not finding.is_odd]
        after = self.model._default_manager.get(pk=request.saved_row.pk)
        questions = [*self.questions_about(row, after, now), *(one.words for one in found if one.is_odd)]
        if impossible or (questions and request.POST.get(YES) != _answer_to(questions)):
            raise NotSaved(impossible, questions)
        return response

    def save_related(self, request, form, formsets, change):
        """Save the tables of the page, and remember which row it is about."""
        super().save_related(request, form, formsets, change)
        request.saved_row = form.instance

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Return the form; one that was taken back says why."""
        form = super().get_form(request, obj, change=change, **kwargs)
        reasons = getattr(request, "not_saved", None)
        return type(form.__name__, (TakenBack, form), {"reasons": reasons}) if reasons else form


class TakenBack:
    """Mixed into a form whose row was saved and taken back."""

    def full_clean(self):
        super().full_clean()
        own_key = (self._meta.model._meta.model_name, self.instance.pk)
        for finding in self.reasons.impossible:
            if finding.key == own_key and finding.field in self.fields:
                self.add_error(finding.field, finding.sentence)
            else:
                self.add_error(None, finding.words)

    def is_valid(self):
        """Return False: its question is shown beside it."""
        return False


def _answer_to(questions):
    """Return what the box of a yes sends: another list of questions needs another yes."""
    return hashlib.sha256("\n".join(str(question) for question in questions).encode()).hexdigest()[:16]
