"""Repairs links that mail programs and people damaged: capitals, doubled or missing slashes, what was put behind them.

If a page is not found but its repaired address exists, the visitor is sent there.
"""

import re

from django.conf import settings
from django.http import HttpResponseRedirect
from django.urls import Resolver404, resolve
from django.utils.translation import override

from conference.site.languages import language_of, without_language

# The key of a personal link is 43 characters of base64url (registration/links.py), and its capitals count.
KINDS = r"(confirm|my|join|calendar|unsubscribe|address|private)"
PERSONAL = re.compile(rf"(?:/[a-z]{{2}})?/{KINDS}/([^/]+)(.*)", re.IGNORECASE | re.DOTALL)  # no language is in it
KEY_LENGTH = 43
KEY_LENGTH_WITH_TIME = 50  # of "private"
FEED = re.compile(r"(.+)\.ics", re.IGNORECASE)
NOT_IN_KEY = re.compile(r"[^A-Za-z0-9_-]+")
# No URL ends with any of these but one slash. Matched only from the first of them: otherwise it takes quadratic time.
BEHIND = re.compile(r"(?<![^A-Za-z0-9])[^A-Za-z0-9]+$")
SLASHES = re.compile(r"/{2,}")
# What newsletters and mail programs put behind a link: parameters without their "?" or with an encoded one, the link
# once more between brackets, the next words, signs that were encoded twice. None of these is in an address of ours.
ADDED = (re.compile(r"[?&<>].*", re.DOTALL), re.compile(r"[\s%].*", re.DOTALL))


def repair_addresses(get_response):
    """Make the middleware."""

    def answer(request):
        response = get_response(request)
        if response.status_code != 404 or request.method not in ("GET", "HEAD"):
            return response
        path = mend(request.path_info)
        if path is None:
            return response
        query = request.META.get("QUERY_STRING", "")
        return HttpResponseRedirect(f"{path}?{query}" if query else path)

    return answer


def mend(path):
    """Return the path of a page that `path` most likely means, or None if there is no other one."""
    tidy = SLASHES.sub("/", path)
    if without_language(tidy).startswith(("/organisers/", "/preview/")):
        return None  # Django's admin answers every path there, and a preview's key is case-sensitive
    shorter = [added.sub("", tidy) for added in ADDED]
    candidates = [one for text in dict.fromkeys([tidy, *shorter]) for one in candidates_for(text)]
    return next((candidate for candidate in candidates if candidate != path and leads_to_a_page(candidate)), None)


def candidates_for(tidy):
    """Return the paths that one with single slashes may mean, likeliest first."""
    personal = PERSONAL.fullmatch(tidy)
    tidy = mend_personal(*personal.groups()) if personal else BEHIND.sub("", tidy).lower()
    # The site's own language has no name in an address, but people may think that it has.
    own = f"/{settings.LANGUAGE_CODE}"
    tidy = tidy.removeprefix(own) if f"{tidy}/".startswith(f"{own}/") else tidy
    return (tidy, f"{tidy}/")


def mend_personal(name, key, rest):
    """Return the path of a personal page, with only valid characters in its key."""
    if feed := FEED.match(key):
        key, rest = feed[1], ".ics"
    length = KEY_LENGTH_WITH_TIME if name.lower() == "private" else KEY_LENGTH
    key = NOT_IN_KEY.sub("", key)[:length]
    return f"/{name.lower()}/{key}" + BEHIND.sub("", rest).lower()


def leads_to_a_page(path):
    """Return whether a path resolves to a view, whether or not its object exists."""
    try:
        with override(language_of(path)):
            resolve(path)
    except Resolver404:
        return False
    return True
