"""The outbox in the organisers' admin: the state of each mail. Its text, with personal links, is not kept."""

from django.contrib import admin, messages
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, ngettext

from conference.admin.base import PlainAdmin, time_column
from registration.groups import is_in_access_team
from registration.letters.outbox import try_again
from registration.models import OutboxMessage
from registration.models.history import note_all

from .actions import EVERYWHERE, ask, is_agreed
from .filters import EditionFilter
from .recipients import names_of

QUEUED = time_column("created_at", gettext_lazy("queued"))


@admin.register(OutboxMessage)
class OutboxMessageAdmin(PlainAdmin):
    """One mail, to read. A mail that was given up can be tried again."""

    list_display = [
        "to_email",
        "person",
        "kind",
        "state",
        "attempts",
        QUEUED,
        "reason",
    ]
    list_filter = ["state", "fault", "kind", EditionFilter]
    linked_filters = ["registrant"]
    list_select_related = ["registrant"]
    ordering = ["-pk"]
    # The keys are in the order of time. Kind, state and fault have filters, an address is searched for.
    sortable_by = [QUEUED]
    sorted_as = {QUEUED: "pk"}
    search_fields = ["to_email"]
    search_help_text = gettext_lazy("Search by name or address.")
    actions = ["try_mails_again"]
    fields = readonly_fields = [
        "to_email",
        "person",
        "kind",
        "subject",
        "state",
        "attempts",
        "reason",
        QUEUED,
        time_column("due_at", gettext_lazy("next try")),
        time_column("finished_at", gettext_lazy("done")),
    ]

    def get_queryset(self, request):
        """Return the mails; those of messages to people with needs are for the Access team alone."""
        rows = super().get_queryset(request).with_people()
        return rows if is_in_access_team(request.user) else rows.for_everybody()

    def has_add_permission(self, request):
        """Nobody: mails are written by what happens."""
        return False

    def has_change_permission(self, request, obj=None):
        """Nobody changes a mail. For trying again, see `has_send_permission`."""
        return False

    def has_delete_permission(self, request, obj=None):
        """Nobody."""
        return False

    def has_send_permission(self, request):
        """Whether this organiser may have mails tried again."""
        return request.user.has_perm("registration.change_outboxmessage")

    def get_search_results(self, request, queryset, search_term):
        """Return the mails to people with that name or address, in any script."""
        return queryset.matching(search_term), False

    @admin.action(
        description=gettext_lazy("Try again…"),
        description_plural=gettext_lazy("Try again with the ones ticked…"),
        permissions=["send"],
        location=EVERYWHERE,
    )
    def try_mails_again(self, request, queryset):
        """Ask first, with the number; then put mails that were given up back in the queue, and say how many."""
        now = timezone.now()
        rows = list(queryset)
        dead = [row for row in rows if row.is_dead]
        if dead and not is_agreed(request, len(dead)):
            return self.ask_before_trying(request, dead)
        tried = [row for row in rows if try_again(row, now=now)]
        note_all(request.user, tried, gettext("Tried again"))
        count = len(tried)
        rest = len(rows) - count
        parts = [
            (count, ngettext("%(n)d mail waits to be sent again", "%(n)d mails wait to be sent again", count)),
            (rest, ngettext("%(n)d was not given up", "%(n)d were not given up", rest)),
        ]
        words = ", ".join(words % {"n": number} for number, words in parts if number or (number, words) == parts[0])
        self.message_user(request, f"{words}.", messages.SUCCESS if count else messages.WARNING)
        return None

    def ask_before_trying(self, request, dead):
        """Return the page that names how many mails go to whom."""
        number = len(dead)
        words = ngettext("This sends %(n)d mail once more, to:", "This sends %(n)d mails once more, to:", number)
        sentences = [words % {"n": number}, names_of(row.to_email for row in dead)]
        button = ngettext("Yes, send %(n)d mail", "Yes, send %(n)d mails", number) % {"n": number}
        return ask(self, request, title=gettext("Try again"), sentences=sentences, button=button, number=number)

    @admin.display(description=gettext_lazy("person"))
    def person(self, mail):
        """Return the name of the person, if the mail is about one."""
        return mail.registrant and mail.registrant.name

    @admin.display(description=gettext_lazy("what went wrong"), empty_value="")
    def reason(self, mail):
        """Return what the last try said."""
        return mail.last_error or None
