"""Days in the organisers' admin, each with its announced dates and its sessions."""

from zoneinfo import ZoneInfo

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from conference import drafts
from conference.changes import noting_changes
from conference.clock import date_words
from conference.models import AnnouncedDate, Day, Session
from conference.moving import arrange, shift_of
from conference.raw_input import whole_number
from conference.rules import findings_without
from conference.workplace.own_clock import own_span

from .asking import AsksFirst
from .base import ACCESS_FIELDS, ConflictCheckInline, PlainAdmin, time_column
from .changes import NotesChanges
from .day_page import ELSEWHERE, DayPage
from .drafts import InDraft
from .filters import ConferenceFilter
from .session_order import OnlyWhatWasTyped, SessionForm, SessionsOfADay


class AnnouncedDateInline(ConflictCheckInline, admin.StackedInline):
    """The date as newsletters announce it in each region."""

    model = AnnouncedDate
    formset = OnlyWhatWasTyped
    fields = [("region", "date", "position")]
    extra = 1  # an empty row, for browsers without JavaScript


class SessionInline(ConflictCheckInline, admin.StackedInline):
    """The day's sessions, short; each has a page of its own for the rest."""

    model = Session
    form = SessionForm
    formset = SessionsOfADay
    fields = [("number", "title")]
    ordering = ["number"]
    extra = 1  # an empty row, for browsers without JavaScript
    show_change_link = True
    can_delete = False

    def get_queryset(self, request):
        """Return the sessions with their day, which heads the rows."""
        return super().get_queryset(request).with_day()


@admin.register(Day)
class DayAdmin(DayPage, InDraft, AsksFirst, NotesChanges, PlainAdmin):
    """One day: title, times, access, places and its sessions."""

    list_display = [
        "__str__",
        "title_or_announced",
        time_column("starts_at", _("starts")),
        time_column("ends_at", _("ends")),
    ]
    list_filter = [ConferenceFilter]
    list_select_related = ["conference"]
    ordering = ["-conference__slug", "number"]
    search_fields = ["title", "summary"]
    search_help_text = _("Search by title or summary.")
    inlines = [AnnouncedDateInline, SessionInline]
    actions = ["sort_sessions"]
    actions_in_draft = actions
    readonly_fields = ["times_around_the_world"]
    what_to_do_instead = _("A day that people have signed up for cannot be deleted, so nobody loses their place.")

    def get_changeform_initial_data(self, request):
        """Return what the form of a new day begins with: also the number after the last day of its edition."""
        initial = super().get_changeform_initial_data(request)
        edition = whole_number(str(initial.get("conference", "")))
        last = Day.objects.for_edition(edition).aggregate(last=Max("number"))["last"] if edition else None
        return {"number": (last or 0) + 1} | initial

    def lock(self, object_id):
        """Lock the day in its turn, as services do: people may be waiting for it."""
        super().lock(object_id, lambda rows: rows.lock_in_turn())

    def get_fieldsets(self, request, day=None):
        """Return the day's fields; those computed from saved times only for a saved day."""
        times = [("starts_at", "ends_at")] + (["times_around_the_world"] if day else [])
        return [
            (None, {"fields": ["conference", "number", "title", "summary"]}),
            (
                _("Times"),
                {
                    "fields": times,
                    "description": _("Type times on your own clock. The site shows each visitor theirs."),
                },
            ),
            (
                _("Access"),
                {
                    "fields": ACCESS_FIELDS,
                    "description": _("What people can rely on for the whole day. A session can differ."),
                },
            ),
            (_("Places and sign-up"), {"fields": ["capacity", ("sign_up_opens_at", "sign_up_closes_at")]}),
            (
                _("The meeting"),
                {
                    "fields": ["meeting_url"],
                    "description": _(
                        "The link to the meeting, for example from Zoom. You can change it any time: "
                        "people's own links stay the same. No page, mail or calendar shows it."
                    ),
                },
            ),
            (_("Afterwards"), {"fields": ["recording_url"]}),
        ]

    def get_inlines(self, request, day):
        """Return the day's tables; a new day gets them once it is saved."""
        return self.inlines if day else [AnnouncedDateInline]

    @admin.action(
        description=_("Sort the sessions by time"),
        description_plural=_("Sort the sessions of the ticked days by time"),
        permissions=["change"],
        location=[admin.ActionLocation.CHANGE_LIST, admin.ActionLocation.CHANGE_FORM],
    )
    def sort_sessions(self, request, queryset):
        """Put the sessions of each day in the order of their starts. No address changes."""
        now = timezone.now()
        for day in queryset.select_related("conference"):
            is_seen = day.conference.is_published and not drafts.is_within_draft()
            with drafts.edit_draft(day.conference, user=request.user, now=now) if is_seen else noting_changes(now=now):
                arrange(day, by_time=True)
                self.log_change(request, day, gettext("Sessions sorted by time"))
        self.message_user(request, gettext("The sessions are in the order of their times."), messages.SUCCESS)

    def delete_view(self, request, object_id, extra_context=None):
        """Ask, then delete. Says what is wrong with the other days once this one is gone: a gap in their numbers."""
        day = self.get_object(request, unquote(object_id))
        what_follows = [finding.words for finding in findings_without(day)] if day else []
        return super().delete_view(request, object_id, {"what_follows": what_follows} | (extra_context or {}))

    def questions_about(self, before, after, now):
        """Ask about a day that moves, and show what moves with it."""
        if before is None or (before.starts_at, before.ends_at) == (after.starts_at, after.ends_at):
            return []
        times = {
            "day": after.label,
            "before": own_span(before.starts_at, before.ends_at).sentence(),
            "after": own_span(after.starts_at, after.ends_at).sentence(),
        }
        effects = self.effects_of_move(before, after)
        return [_("%(day)s was: %(before)s. It will be: %(after)s.") % times, *effects] if effects else []

    def effects_of_move(self, before, after):
        """Return sentences about what else a new time changes: the sessions of the day move with it."""
        if not shift_of(before, starts_at=after.starts_at, ends_at=after.ends_at):
            return []
        sessions = [
            _("%(name)s moves to %(time)s.")
            % {"name": session, "time": own_span(session.starts_at, session.ends_at).sentence()}
            for session in after.sessions.all()
            if session.has_time
        ]
        dates = [
            _("%(region)s: the announced date becomes %(date)s.")
            % {"region": told.region, "date": date_words(told.date)}
            for told in after.announced_dates.all()
        ]
        return sessions + dates

    @admin.display(description=_("title"), ordering="title", empty_value=_("to be announced"))
    def title_or_announced(self, day):
        """Return the title, or None for the words that say it is not known."""
        return day.title or None

    @admin.display(description=_("that is"))
    def times_around_the_world(self, day):
        """Return the saved times as clocks in some places show them, one line each."""
        here = own_span(day.starts_at, day.ends_at)
        lines = (capfirst(here.in_zone(ZoneInfo(name)).sentence()) for name in ELSEWHERE)
        return format_html_join("", "<div>{}</div>", ((line,) for line in lines))

    def view_on_site(self, day):
        """Return the day's public page, or None while the public cannot see it."""
        year, number = day.conference.slug, day.number
        is_published = day.conference.is_published
        return reverse("edition:day", kwargs={"year": year, "number": number}) if is_published else None
