"""Which edition of the conference a page shows, in whose time zone, and the addresses within it."""

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, wraps
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponsePermanentRedirect
from django.urls import get_script_prefix, reverse
from django.utils import timezone
from django.utils.translation import get_language

from conference.clock import UnknownZone, canonical_zone
from conference.models import Conference
from conference.site.kept_facts import current_edition
from conference.site.looks import look_asked_for
from conference.texts import Passages

# URL arguments that identify the object of a page.
ADDRESS_PARTS = {
    "day": lambda day: {"number": day.number},
    "day-ics": lambda day: {"number": day.number},
    "session": lambda session: {"slug": session.slug},
    "session-ics": lambda session: {"slug": session.slug},
    "speaker": lambda speaker: {"slug": speaker.slug},
    "share": lambda name: {"name": name},
    "sign-up-day": lambda day: {"number": day.number},
}
# Sign-up is for the current edition alone, so its addresses never name a year.
OF_REGISTRATION = {"sign-up", "sign-up-all", "sign-up-day", "lost-link"}
# Files, to which reading settings do not apply.
FILES = {"day-ics", "session-ics", "program-ics", "program-json", "program-xml", "my-plan-ics", "changes", "share"}


@dataclass(frozen=True, eq=False)
class Edition:
    """One edition of the conference as one request sees it.

    `current` is the edition at `/`, `now` a UTC instant, `zone` the visitor's zone or None,
    `wrong_zone` what `?tz=` said when that names no zone (otherwise empty),
    `look` how the visitor wants to read (conference.site.looks).
    """

    conference: Conference
    current: Conference
    now: object
    zone: ZoneInfo | None = None
    wrong_zone: str = ""
    look: tuple = ()

    @property
    def is_current(self):
        """Whether this edition is the one at `/`."""
        return self.conference == self.current

    @property
    def is_past(self):
        """Whether the edition's last day is over."""
        return self.conference.last_end is not None and self.conference.last_end < self.now

    @property
    def takes_sign_ups(self):
        """Whether people sign up for this edition, now or later."""
        is_open = self.conference.is_published and not self.is_past and self.conference.last_end is not None
        return self.is_current and is_open

    @property
    def sign_up_is_open(self):
        """Whether visitors can sign up for a day or its waiting list; the head then leads there."""
        return self.takes_sign_ups and bool(getattr(self.current, "open_days", 0))

    @property
    def is_late_for_needs(self):
        """Whether the last date to ask for access needs is over."""
        return not self.conference.takes_needs_at(self.now)

    @cached_property
    def terms_seen(self):
        """Slugs of glossary terms that the page links to already; rendering adds to it."""
        return set()

    def for_current(self):
        """Return the edition at `/` for the same visitor."""
        return replace(self, conference=self.current)

    @cached_property
    def passages(self):
        """The passages of its pages by key, loaded once per request."""
        return Passages(self.conference)

    def lasting_url(self, name, target=None):
        """Return the lasting URL of a page: without time zone and reading settings."""
        return replace(self, zone=None, look=()).url(name, target)

    def url(self, name, target=None):
        """Return the address of a page within this edition; `?tz=` and the look are kept.

        `name` is a URL name of `conference.urls` or of sign-up, `target` the day, session or speaker it shows.
        """
        parts = ADDRESS_PARTS[name](target) if target is not None else {}
        here = (get_language(), get_script_prefix())
        if name in OF_REGISTRATION:
            path = path_to(*here, f"sign-up:{name}", **parts)
        elif self.is_current:
            path = path_to(*here, f"conference:{name}", **parts)
        else:
            path = path_to(*here, f"edition:{name}", year=self.conference.slug, **parts)
        return in_zone(path, self.zone, () if name in FILES else self.look)


@lru_cache(maxsize=4096)
def path_to(language, prefix, name, /, **parts):
    """Return the path of a page by its URL name, in a language and behind the prefix of a preview, or "/".

    A page has dozens of links, which never change.
    """
    return reverse(name, kwargs=parts)


def in_zone(path, zone, look=()):
    """Return `path` with `?tz=` for the ZoneInfo `zone` and with the pairs of `look`, or as it is without either."""
    query = urlencode([*([("tz", zone.key)] if zone else []), *look], safe="/")
    return f"{path}?{query}" if query else path


class NothingPublished(Http404):
    """There is no edition to show yet: the address may well be right."""


def with_conference(view=None, *, required=True):
    """Decorate a view: its request gets `edition`, `conference` and `visitor_zone`.

    A `year` in the address (and taken from it) names a published edition, otherwise it is the current one. Raises
    Http404 if there is none, and NothingPublished if the site has no current one; with `required=False` all three are
    None instead. A wrong `?tz=` is no error: the page shows conference time and says so.
    """
    if view is None:
        return lambda late: with_conference(late, required=required)

    @wraps(view)
    def wrapper(request, *args, year=None, **kwargs):
        try:
            find_edition(request, year, timezone.now(), required=required or year is not None)
        except Http404:
            if year is None or (moved := Conference.objects.published().had_year(year).first()) is None:
                raise
            path = request.path_info.replace(f"/{year}/", f"/{moved.slug}/", 1)
            query = request.META.get("QUERY_STRING", "")
            return HttpResponsePermanentRedirect(f"{path}?{query}" if query else path)
        return view(request, *args, **kwargs)

    return wrapper


def find_edition(request, year, now, *, required=True):
    """Give `request` its edition at the UTC instant `now`. Raises Http404 as `with_conference` says."""
    if (previewed := getattr(request, "previewed", None)) is not None:
        current = Conference.objects.with_last_end().get(pk=previewed)
    else:
        current = current_edition(request, now)
    conference = current
    if year is not None and (current is None or current.slug != year):
        conference = Conference.objects.published().with_last_end().for_year(year).first()
    if conference is None and required:
        raise NothingPublished if year is None else Http404
    zone, wrong_zone = zone_asked_for(request)
    request.edition = conference and Edition(conference, current, now, zone, wrong_zone, look_asked_for(request.GET))
    request.conference = conference
    request.visitor_zone = conference and zone


def show_own_edition(request, conference, now):
    """Let the page show a person's own edition, even if it is no longer public."""
    own = Conference.objects.with_last_end().get(pk=conference.pk)  # an unpublished one is not cached
    current = getattr(request.edition, "current", None) or own
    request.edition = Edition(own, current, now, look=look_asked_for(request.GET))
    request.conference, request.visitor_zone = own, None


def zone_asked_for(request):
    """Return the zone that `?tz=` names and an empty text, or None and what `?tz=` said if that is no zone."""
    asked = request.GET.get("tz", "").strip()
    if not asked:
        return None, ""
    try:
        return canonical_zone(asked), ""
    except UnknownZone:
        return None, asked[:60]
