"""What programs ask for: the site map, the rules for crawlers, and the manifest for phones' home screens."""

from io import StringIO

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator

from conference.models import Conference, Day, Speaker
from conference.pictures.share_cards import TITLES
from conference.site.edition import Edition
from conference.site.public import public_page

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"  # its name, not an address that anybody asks
OF_EACH_EDITION = ("home", "program", "speakers")
# Pages of persons and of organisers. Nothing secret: their addresses hold keys that nobody can guess.
NOT_FOR_CRAWLERS = ("/organisers/", "/my/", "/confirm/", "/join/", "/calendar/", "/lost-link/", "/register/thanks/")


@public_page
def sitemap(request):
    """Send the addresses of all public pages of all editions (sitemaps.org). Nobody's own page is among them."""
    out = StringIO()
    xml = SimplerXMLGenerator(out, "utf-8")
    xml.startDocument()
    xml.startElement("urlset", {"xmlns": SITEMAP})
    for address in public_addresses(timezone.now()):
        xml.startElement("url", {})
        xml.addQuickElement("loc", settings.SITE_URL + address)
        xml.endElement("url")
    xml.endElement("urlset")
    xml.endDocument()
    return HttpResponse(out.getvalue(), content_type="application/xml; charset=utf-8")


def public_addresses(now):
    """Yield the path of each public page at the UTC instant `now`: the coming edition's first, then older ones'."""
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
        for day in Day.objects.of(conference).with_sessions():
            yield edition.url("day", day)
            for session in day.sessions.all():
                yield edition.url("session", session)
        for speaker in Speaker.objects.of(conference):
            yield edition.url("speaker", speaker)


@public_page
def robots(request):
    """Send the rules for crawlers (RFC 9309)."""
    rules = ["User-agent: *", *(f"Disallow: {path}" for path in NOT_FOR_CRAWLERS)]
    lines = [*rules, "", f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


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
        "description": _("A free online conference about patient engagement in health research."),
        "id": "/",
        "start_url": reverse("conference:home"),
        "scope": "/",
        "display": "minimal-ui",  # with a way back, and with the address to pass on
        "lang": get_language(),
        "background_color": "#fdfcf8",
        "theme_color": "#fdfcf8",
        "icons": icons,
    }
    return JsonResponse(data, content_type="application/manifest+json")
