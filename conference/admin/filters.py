"""Filters beside the organisers' lists."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from conference.models import Conference, Day


class ConferenceFilter(admin.SimpleListFilter):
    """Keeps one edition. The QuerySet's method `of` says what belongs to it."""

    title = _("conference")
    parameter_name = "conference"

    def lookups(self, request, model_admin):
        """Return the editions, newest first."""
        return [(str(edition.pk), str(edition)) for edition in Conference.objects.newest_first()]

    def queryset(self, request, queryset):
        """Return the rows of the edition chosen."""
        return queryset.for_edition(self.value()) if is_number(self.value()) else queryset


class DayFilter(admin.SimpleListFilter):
    """Keeps one day. The QuerySet's method `for_day` says what belongs to it."""

    title = _("day")
    parameter_name = "day"

    def lookups(self, request, model_admin):
        """Return the days of all editions, newest edition first."""
        return [(str(day.pk), str(day)) for day in Day.objects.newest_edition_first()]

    def queryset(self, request, queryset):
        """Return the rows of the day chosen."""
        return queryset.for_day(self.value()) if is_number(self.value()) else queryset


def is_number(text):
    """Whether `text` can be a row's number: somebody may have typed anything into the address."""
    return bool(text) and text.isascii() and text.isdigit() and len(text) < 19
