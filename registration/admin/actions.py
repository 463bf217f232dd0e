"""Organisers' actions on people and registrations: confirm, cancel, send again. The services do the work."""

from collections import Counter

from django.contrib import admin, messages
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from conference.admin.publishing import LOOK
from conference.raw_input import one_line, whole_number
from conference.workplace.own_clock import own_words
from registration.models import OutboxMessage
from registration.services import foresee
from registration.services.day_changes import TELL_AFTER
from registration.services.planned_acts import AT_ONCE, act_on, plan_once
from registration.status import Act

from .recipients import leaves_at_once, summarise_mails

EVERYWHERE = [admin.ActionLocation.CHANGE_LIST, admin.ActionLocation.CHANGE_FORM]


class PlaceActions:
    """Mixin with the three actions, for a ModelAdmin that maps its rows to registrations and people.

    It has `registrations_of(queryset)` and `people_of(queryset)`.
    """

    actions = ["confirm_places", "cancel_places", "send_again"]

    def has_manage_permission(self, request):
        """Whether this organiser may act on places. The pages themselves change no status."""
        return request.user.has_perm("registration.change_registration")

    @admin.action(
        description=gettext_lazy("Confirm…"),
        description_plural=gettext_lazy("Confirm the ones ticked…"),
        permissions=["manage"],
        location=EVERYWHERE,
    )
    def confirm_places(self, request, queryset):
        """Ask first, with the number of people; then give each one a place, and report the result."""
        now = timezone.now()
        rows = self.registrations_of(queryset)
        wanting = rows.to_confirm(now)
        number, over = rows.count_for_confirming(now)
        if is_agreed(request, number):
            return self.carry_out(request, Act.CONFIRM, list(rows.with_people()), told=list(wanting))
        if not number:
            words = _("Nothing was changed: there is nobody left to confirm for an upcoming day.")
            self.message_user(request, words, messages.WARNING)
            return None
        recipients = foresee.foresee_confirming(wanting, now=now, with_people=sees_people(request))
        people = recipients.people
        sentences = [
            ngettext(
                "This gives %(n)d person a place, even if the day is full. They get a mail with a calendar invite.",
                "This gives %(n)d people a place, even if the day is full. Each gets a mail with a calendar invite.",
                people,
            )
            % {"n": people},
        ]
        if over:
            words = ngettext(
                "%(n)d registration is left out: its day is over or called off.",
                "%(n)d registrations are left out: their day is over or called off.",
                over,
            )
            sentences.append(words % {"n": over})
        title = ngettext("Confirm %(n)d person?", "Confirm %(n)d people?", people) % {"n": people}
        button = ngettext("Yes, confirm %(n)d person", "Yes, confirm %(n)d people", people) % {"n": people}
        mail_summary = self.mail_summary(request, recipients, number)
        return ask(
            self, request, title=title, sentences=sentences, button=button, number=number, mail_summary=mail_summary
        )

    @admin.action(
        description=gettext_lazy("Cancel…"),
        description_plural=gettext_lazy("Cancel the ones ticked…"),
        permissions=["manage"],
        location=EVERYWHERE,
    )
    def cancel_places(self, request, queryset):
        """Ask first, with the number of people who will get a mail; then cancel and report the result."""
        registrations = self.registrations_of(queryset)
        live = registrations.live()
        if not (is_yes(request) and is_agreed(request, live.count())):
            return self.ask_before_cancel(request, registrations)
        told = list(live.told_when_cancelled())
        return self.carry_out(request, Act.CANCEL, list(registrations.with_people()), told=told)

    def ask_before_cancel(self, request, registrations):
        """Return the page that names the numbers and asks, or None with a message if nothing is left to cancel."""
        live = registrations.live()
        count, invited, told = live.count_for_cancelling()
        if not count:
            self.message_user(request, _("Nothing was changed: there is no place left to cancel."), messages.WARNING)
            return None
        sentences = [
            ngettext(
                "This cancels %(n)d registration. Anyone who wants to come back has to sign up again.",
                "This cancels %(n)d registrations. Anyone who wants to come back has to sign up again.",
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
                "%(n)d of them has nothing in a calendar, and is told by mail.",
                "%(n)d of them have nothing in a calendar, and are told by mail.",
                told,
            )
            sentences.append(words % {"n": told})
        if not invited and not told:
            sentences.append(_("None of them has confirmed the address yet. Nobody gets a mail."))
        recipients = foresee.foresee_cancelling(live, now=timezone.now(), with_people=sees_people(request))
        title, button = words_of_cancel(count, recipients.people)
        mail_summary = self.mail_summary(request, recipients, count)
        return ask(
            self, request, title=title, sentences=sentences, button=button, number=count, mail_summary=mail_summary
        )

    @admin.action(
        description=gettext_lazy("Send the mails again…"),
        description_plural=gettext_lazy("Send the mails again to the ones ticked…"),
        permissions=["manage"],
        location=EVERYWHERE,
    )
    def send_again(self, request, queryset):
        """Ask first; then send each person their mails again: confirmation and invites, or “please confirm”."""
        now = timezone.now()
        people = self.people_of(queryset)
        waiting = people.to_send_again(now)
        number, rest = people.count_for_sending_again(now)
        if is_agreed(request, number):
            return self.carry_out(request, Act.SEND_AGAIN, list(people), told=list(waiting))
        if not number:
            words = _("Nothing was sent: none of them has an upcoming day.")
            self.message_user(request, words, messages.WARNING)
            return None
        sentences = [
            ngettext(
                "This writes to %(n)d person: their confirmation and calendar invites, or the mail that asks them "
                "to confirm.",
                "This writes to %(n)d people: their confirmation and calendar invites, or the mail that asks them "
                "to confirm.",
                number,
            )
            % {"n": number},
        ]
        if rest:
            words = ngettext(
                "%(n)d person is left out: they have no upcoming day.",
                "%(n)d people are left out: they have no upcoming day.",
                rest,
            )
            sentences.append(words % {"n": rest})
        title = ngettext("Write to %(n)d person again?", "Write to %(n)d people again?", number) % {"n": number}
        button = ngettext("Yes, write to %(n)d person", "Yes, write to %(n)d people", number) % {"n": number}
        mail_summary = self.mail_summary(
            request, foresee.foresee_sending_again(waiting, now=now, with_people=sees_people(request)), number
        )
        return ask(
            self, request, title=title, sentences=sentences, button=button, number=number, mail_summary=mail_summary
        )

    def mail_summary(self, request, recipients, rows):
        """Return what the page says about the mails of an act on that many rows (see `carry_out`)."""
        waits = recipients.people > 1 or rows > AT_ONCE
        words = _("Nothing happens for ten minutes. Until then you can take it back.")
        return summarise_mails(
            recipients, url=request.get_full_path(), until=words if waits else leaves_at_once(recipients.mails)
        )

    def carry_out(self, request, act, rows, *, told, day=None):
        """Do an `Act` to each row and report the outcome; one that writes to several people waits first.

        `told` are the rows whose people get a mail.
        """
        now = timezone.now()
        people = {getattr(row, "registrant_id", row.pk) for row in told}
        if len(people) > 1 or len(rows) > AT_ONCE:
            planned = plan_once(act, rows, user=request.user, now=now, day=day, due_at=now + TELL_AFTER)
            say_what_waits(self, request, planned and planned.due_at)
            return
        mails = MailCount()
        done = Counter(act_on(act, row, user=request.user, now=now, day=day) for row in rows)
        parts = [(done[outcome], words(done[outcome], day)) for outcome, words in OUTCOMES[act]]
        self.tell(request, parts, mails.words(getattr(row, "registrant", row) for row in rows))

    def tell(self, request, parts, mails):
        """Show what an action did: "2 confirmed, 1 was confirmed already. 2 mails are queued."

        `parts` are (number, words); the first is what was asked for, shown even if the number is 0.
        """
        words = ", ".join(words % {"n": number} for number, words in parts if number or (number, words) == parts[0])
        self.message_user(request, f"{words}. {mails}", messages.SUCCESS if parts[0][0] else messages.WARNING)


def say_what_waits(model_admin, request, due_at, *, is_done=False):
    """Say until when something can be taken back, with the way there. `is_done` says that only its mails wait.

    `due_at` is None if all of it waits already.
    """
    if due_at is None:
        words = _("All of this waits already, so nothing was added. You can take it back:")
    elif is_done:
        words = _("The mails are sent at %(time)s. Until then you can take it back:")
    else:
        words = _("This happens at %(time)s, and the mails are sent then. Until then you can take it back:")
    words %= {"time": due_at and own_words(due_at)}
    url = reverse("admin:waiting")
    model_admin.message_user(
        request, format_html('{} <a href="{}">{}</a>', words, url, _("What waits")), messages.SUCCESS
    )


class MailCount:
    """Counts the mails that an action queues, from the instant at which it is created."""

    def __init__(self):
        self.before = OutboxMessage.objects.newest_key()

    def words(self, people):
        """Return how many mails to these people were queued since, as a sentence."""
        keys = {person.pk for person in people}
        number = OutboxMessage.objects.after(self.before).for_people(keys).count()
        if not number:
            return _("No mail is queued.")
        return ngettext("%(n)d mail is queued.", "%(n)d mails are queued.", number) % {"n": number}


# The words for each outcome of `act_on`, by act; the first is what was asked for.
OUTCOMES = {
    Act.CONFIRM: [
        ("done", lambda n, day: ngettext("%(n)d confirmed", "%(n)d confirmed", n)),
        ("before", lambda n, day: ngettext("%(n)d was confirmed already", "%(n)d were confirmed already", n)),
        ("cancelled", lambda n, day: ngettext("%(n)d stays cancelled", "%(n)d stay cancelled", n)),
        ("over", lambda n, day: ngettext("%(n)d left out: the day is over", "%(n)d left out: the day is over", n)),
    ],
    Act.CANCEL: [
        ("done", lambda n, day: ngettext("%(n)d cancelled", "%(n)d cancelled", n)),
        ("before", lambda n, day: ngettext("%(n)d was cancelled already", "%(n)d were cancelled already", n)),
    ],
    Act.MOVE: [
        ("done", lambda n, day: _("%(n)d moved to {day}").format(day=day.label)),
        ("there", lambda n, day: ngettext("%(n)d is on it already", "%(n)d are on it already", n)),
        ("changed", lambda n, day: ngettext("%(n)d changed in the meantime", "%(n)d changed in the meantime", n)),
    ],
    Act.SEND_AGAIN: [
        ("done", lambda n, day: ngettext("Sent again to %(n)d person", "Sent again to %(n)d people", n)),
        ("nothing", lambda n, day: ngettext("%(n)d has no day to write about", "%(n)d have no day to write about", n)),
    ],
}


def words_of_cancel(registrations, people):
    """Return the headline of the question and its button, with the same numbers."""
    values = {"n": registrations, "people": ngettext("%(n)d person", "%(n)d people", people) % {"n": people}}
    if not people:
        title = ngettext("Cancel %(n)d registration?", "Cancel %(n)d registrations?", registrations)
        button = ngettext("Yes, cancel %(n)d registration", "Yes, cancel %(n)d registrations", registrations)
    else:
        title = ngettext(
            "Cancel %(n)d registration, and write to %(people)s?",
            "Cancel %(n)d registrations, and write to %(people)s?",
            registrations,
        )
        button = ngettext(
            "Yes, cancel %(n)d registration and write to %(people)s",
            "Yes, cancel %(n)d registrations and write to %(people)s",
            registrations,
        )
    return title % values, button % values


def sees_people(request):
    """Whether this organiser may see people's names, and their mails."""
    return request.user.has_perm("registration.view_registrant")


def is_yes(request):
    """Whether the organiser pressed the button that acts, not the one that shows the mails."""
    return "post" in request.POST and LOOK not in request.POST


def is_agreed(request, number):
    """Whether the organiser pressed the button that names the number, and there are no more rows than it named."""
    return is_yes(request) and number <= (whole_number(request.POST.get("number")) or 0)


def why_of(request):
    """Return the organiser's reason for the people, as one line."""
    return one_line(request.POST.get("why"))[:300]


def ask(
    model_admin,
    request,
    *,
    title,
    sentences,
    button,
    choices=None,
    number=None,
    asks_why=False,
    mail_summary=None,
    kept_too=(),
):
    """Return the page between choosing an action and doing it. Its form sends the same choice again, with "post".

    Args:
        choices: something to choose there first: (question, name of the field, [(value, words)]). "post" comes after.
        number: how many rows the button means, for `is_agreed`.
        asks_why: whether to ask for a sentence to the people, for `why_of`.
        mail_summary: the `MailSummary` of those who get a mail, or None.
        kept_too: (name, value) of what was chosen before.
    """
    context = {
        **model_admin.admin_site.each_context(request),
        "title": title,
        "opts": model_admin.opts,
        "sentences": sentences,
        "button": button,
        "choices": choices,
        "asks_why": asks_why,
        "why": why_of(request),
        "mail_summary": mail_summary,
        "is_step": choices is not None,
        "kept": [*_chosen_rows(request), *kept_too, *([] if number is None else [("number", number)])],
        "back_url": request.get_full_path(),
    }
    request.current_app = model_admin.admin_site.name
    return TemplateResponse(request, "admin/ask.html", context)


def _chosen_rows(request):
    """Return the (name, value) pairs that chose an action and its rows."""
    names = ("action", "select_across", "CHANGE_FORM-action", "CHANGE_FORM-select_across", "_selected_action")
    return [(name, value) for name in names for value in request.POST.getlist(name)]
