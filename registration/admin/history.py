"""The organisers' history, for the team's leads: to read, never to change."""

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from conference.admin.base import PlainAdmin, time_column
from conference.admin.filters import is_number
from registration.groups import is_in_access_team, is_lead
from registration.models import AccessRequest


class KindFilter(admin.SimpleListFilter):
    """Filters by kind of row: of those that the history speaks of, not of all tables."""

    title = _("kind of row")
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        """Return the key and the name of each kind."""
        kinds = ContentType.objects.filter(pk__in=model_admin.get_queryset(request).order_by().values("content_type"))
        return sorted(((str(kind.pk), capfirst(kind.name)) for kind in kinds), key=lambda pair: pair[1])

    def queryset(self, request, queryset):
        return queryset.filter(content_type=self.value()) if is_number(self.value()) else queryset


@admin.register(LogEntry)
class HistoryAdmin(PlainAdmin):
    """One act: who, when, what. Acts about a person are deleted with the person."""

    list_display = [time_column("action_time", _("when")), "user", "summary", "row_kind", "object_repr"]
    list_display_links = None
    list_filter = ["action_time", "user", KindFilter]
    linked_filters = ["action_time__gte", "action_time__lt", "user__id"]
    list_select_related = ["user", "content_type"]
    ordering = ["-action_time", "-pk"]
    search_fields = ["object_repr", "change_message"]
    search_help_text = _("Search by name or by words of what was done.")
    actions = None

    def changelist_view(self, request, extra_context=None):
        """Show the list under the name of its door."""
        return super().changelist_view(request, {"title": gettext("What was done")} | (extra_context or {}))

    def get_queryset(self, request):
        """Return the acts; those about needs are for the Access team alone."""
        rows = super().get_queryset(request)
        if is_in_access_team(request.user):
            return rows
        return rows.exclude(content_type=ContentType.objects.get_for_model(AccessRequest))

    def has_module_permission(self, request):
        return is_lead(request.user)

    def has_view_permission(self, request, obj=None):
        return is_lead(request.user)

    def has_add_permission(self, request):
        """Nobody: the history writes itself."""
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        """Never: rows expire by themselves (retention.yaml)."""
        return False

    @admin.display(description=_("what"))
    def summary(self, entry):
        """Return what was done, in words."""
        return entry.get_change_message() or entry.get_action_flag_display()

    @admin.display(description=_("kind of row"), ordering="content_type")
    def row_kind(self, entry):
        """Return what kind of row it was done to."""
        return entry.content_type and entry.content_type.name
