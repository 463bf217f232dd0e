"""Access requests in the admin: for the group "Access team" and nobody else."""

from django import forms
from django.contrib import admin, messages
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from conference.admin.base import PlainAdmin, time_column
from conference.clock import date_words
from registration.groups import access_team_is_empty, is_in_access_team, is_lead
from registration.models import AccessRequest, Registration
from registration.models.history import note_all
from registration.services.errors import AnswerIsMissing
from registration.services.needs import answer_need, set_need_state
from registration.status import READABLE_NEEDS, NeedState

from .actions import EVERYWHERE
from .filters import EditionFilter

ASKED = time_column("created_at", _("asked"))
STATES = [(state.value, state.label) for state in READABLE_NEEDS]


class StateFilter(admin.SimpleListFilter):
    """Filters requests by state."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return STATES

    def queryset(self, request, queryset):
        return queryset.filter(state=self.value()) if self.value() in NeedState.values else queryset


class AccessRequestForm(forms.ModelForm):
    """How far the team is, and what it answers."""

    state = forms.ChoiceField(label=_("How far along is it?"), choices=STATES)
    answer = forms.CharField(
        label=_("Our answer to the person"),
        help_text=_(
            "When you save, a new answer goes to the person by mail. Write nothing about their health: "
            "someone else may read their mails."
        ),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "class": "vLargeTextField"}),
    )

    class Meta:
        model = AccessRequest
        fields = ["state", "answer"]

    def clean(self):
        """Refuse a "no" without an answer."""
        values = super().clean()
        if values.get("state") == NeedState.CANNOT_BE_MET and "answer" in values and not values["answer"]:
            self.add_error("answer", _("Tell the person why, and what you can do instead."))
        return values


@admin.register(AccessRequest)
class AccessRequestAdmin(PlainAdmin):
    """One access request. It is hidden until its person has confirmed the address."""

    form = AccessRequestForm
    hidden_in_history = ("answer",)  # it is about what the person needs
    actions = ["set_in_hand", "set_arranged", "set_cannot"]
    list_display = ["__str__", "person", "words_in_short", "state", ASKED, "needs_by", "is_in_time"]
    list_filter = [StateFilter, EditionFilter]
    list_select_related = ["registrant__conference"]
    ordering = ["-created_at", "-pk"]
    fields = ["person", "email", "days", "words", ASKED, "needs_by", "state", "answer"]
    readonly_fields = ["person", "email", "days", "words", ASKED, "needs_by"]

    def changelist_view(self, request, extra_context=None):
        """Show the list, or to others why they do not see it."""
        return self.explained(request) or super().changelist_view(request, extra_context)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Show or save one, or say why not."""
        return self.explained(request) or super().changeform_view(request, object_id, form_url, extra_context)

    def history_view(self, request, object_id, extra_context=None):
        """Show the history of one, or say why not."""
        return self.explained(request) or super().history_view(request, object_id, extra_context)

    def delete_view(self, request, object_id, extra_context=None):
        """Nobody deletes here; others hear why they see nothing."""
        return self.explained(request) or super().delete_view(request, object_id, extra_context)

    def explained(self, request):
        """Return a page that says who reads these and how to join them, for everyone else; None for the team."""
        if is_in_access_team(request.user):
            return None
        context = self.admin_site.each_context(request) | {
            "title": gettext("Only the Access team reads what people need"),
            "is_empty": access_team_is_empty(),
            "may_add": is_lead(request.user),
        }
        return TemplateResponse(request, "organisers/access_team_only.html", context, status=403)

    def get_queryset(self, request):
        return super().get_queryset(request).readable()

    def has_module_permission(self, request):
        return is_in_access_team(request.user)

    def has_view_permission(self, request, obj=None):
        """Whether this person is on the team; a superuser alone is not."""
        return is_in_access_team(request.user)

    def has_change_permission(self, request, obj=None):
        return is_in_access_team(request.user)

    def has_add_permission(self, request):
        """Nobody: people ask for themselves."""
        return False

    def has_delete_permission(self, request, obj=None):
        """Nobody: requests are deleted by themselves after the conference."""
        return False

    def save_model(self, request, obj, form, change):
        """Save through the service, which also writes to the person, and say whether it did."""
        state, answer = form.cleaned_data["state"], form.cleaned_data["answer"]
        if answer_need(obj, state=state, answer=answer, now=timezone.now()):
            self.message_user(request, gettext("The person gets your answer by mail."), messages.SUCCESS)

    @admin.action(
        description=_("We are on it"),
        description_plural=_("Mark the ticked ones as in hand"),
        permissions=["change"],
        location=EVERYWHERE,
    )
    def set_in_hand(self, request, queryset):
        """Mark the requests as in hand."""
        self.set_states(request, queryset, NeedState.IN_HAND)

    @admin.action(
        description=_("It is arranged"),
        description_plural=_("Mark the ticked ones as arranged"),
        permissions=["change"],
        location=EVERYWHERE,
    )
    def set_arranged(self, request, queryset):
        """Note that they are arranged."""
        self.set_states(request, queryset, NeedState.ARRANGED)

    @admin.action(
        description=_("It cannot be met"),
        description_plural=_("Mark the ticked ones as not possible"),
        permissions=["change"],
        location=EVERYWHERE,
    )
    def set_cannot(self, request, queryset):
        """Note that they cannot be met, if the person has been told so."""
        self.set_states(request, queryset, NeedState.CANNOT_BE_MET)

    def set_states(self, request, queryset, state):
        """Give each request this state, and say what came of it. Nobody gets a mail."""
        now = timezone.now()
        done, unanswered = [], 0
        for access_request in queryset:
            try:
                if set_need_state(access_request, state, now=now):
                    done.append(access_request)
            except AnswerIsMissing:
                unanswered += 1
        note_all(request.user, done, gettext("State: %(state)s") % {"state": state.label})
        changed = len(done)
        words = ngettext("%(n)d request is now: %(state)s.", "%(n)d requests are now: %(state)s.", changed)
        level = messages.SUCCESS if changed else messages.WARNING
        self.message_user(request, words % {"n": changed, "state": state.label}, level)
        if unanswered:
            words = ngettext(
                "%(n)d has no answer yet. Open it, and tell the person why.",
                "%(n)d have no answer yet. Open each, and tell the person why.",
                unanswered,
            )
            self.message_user(request, words % {"n": unanswered}, messages.WARNING)

    @admin.display(description=_("asked to tell us by"))
    def needs_by(self, access_request):
        """Return the date by which people were asked to tell us."""
        by = access_request.registrant.conference.needs_by
        return date_words(by) if by else "-"

    @admin.display(description=_("in time"), boolean=True)
    def is_in_time(self, access_request):
        """Whether the request came by that date; nothing if no date is named."""
        conference = access_request.registrant.conference
        return conference.takes_needs_at(access_request.created_at) if conference.needs_by else None

    @admin.display(description=_("days"))
    def days(self, access_request):
        """Return the days that the person is on, which is when they need it."""
        rows = Registration.objects.for_person(access_request.registrant).live().with_people()
        return ", ".join(row.day.label for row in rows) or gettext("none")

    @admin.display(description=_("person"), ordering="registrant__name_key")
    def person(self, access_request):
        """Return the name of the person who asked."""
        return access_request.registrant.name

    @admin.display(description=_("email"))
    def email(self, access_request):
        """Return where to write to them."""
        return access_request.registrant.email

    @admin.display(description=_("what they need"))
    def words_in_short(self, access_request):
        """Return the first words of the request."""
        return Truncator(access_request.words).chars(100)
