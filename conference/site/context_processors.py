"""The context of every public page: its edition, its one lasting address, and the same page in other languages."""

from dataclasses import replace
from urllib.parse import urlencode

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme as is_ours

from conference.site.languages import ORGANISERS, in_own_language, versions_of, without_language
from conference.site.parameters import read_query


def edition(request):
    """Give templates `edition`, `conference` and `visitor_zone` (None outside public pages), `canonical_url`,
    `alternates` and `languages` (this page in each language: for programs, and for people in the same zone), and
    whether pages of the program are not there to be linked to."""
    shown = getattr(request, "edition", None)
    canonical_path = path_of(request, shown)
    return {
        "edition": shown,
        "conference": shown and shown.conference,
        "visitor_zone": shown and shown.zone,
        "site_url": settings.SITE_URL,
        "canonical_url": canonical_path and settings.SITE_URL + canonical_path,
        "alternates": versions_of(canonical_path) if canonical_path else [],
        "languages": languages_of(request),
        "is_preview": hasattr(request, "previewed"),
        "has_no_program": hasattr(request, "edition") and (shown is None or not shown.conference.is_published),
    }


def languages_of(request):
    """Return this page in each language, as a visitor asked for it; of a wrong address, the home page.

    A person's own page has none: its address is a key, and it speaks the person's language.
    """
    match = request.resolver_match
    if match is None:
        return versions_of(in_own_language("/"))
    if "token" in match.kwargs:
        return []
    if hasattr(request, "previewed"):
        before = request.path.removesuffix(request.path_info[1:])
        return [replace(one, url=f"{before}{one.url[1:]}") for one in versions_of(request.path_info)]
    asked = request.META.get("QUERY_STRING", "")
    is_organisers = without_language(request.path).startswith(ORGANISERS)
    # Unknown parameters must not come back in a link: one may be a person's key, or another site's address.
    versions = versions_of(request.path, asked if is_organisers else _meant(asked))
    return [one for one in versions if not is_organisers or one.code in settings.ORGANISER_LANGUAGES]


def _meant(query_string):
    """Return a query with only the parameters that this site knows."""
    meant = QueryDict(read_query(query_string)[0])
    in_order = dict.fromkeys(pair.partition("=")[0].removeprefix("amp;") for pair in query_string.split("&"))
    pairs = [(name, value) for name in in_order for value in meant.getlist(name)]
    ours = [(name, value) for name, value in pairs if name != "next" or is_ours(value, allowed_hosts=None)]
    return urlencode(ours, safe="/")


def path_of(request, shown):
    """Return the canonical path of this page, or "" for a person's own pages.

    `/2027/program/` and `/program/` are one page while 2027 is current; a time zone makes no other page.
    """
    match = request.resolver_match
    if shown is None or match is None or "token" in match.kwargs or hasattr(request, "previewed"):
        return ""
    if match.namespace == "edition" and shown.is_current:
        parts = {name: value for name, value in match.kwargs.items() if name != "year"}
        return reverse(f"conference:{match.url_name}", kwargs=parts)
    return request.path
