"""Template tags for sign-up on the program's pages."""

from dataclasses import dataclass

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registration.pages.availability import free_places
from registration.pages.words import NEED_WORDS, places_words, reasons, why_closed
from registration.services import retention

register = template.Library()


@dataclass(frozen=True)
class SignUpOption:
    """How a visitor signs up for a day: `url`, "" when nobody can; then `why`, a sentence. `free` None is no limit."""

    day: object
    url: str = ""
    free: int | None = None
    why: str = ""

    @property
    def is_full(self):
        return self.free == 0

    @property
    def label(self):
        """The words of the link: "Sign up for Day 1", "Join the waiting list for Day 1"."""
        words = {"day": self.day.within}
        return (_("Join the waiting list for %(day)s") if self.is_full else _("Sign up for %(day)s")) % words

    @property
    def label_in_circle(self):
        """The words of the link in the circle of a day, which has room for few: "Waiting list for Day 1"."""
        return _("Waiting list for %(day)s") % {"day": self.day.within} if self.is_full else self.label

    @property
    def places(self):
        """The words about its places: "12 places left", or "". The link itself names the waiting list."""
        return _("This day is full.") if self.is_full else places_words(self.free)


class SignUpOptions(list):
    """The SignUpOption of each day of an edition, in order."""

    def __init__(self, options, all_url, edition):
        super().__init__(options)
        self._now, self._zone = edition.now, edition.zone
        self._open = [option for option in self if option.url]
        self._all_url = all_url

    @property
    def url(self):
        """Where the one button leads: to the one open day, or to all of them; "" when no day is open."""
        if len(self._open) == 1:
            return self._open[0].url
        return self._all_url if self._open else ""

    @property
    def label(self):
        """The words of the one button: "Sign up for all three days"."""
        if len(self._open) == 1:
            return self._open[0].label
        days = [option for option in self if not option.day.is_called_off]
        return ALL_DAYS.get(len(days), _("Sign up")) if len(days) == len(self._open) else _("Sign up")

    @property
    def are_past(self):
        """Whether the hours of all days are over, also of those that were called off."""
        return all(option.day.has_ended(self._now) for option in self)

    @property
    def why(self):
        """Why no day is open, as the first day that is to come says it; "" when one is open.

        Where no day will take place, each that is called off says so.
        """
        if self._open:
            return ""
        ahead = [option for option in self if not option.day.has_ended(self._now)] or self[-1:]
        to_come = [option.day for option in ahead if option.day.is_to_come(self._now)]
        if to_come:
            return next(iter(reasons(to_come, self._now, self._zone).values()), "")
        return " ".join(option.why for option in ahead)


ALL_DAYS = {
    2: gettext_lazy("Sign up for both days"),
    3: gettext_lazy("Sign up for all three days"),
    4: gettext_lazy("Sign up for all four days"),
    5: gettext_lazy("Sign up for all five days"),
}


@register.simple_tag(takes_context=True)
def sign_up_options(context, days):
    """Return the SignUpOptions of days of the edition shown: {% sign_up_options days as options %}.

    One query if a day has a limit.
    """
    edition = context["edition"]
    takes = [day for day in days if edition.is_current and day.sign_up_is_open(edition.now)]
    free = free_places(takes)
    return SignUpOptions(
        [
            SignUpOption(day, edition.url("sign-up-day", day), free.get(day.pk))
            if day in takes
            else SignUpOption(day, why=why_closed(day, edition.now, edition.zone))
            for day in days
        ],
        edition.url("sign-up-all"),
        edition,
    )


@register.inclusion_tag("registration/partials/day_sign_up.html", takes_context=True)
def day_sign_up(context, day, is_quiet=False):
    """Show the way to sign up for a day of the edition shown, or say why there is none: {% day_sign_up day %}.

    From when its door opens until it ends, the way to join it comes first.
    """
    if day.is_called_off:
        return {}  # the page says so itself
    edition = context["edition"]
    join_url = edition.url("lost-link") if day.door_opens_at <= edition.now < day.ends_at else ""
    return {"option": sign_up_options(context, [day])[0], "is_quiet": is_quiet, "join_url": join_url}


@register.inclusion_tag("registration/partials/kept.html")
def kept_about_people():
    """Print what we keep about people, why, who reads it and until when, by the policy: {% kept_about_people %}."""
    rules = retention.rules().values()
    return {"kept": [(rule.description, _(rule.why), _(rule.who), rule.until) for rule in rules]}


@register.simple_tag
def need_words(request):
    """Say to the person how far we are with what they asked for: {% need_words request %}."""
    return NEED_WORDS[request.state]
