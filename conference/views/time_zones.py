"""The page on which visitors choose the zone in which they read all times: country, then place."""

from django.http import JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from conference.clock import (
    OF_COUNTRIES,
    UnknownZone,
    canonical_zone,
    countries,
    country_name,
    other_names,
    place_name,
    zone_choices,
    zones_of,
)
from conference.site.edition import in_zone, with_conference
from conference.site.languages import in_own_language
from conference.site.public import public_page


@require_safe
@with_conference
def time_zone(request):
    """Ask for the country, then for the place if the country has several zones, then go back to `?next=`.

    The visitor's choice lives in the address of the page they return to and nowhere else.
    """
    back = page_to_return_to(request)
    if place := request.GET.get("place", ""):
        try:
            return redirect(in_zone(back, canonical_zone(place), request.edition.look))
        except UnknownZone:
            pass  # not a place that the page offered: ask again
    country = request.GET.get("country", "")
    zones = zones_of(country)
    if len(zones) == 1:
        return redirect(in_zone(back, canonical_zone(zones[0]), request.edition.look))
    context = {
        "back": back,
        "back_url": in_zone(back, None, request.edition.look),
        "country": country,
        "country_name": country_name(country),
        "countries": countries(),
        "places": zone_choices(zones, request.edition.conference.last_end or request.edition.now),
        "nothing_found": bool(country) and not zones,
    }
    status = 422 if context["nothing_found"] else 200
    return TemplateResponse(request, "conference/time_zone.html", context, status=status)


@public_page
def places(request, year=None):
    """Return every city whose clock we know, with its country, for the search in the sign-up form, in any `year`.

    `others` are more names of a zone, by its IANA name, and of a country, by the name it has here.
    """
    found, others = [], {}
    for code, name in countries():
        # A zone of no place is called like its country: "UTC" must find no island.
        found += [[name if zone.startswith("Etc/") else place_name(zone), name, zone] for zone in zones_of(code)]
        others |= {name: OF_COUNTRIES[code]} if code in OF_COUNTRIES else {}
    others |= {zone: names for _city, _country, zone in found if (names := other_names(zone))}
    words = {
        "label": _("City or country"),
        "comma": _(", "),
        "many": _("Which city? Choose one from the list."),
        "none": _("We do not know this place. Try your country, or a large city with the same time."),
        "places": found,
        "others": others,
    }
    return JsonResponse(words, json_dumps_params={"ensure_ascii": False, "separators": (",", ":")})


def page_to_return_to(request):
    """Return the path that `?next=` names on this site, without its query, or the home page's."""
    path = request.GET.get("next", "").partition("?")[0].partition("#")[0]
    if path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None):
        return in_own_language(path)
    return reverse("conference:home")
