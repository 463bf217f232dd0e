"""Words about a day on forms and pages: its places, why nobody can sign up. No database."""

from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from conference.clock import clock_words, date_words, zone_label
from registration.status import NeedState

UTC = ZoneInfo("UTC")


def places_words(free):
    """Return what to say of a day's free places: None is no limit, and nothing to say."""
    if free is None:
        return ""
    if free == 0:
        return _("This day is full. You can join its waiting list.")
    return ngettext("%(count)d place left.", "%(count)d places left.", free) % {"count": free}


def no_places_words(about=""):
    """Return the sentence that a person has no place on a day to come; `about` is their name, if a carer reads it."""
    own, other = _("You have no place on a day to come."), _("%(name)s has no place on a day to come.")
    return other % {"name": about} if about else own


def waiting_words(about=""):
    """Return what it means to be on a waiting list; `about` is the person's name, if a carer reads it."""
    own = _("When it is your turn for a free place, we will give it to you and email you.")
    other = _("When it is %(name)s’s turn for a free place, we will give it to them and email you.")
    return other % {"name": about} if about else own


NEED_WORDS = {
    NeedState.UNCONFIRMED: gettext_lazy("Nobody has read it yet. Confirm on your page that it was you."),
    NeedState.NEW: gettext_lazy("We have it. Nobody has answered yet."),
    NeedState.IN_HAND: gettext_lazy("We are working on it."),
    NeedState.ARRANGED: gettext_lazy("It is arranged."),
    NeedState.CANNOT_BE_MET: gettext_lazy("We are sorry: we cannot do this."),
}


def reasons(days, now, zone=None):
    """Return why nobody can sign up for some days at the UTC instant `now`: {day: sentence}, without open days.

    If sign-up for all of several days opens at the same time, only the first has a sentence, about all of them.
    """
    found = {day: why for day in days if (why := why_closed(day, now, zone))}
    opens_at = {day.opens_at if day.sign_up_is_to_come(now) else None for day in days}
    if len(days) < 2 or len(opens_at) > 1 or None in opens_at:
        return found
    return {days[0]: _("Sign-up opens on %(date)s at %(time)s, %(zone)s.") % _opening(days[0], zone)}


def _opening(day, zone):
    at = day.opens_at.astimezone(zone or UTC)
    return {"date": date_words(at.date()), "time": clock_words(at), "zone": zone_label(at.tzinfo, at)}


def why_closed(day, now, zone=None):
    """Return why nobody can sign up for a day at the UTC instant `now`, as a sentence, or "" if people can.

    `zone` is the visitor's ZoneInfo, None for UTC.
    """
    if day.sign_up_is_open(now):
        return ""
    words = {"day": day.within}
    if day.is_called_off:
        return _("%(day)s has been called off.") % words
    if day.has_ended(now):
        return _("%(day)s is over.") % words
    if day.sign_up_is_to_come(now):
        words |= _opening(day, zone)
        return _("Sign-up for %(day)s opens on %(date)s at %(time)s, %(zone)s.") % words
    return _("Sign-up for %(day)s has closed.") % words
