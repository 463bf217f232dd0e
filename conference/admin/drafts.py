"""Forms of the program write to a draft; what the public reads changes when it is published, or at one press."""

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from conference import drafts, rules
from conference.models import Conference, Day, Draft, raise_content_version
from conference.raw_input import whole_number
from conference.site.previews import preview_path

from .base import ACTION
from .publishing import gives_times

SAVE_DRAFT = "_draft"  # the name of the first button of each form, which Enter presses
MOST_FINDINGS = 5  # sentences on top of a page


class Refused(Exception):
    """A form was not saved: its response says why, and nothing of it is kept."""

    def __init__(self, response):
        super().__init__()
        self.response = response


class InDraft:
    """Mixed into a ModelAdmin of the program, before all others. An edition that nobody sees yet needs no draft."""

    actions_in_draft = ()  # names of actions on one row that readers see only once they are published

    def services(self, request):
        """Return the services that publishing calls for changes that affect people; `registration` has some."""
        return {}

    def edition_of(self, row):
        """Return the edition that a row belongs to."""
        return row.day.conference if hasattr(row, "day") else getattr(row, "conference", row)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Show a row as the draft has it; save it there, or publish it at once on request."""
        row, conference = self._row_and_edition(request, object_id)
        is_new_there = conference is not None and row is not None and drafts.is_only_in_draft(conference, row)
        in_draft = conference if conference and conference.is_published else None
        shown_for = in_draft if object_id or in_draft else self._edition_of_new_rows()
        context = {"edition_in_draft": shown_for, "is_new_in_draft": is_new_there or not object_id}
        arguments = (object_id, form_url, context | (extra_context or {}))
        if request.method != "POST":
            return self.render_with_drafts(request, super().changeform_view, *arguments)
        if in_draft is None:
            return super().changeform_view(request, *arguments)
        if SAVE_DRAFT in request.POST or is_new_there or request.POST.get(ACTION) in self.actions_in_draft:
            return self.save_to_draft(request, conference, super().changeform_view, *arguments)
        changes = Draft.objects.changes_of(conference)
        request.replaced_draft = {f"{change['model']}:{change['pk']}": change["fields"] for change in changes}
        with drafts.keep_at_once(conference, user=request.user, now=timezone.now()):
            return super().changeform_view(request, *arguments)

    def changelist_view(self, request, extra_context=None):
        """Show the rows as drafts have them."""
        if request.method != "POST":
            return self.render_with_drafts(request, super().changelist_view, extra_context)
        return super().changelist_view(request, extra_context)

    def history_view(self, request, object_id, extra_context=None):
        """Show what was done with a row, be it in a draft alone."""
        return self.render_with_drafts(request, super().history_view, object_id, extra_context)

    def delete_view(self, request, object_id, extra_context=None):
        """Ask; then delete the row from the draft, or from the site at once on request."""
        row, conference = self._row_and_edition(request, object_id)
        in_draft = conference if row is not None and row != conference and conference.is_published else None
        is_new_there = in_draft is not None and drafts.is_only_in_draft(conference, row)
        context = {"edition_in_draft": in_draft, "is_new_in_draft": is_new_there} | (extra_context or {})
        if request.method != "POST":
            return self.render_with_drafts(request, super().delete_view, object_id, context)
        if in_draft and (SAVE_DRAFT in request.POST or is_new_there):
            return self.save_to_draft(request, conference, super().delete_view, object_id, context)
        if in_draft:
            with drafts.keep_at_once(conference, user=request.user, now=timezone.now()):
                return super().delete_view(request, object_id, context)
        return super().delete_view(request, object_id, context)

    def render_with_drafts(self, request, view, *arguments):
        """Return the finished response of a view that reads, with the rows as drafts have them."""
        with drafts.show_drafts(*Conference.objects.published()):
            response = view(request, *arguments)
            if hasattr(response, "render"):
                response.render()
        return response

    def save_to_draft(self, request, conference, view, *arguments):
        """Let a view write to the draft of an edition, and return its response."""
        now = timezone.now()
        try:
            with drafts.edit_draft(conference, user=request.user, now=now) as done:
                response = view(request, *arguments)
                if hasattr(response, "render"):
                    response.render()
                if response.status_code != HttpResponseRedirect.status_code:
                    raise Refused(response)
                found = rules.findings_now(now, conference)
        except Refused as refused:
            return refused.response
        self.say_saved(request, conference, done, found, now)
        return response

    def say_saved(self, request, conference, done, found, now):
        """Say what is saved where, what counts at once, and what is to be mended."""
        if done.at_once:
            self.publish_at_once(request, conference, done.at_once, now)
        if done.changed:
            self.message_user(request, _("Saved in the draft. Readers do not see it yet."), messages.SUCCESS)
        elif not done.at_once:
            self.message_user(request, _("Nothing was changed."), messages.INFO)
        found = rules.without_what_is_over(found, {change["pk"] for change in done.changed if gives_times(change)})
        for finding in sorted(found, key=lambda one: (one.is_odd, one.words))[:MOST_FINDINGS]:
            self.message_user(request, _("To fix: %(words)s") % {"words": finding.words}, messages.WARNING)

    def publish_at_once(self, request, conference, changes, now):
        """Put what nobody reads on a page into effect, and say so."""
        done = drafts.publish(conference, only=changes, now=now, **self.services(request))
        names = {name for change in changes for name in change["fields"]}
        if "is_published" in names:
            raise_content_version(now=now)
            self.message_user(request, _("Your change to “published” took effect at once."), messages.WARNING)
        if names - {"is_published"}:
            self.message_user(
                request, _("Changes to places and the meeting address took effect at once."), messages.INFO
            )
        self.say_people(request, done)

    def say_people(self, request, done):
        """Say who hears of what was published; `registration` knows."""

    def get_view_on_site_url(self, obj=None):
        """Return the address of a row's public page, or of its preview if readers do not see all of it yet."""
        url = super().get_view_on_site_url(obj)
        if url and drafts.is_within_draft() and drafts.has_draft(conference := self.edition_of(obj)):
            return preview_path(conference, url)
        return url

    def response_change(self, request, obj):
        """Come back to the page after saving in the draft."""
        if drafts.is_within_draft():
            return HttpResponseRedirect(request.get_full_path())
        is_fix = "_continue" in request.POST and self.edition_of(obj).is_published
        if is_fix:
            self.message_user(request, _("Published. Readers see it now."), messages.SUCCESS)
        if getattr(request, "kept_of_others", []) and drafts.has_draft(self.edition_of(obj)):
            request.kept_of_others = []  # "others" are the draft here: the form showed it, and it waits
            self.message_user(request, _("The rest of the draft waits until you publish it."), messages.INFO)
        if is_fix and not getattr(request, "kept_of_others", []):
            return HttpResponseRedirect(request.get_full_path())
        return super().response_change(request, obj)

    def response_add(self, request, obj, post_url_continue=None):
        """Go to the new row's page after adding it to the draft."""
        if drafts.is_within_draft():
            return HttpResponseRedirect(reverse(f"admin:conference_{self.opts.model_name}_change", args=[obj.pk]))
        return super().response_add(request, obj, post_url_continue)

    def _edition_of_new_rows(self):
        """Return the edition in whose draft a new row most likely begins; a new edition is in no draft."""
        return None if self.model is Conference else Conference.objects.current(timezone.now())

    def _row_and_edition(self, request, object_id):
        """Return a row, live or in a draft alone, and its edition; for a new row, the edition chosen for it."""
        if object_id is not None and (live := self.get_object(request, unquote(object_id))) is not None:
            return live, self.edition_of(live)  # no draft moves it; showing one takes a lock
        with drafts.show_drafts(*Conference.objects.published()):
            if object_id is not None:
                row = self.get_object(request, unquote(object_id))
                return row, self.edition_of(row) if row is not None else None
            return None, _chosen_edition(request.POST)


def _chosen_edition(post):
    """Return the edition that a form for a new row names, itself or by a day."""
    for model, name in ((Conference, "conference"), (Day, "day")):
        key = whole_number(post.get(name))
        if key is not None:
            row = model.objects.filter(pk=key).first()
            return getattr(row, "conference", row)
    return None
