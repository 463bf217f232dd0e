"""The known parameters of an address. All others (a newsletter's utm_source) change nothing."""

from operator import itemgetter
from urllib.parse import urlencode

from django.core.exceptions import TooManyFieldsSent
from django.http import QueryDict

from conference.clock import UnknownZone, canonical_zone
from conference.site.looks import LOOKS

# These have one value each: a page with one is another page, the same for everybody.
CHOICES = LOOKS | {"days": "all"}
# The values of these have no end, so a page with one is made each time.
OF_ONE_VISITOR = {"country", "done", "leave", "next", "pick", "place", "sessions"}
ZONE = "tz"
BEHIND = " .,;:!?*'\"<>()[]{}"  # what mail programs and people leave after a link


def read_query(query_string):
    """Return a query with nothing in it but what means something, and whether its page can be the same for everybody.

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
        name = written.removeprefix("amp;")  # of a link that was copied from a page's source
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
