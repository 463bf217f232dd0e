"""What forms and pages say about a day: when it is for this person, and why one cannot sign up for it."""

from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from conference.clock import clock_words, date_words, feel_words, utc_span, zone_label

UTC = ZoneInfo("UTC")


def dates_of(day, zone):
    """Return (region or "", ISO date, words) for each date that a day has.

    On the clock of `zone` that is one, with its hours and what they are like. Without a zone it is the date announced
    to each region of the world (loaded beforehand), or the day's date in UTC.
    """
    span = utc_span(day.starts_at, day.ends_at)
    announced = [(told.region, told.date.isoformat(), date_words(told.date)) for told in day.announced_dates.all()]
    if zone is None and announced:
        return announced
    if zone is None:
        return [("", span.date.isoformat(), span.sentence())]
    span = span.in_zone(zone)
    # The last full stop is the list's own.
    return [("", span.date.isoformat(), f"{span.sentence()}. {feel_words(span)}".removesuffix("."))]


def why_closed(day, now, zone=None):
    """Return why nobody can sign up for a day at the UTC instant `now`, as a sentence, or "" if people can.

    `zone` is the visitor's ZoneInfo, None for UTC.
    """
    if day.sign_up_is_open(now):
        return ""
    words = {"day": day.label}
    if day.is_called_off:
        return _("%(day)s has been called off.") % words
    if day.has_ended(now):
        return _("%(day)s is over.") % words
    if day.sign_up_is_to_come(now):
        at = day.opens_at.astimezone(zone or UTC)
        words |= {"date": date_words(at.date()), "time": clock_words(at), "zone": zone_label(at.tzinfo, at)}
        return _("Sign-up for %(day)s opens on %(date)s at %(time)s, %(zone)s.") % words
    return _("Sign-up for %(day)s has closed.") % words
