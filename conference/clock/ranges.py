"""From one date to another, in words."""

from datetime import date

from django.utils.translation import gettext as _

from .dates import day_and_month_words, plain_date_words


def range_words(first: date, last: date, *, year: bool = False) -> str:
    """Return two dates as one text: "12 to 14 September 2027", "30 September to 1 October", "12 September"."""
    end = plain_date_words(last) if year else day_and_month_words(last)
    if first == last:
        return end
    if first.year != last.year:
        begin = plain_date_words(first) if year else day_and_month_words(first)
    elif first.month != last.month:
        begin = day_and_month_words(first)
    else:
        begin = str(first.day)
    return _("%(first)s to %(last)s") % {"first": begin, "last": end}
