"""What the organisers' first page says about the program: mistakes, next steps, and links to its pages."""

from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conference import rules
from conference.models.access import AccessOffers
from conference.workplace import areas, notices, steps
from conference.workplace.notices import Notice, Urgency
from conference.workplace.own_clock import own_words
from conference.workplace.steps import State, Step, step_of

# How long before a day the meeting should be known, so there is time to try it; and when it is late.
MEETING_IS_MISSED, MEETING_IS_LATE = timedelta(days=14), timedelta(days=1)


def form_of(day):
    """Return the address of the form of a day: its words, places and meeting."""
    return reverse("admin:conference_day_change", args=[day.pk])


def sheet_of(day):
    """Return the address of the page with a day's hours and sessions."""
    return reverse("admin:conference_day_program", args=[day.pk])


@notices.register
def days_without_meeting(desk):
    """Say which days are near and have no meeting address."""
    for day in desk.days if desk.may("conference.change_day") else []:
        left = day.starts_at - desk.now
        if day.meeting_url or day.is_called_off or day.ends_at <= desk.now or left > MEETING_IS_MISSED:
            continue
        opens_at = day.starts_at - timedelta(minutes=desk.conference.door_opens_minutes)
        yield Notice(
            Urgency.NOW if left <= MEETING_IS_LATE else Urgency.WEEK,
            _("%(day)s has no meeting address") % {"day": day.label},
            _("Nobody can join without it. It is needed by %(when)s.") % {"when": own_words(opens_at)},
            _("Add the address"),
            form_of(day),
        )


@notices.register
def mistakes(desk):
    """Say where the program breaks the rules, with one notice for each day."""
    if not desk.may("conference.change_day"):
        return
    found = {}
    findings = rules.findings_of(desk.days, desk.now)
    if desk.conference and desk.conference.is_published:
        findings = rules.without_what_is_over(findings)
    for finding in findings:
        found.setdefault(_day_of(finding, desk), []).append(finding)
    for day, findings in found.items():
        name = day.label if day else _("The days")
        title = ngettext("%(day)s: something does not fit", "%(day)s: %(n)d things do not fit", len(findings))
        url = sheet_of(day) if day else reverse("admin:conference_day_changelist")
        button = _("Look at %(day)s") % {"day": day.label} if day else _("Look at the days")
        words = str(findings[0].words)
        yield Notice(Urgency.WEEK, title % {"day": name, "n": len(findings)}, words, button, url)


@notices.register
def draft(desk):
    """Say that a draft waits to be published."""
    if not any(day.has_draft for day in desk.days) or not desk.may("conference.change_conference"):
        return
    url = reverse("admin:conference_conference_publish", args=[desk.conference.pk])
    words = _("See what changes for them, and publish it when it is ready.")
    yield Notice(Urgency.LATER, _("Readers do not see your draft yet"), words, _("Look at the draft"), url)


def _day_of(finding, desk):
    kind, key = finding.key or ("", None)
    for day in desk.days:
        parts = {"day": [day], "session": day.sessions.all(), "date": day.announced_dates.all()}.get(kind, [])
        if key in {part.pk for part in parts}:
            return day
    return None


@steps.register
def steps_of_the_program(desk):
    """Give the steps from the dates to the recordings."""
    if not desk.may("conference.change_day"):
        return
    conference, days = desk.conference, [day for day in desk.days if not day.is_called_off]
    sessions = [session for day in days for session in day.sessions.all()]
    if conference is None:
        url = reverse("admin:conference_conference_add")
        yield Step(10, _("Begin a conference"), State.NOW, url, note=_("Its name and its year. You can change both."))
        return
    days_page = reverse("admin:conference_day_changelist")
    own_page = reverse("admin:conference_conference_change", args=[conference.pk])
    publish_page = reverse("admin:conference_conference_publish", args=[conference.pk])
    sessions_page = sheet_of(days[0]) if days else reverse("admin:conference_day_changelist")
    add_day = reverse("admin:conference_day_add", query={"conference": conference.pk})
    yield Step(20, _("Set the dates"), State.DONE if desk.days else State.NOW, days_page if desk.days else add_day)
    is_over = bool(days) and max(day.ends_at for day in days) <= desk.now
    if conference.is_published and is_over:  # nobody has to prepare anything any more
        yield from _after(desk, days, days_page)
        return
    known = sum(bool(day.title) for day in days)
    yield step_of(30, _("Name the days"), known, len(days), form_of(days[0]) if days else add_day)
    titled = [session for session in sessions if session.title and not session.title_is_description]
    yield step_of(50, _("Give every session a title"), len(titled), len(sessions), sessions_page)
    timed = [session for session in sessions if session.has_time]
    yield step_of(55, _("Give every session a time"), len(timed), len(sessions), sessions_page)
    clear = [session for session in sessions if all(session.offer(name) for name in AccessOffers.FEATURES)]
    yield step_of(60, _("Say what access each session has"), len(clear), len(sessions), sessions_page)
    public = State.DONE if conference.is_published else State.NOW
    public_page = own_page if conference.is_published else publish_page
    yield Step(100, _("Publish the conference"), public, public_page, note=_("Until then nobody else sees it."))
    met = [day for day in days if day.meeting_url]
    yield step_of(120, _("Add the meeting addresses"), len(met), len(days), days_page)
    final = State.NOW if conference.times_are_provisional else State.DONE
    note = _("Until then each page says that times may change.")
    yield Step(130, _("Say that the times are final"), final, own_page, note=note)
    yield from _after(desk, days, days_page)


def _after(desk, days, days_page):
    if not days:
        return
    last = max(days, key=lambda day: day.ends_at)
    first = min(days, key=lambda day: day.starts_at)
    over, words = last.ends_at <= desk.now, own_words(first.starts_at, with_zone=False)
    started = first.starts_at <= desk.now
    state = State.DONE if over else State.NOW if started else State.LATER
    yield Step(300, _("The days of the conference"), state, days_page, due=words)
    recorded = [day for day in days if day.recording_url or all(_recordings(day) or [""])]
    step = step_of(400, _("Add the recordings"), len(recorded), len(days), days_page)
    yield step if over else Step(400, step.words, State.LATER, days_page)


def _recordings(day):
    return [session.recording_url for session in day.sessions.all()]


@areas.describe(areas.PROGRAM)
def program(desk):
    """Say how much program there is."""
    if not desk.days:
        return _("No day yet.")
    speakers = {one.speaker_id for session in desk.sessions for one in session.appearances.all()}
    numbers = [
        ngettext("%(n)d day", "%(n)d days", len(desk.days)) % {"n": len(desk.days)},
        ngettext("%(n)d session", "%(n)d sessions", len(desk.sessions)) % {"n": len(desk.sessions)},
        ngettext("%(n)d speaker", "%(n)d speakers", len(speakers)) % {"n": len(speakers)},
    ]
    return f"{', '.join(numbers)}."


@areas.describe(areas.PAGES)
def pages(desk):
    """Say what can be changed there."""
    return _("The words of the public pages, and what sign-up asks.")
