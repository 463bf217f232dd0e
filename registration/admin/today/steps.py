"""The steps on the way that people and mails need: the team, sign-up, reminders, and the end of the data."""

from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from conference.models import Conference
from conference.workplace import steps
from conference.workplace.own_clock import own_words
from conference.workplace.steps import State, Step
from registration.groups import is_lead
from registration.models import ReminderMark
from registration.services.retention import rules

from .needs import access_team, team_of


@steps.register
def steps_of_the_team(desk):
    """Give the steps that leads take."""
    if not is_lead(desk.user):
        return
    url = reverse("admin:team")
    note = _("Do this early, to share the work.")
    yield Step(40, _("Invite your team"), State.DONE if len(team_of(desk)) > 1 else State.NOW, url, note=note)
    note = _("Only they can read what people need to take part.")
    state = State.DONE if access_team(desk) else State.NOW
    yield Step(45, _("Choose the Access team"), state, url, note=note)


@steps.register
def steps_of_sign_up(desk):
    """Give the opening of sign-up, the reminders, and the day on which the data goes."""
    conference = desk.conference
    if conference is None or not desk.days or not desk.may("conference.change_conference"):
        return
    url = reverse("admin:conference_conference_change", args=[conference.pk])
    opens_at = conference.sign_up_opens_at
    is_open = conference.is_published and (opens_at is None or opens_at <= desk.now)
    later = opens_at and opens_at > desk.now
    due = own_words(opens_at, with_zone=False) if later else ""
    note = _("Opens by itself.") if later else _("Opens when you publish the conference.")
    yield Step(110, _("Open sign-up"), State.DONE if is_open else State.LATER, url, due, note)
    first, last = min(desk.days, key=lambda day: day.starts_at), max(desk.days, key=lambda day: day.ends_at)
    for mark in ReminderMark.objects.for_edition(conference):
        leaves_at = first.starts_at - mark.lead
        yield Step(
            200,
            _("Reminder: %(when)s") % {"when": mark},
            State.DONE if leaves_at <= desk.now else State.LATER,
            url,
            own_words(leaves_at, with_zone=False),
            _("Sent by itself."),
        )
    gone_at = last.ends_at + timedelta(days=rules()["people"].days)
    state, note = State.DONE if gone_at <= desk.now else State.LATER, _("Happens by itself. The numbers stay.")
    if last.ends_at <= desk.now and desk.may("conference.add_conference"):
        yield _next_year(conference)
    yield Step(500, _("Personal data is deleted"), state, "", own_words(gone_at, with_zone=False), note)


def _next_year(conference):
    words = _("Make the next conference")
    newest = Conference.objects.newest_first()[0]
    if newest.slug > conference.slug:
        return Step(450, words, State.DONE, reverse("admin:conference_conference_change", args=[newest.pk]))
    note = _("From this one, when you like: its hours, texts, questions and reminders are copied.")
    return Step(450, words, State.NOW, reverse("admin:next_year", args=[conference.pk]), note=note)
