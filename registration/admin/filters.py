"""Filters beside the lists of people, registrations and mails."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from conference.admin.filters import ConferenceFilter, DayFilter, get_or_make, is_number
from conference.clock import country_name
from registration.models import Registrant
from registration.status import HOLDS_PLACE, LIVE, Came, Status


class EditionFilter(ConferenceFilter):
    """Filters people, registrations or mails by edition."""

    def queryset(self, request, queryset):
        if not is_number(self.value()):
            return queryset
        walk = getattr(queryset, "listed_for_edition", queryset.for_edition)
        return walk(self.value())


class OfOneRegistration:
    """A filter that combines with the other of its kind: "Day 1" and "confirmed" mean confirmed for Day 1."""

    def queryset(self, request, queryset):
        """Return people with a registration as both filters say. "Day 1" alone leaves out those who cancelled it."""
        if not self.value():
            return queryset
        about = {}
        if is_number(request.GET.get("day")):
            about = {"day": request.GET["day"], "status__in": LIVE}
        if request.GET.get("came") in Came.values:
            about |= {"attended_at__isnull": request.GET["came"] == Came.NO, "status__in": HOLDS_PLACE}
        if request.GET.get("status") in Status.values:
            about["status__in"] = [request.GET["status"]]
        return queryset.with_registration(**about) if about else queryset


class PersonDayFilter(OfOneRegistration, DayFilter):
    """Filters people by a day that they are on."""


class PersonStatusFilter(OfOneRegistration, admin.SimpleListFilter):
    """Filters people by the status of a registration."""

    title = _("status")
    parameter_name = "status"

    def lookups(self, request, model_admin):
        return Status.choices


class PersonCameFilter(OfOneRegistration, admin.SimpleListFilter):
    """Filters people by whether they came to a day on which they had a place."""

    title = _("came")
    parameter_name = "came"

    def lookups(self, request, model_admin):
        return Came.choices


class RoleFilter(admin.SimpleListFilter):
    """Filters people by role."""

    title = _("role")
    parameter_name = "role"

    def lookups(self, request, model_admin):
        return Registrant.Role.choices

    def queryset(self, request, queryset):
        return queryset.with_any_role([self.value()]) if self.value() in Registrant.Role.values else queryset


class NeedsFilter(admin.SimpleListFilter):
    """Filters people by whether they told us what they need; only for the Access team."""

    title = _("needs")
    parameter_name = "needs"

    def lookups(self, request, model_admin):
        return [("yes", _("told us what they need"))]

    def queryset(self, request, queryset):
        return queryset.with_needs() if self.value() == "yes" else queryset


class CountryFilter(admin.SimpleListFilter):
    """Filters people by country; it offers only countries that people gave."""

    title = _("country")
    parameter_name = "country"

    def lookups(self, request, model_admin):
        """Return (code, name) of the countries in use, by name."""
        codes = get_or_make(request, "countries", lambda: Registrant.objects.values_in_use("country"))
        named = [(code, country_name(code) or code) for code in codes if code]
        return [*sorted(named, key=lambda pair: pair[1]), ("none", _("not told"))]

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        return queryset.from_country("" if self.value() == "none" else self.value())


class LanguageFilter(admin.SimpleListFilter):
    """Filters people by the language of their mails."""

    title = _("language of mails")
    parameter_name = "language"

    def lookups(self, request, model_admin):
        codes = get_or_make(request, "languages", lambda: Registrant.objects.values_in_use("language"))
        return [(code, code) for code in codes]

    def queryset(self, request, queryset):
        return queryset.with_language(self.value()) if self.value() else queryset


class StatusFilter(admin.SimpleListFilter):
    """Filters registrations by status, as the first page counts them: those that ended with their day are separate."""

    title = _("status")
    parameter_name = "status__exact"
    ENDED_WITH_DAY = "day"

    def lookups(self, request, model_admin):
        """Return each status, and the day that was called off."""
        return [*Status.choices, (self.ENDED_WITH_DAY, _("ended, because the day was called off"))]

    def queryset(self, request, queryset):
        if self.value() == self.ENDED_WITH_DAY:
            return queryset.ended_with_day()
        return queryset.with_status(self.value()) if self.value() in Status.values else queryset


class CameFilter(admin.SimpleListFilter):
    """Filters registrations by whether the person came."""

    title = _("came")
    parameter_name = "came"

    def lookups(self, request, model_admin):
        return [("yes", _("yes")), ("no", _("no"))]

    def queryset(self, request, queryset):
        sides = {"yes": queryset.came, "no": queryset.did_not_come}
        return sides[self.value()]() if self.value() in sides else queryset


class AddressFilter(admin.SimpleListFilter):
    """Filters people by whether they confirmed their address."""

    title = _("address")
    parameter_name = "address"

    def lookups(self, request, model_admin):
        sides = [("confirmed", _("confirmed")), ("unconfirmed", _("not confirmed yet"))]
        return [*sides, ("dead", _("does not work"))]

    def queryset(self, request, queryset):
        sides = {"confirmed": queryset.verified, "unconfirmed": queryset.unverified, "dead": queryset.undeliverable}
        return sides[self.value()]() if self.value() in sides else queryset


class AddedByFilter(admin.SimpleListFilter):
    """Filters people by whether an organiser added them."""

    title = _("added by")
    parameter_name = "added_by"

    def lookups(self, request, model_admin):
        return [("organiser", _("an organiser")), ("person", _("sign-up on the site"))]

    def queryset(self, request, queryset):
        sides = {"organiser": True, "person": False}
        return queryset.filter(is_added_by_organiser=sides[self.value()]) if self.value() in sides else queryset
