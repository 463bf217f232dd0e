"""Pages for programs: the site map, the rules for crawlers, and the manifest for phones' home screens."""

from datetime import timedelta
from email.utils import parseaddr

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap as site_map
from django.http import HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from conference.models import Conference, Day, Speaker
from conference.pictures.share_cards import TITLES
from conference.site.edition import Edition
from conference.site.languages import in_language, in_own_language
from conference.site.public import public_page

SECURITY_TXT_LASTS = timedelta(days=180)  # RFC 9116 2.5.5 wants less than a year
OF_EACH_EDITION = ("home", "program", "speakers")
# Pages of persons and of organisers. Nothing secret: their addresses hold keys that nobody can guess.
# /calendar/ is not here: Google Calendar keeps these rules when it reads a feed, and noindex is in the feed's header.
NOT_FOR_CRAWLERS = ("/organisers/", "/my/", "/confirm/", "/preview/", "/join/", "/lost-link/", "/register/thanks/")


class PublicPages(Sitemap):
    """The addresses of all public pages of all editions (sitemaps.org). Nobody's own page is among them."""

    i18n = alternates = x_default = True

    def items(self):
        return list(public_addresses(timezone.now()))

    def location(self, item):
        return in_own_language(item)

    def get_domain(self, site=None):
        return settings.SITE_URL.partition("://")[2]

    def get_protocol(self, protocol=None):
        return settings.SITE_URL.partition("://")[0]


@public_page
def sitemap(request):
    """Send the site map, as Django's own view writes it."""
    return site_map(request, {"pages": PublicPages})


def public_addresses(now):
    """Yield the path of each public page in the active language, at the UTC instant `now`, the next edition's first."""
    current = Conference.objects.current(now)
    if current is None:
        yield reverse("conference:home")
        return
    for conference in Conference.objects.published().with_last_end().newest_first():
        edition = Edition(conference, current, now)
        for name in TITLES if edition.is_current else OF_EACH_EDITION:
            yield edition.url(name)
        if edition.takes_sign_ups:
            yield edition.url("sign-up")
        for day in Day.objects.for_edition(conference).with_sessions():
            yield edition.url("day", day)
            for session in day.sessions.all():
                yield edition.url("session", session)
        for speaker in Speaker.objects.for_edition(conference):
            yield edition.url("speaker", speaker)


@public_page
def robots(request):
    """Send the rules for crawlers (RFC 9309)."""
    paths = [in_language(path, code) for path in NOT_FOR_CRAWLERS for code, _name in settings.LANGUAGES]
    rules = ["User-agent: *", *(f"Disallow: {path}" for path in dict.fromkeys(paths))]
    lines = [*rules, "", f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@public_page
def security_txt(request):
    """Send the contact for security reports (RFC 9116). It is the same all day."""
    until = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0) + SECURITY_TXT_LASTS
    conference = Conference.objects.current(timezone.now())
    address = (conference and conference.contact_email) or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    lines = [
        f"Contact: mailto:{address}",
        f"Expires: {until:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {', '.join(settings.ORGANISER_LANGUAGES)}",
        f"Canonical: {settings.SITE_URL}{reverse('security-txt')}",
    ]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


@public_page
def manifest(request):
    """Send what a phone needs to put the site on its home screen (W3C Web Application Manifest)."""
    icons = [
        {"src": static("images/icon-512.png"), "sizes": "512x512", "type": "image/png"},
        {"src": static("images/icon-maskable-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
        {"src": static("images/favicon.svg"), "sizes": "any", "type": "image/svg+xml"},
    ]
    data = {
        "name": _("PxP: For Patients, By Patients"),
        "short_name": "PxP",
        "description": _("An online conference about patient engagement in health research."),
        "id": reverse("conference:home"),
        "start_url": reverse("conference:home"),
        "scope": "/",
        "display": "minimal-ui",  # with a way back, and with the address to pass on
        "lang": get_language(),
        "dir": "rtl" if get_language_bidi() else "ltr",
        "background_color": "#fdfcf8",
        "theme_color": "#fdfcf8",
        "icons": icons,
    }
    return JsonResponse(data, content_type="application/manifest+json")
