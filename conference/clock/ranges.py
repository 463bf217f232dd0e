"""From one date to another, in words."""

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def range_words(first, last, *, year=False):
    """Return two dates as one text: "12 to 14 September 2027", "30 September to 1 October", "12 September"."""
    whole = (
        pgettext("Django date format: day, month, year", "j F Y")
        if year
        else pgettext("Django date format: day and month", "j F")
    )
    end = formats.date_format(last, whole)
    if first == last:
        return end
    if first.year != last.year:
        begin = whole
    elif first.month != last.month:
        begin = pgettext("Django date format: day and month", "j F")
    else:
        begin = pgettext("Django date format: day of the month", "j")
    return _("%(first)s to %(last)s") % {"first": formats.date_format(first, begin), "last": end}
