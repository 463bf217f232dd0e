"""The numbers and next steps on the organisers' first page; each person sees what concerns them."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from conference.models import Conference, Day, Session
from registration.groups import access_team_is_empty, is_in_access_team
from registration.models import AccessRequest, OutboxMessage, Registration
from registration.status import MailFault, MailState, Status

# A worker looks every few seconds. When a mail that is due waits this long, most likely no worker runs.
WORKER_IS_LATE = timedelta(minutes=10)


# So long before a day the meeting should be known, with time left to try it out.
MEETING_IS_LATE = timedelta(days=7)

# Column heads and brackets have little room.
IN_SHORT = {
    Status.CONFIRMED: gettext_lazy("confirmed"),
    Status.PENDING: gettext_lazy("not confirmed yet"),
    Status.WAITLISTED: gettext_lazy("waiting list"),
    Status.CANCELLED: gettext_lazy("cancelled"),
}


@dataclass(frozen=True)
class DayRow:
    """One day's line: its name and page, and for each status and for who came (words, number, page of the list)."""

    day: Day
    url: str
    cells: list


@dataclass(frozen=True)
class Overview:
    """What the page shows. Anything that does not concern the person is empty."""

    conference: Conference | None = None
    columns: list = field(default_factory=list)
    days: list = field(default_factory=list)
    mails: list = field(default_factory=list)
    steps: list = field(default_factory=list)


def overview_for(user, *, now):
    """Return the Overview of the edition that `/` shows, at the UTC instant `now`, for one organiser."""
    conference = Conference.objects.current(now)
    sees_people = user.has_perm("registration.view_registration")
    sees_mails = user.has_perm("registration.view_outboxmessage")
    days = list(Day.objects.for_edition(conference).with_conference()) if conference and sees_people else []
    mails = OutboxMessage.objects.counted_by_state() if sees_mails else {}
    steps = steps_for_an_empty_access_team()
    if user.has_perm("conference.change_day"):
        steps += steps_for_the_program(conference, now)
    if sees_mails:
        steps += steps_for_mails(mails, now)
    if is_in_access_team(user):
        steps += steps_for_the_access_team()
    return Overview(
        conference=conference,
        columns=[*IN_SHORT.values(), _("came")],
        days=rows_of(days),
        mails=[(state.label, mails.get(state, 0), mails_url(state)) for state in MailState] if sees_mails else [],
        steps=steps,
    )


def rows_of(days):
    """Return a DayRow for each day, all numbers in two queries."""
    counts = Registration.objects.counted_by_day() if days else {}
    came = Registration.objects.came_by_day() if days else {}
    list_url = reverse("admin:registration_registration_changelist")
    return [
        DayRow(
            day=day,
            url=reverse("admin:conference_day_change", args=[day.pk]),
            cells=[
                (words, counts.get(day.pk, {}).get(status, 0), f"{list_url}?day={day.pk}&status__exact={status.value}")
                for status, words in IN_SHORT.items()
            ]
            + [(_("came"), came.get(day.pk, 0), f"{list_url}?day={day.pk}&came=yes")],
        )
        for day in days
    ]


def mails_url(state, fault=None):
    """Return the address of the list of mails in one state, or of those that wait because of a fault."""
    query = {"state__exact": state.value} | ({"fault__exact": fault.value} if fault else {})
    return reverse("admin:registration_outboxmessage_changelist", query=query)


def steps_for_the_program(conference, now):
    """Return (words, address) for what the program still lacks at the UTC instant `now`."""
    if conference is None:
        return [
            (_("There is no published conference yet. Add one."), reverse("admin:conference_conference_changelist"))
        ]
    steps = []
    if conference.times_are_provisional:
        words = _("The times are provisional, and every page says so. When they are settled, say so here.")
        steps.append((words, reverse("admin:conference_conference_change", args=[conference.pk])))
    untitled = Session.objects.for_edition(conference).filter(title="").count()
    if untitled:
        words = ngettext("%(n)d session has no title yet.", "%(n)d sessions have no title yet.", untitled)
        url = reverse("admin:conference_session_changelist", query={"conference": conference.pk})
        steps.append((words % {"n": untitled}, url))
    soon = Day.objects.for_edition(conference).starting_within(now, now + MEETING_IS_LATE)
    for day in soon.filter(meeting_url=""):
        words = _("%(day)s is soon, and has no address of the meeting yet.") % {"day": day.label}
        steps.append((words, reverse("admin:conference_day_change", args=[day.pk])))
    return steps


def steps_for_mails(mails, now):
    """Return (words, address) for mails that need somebody."""
    steps = []
    dead = mails.get(MailState.DEAD, 0)
    if dead:
        words = ngettext(
            "%(n)d mail was given up. Look at why, and try again.",
            "%(n)d mails were given up. Look at why, and try again.",
            dead,
        )
        steps.append((words % {"n": dead}, mails_url(MailState.DEAD)))
    faults = OutboxMessage.objects.counted_by_fault()
    unwritten, refused = faults.get(MailFault.LETTER, 0), faults.get(MailFault.SERVER, 0)
    if unwritten:
        words = ngettext(
            "The site cannot write %(n)d mail, which waits. Tell the person who runs the site.",
            "The site cannot write %(n)d mails, which wait. Tell the person who runs the site.",
            unwritten,
        )
        steps.append((words % {"n": unwritten}, mails_url(MailState.QUEUED, fault=MailFault.LETTER)))
    if refused:
        words = ngettext(
            "A mail server takes no mail from us, so %(n)d mail waits. Tell the person who runs the site.",
            "A mail server takes no mail from us, so %(n)d mails wait. Tell the person who runs the site.",
            refused,
        )
        steps.append((words % {"n": refused}, mails_url(MailState.QUEUED, fault=MailFault.SERVER)))
    if full := faults.get(MailFault.MAILBOX, 0):
        words = ngettext(
            "%(n)d mail waits because a mailbox is full. Tell its owner another way, if you can.",
            "%(n)d mails wait because mailboxes are full. Tell their owners another way, if you can.",
            full,
        )
        steps.append((words % {"n": full}, mails_url(MailState.QUEUED, fault=MailFault.MAILBOX)))
    if OutboxMessage.objects.queued().urgent().filter(due_at__lt=now - WORKER_IS_LATE).exists():
        words = _("Mails wait longer than they should. Ask whoever runs the site whether the worker runs.")
        steps.append((words, mails_url(MailState.QUEUED)))
    return steps


def steps_for_an_empty_access_team():
    """Return (words, address) where people told us what they need, and nobody is there to read it."""
    number = AccessRequest.objects.new().count()
    if not number or not access_team_is_empty():
        return []
    words = ngettext(
        "%(n)d person told us what they need, and nobody is on the Access team to read it. See how to change that.",
        "%(n)d people told us what they need, and nobody is on the Access team to read it. See how to change that.",
        number,
    )
    return [(words % {"n": number}, reverse("admin:registration_accessrequest_changelist"))]


def steps_for_the_access_team():
    """Return (words, address) for requests that nobody has looked at."""
    new = AccessRequest.objects.new().count()
    if not new:
        return []
    words = ngettext("%(n)d new access request waits for you.", "%(n)d new access requests wait for you.", new)
    return [(words % {"n": new}, reverse("admin:registration_accessrequest_changelist", query={"state": "new"}))]
