"""Step 1: people. The filters are in the address, so counting writes nothing, and pages can be shared."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.models import Conference
from conference.raw_input import whole_number
from registration.groups import is_in_access_team
from registration.models import Broadcast
from registration.services import broadcasts
from registration.status import Status

from .common import draw, home_of, redirect_to, require_writer, say_too_late, writes_to_all
from .describing import whom_words
from .forms import PLACES, WhomForm, as_typed

FIRST = {"states": [Status.CONFIRMED.value], "about": PLACES}
PER_PAGE = 100


@require_writer
def new(request):
    """Show the filters and how many people match; on POST begin a draft."""
    conference = _edition(request)
    if conference is None:
        raise Http404
    return _whom(request, conference, None)


@require_writer
def change(request, broadcast):
    """The same for a draft."""
    if not broadcast.is_draft:
        return home_of(broadcast)
    return _whom(request, broadcast.conference, broadcast)


@require_writer
def people(request):
    """List the people who match the filters, on request."""
    conference = _edition(request)
    form = conference and _form(request, conference, request.GET)
    if not form or not form.is_valid():
        return HttpResponseRedirect(reverse("admin:registration_broadcast_add"))
    reach = broadcasts.reach_of(_as_broadcast(form, conference))
    page = Paginator(reach.people.order_by("name_key", "pk"), PER_PAGE).get_page(request.GET.get("p"))
    back_url = reverse("admin:registration_broadcast_add", query=_without_page(request.GET))
    title = whom_words(_as_broadcast(form, conference), reach.number)
    crumbs = [(_("Write to people"), back_url)]
    context = {"page": page, "query": _without_page(request.GET).urlencode(), "back_url": back_url}
    return draw(request, "people", title, context, crumbs=crumbs)


def _whom(request, conference, broadcast):
    is_sent = request.method == "POST"
    typed = request.POST if is_sent else request.GET
    if not is_sent and not any(name in WhomForm.base_fields for name in typed):
        typed = as_typed(broadcast) if broadcast else FIRST
    elif not is_sent and broadcast is None and "states" not in typed and "count" not in typed:
        typed = _as_linked(typed)
    form = _form(request, conference, typed)
    if is_sent and form.is_valid():
        return _keep(request, form, conference, broadcast)
    return _page(request, form, conference, broadcast, typed, status=422 if is_sent else 200)


def _page(request, form, conference, broadcast, typed, *, others=None, status):
    counted = _as_broadcast(form, conference, broadcast) if form.is_valid() else None
    reach = counted and broadcasts.reach_of(counted)
    context = {
        "form": form,
        "broadcast": broadcast,
        "reach": reach,
        "counted": counted,
        "sentence": counted and whom_words(counted, reach.number),
        "first": reach and list(reach.people.order_by("name_key", "pk")[:4]),
        "languages": reach and [(broadcasts.name_of(code), n) for code, n in reach.by_language().items()],
        "query": request.GET.urlencode() if request.GET else _query_of(typed),
        "others": others,
    }
    return draw(request, "whom", _("Who do you want to write to?"), context, status=status)


def _edition(request):
    """Return the edition that the address names, or the one that `/` shows."""
    key = whole_number((request.POST or request.GET).get("edition"))
    if key is not None:
        return Conference.objects.filter(pk=key).first()
    return Conference.objects.current(timezone.now())


def _as_linked(query):
    """Return what one of our own links chooses: a day, or one person whether or not they wait."""
    chosen = {name: query.getlist(name) if name == "days" else query[name] for name in query}
    if "person" in query:
        chosen["states"] = [Status.CONFIRMED.value, Status.WAITLISTED.value]
    return FIRST | chosen


def _keep(request, form, conference, broadcast):
    """Begin a draft with the people chosen, or give a draft others; go on to the words."""
    now = timezone.now()
    try:
        chosen = broadcasts.choose(
            broadcast,
            conference=conference,
            audience=form.audience,
            is_about_places=form.is_about_places,
            user=request.user,
            seen=form.cleaned_data["seen"],
            now=now,
        )
    except broadcasts.NotADraft:
        return say_too_late(request, broadcast)
    except broadcasts.ChangedMeanwhile:
        broadcast.refresh_from_db()
        others = whom_words(broadcast, broadcasts.reach_of(broadcast).number)
        form.data = form.data.copy()
        form.data["seen"] = broadcasts.fingerprint_of_audience(broadcast)
        return _page(request, form, conference, broadcast, request.POST, others=others, status=409)
    return redirect_to("broadcast-words", chosen)


def _form(request, conference, typed):
    return WhomForm(
        typed if hasattr(typed, "getlist") else _AsSent(typed),
        conference=conference,
        may_use_needs=is_in_access_team(request.user),
        must_use_needs=not writes_to_all(request.user),
    )


class _AsSent(dict):
    """A dict that a form reads as it reads what a browser sent."""

    def getlist(self, name):
        value = self.get(name, [])
        return value if isinstance(value, list) else [value]


def _as_broadcast(form, conference, broadcast=None):
    """Return an unsaved message to the people chosen, to count them."""
    audience = form.audience
    return Broadcast(
        pk=broadcast and broadcast.pk,
        conference=conference,
        audience=audience.as_plain(),
        is_about_needs=audience.with_needs,
        asks_to_confirm=audience.is_unconfirmed,
        is_about_places=form.is_about_places,
    )


def _query_of(typed):
    from django.utils.http import urlencode

    return urlencode({name: value for name, value in typed.items() if value}, doseq=True)


def _without_page(query):
    query = query.copy()
    query.pop("p", None)
    return query
