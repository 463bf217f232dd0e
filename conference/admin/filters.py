"""Filters beside the organisers' lists."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from conference.models import Conference, Day
from conference.raw_input import whole_number
from conference.workplace.editions import edition_at_work


class ConferenceFilter(admin.SimpleListFilter):
    """Filters by edition: the one at work unless another is chosen. The QuerySet needs a method `for_edition`.

    A list that is about one day, of whichever edition, is not narrowed further.
    """

    title = _("conference")
    parameter_name = "conference"
    ALL = "all"

    def __init__(self, request, params, model, model_admin):
        at_work = None if "day" in request.GET else edition_at_work(request)
        self.usual = str(at_work.pk) if at_work else self.ALL
        super().__init__(request, params, model, model_admin)

    def value(self):
        """Return the key of the edition shown, or "all"."""
        return super().value() or self.usual

    def lookups(self, request, model_admin):
        """Return the editions, newest first, and all of them together."""
        editions = get_or_make(request, "editions", lambda: list(Conference.objects.newest_first()))
        return [*((str(edition.pk), str(edition)) for edition in editions), (self.ALL, _("All years"))]

    def choices(self, changelist):
        """Yield the choices; “All” comes last and under a name of its own."""
        yield from list(super().choices(changelist))[1:]

    def queryset(self, request, queryset):
        return queryset.for_edition(self.value()) if is_number(self.value()) else queryset


class DayFilter(admin.SimpleListFilter):
    """Filters by day. The QuerySet needs a method `for_day`."""

    title = _("day")
    parameter_name = "day"

    def lookups(self, request, model_admin):
        """Return the days of the edition shown, or of all, the newest edition first."""
        chosen, at_work = request.GET.get("conference"), edition_at_work(request)
        if not is_number(chosen) and chosen != ConferenceFilter.ALL and "day" not in request.GET:
            chosen = str(at_work.pk) if at_work else ""
        days = Day.objects.newest_edition_first()
        days = days.for_edition(chosen) if is_number(chosen) else days
        return [(str(day.pk), str(day)) for day in get_or_make(request, "days", lambda: list(days))]

    def queryset(self, request, queryset):
        return queryset.for_day(self.value()) if is_number(self.value()) else queryset


def get_or_make(request, name, make):
    """Return what `make()` returns, called once per request: Django builds a list's filters twice for an action."""
    kept = request.__dict__.setdefault("_kept_of_filters", {})
    if name not in kept:
        kept[name] = make()
    return kept[name]


def is_number(text):
    """Whether `text` can be a row's key: an address may contain anything."""
    return whole_number(text) is not None
