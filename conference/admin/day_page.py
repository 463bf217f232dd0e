"""A day on one page: its times and all its sessions, on the organiser's own clock, saved to the draft."""

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from conference import day_sheet, drafts, rules
from conference.clock import Span, clock_words, place_name
from conference.drafts.words import sentences
from conference.models import Conference, Day, Draft, Session, Speaker, raise_content_version
from conference.moving import has_people
from conference.raw_input import whole_number
from conference.scripts import labelled
from conference.workplace.own_clock import own_zone, own_zone_words

from .drafts import Refused
from .lists import LongList
from .publishing import moves_a_day, waiting_for

SEEN_SALT = "pxp.day.seen"
SHAPE = "shape"  # beside the fields that were seen
# Enough places for an organiser to notice a wrong hour at a glance.
ELSEWHERE = (
    "America/Vancouver", "America/Toronto", "Europe/London", "Africa/Nairobi", "Asia/Kolkata", "Asia/Tokyo",
    "Pacific/Auckland",
)  # fmt: skip


class DayList(LongList):
    """The list of days, each a link to its page with all its sessions."""

    def url_for_result(self, result):
        return reverse("admin:conference_day_program", args=[result.pk])


class DayPage:
    """Mixin for the admin of days: the page at <pk>/program/."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.program_view)
        return [path("<int:pk>/program/", view, name="conference_day_program"), *super().get_urls()]

    def get_changelist(self, request, **kwargs):
        """Return the list of days; each leads to the day's own page, for those who may open it."""
        return DayList if self.has_change_permission(request) else LongList

    def response_add(self, request, obj, post_url_continue=None):
        """Go on to the new day's page, where its sessions are."""
        response = super().response_add(request, obj, post_url_continue)
        if "_continue" in request.POST or "_addanother" in request.POST:
            return response
        return HttpResponseRedirect(reverse("admin:conference_day_program", args=[obj.pk]))

    def program_view(self, request, pk):
        """Show a day's sheet, or save what was typed and do what the button says."""
        conference = edition_of_day(pk)
        if conference is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(pk))
        request.waiting = waiting_for(conference, timezone.now(), with_checks=False)
        with drafts.show_drafts(*Conference.objects.published()):
            day = Day.objects.with_conference().filter(pk=pk).first()
            if day is None:
                raise Http404
            if not self.has_change_permission(request, day):
                raise PermissionDenied
            if request.method != "POST":
                return self.sheet(request, day).render()
        return self.save_sheet(request, day)

    def save_sheet(self, request, day):
        """Save what was typed, all of it or nothing, and carry out what the button says."""
        conference, now = day.conference, timezone.now()
        try:
            if conference.is_published:
                with drafts.edit_draft(conference, user=request.user, now=now) as done:
                    focus = self.write_sheet(request, day.pk, now)
            else:
                with drafts.edit_unpublished(conference) as done:
                    focus = self.write_sheet(request, day.pk, now)
                    raise_content_version(now=now)
        except Refused as refused:
            return refused.response
        if done.changed:
            words = sentences(done.before, done.after, done.changed, own_zone())
            self.log_change(request, day, " ".join(words) or _("Sessions are in another order."))
        if session := session_to_ask_about(request, day):
            return self.ask_before_removing(request, day, session)
        url = reverse("admin:conference_day_program", args=[day.pk])
        if request.POST.get("do") == "now" and conference.is_published:
            return self.publish_fix(request, conference, done, url, now)
        if isinstance(focus, Day):
            return HttpResponseRedirect(reverse("admin:conference_day_program", args=[focus.pk]))
        if done.changed or not conference.is_published:
            self.message_user(request, _("Saved. Readers do not see it yet."), messages.SUCCESS)
        return HttpResponseRedirect(f"{url}#s{focus}" if focus else url)

    def write_sheet(self, request, pk, now):
        """Write a sheet to the rows as they are within the draft. Return the session to look at next.

        Raises Refused with the page, with all that was typed, if some of it is not valid.
        """
        day = Day.objects.with_conference().filter(pk=pk).first()
        if day is None:
            raise Http404
        if "post" in request.POST:  # a yes to a question, which brings no sheet with it
            return self.carry_out(request, day)
        sessions, zone = sessions_of(day), own_zone()
        shown, seen = day_sheet.values_of(day, sessions, zone), read_seen(request)
        typed = day_sheet.read(request.POST, shown, seen, sessions)
        self.say_lost(request, day_sheet.lost_words(request.POST, shown, seen))
        if not typed.faults:
            day_sheet.check_clock(day, sessions, typed, zone)
        moved = [name for name in day_sheet.OF_WINDOW if name in typed.changed]
        if moved and not drafts.is_within_draft() and has_people(day):
            words = _(
                "People have this day in their calendars. Move it with “Change the rest” below: that writes to them."
            )
            typed.faults |= dict.fromkeys(moved, words)
        if typed.faults:
            raise Refused(self.sheet(request, day, typed, status=422).render())
        is_old = seen.get(SHAPE) not in (None, day_sheet.shape_of(sessions, days_of(day)))
        day_sheet.write(day, sessions, typed, zone, now)
        if is_old and day_sheet.means_its_sheet(request.POST.get("do", ""), request.POST, sessions):
            words = _(
                "Sessions, breaks or days have changed in the meantime, perhaps because you pressed twice. So nothing "
                "was moved or added now. Look at what is there, then press again."
            )
            self.message_user(request, words, messages.WARNING)
            return None
        return None if session_to_ask_about(request, day) else self.carry_out(request, day)

    def say_lost(self, request, lost):
        """Give the organiser back what they typed for sessions that someone else removed or moved."""
        for title, typed in lost:
            words = _("“%(session)s” is no longer on this day. What you typed for it is not saved: %(typed)s")
            names = {"session": title or _("the session without a title"), "typed": typed}
            self.message_user(request, words % names, messages.WARNING)

    def carry_out(self, request, day):
        """Do what the button says. Return the session to look at next, or None."""
        order = request.POST.get("do", "")
        try:
            return day_sheet.carry_out(day, order, request.POST) if order not in ("", "now") else None
        except day_sheet.Problem as problem:
            self.message_user(request, str(problem), messages.ERROR)
            return None

    def ask_before_removing(self, request, day, session):
        """Ask; what was typed on the sheet is saved. Without a draft nothing brings a session back."""
        name = session.title or str(session.label)
        context = self.admin_site.each_context(request) | {
            "title": _("Remove “%(name)s”?") % {"name": name},
            "opts": self.opts,
            "sentences": [_("Its text, times and list of speakers go too. Nothing can bring them back.")],
            "button": _("Yes, remove"),
            "is_final": True,
            "kept": [("do", request.POST["do"])],
            "back_url": reverse("admin:conference_day_program", args=[day.pk]),
        }
        return TemplateResponse(request, "admin/ask.html", context)

    def publish_fix(self, request, conference, done, url, now):
        """Publish what was just typed, if that affects nobody; otherwise show what publishing would do."""
        waiting = waiting_for(conference, now)
        touched = {(change["model"], change["pk"]) for change in done.changed}
        changes = Draft.objects.changes_of(conference)
        is_new = any(change["kind"] == "new" and (change["model"], change["pk"]) in touched for change in changes)
        moves = any(moves_a_day(change) for change in done.changed)
        if is_new or moves or waiting.impossible or waiting.odd:
            words = _("It is saved in the draft. Check what publishing changes first.")
            self.message_user(request, words, messages.WARNING)
            return HttpResponseRedirect(reverse("admin:conference_conference_publish", args=[conference.pk]))
        drafts.publish(conference, only=done.changed, now=now, **self.services(request))
        self.message_user(request, _("Published. Readers see it now."), messages.SUCCESS)
        return HttpResponseRedirect(url)

    def sheet(self, request, day, typed=None, status=200):
        """Return the page, with the rows as they are now and what was typed over them."""
        zone, now, sessions = own_zone(), timezone.now(), sessions_of(day)
        texts = day_sheet.values_of(day, sessions, zone)
        days = days_of(day)
        shape = {SHAPE: day_sheet.shape_of(sessions, days)}
        seen = signing.dumps(texts | shape, salt=SEEN_SALT, compress=True)
        changes = changed_rows(day.conference)
        found = rules.findings_now(now, day.conference, with_notes=True)
        if day.conference.is_published:
            new = {pk for (label, pk), kind in changes.items() if (label, kind) == (Day._meta.label_lower, "new")}
            found = rules.without_what_is_over(found, new.union(request.waiting.moved))
        texts |= typed.texts if typed else {}
        faults = typed.faults if typed else {}
        names = {session.pk: session.title or str(session.label) for session in sessions}
        rows = [
            Row(session, texts, faults, found, changes, zone, place, len(sessions))
            for place, session in enumerate(sessions)
        ]
        span = Span(day.starts_at, day.ends_at, zone)
        context = self.admin_site.each_context(request) | {
            "title": labelled(day.label, day.title) if day.title else str(day.label),
            "crumbs": [(_("Program"), reverse("admin:conference_day_changelist"))],
            "opts": self.opts,
            "day": day,
            "conference": day.conference,
            "days": days,
            "other_days": [other for other in days if other != day],
            "rows": rows,
            "texts": texts,
            "faults": faults,
            "seen": seen,
            "span": span,
            "elsewhere": hours_elsewhere(day, zone),
            "zone_words": own_zone_words(),
            "to_mend": describe_findings((one for one in found if not one.is_note), names),
            "to_look_at": describe_findings((one for one in found if one.is_note), names),
            "speakers": list(Speaker.objects.for_edition(day.conference)),
            "people": self.people_words(day),
            "is_live": day.conference.is_published,
            "waiting": request.waiting,
            "rest": self.rest_of(day),
        }
        return TemplateResponse(request, "organisers/program/day.html", context, status=status)

    def people_words(self, day):
        """Return how many people have a place; `registration` knows."""
        return

    def rest_of(self, day):
        """Return (words, state) of the day's other settings, which are on Django's form."""
        unsaid = [str(Day._meta.get_field(name).verbose_name) for name in Day.FEATURES if not getattr(day, name)]
        return [
            (_("Title and summary"), _("Written") if day.title and day.summary else _("Something is to be announced")),
            (_("Access"), _("Not said: %(what)s") % {"what": ", ".join(unsaid)} if unsaid else _("All is said")),
            (_("Places and sign-up"), str(day.capacity) if day.has_capacity else _("No limit")),
            (_("The meeting"), _("Address added") if day.meeting_url else _("No address yet")),
            (_("Recording"), _("Added") if day.recording_url else _("None yet")),
        ]


def session_to_ask_about(request, day):
    """Return the session that the button removes for good, if anything is typed there; None if a draft keeps it."""
    name, _dash, key = request.POST.get("do", "").partition("-")
    if name != "remove" or "post" in request.POST or day.conference.is_published:
        return None
    session = Session.objects.for_day(day).with_id(whole_number(key)).first()
    says_anything = session and (
        session.title or session.summary or session.description or session.appearances.exists()
    )
    return session if says_anything else None


class Row:
    """One session on the sheet: computed values, typed values, and mistakes."""

    def __init__(self, session, texts, faults, found, changes, zone, place, count):
        self.session, self.pk = session, session.pk
        self.texts = {name: texts.get(f"{name}-{self.pk}", "") for name in day_sheet.FIELDS}
        self.faults = {name: faults.get(f"{name}-{self.pk}", "") for name in day_sheet.FIELDS}
        self.findings = [one for one in found if one.key == ("session", self.pk)]
        self.is_first, self.is_last = place == 0, place == count - 1
        self.number = place + 1
        self.starts = clock_words(session.starts_at.astimezone(zone)) if session.has_time else ""
        self.ends = clock_words(session.ends_at.astimezone(zone)) if session.has_time else ""
        self.break_starts = clock_words(session.ends_at.astimezone(zone)) if session.has_time else ""
        self.break_ends = clock_words(session.break_ends_at.astimezone(zone)) if session.break_ends_at else ""
        self.people = [appearance.speaker for appearance in session.appearances.all()]
        stay = {key for key in self.texts["people"].split(",") if key}
        self.choices = [(person, str(person.pk) in stay) for person in self.people]
        self.state = changes.get(("conference.session", self.pk), "public")

    @property
    def is_wrong(self):
        return any(not finding.is_note for finding in self.findings) or any(self.faults.values())

    @property
    def name(self):
        return self.session.title or _("the session without a title")


def edition_of_day(pk):
    """Return the edition of a day, which may exist in a draft alone; None if there is none."""
    days = Day.objects.with_conference().filter(pk=pk)
    if live := days.first():
        return live.conference  # a draft cannot move a day to another edition, and showing a draft takes a lock
    with drafts.show_drafts(*Conference.objects.published()):
        day = days.all().first()
        return day and day.conference


def sessions_of(day):
    """Return a day's sessions in order, with their people, as a list."""
    return list(Session.objects.for_day(day).with_people())


def days_of(day):
    """Return the days of a day's edition in order, as a list."""
    return list(Day.objects.for_edition(day.conference))


def read_seen(request):
    """Return the fields' values when the organiser opened the page."""
    try:
        return signing.loads(request.POST.get("seen", ""), salt=SEEN_SALT)
    except signing.BadSignature:
        return {}


def changed_rows(conference):
    """Return {(label, pk): "new" or "changed"} of what readers do not see; a session's people are part of it."""
    if not conference.is_published:
        return {}
    found = {}
    for change in Draft.objects.changes_of(conference):
        if change["kind"] != "gone":
            found[change["model"], change["pk"]] = change["kind"]
        if change["model"] == "conference.appearance" and "session_id" in change["fields"]:
            found.setdefault(("conference.session", change["fields"]["session_id"]), "changed")
    return found


def describe_findings(found, names):
    """Return (sentence, anchor) of Findings about this day's sessions, whose `names` are by key, or about days."""
    lines = []
    for one in sorted(found, key=lambda finding: (finding.is_odd, finding.words)):
        kind, key = one.key or ("", None)
        if kind == "session" and key in names:
            lines.append((f"“{names[key]}”: {one.sentence}", f"#s{key}"))
        elif kind != "session":
            lines.append((one.words, "#when"))
    return lines


def hours_elsewhere(day, zone):
    """Return (place, hours) of the day on clocks around the world."""
    found = []
    for name in ELSEWHERE:
        span = Span(day.starts_at, day.ends_at, ZoneInfo(name))
        if name != zone.key:
            words = span.hours_words if span.date == day.starts_at.astimezone(zone).date() else ""
            found.append((place_name(name), words or f"{span.short_words}, {span.start_words}–{span.end_words}"))
    return found
