"""Tags that answer "when is it for me?": {% days_picture days %}, {% hours_picture day %}, {% until days %}."""

from django import template
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from conference.clock import Span, elsewhere_words, feel_words, place_words, until_words, until_words_anywhere, utc_span
from conference.pictures.day_pictures import DaysPicture, HoursBar, one_moment

register = template.Library()


@register.inclusion_tag("conference/partials/when/days.html", takes_context=True)
def days_picture(context, days, compact=False):
    """Draw the days on the visitor's clock (`?tz=`) and say the same in words; nothing once all are over.

    While no zone is known, draw the moment at which the next day starts on the clocks of well-known places: each leads
    to this page in its time. Days come with their announced dates. `compact`: one bar for days of the same hours.
    """
    edition = context["edition"]
    days = taking_place(days, edition.now)
    if not days:
        return {}
    if edition.zone is not None:
        return picture_of(days, edition.zone, edition.now, compact=compact)
    coming = next(day for day in days if not day.has_ended(edition.now))
    return {"first": coming, "announced": announced(coming), "moment": one_moment(coming.starts_at), "edition": edition}


@register.inclusion_tag("conference/partials/when/hours.html", takes_context=True)
def hours_picture(context, thing):
    """Draw the hours of a day or of a session on the visitor's clock, with the words that say what they are like.

    A session without a time of its own shows its day's. Nothing without a zone, and for what is over or called off.
    """
    edition, timed, day = context["edition"], getattr(thing, "timed", thing), getattr(thing, "day", thing)
    if edition.zone is None or not taking_place([day], edition.now):
        return {}
    span = Span(timed.starts_at, timed.ends_at, edition.zone)
    return {
        "bar": HoursBar(span, day.number if timed == day else None),
        "feel": feel_words(span),
        "elsewhere": elsewhere_words(span, announced(day)),
    }


@register.simple_tag
def feel(span):
    """Return what time of the day a Span is: "That is at night."."""
    return feel_words(span)


@register.simple_tag(takes_context=True)
def until(context, days):
    """Return how far the day is that comes next: "in 12 days", "today", "now", or "" when all are over.

    On the visitor's clock; without a zone in words that hold on every clock ("in 30 hours").
    """
    edition = context["edition"]
    coming = next((day for day in days if not (day.is_called_off or day.has_ended(edition.now))), None)
    if coming is None:
        return ""
    span = utc_span(coming.starts_at, coming.ends_at)
    if edition.zone is None:
        return until_words_anywhere(span, edition.now)
    return until_words(span.in_zone(edition.zone), edition.now)


def picture_of(days, zone, now, *, compact=False, told=True):
    """Return what partials/when/mine.html draws: `days` on the clock of `zone`, read at the aware instant `now`.

    At least one of the days is not over. With `told` the words name what other regions were told, and the days come
    with their announced dates.
    """
    picture = DaysPicture(days, zone, now)
    coming = picture.next
    return {
        "picture": picture,
        "next": coming,
        "near": until_words(coming.span, now),
        "is_on": coming.span.starts_at <= now,
        "place": place_words(zone, coming.span.start),
        "others": same_hours_words(picture) if compact and picture.is_regular else "",
        "elsewhere": elsewhere_words(coming.span, announced(coming.day)) if told else "",
    }


def same_hours_words(picture):
    """Return which other days have the hours of the next one, or " " if there are none."""
    days = [_("%(day)s (%(date)s)") % {"day": row.day.label, "date": row.span.short_words} for row in picture.others]
    return _("The same hours: %(days)s.") % {"days": get_text_list(days, _("and"))} if days else " "


def taking_place(days, now):
    """Return the days that are not called off, or none if all of those are over."""
    days = [day for day in days if not day.is_called_off]
    return days if any(not day.has_ended(now) for day in days) else []


def announced(day):
    """Return (region, date) for each region that was told a date of the day."""
    return [(told.region, told.date) for told in day.announced_dates.all()]
