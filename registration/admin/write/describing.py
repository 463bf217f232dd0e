"""The people a message goes to, in words."""

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conference.clock import country_name
from conference.models import Day
from conference.scripts import labelled
from registration.models import Registrant
from registration.services.broadcasts import name_of
from registration.status import Came, Status

_WHO = {
    Status.CONFIRMED: lambda: _("a place"),
    Status.WAITLISTED: lambda: _("a place on the waiting list"),
}


def people_words(number):
    """Return "385 people"."""
    return ngettext("%(n)d person", "%(n)d people", number) % {"n": number}


def whom_words(broadcast, number):
    """Return the number of people and who they are: "385 people with a place on Day 2, from Kenya"."""
    whom = broadcast.whom
    parts = [f"{people_words(number)} {_status_words(whom)}", *_narrowed(whom)]
    return ", ".join(part for part in parts if part)


def how_it_went(broadcast, numbers):
    """Return the state of a message and its numbers: "On its way: 212 sent, 2 refused, 173 waiting"."""
    parts = [
        ngettext("%(n)d sent", "%(n)d sent", numbers.sent) % {"n": numbers.sent},
        ngettext("%(n)d refused", "%(n)d refused", numbers.refused) % {"n": numbers.refused},
    ]
    if numbers.waiting:
        parts.append(ngettext("%(n)d waiting", "%(n)d waiting", numbers.waiting) % {"n": numbers.waiting})
    if numbers.taken_back:
        parts.append(ngettext("%(n)d not sent", "%(n)d not sent", numbers.taken_back) % {"n": numbers.taken_back})
    return labelled(broadcast.get_state_display(), ", ".join(parts))


def name_of_author(broadcast):
    """Return who wrote a message, or "" once the account is gone."""
    return broadcast.author and (broadcast.author.get_short_name() or broadcast.author.get_username())


def _status_words(whom):
    days = [day.label for day in Day.objects.with_ids(whom.days).with_conference()]
    values = {"days": get_text_list(days, _("or"))}
    if whom.is_unconfirmed:
        return _("who have not confirmed %(days)s") % values if days else _("who have not confirmed")
    values["what"] = get_text_list([_WHO[Status(state)]() for state in whom.states], _("or"))
    return _("with %(what)s on %(days)s") % values if days else _("with %(what)s") % values


def _narrowed(whom):
    roles = dict(Registrant.Role.choices)
    return [
        {Came.YES: _("who came"), Came.NO: _("who did not come")}.get(whom.came, ""),
        *(
            _("from %(country)s") % {"country": country_name(code) or _("an unknown country")}
            for code in whom.countries
        ),
        *(_("who read %(language)s") % {"language": name_of(code)} for code in whom.languages),
        *(_("by role: %(role)s") % {"role": roles.get(role, role)} for role in whom.roles),
        _("who told us what they need") if whom.with_needs else "",
        _("chosen by name") if whom.people else "",
    ]
