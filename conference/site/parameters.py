"""The known parameters of an address. All others (a newsletter's utm_source) change nothing."""

from operator import itemgetter
from urllib.parse import urlencode

from django.core.exceptions import TooManyFieldsSent
from django.http import QueryDict

from conference.clock import UnknownZone, canonical_zone
from conference.site.looks import LOOKS

# Parameters with few values: each value is its own page, the same for everybody.
CHOICES = LOOKS | {"days": "all"}
# Parameters with unlimited values, so their pages are not cached.
OF_ONE_VISITOR = {"country", "done", "leave", "next", "pick", "place", "sessions"}
ZONE = "tz"
BEHIND = " .,;:!?*'\"<>()[]{}"  # what mail programs and people add after a link


def read_query(query_string):
    """Return a query with only known parameters, and whether its page can be cached.

    Two queries that mean the same give the same text. Where a name is there twice, the last one counts, as in Django.
    """
    if not query_string:
        return "", True
    try:
        query = QueryDict(query_string)
    except TooManyFieldsSent:
        return "", False
    pairs, is_shared = [], True
    for written, values in query.lists():
        name = written.removeprefix("amp;")  # from a link copied out of a page's source
        value = values[-1].rstrip(BEHIND)
        if name == ZONE:
            zone, is_known = read_zone(value)
            pairs += [(ZONE, zone)] if zone else []
            is_shared &= is_known
        elif CHOICES.get(name) == value:
            pairs.append((name, value))
        elif name in OF_ONE_VISITOR:
            pairs += [(name, value) for value in values]
            is_shared = False
    return urlencode(sorted(pairs, key=itemgetter(0)), safe="/"), is_shared


def read_zone(name):
    """Return today's name of a time zone and True, or the text as it is and False if that names no zone."""
    if not name.strip():
        return "", True
    try:
        return canonical_zone(name).key, True
    except UnknownZone:
        return name, False
