"""Pages to preview a draft, to share the preview with a colleague, to publish the draft, and to discard it."""

import json
from contextlib import suppress
from dataclasses import dataclass, field

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import ProtectedError
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from conference import drafts, rules
from conference.changes import sentence
from conference.drafts.missing import missing_in
from conference.drafts.publishing import note_key
from conference.drafts.rows import difference, merged, state_of
from conference.drafts.words import sentences
from conference.models import Conference, Day, Draft, raise_content_version
from conference.raw_input import one_line
from conference.site.previews import LASTS, preview_path
from conference.workplace.own_clock import own_span, own_zone

from .fingerprints import fingerprint_of

LOOK = "look"  # the name of the button that shows the mails again, which Enter presses
FIRST_TIME = gettext_lazy("Readers see this conference for the first time.")


@dataclass
class Waiting:
    """A draft as organisers see it before publishing: sentences of what changes, and what is wrong or missing."""

    draft: Draft | None
    sentences: list
    impossible: list = field(default_factory=list)
    odd: list = field(default_factory=list)
    notes: list = field(default_factory=list)  # worth a look, but needs no yes
    missing: list = field(default_factory=list)
    moved: list = field(default_factory=list)  # keys of days that get another time
    moves: list = field(default_factory=list)  # (day as it is, day as it will be), with checks only

    @property
    def may_be_published(self):
        return not self.impossible


class Publishes:
    """Mixin for the admin of editions: the pages of a draft."""

    def get_urls(self):
        pages = [("preview", self.preview), ("link", self.preview_link), ("publish", self.publish), ("drop", self.drop)]
        return [
            *(
                path(f"<int:pk>/{name}/", self.admin_site.admin_view(view), name=f"conference_conference_{name}")
                for name, view in pages
            ),
            *super().get_urls(),
        ]

    def edition(self, request, pk):
        """Return the edition. Raises Http404, or PermissionDenied for those who may not change it."""
        conference = Conference.objects.with_last_end().filter(pk=pk).first()
        if conference is None:
            raise Http404
        if not self.has_change_permission(request, conference):
            raise PermissionDenied
        return conference

    def preview(self, request, pk):
        """Lead to the draft's pages as readers will see them."""
        return HttpResponseRedirect(preview_path(self.edition(request, pk)))

    def preview_link(self, request, pk):
        """Show the address of the preview, for a colleague without an account."""
        conference = self.edition(request, pk)
        url = request.build_absolute_uri(preview_path(conference))
        context = self.page(request, conference, _("A link for a colleague"))
        context |= {"url": url, "until": (timezone.now() + LASTS).astimezone(own_zone())}
        return TemplateResponse(request, "organisers/program/preview_link.html", context)

    def drop(self, request, pk):
        """Ask; then discard the draft."""
        conference = self.edition(request, pk)
        waiting = waiting_for(conference, timezone.now())
        if not waiting.sentences:
            return self.say_nothing_waits(request, conference)
        answer = answer_to(waiting, 0)
        if request.method == "POST" and request.POST.get("yes") == answer:
            drafts.drop(conference)
            self.log_change(request, conference, _("Draft dropped: %(what)s") % {"what": " ".join(waiting.sentences)})
            self.message_user(request, _("The draft is dropped. The program is as readers see it."), messages.SUCCESS)
            return HttpResponseRedirect(self.back_to(conference))
        context = self.page(request, conference, _("Drop the draft?"))
        context |= {"waiting": waiting, "answer": answer, "has_changed": request.method == "POST"}
        return TemplateResponse(request, "organisers/program/drop.html", context)

    def publish(self, request, pk):
        """Show what publishing would change and to how many people it writes; on a yes, publish."""
        conference = self.edition(request, pk)
        now = timezone.now()
        waiting, notes, people = self.trial(request, conference, now)
        answer = answer_to(waiting, people)
        is_yes = request.method == "POST" and LOOK not in request.POST
        if is_yes and not waiting.sentences:
            return self.say_nothing_waits(request, conference)
        if is_yes and request.POST.get("yes") == answer and waiting.may_be_published:
            return self.publish_now(request, conference, waiting, now)
        context = self.page(request, conference, _("Publish"))
        context |= {
            "waiting": waiting,
            "notes": [
                (f"note-{note_key(note)}", words, request.POST.get(f"note-{note_key(note)}", words))
                for note, words in notes
            ],
            "people": people,
            "answer": answer,
            "is_first_time": not conference.is_published,
            "has_changed": is_yes and waiting.may_be_published,
            "moves": [
                (*move_words(before, after), self.readers_of_move(request, before, after, self.people_to_tell(before)))
                for before, after in waiting.moves
            ],
        }
        return TemplateResponse(request, "organisers/program/publish.html", context)

    def say_nothing_waits(self, request, conference):
        """Lead back to the program where no draft is left: a colleague was quicker, or the button was pressed twice."""
        self.message_user(request, _("No draft is left: the program is as readers see it."), messages.INFO)
        return HttpResponseRedirect(self.back_to(conference))

    def publish_now(self, request, conference, waiting, now):
        """Publish what was shown, and report the result."""
        words, result = {}, None
        for name, text in request.POST.items():
            if name.startswith("note-") and text.strip() != request.POST.get(f"made-{name}", "").strip():
                words[name.removeprefix("note-")] = one_line(text)[:300]
        try:
            with transaction.atomic():
                if conference.is_published:
                    result = drafts.publish(conference, now=now, words=words, **self.services(request))
                else:
                    Conference.objects.filter(pk=conference.pk).update(is_published=True)
                    raise_content_version(now=now)
                self.log_change(request, conference, _("Published: %(what)s") % {"what": " ".join(waiting.sentences)})
        except ProtectedError:
            words = _("The draft removes a day that people have signed up for since. Put it back, or call it off.")
            self.message_user(request, words, messages.ERROR)
            return HttpResponseRedirect(self.back_to(conference))
        people = result.people_told if result else 0
        told = ngettext("%(n)d person gets a mail.", "%(n)d people get a mail.", people) % {"n": people}
        done = _("Published. Readers see it now.")
        self.message_user(request, f"{done} {told}" if people else done, messages.SUCCESS)
        if result:
            self.say_people(request, result)
        return HttpResponseRedirect(self.back_to(conference))

    def trial(self, request, conference, now):
        """Publish and roll back. Return the Waiting, (note, sentence) for readers, and the number of mails."""
        waiting = waiting_for(conference, now)
        if not conference.is_published:
            return waiting, [], 0
        people = sum(self.people_to_tell(before) for before, _after in waiting.moves)
        notes = []
        with suppress(ProtectedError), drafts.roll_back():
            done = drafts.publish(conference, now=now)
            zone = own_zone()
            notes = [(note, sentence(note, zone)) for note in done.notes]
        return waiting, notes, people

    def people_to_tell(self, day):
        """Return how many people a new time of this day writes to; `registration` knows."""
        return 0

    def readers_of_move(self, request, before, after, people):
        """Return who hears of a day's new time, and the mail as they read it; `registration` knows."""
        return

    def page(self, request, conference, title):
        """Return what each of these pages needs."""
        crumbs = [(_("Program"), self.back_to(conference))]
        return self.admin_site.each_context(request) | {
            "title": title,
            "crumbs": crumbs,
            "conference": conference,
            "opts": self.opts,
            "back_url": self.back_to(conference),
        }

    def back_to(self, conference):
        """Return the address of the work on the program: the first day's page, or the edition's own."""
        day = Day.objects.for_edition(conference).first()
        if day:
            return reverse("admin:conference_day_program", args=[day.pk])
        return reverse("admin:conference_conference_change", args=[conference.pk])


def waiting_for(conference, now, *, with_checks=True):
    """Return what an edition's draft changes, and, `with_checks`, what is wrong or missing then."""
    zone = own_zone()
    draft = Draft.objects.for_edition(conference).select_related("saved_by").first()
    live = state_of(conference.pk)
    target = merged(live, draft.changes if draft else [])
    changes = difference(live, target)
    moved = [change["pk"] for change in changes if moves_a_day(change)]
    told = sentences(live, target, changes, zone) if conference.is_published else [str(FIRST_TIME)]
    waiting = Waiting(draft, told, moved=moved if conference.is_published else [])
    return _checked(waiting, conference, now) if with_checks else waiting


def moves_a_day(change):
    """Whether a change of a draft is another time of a day that readers know."""
    is_day = (change["model"], change["kind"]) == (Day._meta.label_lower, "changed")
    return is_day and bool({"starts_at", "ends_at"} & change["fields"].keys())


def gives_times(change):
    """Whether a change of a draft gives a day its times: another time, or a new day."""
    return moves_a_day(change) or (change["model"], change["kind"]) == (Day._meta.label_lower, "new")


def _checked(waiting, conference, now):
    """Return a Waiting with all findings, all that is missing, and the days that move as they are and will be."""
    days = Day.objects.with_ids(waiting.moved).in_order()
    before = list(days)
    found_live = rules.findings_now(now, conference) if conference.is_published else set()
    with drafts.show_drafts(conference):
        found = sorted(rules.findings_now(now, conference, with_notes=True), key=lambda one: one.words)
        waiting.missing = [(words, _page_of(row)) for words, row in missing_in(conference, now)]
        waiting.moves = list(zip(before, list(days.all()), strict=True))
    waiting.impossible = [one for one in found if not one.is_odd]
    waiting.odd = [one for one in found if one.is_odd and not one.is_note and one not in found_live]
    waiting.notes = [one for one in found if one.is_note]
    return waiting


def answer_to(waiting, people):
    """Return what a yes to this page says: another draft, or another number of people, needs another yes."""
    changes = waiting.draft.changes if waiting.draft else []
    parts = [*waiting.sentences, *(one.words for one in waiting.odd), people, json.dumps(changes, sort_keys=True)]
    return fingerprint_of(parts)


def move_words(before, after):
    """Return a move of a day for people: (day, before, after) on the organiser's clock."""
    return after.label, *(own_span(day.starts_at, day.ends_at).sentence() for day in (before, after))


def _page_of(row):
    if isinstance(row, Day):
        return reverse("admin:conference_day_program", args=[row.pk])
    return reverse(f"admin:conference_{row._meta.model_name}_change", args=[row.pk])
