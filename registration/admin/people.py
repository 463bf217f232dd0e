"""People in the organisers' admin: their days and the mails to them."""

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from conference.admin.asking import AsksFirst, Fault, NotSaved
from conference.admin.base import PlainAdmin, rows_of_links, time_column
from conference.clock import country_name
from registration.groups import is_in_access_team
from registration.models import AccessRequest, Answer, OutboxMessage, Registrant, Registration
from registration.models.details import columns_for_organisers
from registration.models.history import entries_about, note_table
from registration.services.corrections import correct_details
from registration.services.erase import erase
from registration.services.errors import AlreadySignedUp
from registration.services.files.columns import chosen_by
from registration.services.files.people import table_of_people
from registration.services.foresee import count_moving_up

from .actions import PlaceActions, ask
from .adding import AddsPerson
from .files.downloads import as_download
from .filters import (
    AddedByFilter,
    AddressFilter,
    CountryFilter,
    EditionFilter,
    LanguageFilter,
    NeedsFilter,
    PersonCameFilter,
    PersonDayFilter,
    PersonStatusFilter,
    RoleFilter,
)
from .person_form import PersonForm
from .recipients import who_moves_up
from .same_person import SamePersonAction, merges_of
from .same_person import urls as urls_of_same_person
from .today.people import IN_SHORT

SIGNED_UP = time_column("created_at", gettext_lazy("signed up"))
VERIFIED = time_column("verified_at", gettext_lazy("address confirmed"))
REFUSED = time_column("undeliverable_at", gettext_lazy("address has not worked since"))
WHERE_THEY_ARE = ["country", "time_zone", "language"]
ABOUT_THEM = [name for name in columns_for_organisers() if name not in ("name", "email", *WHERE_THEY_ARE)]


@admin.register(Registrant)
class RegistrantAdmin(SamePersonAction, AddsPerson, AsksFirst, PlaceActions, PlainAdmin):
    """One person at one conference. Their access needs are not here: those are for the Access team alone."""

    form = PersonForm
    change_list_template = "admin/people.html"
    actions = [*PlaceActions.actions, "same_person", "download_table", "erase_person"]
    list_display = [
        "name",
        "email",
        "days",
        "country_or_place",
        "address_confirmed",
        SIGNED_UP,
    ]
    list_filter = [
        EditionFilter,
        PersonDayFilter,
        PersonStatusFilter,
        PersonCameFilter,
        AddressFilter,
        AddedByFilter,
        CountryFilter,
        LanguageFilter,
        RoleFilter,
    ]
    list_select_related = ["conference"]
    ordering = ["-created_at", "-pk"]
    # Each of these walks along an index. Where people are, and whether they confirmed, have filters.
    sortable_by = ["name", "email", SIGNED_UP]
    sorted_as = {"name": "name_key", "email": "email_key"}
    search_fields = ["name_key"]
    search_help_text = gettext_lazy("Search by name or address.")
    hidden_in_history = ("roles", "role_words")  # what a person says of their health
    readonly_fields = [
        "is_added_by_organiser",
        "all_days",
        "answers",
        "carer_name",
        "conference",
        "mails",
        "put_together",
        "undeliverable_reason",
        SIGNED_UP,
        VERIFIED,
        REFUSED,
    ]
    fieldsets = [  # what an organiser comes for first; a dead address is above all
        (
            None,
            {
                "fields": [REFUSED, "undeliverable_reason", "name", "email", "carer_name"],
                "description": gettext_lazy(
                    "A new address ends the links that went to the old one, "
                    "and the person gets all their mails again at the new one."
                ),
            },
        ),
        (gettext_lazy("Days and mails"), {"fields": ["all_days", "mails", "put_together"]}),
        (gettext_lazy("Where they are"), {"fields": WHERE_THEY_ARE}),
        (gettext_lazy("About them"), {"fields": [*ABOUT_THEM, "answers"]}),
        (gettext_lazy("Calendar"), {"fields": ["calendar_mails", "neutral_titles"]}),
        (
            gettext_lazy("Sign-up"),
            {"fields": ["conference", "is_added_by_organiser", SIGNED_UP, VERIFIED]},
        ),
    ]

    def get_urls(self):
        """Return the addresses of people's pages, and those that put two together."""
        return [*urls_of_same_person(), *super().get_urls()]

    def get_list_filter(self, request):
        """Return the filters; by needs for the Access team alone."""
        return [*self.list_filter, *([NeedsFilter] if is_in_access_team(request.user) else [])]

    def get_fieldsets(self, request, person=None):
        """Return the fields, without what is empty for most people."""
        if person is None:
            return super().get_fieldsets(request)
        empty = set()
        if not person.carer_name:
            empty.add("carer_name")
        if not person.answers.exists():
            empty.add("answers")
        if not person.is_added_by_organiser:
            empty.add("is_added_by_organiser")
        if not merges_of(person, timezone.now()):
            empty.add("put_together")
        if not person.is_undeliverable:
            empty |= {REFUSED, "undeliverable_reason"}
        return [
            (name, options | {"fields": [field for field in options["fields"] if field not in empty]})
            for name, options in self.fieldsets
        ]

    def get_queryset(self, request):
        """Return the people with their days."""
        return super().get_queryset(request).with_days()

    def has_delete_permission(self, request, obj=None):
        """Nobody: a deletion here would leave entries in calendars that nobody takes out."""
        return False

    def get_search_results(self, request, queryset, search_term):
        """Return the people with that name or address, in any script."""
        return queryset.matching(search_term), False

    def save_model(self, request, obj, form, change):
        """Save through the services, which keep what depends on name and address in step and write to people."""
        if not change:
            self.add_person(request, obj, form)
            return
        details = {name: form.cleaned_data[name] for name in form.changed_data}
        try:
            has_new_address = correct_details(obj, details=details, now=timezone.now())
        except AlreadySignedUp:  # another request took the name and address since the form was checked
            words = _("Nothing was saved: someone with this name and address is here already.")
            raise NotSaved([Fault(words)]) from None
        if has_new_address:
            words = _("The links that went to the old address do not work any more. New mails go to the new one.")
            self.message_user(request, words, messages.WARNING)

    def questions_about(self, before, after, now):
        """Ask about a new address: mails go out because of it."""
        if before is None or before.email_key == after.email_key:
            return []
        words = {"old": before.email, "new": after.email}
        sentences = [_("They get all their mails again, at %(new)s. Links that went to %(old)s stop working.") % words]
        if before.is_verified and not before.is_undeliverable:
            sentences.append(_("One last mail to %(old)s says that the address has changed.") % words)
        return sentences

    def history_view(self, request, object_id, extra_context=None):
        """Show the history of the person, their days and mails. Their needs are for the Access team."""
        person = self.get_object(request, object_id)
        if person is None or not self.has_view_permission(request, person):
            return super().history_view(request, object_id, extra_context)
        needs = None if is_in_access_team(request.user) else AccessRequest.objects.none()
        entries = entries_about(person, needs=needs)
        page = Paginator(entries.select_related("user", "content_type"), 100).get_page(request.GET.get("p", 1))
        return super().history_view(request, object_id, {"action_list": page} | (extra_context or {}))

    def registrations_of(self, queryset):
        """The registrations that the chosen rows mean: everything of these people."""
        return Registration.objects.for_people(queryset)

    def people_of(self, queryset):
        """The people of the chosen rows: the rows themselves."""
        return queryset

    @admin.action(
        description=gettext_lazy("Download as a table (CSV)"),
        description_plural=gettext_lazy("Download the ones ticked as a table (CSV)"),
        permissions=["view"],
    )
    def download_table(self, request, queryset):
        """Return the people as a table with the columns chosen last. It holds nothing of what people need."""
        file = table_of_people(queryset, keys=chosen_by(request.user), kind="csv", user=request.user)
        return as_download(file, "people.csv")

    @admin.action(
        description=gettext_lazy("Delete for good…"),
        permissions=["manage"],
        location=admin.ActionLocation.CHANGE_FORM,
    )
    def erase_person(self, request, queryset):
        """Ask first; then delete the person and everything about them, as they can do themselves."""
        person = queryset.get()
        if "post" in request.POST:
            erase(person, now=timezone.now(), tell=True)
            note_table(request.user, Registrant, _("Deleted a person for good, with all days, needs and mails"))
            self.message_user(request, _("Deleted, with all days, needs and mails."), messages.SUCCESS)
            return HttpResponseRedirect(reverse("admin:registration_registrant_changelist"))
        sentences = [
            _("This deletes %(name)s at once, with all days, needs and mails. It cannot be undone.") % {"name": person}
        ]
        if person.is_verified and not person.is_undeliverable:
            sentences.append(_("One last mail tells them. A day that is in their calendar stays there."))
        else:
            sentences.append(_("They get no mail: their address is not confirmed, or does not work."))
        if up := count_moving_up(Registration.objects.for_person(person).live(), now=timezone.now()):
            sentences.append(who_moves_up(up))
        sentences.append(_("Do this only when the person asks for it. To take them off their days, choose “Cancel”."))
        return ask(self, request, title=_("Delete a person"), sentences=sentences, button=_("Yes, delete for good"))

    @admin.display(description=gettext_lazy("days"))
    def days(self, person):
        """Return the days the person is on, those not confirmed with their status."""
        live = sorted((row for row in person.registrations.all() if row.is_live), key=lambda row: row.day.number)
        words = [row.day.label if row.is_confirmed else f"{row.day.label} ({IN_SHORT[row.status]})" for row in live]
        return ", ".join(words) or _("none")

    @admin.display(description=gettext_lazy("days"), empty_value=gettext_lazy("none"))
    def all_days(self, person):
        """Return everything between the person and the days, each a link to its page, where its actions are."""
        return rows_of_links(
            (
                reverse("admin:registration_registration_change", args=[row.pk]),
                _("%(day)s: %(status)s") % {"day": row.day.label, "status": row.get_status_display()},
            )
            for row in Registration.objects.for_person(person).with_people()
        )

    @admin.display(description=gettext_lazy("answers to our questions"))
    def answers(self, person):
        """Return each question that the person answered, with the answer."""
        rows = ((answer.question, answer.words) for answer in Answer.objects.for_person(person))
        return format_html_join("", "<div><strong>{}</strong> {}</div>", rows)

    @admin.display(description=gettext_lazy("where"))
    def country_or_place(self, person):
        """Return where the person is: the country, or else the place that their time zone names."""
        return country_name(person.country) or person.place

    @admin.display(description=gettext_lazy("address confirmed"), boolean=True)
    def address_confirmed(self, person):
        """Whether they showed that the address is theirs."""
        return person.is_verified

    @admin.display(description=gettext_lazy("put together"))
    def put_together(self, person):
        """Return the second sign-up that was put together with this one, as long as that can be undone."""
        return rows_of_links(merges_of(person, timezone.now()))

    @admin.display(description=gettext_lazy("mails"))
    def mails(self, person):
        """Return how many mails were written to the person, with a link to the list of them."""
        number = OutboxMessage.objects.for_person(person).for_everybody().count()
        url = reverse("admin:registration_outboxmessage_changelist", query={"registrant": person.pk})
        words = ngettext("%(n)d mail", "%(n)d mails", number) % {"n": number}
        write_url = reverse(
            "admin:registration_broadcast_add", query={"person": person.pk, "edition": person.conference_id}
        )
        return rows_of_links([(url, words), (write_url, _("Write to this person"))])
