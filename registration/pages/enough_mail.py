"""What pages say when a mail cannot leave at once: its address got enough for today, or many people sign up."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registration.abuse import budget

MINUTE = timedelta(minutes=1)


def minutes_to_wait(email, *, network, now):
    """Return after how many minutes at most a mail that was just asked for leaves, in fives; 0 for a few minutes."""
    fives = -(-budget.longest_wait(email, network=network, now=now) // (5 * MINUTE))
    return 5 * fives if fives > 1 else 0


def enough_words(left_at, now):
    """Return the words shown instead of sending more to an address; its newest mail left at the UTC instant `left_at`.

    The words are the same whether or not the address is in use.
    """
    return _(
        "We have sent enough emails to this address for today. If it is signed up, the last one left %(ago)s. "
        "Its link works for everyone at this address. Please look for it, also in your spam folder."
    ) % {"ago": ago_words(now - left_at)}


def ago_words(span):
    """Return how long ago that was, as a timedelta, in whole minutes or hours: "12 minutes ago"."""
    if span < timedelta(hours=1):
        minutes = max(1, span // MINUTE)
        return ngettext("%(minutes)d minute ago", "%(minutes)d minutes ago", minutes) % {"minutes": minutes}
    hours = span // timedelta(hours=1)
    return ngettext("%(hours)d hour ago", "%(hours)d hours ago", hours) % {"hours": hours}
