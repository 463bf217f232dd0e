"""What can still be taken back, on the first page: the page that led there may be closed by now."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conference.workplace import notices
from conference.workplace.notices import Notice, Urgency
from conference.workplace.own_clock import own_words
from registration.models import DayNotice, PlannedAct


@notices.register
def can_be_taken_back(desk):
    """Say how many actions wait before they write to people, and until when. One query."""
    found = []
    if desk.may("conference.change_day"):
        found.append(DayNotice.objects.open_to_take_back(desk.now))
    if desk.may("registration.change_registration"):
        found.append(PlannedAct.objects.waiting(desk.now))
    if not found:
        return
    first, *others = [rows.order_by().values_list("due_at", flat=True) for rows in found]
    instants = list(first.union(*others, all=True) if others else first)
    if instants:
        number = len(instants)
        title = ngettext("%(n)d action can still be taken back", "%(n)d actions can still be taken back", number)
        words = _("Nobody has had a mail about it yet. The first mails are sent on %(time)s.")
        words %= {"time": own_words(min(instants))}
        yield Notice(Urgency.NOW, title % {"n": number}, words, _("See what waits"), reverse("admin:waiting"))
