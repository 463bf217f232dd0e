"""The notice on a person's page after a button. The URL names it, so nothing is stored."""

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from conference.scripts import list_words
from registration.pages.words import no_places_words, waiting_words, why_closed


@dataclass(frozen=True)
class Done:
    """A notice: its kind, its title, its text, and the day that one press adds or cancels again."""

    kind: str
    title: str
    text: str = ""
    undo: str = ""
    day: object = None
    switch_back: str = ""  # the action that undoes a switch


# These promise a mail, which may have to wait.
_PROMISES = ("sent", "dropped", "added", "neutral-titles-on", "neutral-titles-off")


def describe_done(word, days, *, registrant, about="", is_late=False):
    """Return the Done that `?done=` names, or None: "sent", or "dropped-2" for a day in `days` (PageDays).

    None also if it is no longer so for `registrant`: the browser went back, or another page was open. `about` is the
    name of the person the page is about, if a carer reads it. With `is_late` the budget holds mails to the person back
    (abuse/budget.py), and the page says so.
    """
    done = _describe_done(word, days, about) if word not in _STILL_SO or _STILL_SO[word](registrant) else None
    if is_late and done and done.text and word.startswith(_PROMISES):
        return replace(done, text=_("You have had many emails from us today, so this email will reach you tomorrow."))
    return done


def _describe_done(word, days, about):
    name, _dash, number = word.rpartition("-")
    for item in days:
        if number == str(item.day.number) and name in _ABOUT_A_DAY:
            # Else the address is an old one, from a tab or a bookmark: its mail has come, and the day is over or off.
            return _ABOUT_A_DAY[name](item, about) if item.is_ahead or name == "closed" else None
    if word == "confirmed":
        return _confirmed(days, about)
    if word in _ABOUT_ENTRIES:
        return _about_entries(word, days)
    if word == "nothing":
        return Done("warning", _("There is nothing to send."), no_places_words(about))
    if word == "calendar-mails-on":
        return _invites_are_on(days)
    return _ABOUT_THE_PERSON[word]() if word in _ABOUT_THE_PERSON else None


def _words(item, about, own, other):
    """The sentence for the person, or the one for a carer who reads the page."""
    return (other if about else own) % {"day": item.day.within, "name": about}


def _dropped(item, about):
    if item.is_taken:
        return None  # an old URL: they are on the day again
    return Done(
        "success",
        _words(
            item,
            about,
            _("You are no longer signed up for %(day)s."),
            _("%(name)s is no longer signed up for %(day)s."),
        ),
        _("We will email you an update for your calendar.") if item.is_invited else "",
        undo="add" if item.can_come_back else "",
        day=item.day,
    )


def _added(item, about):
    if not item.is_confirmed:
        return None
    return Done(
        "success",
        _words(item, about, _("You are signed up for %(day)s."), _("%(name)s is signed up for %(day)s.")),
        _("We are emailing you a calendar invite.")
        if item.is_invited
        else _("We are emailing you everything you need."),
        undo="drop" if item.can_drop and not item.is_final else "",
        day=item.day,
    )


def _waiting(item, about):
    if not item.is_waiting:
        return None
    own, other = _("You are on the waiting list for %(day)s."), _("%(name)s is on the waiting list for %(day)s.")
    return Done("warning", _words(item, about, own, other), waiting_words(about), day=item.day)


def _closed(item, about):
    why = why_closed(item.day, item.now, item.zone)
    return Done("error", _("%(day)s was not added.") % {"day": item.day.within}, why, day=item.day)


def _confirmed(days, about):
    """The result of confirming: places, waiting, or both; never "you are in" to a person who waits."""
    days = [item for item in days if item.is_ahead]  # an old address may be opened when some are over
    places = list_words([item.day.label for item in days if item.is_confirmed])
    waiting = list_words([item.day.label for item in days if item.is_waiting])
    if not places and not waiting:
        return None
    own = {
        "in": _("You are signed up for %(days)s."),
        "waiting": _("You are on the waiting list for %(days)s."),
    }
    other = {
        "in": _("%(name)s is signed up for %(days)s."),
        "waiting": _("%(name)s is on the waiting list for %(days)s."),
    }
    say = other if about else own
    signed_up, waits = (
        say[key] % {"days": names, "name": about} for key, names in (("in", places), ("waiting", waiting))
    )
    if not waiting:
        return Done("success", signed_up, _("We are emailing you everything you need."))
    if not places:
        return Done("warning", waits, waiting_words(about))
    return Done("warning", signed_up, f"{waits} {waiting_words(about)}")


def _about_entries(word, days):
    """The result of hiding the topic in the calendar, or showing it again."""
    title, switch_back = _ABOUT_ENTRIES[word]
    is_sent = any(item.is_invited and item.can_join for item in days)
    text = _("We are emailing an update for entries that are there already.") if is_sent else ""
    return Done("success", title(), text, switch_back=switch_back)


def _invites_are_on(days):
    """The result of turning invites on. Without a place there is no button that sends those that were missed."""
    text = _("Did you miss some? Press “Send everything again”.") if any(item.can_join for item in days) else ""
    return Done("success", _("Calendar invites are on."), text, switch_back="calendar-mails-off")


_ABOUT_ENTRIES = {
    "neutral-titles-on": (lambda: _("Your calendar no longer shows the topic."), "neutral-titles-off"),
    "neutral-titles-off": (lambda: _("Your calendar shows the topic again."), "neutral-titles-on"),
}

_STILL_SO = {
    "address-asked": lambda registrant: registrant.new_email,
    "address-kept": lambda registrant: not registrant.new_email,
    "reminders-off": lambda registrant: not registrant.reminders,
    "reminders-on": lambda registrant: registrant.reminders,
    "calendar-mails-off": lambda registrant: not registrant.calendar_mails,
    "calendar-mails-on": lambda registrant: registrant.calendar_mails,
    "neutral-titles-off": lambda registrant: not registrant.neutral_titles,
    "neutral-titles-on": lambda registrant: registrant.neutral_titles,
}

_ABOUT_A_DAY = {"dropped": _dropped, "added": _added, "waiting": _waiting, "closed": _closed}

_ABOUT_THE_PERSON = {
    "needs": lambda: Done("success", _("Thank you."), _("The access team will read this and write to you.")),
    "sent": lambda: Done("success", _("We are sending your emails again."), _("They can take a few minutes.")),
    "answers": lambda: Done("success", _("Your answers are saved.")),
    "address": lambda: Done(
        "success",
        _("We now use your new address."),
        _("We are sending everything there once more. Older links no longer work."),
    ),
    "address-asked": lambda: Done(
        "success",
        _("Check your email at the new address."),
        _("Open the link in it to confirm. Until then we use your old address."),
    ),
    "address-kept": lambda: Done("success", _("Your address stays the same.")),
    "language": lambda: Done(
        "success",
        # Translators: name the language that you translate into.
        _("We now write to you in English."),
        _("This page and our emails use it from now on."),
    ),
    "details": lambda: Done(
        "success", _("Your details are saved."), _("This page and our emails use them from now on.")
    ),
    "reminders-off": lambda: Done("success", _("Reminders are off."), switch_back="reminders-on"),
    "reminders-on": lambda: Done("success", _("Reminders are on."), switch_back="reminders-off"),
    "calendar-mails-off": lambda: Done("success", _("Calendar invites are off."), switch_back="calendar-mails-on"),
}
