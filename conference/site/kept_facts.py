"""An in-process cache of rows that nearly every request reads and organisers seldom change.

It holds rows, not HTML. All threads share them, so never modify one: code that writes loads its own rows.
"""

from copy import copy

from django.utils.translation import get_language

from conference.models import Conference, Day

CONTENT_VERSION = "pxp.content_version"  # WSGI environment key, set by the page cache


class KeptFacts:
    """Cached values by name, all of one version of the content."""

    def __init__(self):
        self.version = None
        self.facts = {}

    def get(self, request, name, make):
        """Return what `make()` gives, from memory unless the request knows of a newer version of the content.

        The version was looked at before the facts are read, so they are never older than it.
        """
        version = request.META.get(CONTENT_VERSION)
        if version is None:
            return make()
        if version != self.version:
            self.facts, self.version = {}, version  # in this order: other threads read in between
        facts = self.facts  # one for each language, since rows have text in several
        if (name := (get_language(), name)) not in facts:
            facts[name] = make()
        return facts[name]


FACTS = KeptFacts()


def current_edition(request, now):
    """Return the published edition that `/` shows at the UTC instant `now`, or None (`Conference.objects.current`)."""
    if CONTENT_VERSION not in request.META:
        return Conference.objects.current(now)
    editions = FACTS.get(request, "editions", lambda: list(Conference.objects.published().with_last_end()))
    if (kept := _current(editions, now)) is None:
        return None
    edition = copy(kept)  # the number of open days changes with time, and a cached row must not change
    edition.open_days = sum(day.sign_up_is_open(now) for day in days_of(request, kept))
    return edition


def _current(editions, now):
    ended = [edition for edition in editions if edition.last_end is not None]
    coming = [edition for edition in ended if edition.last_end >= now]
    if coming:
        return min(coming, key=lambda edition: (edition.last_end, edition.pk))
    if ended:
        return max(ended, key=lambda edition: (edition.last_end, edition.pk))
    return max(editions, key=lambda edition: edition.pk, default=None)


def days_of(request, conference):
    """Return the days of an edition in order, with the edition and the announced dates. Do not modify them."""

    def load():
        return list(Day.objects.for_edition(conference).with_conference().with_announced_dates())

    return FACTS.get(request, ("days", conference.pk), load)
