"""Needs without an answer: everybody sees how many and since when, only the Access team whose."""

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conference.workplace import notices
from conference.workplace.notices import Notice, Urgency
from registration.groups import ACCESS_TEAM, is_in_access_team, is_lead
from registration.models import AccessRequest


def team_of(desk):
    """Return [(account, names of its groups)] of all who can log in, in one query. Needed by several rooms."""

    def load():
        rows = User.objects.filter(is_active=True, is_staff=True).order_by("username")
        people = {}
        names = ("pk", "username", "last_login", "organiser__invited_at", "groups__name")
        for key, username, last_login, invited_at, group in rows.values_list(*names):
            user = User(pk=key, username=username, last_login=last_login)
            user.invited_at = invited_at
            person = people.setdefault(key, (user, set()))
            person[1].add(group)
        if desk.user.pk in people:
            desk.user._group_names = people[desk.user.pk][1]  # as registration.groups would read them once more
        return list(people.values())

    return desk.get_or_make("team", load)


def access_team(desk):
    """Return the names of the accounts on the Access team."""
    return [user.username for user, groups in team_of(desk) if ACCESS_TEAM in groups]


@notices.register
def without_answer(desk):
    """Say how many needs wait, for how long, and who may answer."""
    number, oldest = desk.get_or_make(
        "needs", AccessRequest.objects.new().for_edition(desk.conference).number_and_oldest
    )
    names = access_team(desk)
    if not names:
        yield from nobody_reads(desk, number)
        return
    if not number:
        return
    title = ngettext(
        "%(n)d person asked for help and has no answer", "%(n)d people asked for help and have no answer", number
    )
    days = (desk.now - oldest).days
    waited = ngettext("The oldest has waited %(n)d day.", "The oldest has waited %(n)d days.", days) % {"n": days}
    whose = _("Only the Access team, %(names)s, can read what they need.") % {"names": get_text_list(names, _("and"))}
    sentence = f"{waited} {whose}" if days else whose
    if is_in_access_team(desk.user):
        button, url = _("Answer them"), reverse("admin:registration_accessrequest_changelist", query={"state": "new"})
    elif desk.user.get_all_permissions():
        button, url = _("Remind the Access team…"), reverse("admin:remind-access-team")
    else:
        button, url = "", ""  # an observer sees that it waits
    yield Notice(Urgency.NOW, title % {"n": number}, sentence, button, url)


def nobody_reads(desk, number):
    """Say that the Access team is empty: urgent once a person asked for something."""
    if number:
        words = ngettext("%(n)d person told us what they need.", "%(n)d people told us what they need.", number)
        words %= {"n": number}
    else:
        words = _("People can tell us what they need when they sign up, and nobody could read it.")
    if is_lead(desk.user):
        button, url = _("Choose who reads them"), reverse("admin:team")
    else:
        button, url = _("See how to change that"), reverse("admin:registration_accessrequest_changelist")
    urgency = Urgency.NOW if number else Urgency.WEEK
    yield Notice(urgency, _("Nobody is on the Access team"), words, button, url)
