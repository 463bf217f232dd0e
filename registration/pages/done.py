"""What a person's page says after a button was pressed. The address names the sentence, so nothing is remembered."""

from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Done:
    """What was done: a notice's kind, its title, its text, and the day that one press takes or leaves again."""

    kind: str
    title: str
    text: str = ""
    undo: str = ""
    day: object = None
    switch_back: str = ""  # the action that undoes a switch


def what_was_done(word, days):
    """Return the Done that `?done=` names, or None: "sent", or "dropped-2" for a day in `days` (PageDays)."""
    name, _dash, number = word.rpartition("-")
    for item in days:
        if number == str(item.day.number) and name in _ABOUT_A_DAY:
            return _ABOUT_A_DAY[name](item)
    return _ABOUT_THE_PERSON[word]() if word in _ABOUT_THE_PERSON else None


def _dropped(item):
    if item.is_taken:
        return None  # an old address: they are on the day again
    return Done(
        "success",
        _("You are off %(day)s.") % {"day": item.day.label},
        _("We send you a mail that takes it out of your calendar.") if item.had_place else "",
        undo="add" if item.can_add else "",
        day=item.day,
    )


def _added(item):
    if not item.is_confirmed:
        return None
    return Done(
        "success",
        _("You are on %(day)s.") % {"day": item.day.label},
        _("A mail with a calendar invite is on its way."),
        undo="drop" if item.can_drop else "",
        day=item.day,
    )


def _waiting(item):
    if not item.is_waiting:
        return None
    return Done(
        "warning",
        _("%(day)s is full. You are on the waiting list.") % {"day": item.day.label},
        _("When a place comes free and it is your turn, you have it at once, and we write to you."),
        day=item.day,
    )


def _closed(item):
    return Done("error", _("%(day)s was not added.") % {"day": item.day.label}, item.why_closed, day=item.day)


_ABOUT_A_DAY = {"dropped": _dropped, "added": _added, "waiting": _waiting, "closed": _closed}

_ABOUT_THE_PERSON = {
    "confirmed": lambda: Done(
        "success",
        _("Thank you. You are in."),
        _("We send you a mail with all you need, and a calendar invite for each of your days."),
    ),
    "needs": lambda: Done("success", _("Thank you."), _("Our Access team reads what you need, and writes to you.")),
    "sent": lambda: Done("success", _("Your mails are on their way."), _("It can take some minutes.")),
    "nothing": lambda: Done("warning", _("There is nothing to send."), _("You have no place on any day now.")),
    "zone": lambda: Done("success", _("Your clock has changed."), _("All hours below are on it.")),
    "answers": lambda: Done("success", _("Your answers are kept.")),
    "address": lambda: Done(
        "success", _("Your new address counts."), _("We send you everything there once more. Older links have stopped.")
    ),
    "address-asked": lambda: Done(
        "success",
        _("Look in your mail at the new address."),
        _("Press the button in it. Until then we write to the old address."),
    ),
    "address-kept": lambda: Done("success", _("Your address stays as it is.")),
    "details": lambda: Done("success", _("Your details are kept."), _("You can change them again at any time.")),
    "reminders-off": lambda: Done("success", _("You get no more reminders."), switch_back="reminders-on"),
    "reminders-on": lambda: Done("success", _("You get reminders again."), switch_back="reminders-off"),
    "neutral-titles-on": lambda: Done(
        "success",
        _("Your calendar says no more than the name and the day."),
        _("Our mails change what stands in it already. It can take some minutes."),
        switch_back="neutral-titles-off",
    ),
    "neutral-titles-off": lambda: Done(
        "success",
        _("Your calendar says what each day is about."),
        _("Our mails change what stands in it already. It can take some minutes."),
        switch_back="neutral-titles-on",
    ),
    "calendar-mails-off": lambda: Done(
        "success", _("You get no calendar invites by mail any more."), switch_back="calendar-mails-on"
    ),
    "calendar-mails-on": lambda: Done(
        "success",
        _("You get calendar invites by mail again."),
        _("Did you miss some? Press “Send me everything again”."),
    ),
}
