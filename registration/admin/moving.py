"""Moving people from one day to another: an action in the list of registrations and on each one's page."""

from django.contrib import admin, messages
from django.db.models import Count, OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from conference.models import Day
from conference.scripts import labelled
from registration.services import foresee
from registration.status import Act, Status

from .actions import EVERYWHERE, ask, is_agreed, sees_people


def days_to_come(days, now):
    """Return those of `days` that are neither over at the UTC instant `now` nor called off."""
    return [day for day in days if day.is_to_come(now)]


class MoveAction:
    """The action, for a ModelAdmin of registrations with `PlaceActions`."""

    @admin.action(
        description=gettext_lazy("Move to another day…"),
        description_plural=gettext_lazy("Move the ones ticked to another day…"),
        permissions=["manage"],
        location=EVERYWHERE,
    )
    def move_places(self, request, queryset):
        """Ask which day, with the number of people who will get mails; then move them and say what came of it."""
        now = timezone.now()
        rows = queryset.with_states((Status.CONFIRMED, Status.WAITLISTED))
        ticked = rows.filter(day=OuterRef("pk")).order_by().values("day").annotate(n=Count("pk")).values("n")
        of_editions = Day.objects.filter(conference__in=rows.order_by().values("day__conference"))
        all_days = list(of_editions.with_conference().annotate(ticked=Subquery(ticked)))
        if len({day.conference_id for day in all_days}) != 1:
            words = _(
                "Nothing was moved. Tick people who have a place or are on a waiting list, all of one conference."
            )
            self.message_user(request, words, messages.WARNING)
            return None
        number = sum(day.ticked or 0 for day in all_days)
        days = [day for day in days_to_come(all_days, now) if day.ticked != number]
        if not days:
            self.message_user(request, _("Nothing was moved: there is no other upcoming day."), messages.WARNING)
            return None
        chosen = [day for day in days if str(day.pk) == request.POST.get("to_day")] or (days if len(days) == 1 else [])
        if not chosen:
            return self.ask_which_day(request, days)
        if is_agreed(request, number) and "to_day" in request.POST:
            told = list(foresee.find_movable(rows, chosen[0]))
            return self.carry_out(request, Act.MOVE, list(rows.with_people()), told=told, day=chosen[0])
        return self.ask_before_moving(request, rows, chosen[0], number)

    def ask_which_day(self, request, days):
        """Return the first page: the days to choose from."""
        if "post" in request.POST:
            self.message_user(request, _("Choose a day."), messages.ERROR)
        choices = (
            _("To which day?"),
            "to_day",
            [(day.pk, labelled(day.label, day.title or _("title to be announced"))) for day in days],
        )
        title, button = _("Move to another day"), _("Next: see the mails")
        return ask(self, request, title=title, sentences=[_("Nothing is sent yet.")], button=button, choices=choices)

    def ask_before_moving(self, request, rows, day, number):
        """Return the second page: who moves to the day that was chosen, and the mails."""
        recipients = foresee.foresee_moving(rows, day, now=timezone.now(), with_people=sees_people(request))
        people = recipients.people
        if not people:
            self.message_user(request, _("Nothing was moved: they are on it already."), messages.WARNING)
            return None
        sentences = [
            ngettext(
                "This moves %(n)d person. They get a mail that takes the old day out of the calendar, "
                "and one with the new day.",
                "This moves %(n)d people. Each gets a mail that takes the old day out of the calendar, "
                "and one with the new day.",
                people,
            )
            % {"n": people},
            _("People with a place keep one, even if the new day is full."),
        ]
        values = {"n": people, "day": day.label}
        title = ngettext("Move %(n)d person to %(day)s?", "Move %(n)d people to %(day)s?", people) % values
        button = ngettext("Yes, move %(n)d person", "Yes, move %(n)d people", people) % values
        return ask(
            self,
            request,
            title=title,
            sentences=sentences,
            button=button,
            number=number,
            mail_summary=self.mail_summary(request, recipients, number),
            kept_too=[("to_day", day.pk)],
        )
