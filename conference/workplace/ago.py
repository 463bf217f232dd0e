"""How long ago something was, in words."""

from datetime import datetime, timedelta

from django.utils.timesince import timesince
from django.utils.translation import gettext as _


def ago_words(instant: datetime, now: datetime) -> str:
    """Return how long before `now` that aware instant was: "just now", "5 minutes ago", "2 weeks ago"."""
    if now - instant < timedelta(minutes=1):
        return _("just now")
    return _("%(time)s ago") % {"time": timesince(instant, now, depth=1)}
