"""What people need to take part, in the admin: for the group "Access team" and for nobody else."""

from django import forms
from django.contrib import admin
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from conference.admin.base import PlainAdmin, utc_column
from registration.groups import is_in_access_team
from registration.models import AccessRequest
from registration.services.organisers import set_need_state
from registration.status import NeedState

from .filters import EditionFilter

ASKED = utc_column("created_at", _("asked"))
STATES = [choice for choice in NeedState.choices if choice[0] != NeedState.UNCONFIRMED]


class StateFilter(admin.SimpleListFilter):
    """Keeps the requests in one state."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        """Return every state that the team sees."""
        return STATES

    def queryset(self, request, queryset):
        """Return the requests in the state chosen."""
        return queryset.in_state(self.value()) if self.value() in NeedState.values else queryset


class AccessRequestForm(forms.ModelForm):
    """How far the team is."""

    state = forms.ChoiceField(label=_("How far are you?"), choices=STATES)

    class Meta:
        model = AccessRequest
        fields = ["state"]


@admin.register(AccessRequest)
class AccessRequestAdmin(PlainAdmin):
    """One thing somebody asked for. Requests whose person has not confirmed the address yet are not shown."""

    form = AccessRequestForm
    list_display = ["__str__", "person", "words_in_short", "state", ASKED]
    list_filter = [StateFilter, EditionFilter]
    list_select_related = ["registrant"]
    ordering = ["-created_at", "-pk"]
    fields = ["person", "email", "words", "state", ASKED]
    readonly_fields = ["person", "email", "words", ASKED]

    def get_queryset(self, request):
        """Return the requests that may be read."""
        return super().get_queryset(request).readable()

    def has_module_permission(self, request):
        """Whether requests are listed at all."""
        return is_in_access_team(request.user)

    def has_view_permission(self, request, obj=None):
        """Whether this person is on the team; a superuser alone is not."""
        return is_in_access_team(request.user)

    def has_change_permission(self, request, obj=None):
        """As for viewing."""
        return is_in_access_team(request.user)

    def has_add_permission(self, request):
        """Nobody: people ask for themselves."""
        return False

    def has_delete_permission(self, request, obj=None):
        """Nobody: requests are deleted by themselves after the conference."""
        return False

    def save_model(self, request, obj, form, change):
        """Save the state through its service."""
        set_need_state(obj, form.cleaned_data["state"])

    @admin.display(description=_("person"), ordering="registrant__name_key")
    def person(self, access_request):
        """Return the name of who asked."""
        return access_request.registrant.name

    @admin.display(description=_("email"))
    def email(self, access_request):
        """Return where to write to them."""
        return access_request.registrant.email

    @admin.display(description=_("what they need"))
    def words_in_short(self, access_request):
        """Return the first words of the request."""
        return Truncator(access_request.words).chars(100)
