"""Days in the organisers' admin, with what concerns people: places, new times, calling off."""

from dataclasses import replace

from django.contrib import admin, messages
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from conference import drafts
from conference.admin import DayAdmin
from conference.admin.base import rows_of_links, rows_of_words
from conference.models import Day
from conference.moving import put_day_at
from conference.scripts import labelled
from registration.models import Registration
from registration.models.history import note_all
from registration.services import foresee
from registration.services.capacity import change_capacity
from registration.services.day_changes import (
    TELL_AFTER,
    call_off,
    people_by_place,
    reschedule,
    restore,
)
from registration.services.places import first_in_line
from registration.status import Status

from .actions import EVERYWHERE, ask, is_agreed, say_what_waits, sees_people, why_of
from .filters import StatusFilter
from .more_places import question_of_places, say_who_moves_up
from .publishing import TellsPeople
from .recipients import leaves_at_once, summarise_mails

# Saved by the services that also write to people.
BY_SERVICE = {"starts_at", "ends_at", "capacity"}

NOBODY = gettext_lazy("Nobody gets a mail.")

admin.site.unregister(Day)


@admin.register(Day)
class DayWithPlacesAdmin(TellsPeople, DayAdmin):
    """A day as `conference.admin` shows it, with its people's numbers. New times and calling off write to them."""

    list_display = [*DayAdmin.list_display, "takes_place"]
    readonly_fields = [*DayAdmin.readonly_fields, "numbers", "people", "takes_place"]
    actions = [*DayAdmin.actions, "call_days_off", "restore_days"]

    def get_fieldsets(self, request, day=None):
        """Return the day's fields; a saved day's with its people, or with their numbers for those who see nobody."""
        fieldsets = super().get_fieldsets(request, day)
        if day is None:
            return fieldsets
        for _name, options in fieldsets:
            if options["fields"][0] == "capacity":
                people = "people" if request.user.has_perm("registration.view_registration") else "numbers"
                options["fields"] = [people, "takes_place", *options["fields"]]
        return fieldsets

    def effects_of_move(self, before, after):
        """Return sentences about the effects of a new time; the last says how many people get mail."""
        sentences = super().effects_of_move(before, after)
        if people := people_of_move(after):
            words = ngettext(
                "%(n)d person gets a mail with the new time.", "%(n)d people get a mail with the new time.", people
            )
            sentences.append(words % {"n": people})
        return sentences

    def mail_question(self, request, before, after, now):
        """Return what is asked about those who hear that the day moves, and who that they have a place on it now."""
        moves = before is not None and (before.starts_at, before.ends_at) != (after.starts_at, after.ends_at)
        told = people_of_move(after) if moves and not drafts.is_within_draft() else 0
        asked = question_of_places(request, getattr(request, "moving_up", []), after, now)
        number = told + asked.number
        readers = self.readers_of_move(request, before, after, told) if told else None
        readers = readers.and_those(asked.readers) if readers else asked.readers
        return replace(asked, number=number, asks_why=told > 0, readers=readers) if number else None

    def save_model(self, request, obj, form, change):
        """Save a new day as it is. A known one goes through the services, as far as people are concerned."""
        if not change:
            super().save_model(request, obj, form, change)
            return
        now = timezone.now()
        if "capacity" in form.changed_data:
            request.moving_up = first_in_line(obj, now=now)
        if drafts.is_within_draft():
            save_unseen(obj, set(form.changed_data), now)
            return
        told = (
            reschedule(
                obj, starts_at=obj.starts_at, ends_at=obj.ends_at, now=now, user=request.user, why=why_of(request)
            )
            if {"starts_at", "ends_at"} & set(form.changed_data)
            else 0
        )
        moved_up = (
            change_capacity(obj, capacity=obj.capacity, now=now, user=request.user)
            if "capacity" in form.changed_data
            else 0
        )
        rest = set(form.changed_data) - BY_SERVICE
        if rest:
            obj.save(update_fields=rest)
        if told:
            words = ngettext(
                "%(n)d person gets a mail with the new time.", "%(n)d people get a mail with the new time.", told
            )
            self.message_user(request, words % {"n": told}, messages.SUCCESS)
        if told > 1:
            say_what_waits(self, request, now + TELL_AFTER, is_done=True)
        say_who_moves_up(self, request, moved_up)

    @admin.action(
        description=gettext_lazy("Call this day off…"),
        description_plural=gettext_lazy("Call off the ones ticked…"),
        permissions=["change"],
        location=EVERYWHERE,
    )
    def call_days_off(self, request, queryset):
        """Ask first, with the number of people who will get a mail; then call the days off."""
        days = [day for day in queryset.with_conference() if not day.is_called_off]
        if not days:
            self.message_user(request, _("Nothing was changed: this has been called off already."), messages.WARNING)
            return None
        recipients = foresee.foresee_calling_off(
            days, why=why_of(request), now=timezone.now(), with_people=sees_people(request)
        )
        if is_agreed(request, recipients.mails):
            now = timezone.now()
            people = sum(call_off(day, now=now, user=request.user, why=why_of(request)) for day in days)
            note_all(request.user, days, _("Called off"))
            self.tell_done(request, days, _("%(days)s called off."), people)
            return None
        return self.ask_before_calling_off(request, days, recipients)

    def idle_actions(self, day):
        """Return the name of the one of two opposites that is so already."""
        return super().idle_actions(day) | {"call_days_off" if day.is_called_off else "restore_days"}

    def ask_before_calling_off(self, request, days, recipients):
        """Return the page that names how many people lose their place, and shows the mails."""
        people, waiting = people_by_place(days)
        told = recipients.people
        words = ngettext(
            "%(n)d person loses a place, and gets a mail that takes the day out of the calendar.",
            "%(n)d people lose their place, and get a mail that takes the day out of their calendar.",
            people,
        )
        sentences = [
            _("You are about to call off: %(days)s.") % {"days": ", ".join(str(day) for day in days)},
            words % {"n": people} if people else _("Nobody has a place."),
            _("The site says that the day does not take place. You can take this back later."),
        ]
        if waiting:
            words = ngettext(
                "%(n)d person on the waiting list gets a note.", "%(n)d people on the waiting list get a note.", waiting
            )
            sentences.insert(2, words % {"n": waiting})
        words = ngettext("Call off and write to %(n)d person", "Call off and write to %(n)d people", told)
        button = words % {"n": told} if told else _("Yes, call off")
        words = ngettext("Call off, and write to %(n)d person?", "Call off, and write to %(n)d people?", told)
        title = words % {"n": told} if told else _("Call off")
        return self.ask_with_mails(request, days, recipients, title=title, sentences=sentences, button=button)

    @admin.action(
        description=gettext_lazy("Let this day take place after all…"),
        description_plural=gettext_lazy("Let the ones ticked take place after all…"),
        permissions=["change"],
        location=EVERYWHERE,
    )
    def restore_days(self, request, queryset):
        """Ask first; then take calling off back."""
        days = [day for day in queryset.with_conference() if day.is_called_off]
        if not days:
            self.message_user(request, _("Nothing was changed: this is not called off."), messages.WARNING)
            return None
        recipients = foresee.foresee_restoring(
            days, why=why_of(request), now=timezone.now(), with_people=sees_people(request)
        )
        if is_agreed(request, recipients.mails):
            now = timezone.now()
            people = sum(restore(day, now=now, user=request.user, why=why_of(request)) for day in days)
            note_all(request.user, days, _("Takes place after all"))
            self.tell_done(request, days, _("%(days)s takes place after all."), people)
            return None
        return self.ask_before_restoring(request, days, recipients)

    def ask_before_restoring(self, request, days, recipients):
        """Return the page that names how many people get their place back, and shows the mails."""
        people = recipients.people
        sentences = [
            _("Taking place after all: %(days)s.") % {"days": ", ".join(str(day) for day in days)},
            _("Everyone who had a place gets it back, with a mail and a new calendar invite."),
            ngettext("This writes to %(n)d person.", "This writes to %(n)d people.", people) % {"n": people},
        ]
        if not people:  # nobody was on it, or nobody has heard yet that it was called off
            sentences[1:] = [_("Everyone who had a place gets it back."), NOBODY]
        words = ngettext(
            "Let it take place and write to %(n)d person", "Let it take place and write to %(n)d people", people
        )
        button = words % {"n": people} if people else _("Yes, it takes place")
        words = ngettext(
            "Let it take place, and write to %(n)d person?", "Let it take place, and write to %(n)d people?", people
        )
        title = words % {"n": people} if people else _("Take place after all")
        return self.ask_with_mails(request, days, recipients, title=title, sentences=sentences, button=button)

    def ask_with_mails(self, request, days, recipients, **said):
        """Return the question with the mails about days that are called off, or take place after all."""
        words = _("The site says it at once. The mails wait for ten minutes: until then you can take it back.")
        query = {"day": days[0].pk} if len(days) == 1 else {"edition": days[0].conference_id}
        url = reverse("admin:registration_registration_changelist", query=query)
        until = words if recipients.mails > 1 else leaves_at_once(recipients.mails)
        mail_summary = summarise_mails(recipients, url=url, until=until)
        return ask(
            self, request, number=recipients.mails, asks_why=bool(recipients.people), mail_summary=mail_summary, **said
        )

    def tell_done(self, request, days, sentence, people):
        """Say what was done with the days and how many people get mail."""
        words = sentence % {"days": ", ".join(str(day) for day in days)}
        mails = ngettext("%(n)d person gets a mail.", "%(n)d people get a mail.", people) % {"n": people}
        mails = mails if people else NOBODY
        self.message_user(request, f"{words} {mails}", messages.SUCCESS)
        if people > 1:
            say_what_waits(self, request, timezone.now() + TELL_AFTER, is_done=True)

    @admin.display(description=gettext_lazy("takes place"), boolean=True)
    def takes_place(self, day):
        """Whether the day has not been called off."""
        return not day.is_called_off

    @admin.display(description=gettext_lazy("people"))
    def people(self, day):
        """Return the number of people in each status, each a link to the list of them."""
        url = reverse("admin:registration_registration_changelist")
        links = [(f"{url}?day={day.pk}&status__exact={value}", words) for value, words in self._numbers_of(day)]
        write_url = reverse("admin:registration_broadcast_add", query={"days": day.pk, "edition": day.conference_id})
        return rows_of_links([*links, (write_url, _("Write to people of %(day)s") % {"day": day.label})])

    @admin.display(description=gettext_lazy("people"))
    def numbers(self, day):
        """Return the same without the links, which are closed to those who may see nobody."""
        return rows_of_words(words for _value, words in self._numbers_of(day))

    def _numbers_of(self, day):
        counts = Registration.objects.for_day(day).counted_by_day().get(day.pk, {})
        lines = [(status.value, labelled(status.label, counts.get(status, 0))) for status in Status]
        if day.is_called_off:
            ended = Registration.objects.for_day(day).called_off_at(day.called_off_at).count()
            lines.append((StatusFilter.ENDED_WITH_DAY, _("Ended with the day: %(n)d") % {"n": ended}))
        return lines


def people_of_move(day):
    """Return how many people will be told the new time of a day that was just saved."""
    return Registration.objects.for_day(day).confirmed().with_news().count()


def save_unseen(day, fields, now):
    """Save the fields of a day within a draft, where nobody is told and nobody moves up."""
    times = {"starts_at", "ends_at"}
    if times & fields:
        put_day_at(Day.objects.get(pk=day.pk), starts_at=day.starts_at, ends_at=day.ends_at, now=now)
    if fields - times:
        day.save(update_fields=fields - times)
