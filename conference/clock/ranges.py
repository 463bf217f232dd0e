"""From one date to another, in words."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.utils.translation import gettext as _

from conference.scripts import list_words

from .dates import day_and_month_words, day_of_month_words, plain_date_words


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
        begin = day_of_month_words(first)
    return _("%(first)s to %(last)s") % {"first": begin, "last": end}


def dates_words(dates: Iterable[date], *, year: bool = False) -> str:
    """Return dates as one text: "12 to 14 September"; "12 to 13 September and 26 September" with time between them.

    "From … to …" would be wrong if there is nothing in between. With `year` the last says its year.
    """
    runs: list[list[date]] = []
    for each in sorted(set(dates)):
        if runs and each - runs[-1][-1] == timedelta(days=1):
            runs[-1].append(each)
        else:
            runs.append([each])
    last = runs[-1][-1]
    says_year = [year and (run[-1] == last or run[0].year != last.year) for run in runs]
    return list_words(range_words(run[0], run[-1], year=says) for run, says in zip(runs, says_year, strict=True))
