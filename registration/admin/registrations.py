"""Registrations in the organisers' admin: to read, and to confirm, cancel or send again."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from conference.admin.base import PlainAdmin, time_column
from conference.admin.filters import DayFilter
from conference.clock import country_name
from registration.models import Registrant, Registration

from .actions import PlaceActions
from .filters import CameFilter, CountryFilter, EditionFilter, LanguageFilter, StatusFilter
from .moving import MoveAction

# Each instant of a registration's life, in its order.
WHEN = {
    field: time_column(field, label)
    for field, label in (
        ("created_at", _("asked for")),
        ("waitlisted_at", _("on the waiting list since")),
        ("confirmed_at", _("confirmed")),
        ("cancelled_at", _("cancelled")),
        ("attended_at", _("came")),
    )
}


@admin.register(Registration)
class RegistrationAdmin(MoveAction, PlaceActions, PlainAdmin):
    """One person on one day. Nothing is typed here: every change is an action, so its mails go out."""

    actions = [*PlaceActions.actions, "move_places"]
    list_display = ["person", "email", "day", "status", "country_or_place", WHEN["created_at"]]
    list_filter = [EditionFilter, DayFilter, StatusFilter, CameFilter, CountryFilter, LanguageFilter]
    list_select_related = ["registrant", "day__conference"]
    ordering = ["-created_at", "-pk"]
    # Each of these walks along an index. Day, status and country have filters, an address is searched for.
    sortable_by = ["person", WHEN["created_at"]]
    search_fields = ["registrant__name_key"]
    search_help_text = _("Search by name or address.")
    readonly_fields = ["person_with_link", "email", "day", "status", "cancelled_by", *WHEN.values()]

    def get_fields(self, request, registration=None):
        """Return what there is to read; an instant that never came is left out."""
        came = [column for field, column in WHEN.items() if registration and getattr(registration, field)]
        by = ["cancelled_by"] if registration and registration.is_cancelled else []
        return ["person_with_link", "email", "day", "status", *by, *came]

    def has_add_permission(self, request):
        """Nobody: people are added by signing up."""
        return False

    def has_change_permission(self, request, obj=None):
        """Nobody changes a status by hand. For acting on places, see `has_manage_permission`."""
        return False

    def has_delete_permission(self, request, obj=None):
        """Nobody: a cancelled registration stays."""
        return False

    def has_view_permission(self, request, obj=None):
        """Whether this organiser sees people's registrations."""
        return super().has_view_permission(request, obj) or self.has_manage_permission(request)

    def get_search_results(self, request, queryset, search_term):
        """Return the registrations of people with that name or address, in any script."""
        return queryset.matching(search_term), False

    def registrations_of(self, queryset):
        """The registrations that the chosen rows mean: themselves."""
        return queryset

    def people_of(self, queryset):
        """The people of the chosen rows, each once."""
        return Registrant.objects.with_registration(pk__in=queryset.values("pk"))

    @admin.display(description=_("person"), ordering="registrant__name_key")
    def person(self, registration):
        """Return the person's name."""
        return registration.registrant.name

    @admin.display(description=_("person"))
    def person_with_link(self, registration):
        """Return the person's name with a link to their page here."""
        person = registration.registrant
        url = reverse("admin:registration_registrant_change", args=[person.pk])
        return format_html('<a href="{}">{}</a>', url, person)

    @admin.display(description=_("email"))
    def email(self, registration):
        """Return the person's address."""
        return registration.registrant.email

    @admin.display(description=_("where"))
    def country_or_place(self, registration):
        """Return where the person is: the country, or else the place that their time zone names."""
        person = registration.registrant
        return country_name(person.country) or person.place
