"""Confirm, cancel, send again: organisers' actions on people and registrations, all through the services."""

from collections import Counter

from django.contrib import admin, messages
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from registration.models import OutboxMessage, Registration
from registration.services.days import cancel, confirm_by_organiser
from registration.services.organisers import send_all_again
from registration.status import CancelledBy

EVERYWHERE = [admin.ActionLocation.CHANGE_LIST, admin.ActionLocation.CHANGE_FORM]


class PlaceActions:
    """The three actions, for a ModelAdmin that says which registrations and which people its rows mean.

    It has `registrations_of(queryset)` and `people_of(queryset)`.
    """

    actions = ["confirm_places", "cancel_places", "send_again"]

    def has_manage_permission(self, request):
        """Whether this organiser may act on places. The pages themselves change no status."""
        return request.user.has_perm("registration.change_registration")

    @admin.action(
        description=gettext_lazy("Confirm"),
        description_plural=gettext_lazy("Confirm the ones ticked"),
        permissions=["manage"],
        location=EVERYWHERE,
    )
    def confirm_places(self, request, queryset):
        """Give each a place by hand, and say what came of it."""
        now = timezone.now()
        rows = list(self.registrations_of(queryset).with_people())
        mails = MailCount()
        done = Counter()
        for row in rows:
            if row.is_cancelled:
                done["cancelled"] += 1
            elif confirm_by_organiser(row, now=now):
                done["confirmed"] += 1
            else:
                done["before"] += 1
        confirmed, before, cancelled = done["confirmed"], done["before"], done["cancelled"]
        parts = [
            (confirmed, ngettext("%(n)d confirmed", "%(n)d confirmed", confirmed)),
            (before, ngettext("%(n)d was confirmed already", "%(n)d were confirmed already", before)),
            (cancelled, ngettext("%(n)d is cancelled and stays so", "%(n)d are cancelled and stay so", cancelled)),
        ]
        self.tell(request, parts, mails.words(row.registrant for row in rows))

    @admin.action(
        description=gettext_lazy("Cancel…"),
        description_plural=gettext_lazy("Cancel the ones ticked…"),
        permissions=["manage"],
        location=EVERYWHERE,
    )
    def cancel_places(self, request, queryset):
        """Ask first, with the number of people who will get a mail; then cancel and say what came of it."""
        registrations = self.registrations_of(queryset)
        if "post" not in request.POST:
            return self.ask_before_cancel(request, registrations)
        now = timezone.now()
        rows = list(registrations.with_people())
        mails = MailCount()
        count = sum(cancel(row, now=now, by=CancelledBy.ORGANISER) for row in rows)
        before = len(rows) - count
        parts = [
            (count, ngettext("%(n)d cancelled", "%(n)d cancelled", count)),
            (before, ngettext("%(n)d was cancelled already", "%(n)d were cancelled already", before)),
        ]
        self.tell(request, parts, mails.words(row.registrant for row in rows))
        return None

    def ask_before_cancel(self, request, registrations):
        """Return the page that names the numbers and asks, or None with a message where nothing is left to cancel."""
        live = registrations.live()
        count, invited, told = live.count(), live.invited().count(), live.not_invited().of_verified_people().count()
        if not count:
            self.message_user(request, _("Nothing was changed: there is no place left to cancel."), messages.WARNING)
            return None
        sentences = [
            ngettext(
                "This cancels %(n)d registration. It cannot be undone: somebody who wants to come back signs up again.",
                "This cancels %(n)d registrations. It cannot be undone: people who want to come back sign up again.",
                count,
            )
            % {"n": count},
        ]
        if invited:
            words = ngettext(
                "%(n)d of them has the day in a calendar. One mail goes out, which takes it out again.",
                "%(n)d of them have the day in a calendar. %(n)d mails go out, which take it out again.",
                invited,
            )
            sentences.append(words % {"n": invited})
        if told:
            words = ngettext(
                "%(n)d of them has nothing in a calendar, and gets a mail that says so.",
                "%(n)d of them have nothing in a calendar, and get a mail that says so.",
                told,
            )
            sentences.append(words % {"n": told})
        if not invited and not told:
            sentences.append(_("None of them has confirmed the address yet. Nobody gets a mail."))
        if Registration.objects.on_days_of(live).waitlisted().exists():
            sentences.append(_("Somebody waits for a place: whoever is first in line gets it, with a mail."))
        button = ngettext("Yes, cancel %(n)d registration", "Yes, cancel %(n)d registrations", count) % {"n": count}
        return ask(self, request, title=_("Cancel registrations"), sentences=sentences, button=button)

    @admin.action(
        description=gettext_lazy("Send the mails again"),
        description_plural=gettext_lazy("Send the mails again to the ones ticked"),
        permissions=["manage"],
        location=EVERYWHERE,
    )
    def send_again(self, request, queryset):
        """Send each person what they wait for once more: confirmation and invites, or “please confirm”."""
        now = timezone.now()
        people = list(self.people_of(queryset))
        mails = MailCount()
        count = sum(send_all_again(person, now=now) for person in people)
        rest = len(people) - count
        parts = [
            (count, ngettext("Sent again to %(n)d person", "Sent again to %(n)d people", count)),
            (rest, ngettext("%(n)d has no day to write about", "%(n)d have no day to write about", rest)),
        ]
        self.tell(request, parts, mails.words(people))

    def tell(self, request, parts, mails):
        """Show what an action did: "2 confirmed, 1 was confirmed already. 2 mails are queued."

        `parts` are (number, words); the first is the deed itself, said even of nobody.
        """
        words = ", ".join(words % {"n": number} for number, words in parts if number or (number, words) == parts[0])
        self.message_user(request, f"{words}. {mails}", messages.SUCCESS if parts[0][0] else messages.WARNING)


class MailCount:
    """Counts the mails that an action queues, from the instant it is made."""

    def __init__(self):
        self.before = OutboxMessage.objects.newest_key()

    def words(self, people):
        """Return how many mails to these people were queued since, as a sentence."""
        keys = {person.pk for person in people}
        number = OutboxMessage.objects.after(self.before).to_people(keys).count()
        if not number:
            return _("No mail is queued.")
        return ngettext("%(n)d mail is queued.", "%(n)d mails are queued.", number) % {"n": number}


def ask(model_admin, request, *, title, sentences, button, choices=None):
    """Return the page between choosing an action and doing it. Its form sends the same choice again, with "post".

    `choices` is something to choose there: (question, name of the field, [(value, words)]).
    """
    kept = ("action", "select_across", "CHANGE_FORM-action", "CHANGE_FORM-select_across", "_selected_action")
    context = {
        **model_admin.admin_site.each_context(request),
        "title": title,
        "opts": model_admin.opts,
        "sentences": sentences,
        "button": button,
        "choices": choices,
        "kept": [(name, value) for name in kept for value in request.POST.getlist(name)],
        "back_url": request.get_full_path(),
    }
    request.current_app = model_admin.admin_site.name
    return TemplateResponse(request, "admin/ask.html", context)
