"""The header, breadcrumbs and footer of every organisers' page."""

from itertools import zip_longest

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from conference.clock import place_name
from conference.workplace import handbook
from conference.workplace.ago import ago_words
from conference.workplace.areas import areas_for
from conference.workplace.editions import edition_at_work
from conference.workplace.mistakes import mistakes_in
from conference.workplace.own_clock import own_words, own_zone

register = template.Library()
FIND_PEOPLE = "admin:registration_registrant_changelist"
register.filter("own_words", own_words)


@register.filter
def ago(instant):
    """Return how long ago an aware instant was, in words."""
    return ago_words(instant, timezone.now())


@register.inclusion_tag("organisers/mistakes.html")
def mistakes(form):
    """Show the mistakes in a form of more than one field; a single field shows its own."""
    return {"mistakes": mistakes_in(form) if form and len(form.visible_fields()) > 1 else []}


@register.inclusion_tag("organisers/head.html", takes_context=True)
def organisers_head(context):
    """Render the header: the edition, navigation, search for a person, and the account menu."""
    request, user = context["request"], context["user"]
    may_enter = user.is_active and user.is_staff
    first_page = reverse("admin:index")
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "user": user,
        "may_enter": may_enter,
        "is_first_page": request.path == first_page,
        "conference": edition_at_work(request),
        "areas": _areas(request, user) if may_enter else [],
        "finds_people": may_enter and user.has_perm("registration.view_registrant"),
        "languages": context.get("languages", []),
        "own_clock": place_name(own_zone().key),
        "path": request.get_full_path() if request.method == "GET" else first_page,
        "query": request.GET.get("q", "") if request.path == reverse(FIND_PEOPLE) else "",
    }


@register.inclusion_tag("organisers/crumbs.html", takes_context=True)
def organisers_crumbs(context):
    """Render the breadcrumbs from the first page to this one, and the other pages of the same area.

    Our own pages pass theirs as `crumbs`, a list of (words, URL); `title` comes last.
    """
    request, user = context["request"], context["user"]
    areas = _areas(request, user) if user.is_active and user.is_staff else []
    area = next((area for area in areas if area.is_current), None)
    crumbs = context.get("crumbs")
    if crumbs is None:
        crumbs = [(area.words, area.url)] if area else []
        crumbs += _crumbs_of_stock_page(context, area)
    last = _last_crumb(context)
    crumbs = [(words, url) for words, url in crumbs if url != request.path and str(words) != str(last)]
    following = [str(words) for words, _url in crumbs[1:]]
    crumbs = [crumb for crumb, after in zip_longest(crumbs, following) if str(crumb[0]) != after]
    match = request.resolver_match
    help_page = handbook.chapter_for(match.view_name) if match and areas else None
    shown = {"crumbs": crumbs, "last": last, "area": area, "may_enter": bool(areas), "help": help_page}
    return shown | {"is_first_page": request.path == reverse("admin:index")}


def _areas(request, user):
    if not hasattr(request, "_areas"):
        request._areas = areas_for(user, request.path)
    return request._areas


def _crumbs_of_stock_page(context, area):
    """Return (words, address) of the list, and of the row if the page is about one but does not show it."""
    opts, original = context.get("opts"), context.get("original") or context.get("object")
    if opts is None or context.get("cl") is not None:
        return []
    name = f"admin:{opts.app_label}_{opts.model_name}"
    page = area.current_page if area else None
    crumbs = [(page.words if page else capfirst(opts.verbose_name_plural), reverse(f"{name}_changelist"))]
    if original is not None and getattr(original, "pk", None) and not context.get("change"):
        crumbs.append((_in_short(original), reverse(f"{name}_change", args=[original.pk])))
    return crumbs


def _last_crumb(context):
    original = context.get("original")
    if context.get("change") and original is not None:
        return _in_short(original)
    return context.get("title") or ""


def _in_short(row):
    return Truncator(str(row)).chars(60) or _("no name")
