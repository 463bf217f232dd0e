"""Asks before something odd or far-reaching is saved: on the same page, once, with all that was typed.

The row is saved, checked together with everything around it, and rolled back unless the organiser said yes. So the
rules are in one place (conference.rules), whichever form or table of a page breaks them.
"""

from dataclasses import dataclass, field

from django.contrib.messages.storage import default_storage
from django.db import transaction
from django.utils import timezone

from conference import drafts, rules

from .drafts import SAVE_DRAFT
from .fingerprints import fingerprint_of

YES = "said_yes"
# The names of the buttons that save. One of them also says yes, if it names how many people get a mail.
SAVES = (SAVE_DRAFT, "_continue", "_addanother", "_save")


@dataclass(frozen=True)
class MailQuestion:
    """The question before a change that writes to people: how many get a mail, and what it says.

    `keys` name the people, since a yes is about them and no others. `readers` are what `organisers/readers.html` shows
    of them, or None for those who may see nobody's name.
    """

    number: int
    sentences: list = field(default_factory=list)
    keys: list = field(default_factory=list)
    readers: object = None
    heading: str = ""
    button: str = ""
    asks_why: bool = False


@dataclass(frozen=True)
class Fault:
    """Why a form was not saved after all; shown above it, with everything that was typed."""

    words: str
    key: tuple | None = None


class NotSaved(Exception):
    """Roll back the save: rules are broken, or a question has no answer yet."""

    def __init__(self, impossible, questions=(), mail_question=None):
        super().__init__()
        self.impossible, self.questions, self.mail_question = impossible, questions, mail_question

    @property
    def answer(self):
        """The value of a yes: another list of questions, or other people, need another yes."""
        return fingerprint_of([*self.questions, *(self.mail_question.keys if self.mail_question else [])])


class AsksFirst:
    """Mixin for a ModelAdmin, before the one that notes changes. `questions_about` says what needs a yes."""

    change_form_template = "admin/ask_first.html"

    def questions_about(self, before, after, now):
        """Return sentences about a change that needs a yes, from one saved row to the next; `before` may be None."""
        return []

    def questions_at_once(self, before, after, now):
        """Return sentences like `questions_about`, about what takes effect at once even in a draft."""
        return []

    def mail_question(self, request, before, after, now):
        """Return the MailQuestion of a change, in a draft of what takes effect at once; None if nobody gets a mail."""
        return

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Show or save one row, or show it again with what to correct or answer."""
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        try:
            with transaction.atomic():
                return self._save_and_look(request, object_id, form_url, extra_context)
        except NotSaved as not_saved:
            request.not_saved = reasons = not_saved
        request._messages = default_storage(request)  # nothing was saved, so no message may say it was
        pressed = next((name for name in SAVES if name in request.POST), SAVES[-1])
        context = {"questions": reasons.questions, "yes": (YES, reasons.answer)}
        if reasons.mail_question:  # Enter alone never writes to people
            context |= {
                "mail_question": reasons.mail_question,
                "yes": (pressed, reasons.answer),
                "writes_to_people": True,
            }
        return super().changeform_view(request, object_id, form_url, context | (extra_context or {}))

    def _save_and_look(self, request, object_id, form_url, extra_context):
        now, in_draft = timezone.now(), drafts.is_within_draft()  # a draft may contain mistakes
        row = self.get_object(request, object_id) if object_id else None
        found_before = set() if in_draft else rules.findings_now(now)
        request.saved_row = None
        response = super().changeform_view(request, object_id, form_url, extra_context)
        if request.saved_row is None:
            return response
        found = set() if in_draft else rules.findings_now(now) - found_before
        found = sorted(found, key=lambda finding: finding.words)
        impossible = [finding for finding in found if not finding.is_odd]
        after = self.model._default_manager.get(pk=request.saved_row.pk)
        questions = [] if in_draft else self.questions_about(row, after, now)
        questions += self.questions_at_once(row, after, now)
        mails = self.mail_question(request, row, after, now)
        questions += [*(mails.sentences if mails else []), *(one.words for one in found if one.is_odd)]
        not_saved = NotSaved(impossible, questions, mails)
        if impossible or (questions and not_saved.answer not in _answers(request, mails)):
            raise not_saved
        return response

    def save_related(self, request, form, formsets, change):
        """Save the tables of the page, and remember which row it is about."""
        super().save_related(request, form, formsets, change)
        request.saved_row = form.instance

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Return the form; one that was rolled back says why."""
        form = super().get_form(request, obj, change=change, **kwargs)
        reasons = getattr(request, "not_saved", None)
        return type(form.__name__, (RolledBackForm, form), {"reasons": reasons}) if reasons else form


class RolledBackForm:
    """Mixin for a form whose row was saved and rolled back."""

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


def _answers(request, mails):
    """Return what the form says to a question: by the button if people get a mail, otherwise by a checkbox."""
    return [request.POST.get(name) for name in (SAVES if mails else [YES])]
