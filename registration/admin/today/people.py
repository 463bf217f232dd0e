"""Places and people on the first page: a bar for each day, how it grows, countries and roles."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from conference.clock import country_name
from conference.models import Day
from conference.scripts import labelled
from conference.workplace import areas, notices
from conference.workplace.notices import Notice, Urgency
from conference.workplace.own_clock import own_span, own_words
from registration.models import Registrant, Registration
from registration.services.growth import growth_of
from registration.status import Status

from .chart import Chart

# Brackets have little room.
IN_SHORT = {
    Status.CONFIRMED: gettext_lazy("confirmed"),
    Status.PENDING: gettext_lazy("not confirmed yet"),
    Status.WAITLISTED: gettext_lazy("waiting list"),
    Status.CANCELLED: gettext_lazy("cancelled"),
}
COUNTRIES_SHOWN = 6


@dataclass(frozen=True)
class DayBar:
    """One day's numbers, as shares of its places (per cent) too."""

    day: Day
    when: str
    url: str
    taken: int
    pending: int
    waiting: int
    came: int | None  # once the day has begun
    list_url: str

    @property
    def name(self):
        """The day's label, with its title if it has one."""
        return labelled(self.day.label, self.day.title) if self.day.title else self.day.label

    @property
    def scale(self):
        return self.day.capacity or max(self.taken + self.pending, 1)

    @property
    def taken_share(self):
        return min(100, 100 * self.taken / max(self.scale, 1))

    @property
    def pending_share(self):
        return min(100 - self.taken_share, 100 * self.pending / max(self.scale, 1))

    @property
    def taken_width(self):
        return f"{self.taken_share:.1f}%"

    @property
    def pending_width(self):
        return f"{self.pending_share:.1f}%"

    @property
    def numbers(self):
        """(words, number, address of the list) of each number, in order; an address is empty if there is none."""
        numbers = [
            (self.words, self.taken, self.url_of(Status.CONFIRMED)),
            (_("not confirmed yet"), self.pending, self.url_of(Status.PENDING)),
            (_("waiting"), self.waiting, self.url_of(Status.WAITLISTED)),
        ]
        if self.came is not None:
            numbers.append((_("came"), self.came, f"{self.list_url}&came=yes"))
        return [(words, number, url if self.list_url and number else "") for words, number, url in numbers]

    @property
    def is_full(self):
        return self.day.has_capacity and self.taken >= self.day.capacity

    @property
    def words(self):
        """The words beside the number of people with a place."""
        if not self.day.has_capacity:
            return _("have a place, no limit")
        if self.is_full:
            words = ngettext("of %(all)d place, full", "of %(all)d places, full", self.day.capacity)
            return words % {"all": self.day.capacity}
        free = self.day.capacity - self.taken
        words = ngettext("of %(all)d place, %(free)d free", "of %(all)d places, %(free)d free", self.day.capacity)
        return words % {"all": self.day.capacity, "free": free}

    def url_of(self, status):
        return f"{self.list_url}&status__exact={status.value}"


def sees_people(desk):
    """Whether this organiser may open lists of people; numbers are for everybody."""
    return desk.may("registration.view_registration")


def bars_of(desk):
    """Return the DayBar of each day: all numbers in one query."""

    def load():
        counts = Registration.objects.on_days(desk.days).numbers_by_day() if desk.days else {}
        return [_bar(day, counts.get(day.pk, {}), desk) for day in desk.days]

    return desk.get_or_make("bars", load)


def _page_of(day, desk):
    """Return the address of the day's page that this organiser may open, or ""."""
    if desk.may("conference.change_day"):
        return reverse("admin:conference_day_program", args=[day.pk])
    return reverse("admin:conference_day_change", args=[day.pk]) if desk.may("conference.view_day") else ""


def _bar(day, counts, desk):
    people = reverse("admin:registration_registration_changelist", query={"day": day.pk})
    span = own_span(day.starts_at, day.ends_at)
    return DayBar(
        day=day,
        when=f"{span.short_words}, {span.hours_words}",
        url=_page_of(day, desk),
        taken=counts.get(Status.CONFIRMED, 0),
        pending=counts.get(Status.PENDING, 0),
        waiting=counts.get(Status.WAITLISTED, 0),
        came=counts.get("came", 0) if day.starts_at <= desk.now else None,
        list_url=people if sees_people(desk) else "",
    )


@notices.register
def full_days(desk):
    """Say which days to come are full while people wait."""
    for bar in bars_of(desk) if desk.may("conference.change_day") else []:
        if not bar.is_full or not bar.waiting or not bar.day.is_to_come(desk.now):
            continue
        title = ngettext(
            "%(day)s is full, and %(n)d person waits", "%(day)s is full, and %(n)d people wait", bar.waiting
        )
        yield Notice(
            Urgency.LATER,
            title % {"day": bar.day.label, "n": bar.waiting},
            _("Every place is taken. More places go to the first in line."),
            _("Add places"),
            f"{reverse('admin:conference_day_change', args=[bar.day.pk])}#id_capacity",
        )


@dataclass(frozen=True)
class Bar:
    """One row of a table with a bar: words, how many, and its share of the longest in per cent."""

    words: str
    number: int
    share: int


def bars(pairs):
    """Return a Bar for each (words, number)."""
    longest = max((number for _words, number in pairs), default=0) or 1
    return [Bar(str(words), number, round(100 * number / longest)) for words, number in pairs]


@dataclass(frozen=True)
class Growth:
    """How the edition grows, ready to be shown; `chart` is None while there is nothing to draw."""

    people: int
    people_now: int  # if there was nobody when the worker counted last
    made_at: object
    chart: Chart | None
    countries: list
    countries_number: int
    roles: list

    @property
    def made_words(self):
        return own_words(self.made_at)


def growth_for(desk):
    """Return the Growth of the edition, or None if there is none."""
    if desk.conference is None or not desk.days:
        return None
    made_at, numbers = desk.get_or_make("growth", lambda: growth_of(desk.conference, now=desk.now))
    ends = [date.fromisoformat(point["until"]) for point in numbers["points"]]
    lines = [(day.label, [point["days"].get(str(day.pk), 0) for point in numbers["points"]]) for day in desk.days]
    pattern = pgettext("Django date format: day and short month", "j M")
    chart = Chart([formats.date_format(end, pattern) for end in ends], lines) if len(ends) > 1 else None
    named = [(country_name(code) or code, number) for code, number in numbers["countries"] if code]
    rest = sum(number for _name, number in named[COUNTRIES_SHOWN:])
    unsaid = sum(number for code, number in numbers["countries"] if not code)
    shown = named[:COUNTRIES_SHOWN]
    if rest:
        others = len(named) - COUNTRIES_SHOWN
        shown.append((ngettext("%(n)d other", "%(n)d others", others) % {"n": others}, rest))
    if unsaid:
        shown.append((_("not said"), unsaid))
    roles = dict(Registrant.Role.choices)
    said = [(roles.get(role, role), number) for role, number in numbers["roles"]]
    people_now = numbers.get("people_now") or 0
    return Growth(numbers["people"], people_now, made_at, chart, bars(shown), len(named), bars(said))


@areas.describe(areas.PEOPLE)
def people(desk):
    """Say how many signed up."""
    growth = growth_for(desk)
    number = growth.people or growth.people_now if growth else 0
    if not number:
        return _("Nobody yet.")
    return ngettext("%(n)d person signed up.", "%(n)d people signed up.", number) % {"n": number}
