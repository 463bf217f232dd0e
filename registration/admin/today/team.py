"""The team on the first page: who is on it, and who has not accepted the invitation."""

from datetime import timedelta

from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conference.workplace import areas, notices
from conference.workplace.notices import Notice, Urgency
from registration.groups import is_lead

from .needs import team_of

# So long after the invitation it is likely that the mail was missed.
INVITATION_IS_MISSED = timedelta(days=3)


@notices.register
def invitations_without_answer(desk):
    """Tell leads who was invited some days ago and has not accepted."""
    if not is_lead(desk.user):
        return
    missed_before = desk.now - INVITATION_IS_MISSED
    for user, _groups in team_of(desk):
        if user.last_login is None and user.invited_at and user.invited_at <= missed_before:
            title = _("%(name)s has not answered the invitation") % {"name": user.username}
            words = _("The mail may have been missed. You can send it again.")
            yield Notice(Urgency.LATER, title, words, _("Look at the team"), reverse("admin:team"))


@areas.describe(areas.TEAM)
def team(desk):
    """Say how many organisers there are, and who has not accepted the invitation."""
    accounts = team_of(desk)
    words = ngettext("%(n)d organiser.", "%(n)d organisers.", len(accounts)) % {"n": len(accounts)}
    absent = [user.username for user, _groups in accounts if user.last_login is None]
    if not absent:
        return words
    names = get_text_list(absent[:3], _("and"))
    sentence = ngettext("%(names)s has not logged in yet.", "%(names)s have not logged in yet.", len(absent[:3]))
    return f"{words} {sentence % {'names': names}}"
