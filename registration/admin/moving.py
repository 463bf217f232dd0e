"""Moving people from one day to another: an action in the list of registrations and on each one's page."""

from django.contrib import admin, messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from conference.models import Day
from registration.status import Act

from .actions import EVERYWHERE, ask, is_agreed


def days_to_come(days, now):
    """Return those of `days` that are neither over at the UTC instant `now` nor called off."""
    return [day for day in days if not day.is_called_off and not day.has_ended(now)]


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
        rows = [row for row in queryset.with_people() if row.is_confirmed or row.is_waitlisted]
        editions = {row.day.conference_id for row in rows}
        if len(editions) != 1:
            words = _(
                "Nothing was moved. Tick people who have a place or are on a waiting list, all of one conference."
            )
            self.message_user(request, words, messages.WARNING)
            return None
        days = days_to_come(Day.objects.for_edition(editions.pop()).with_conference(), now)
        left = {row.day_id for row in rows}
        days = [day for day in days if left != {day.pk}]
        if not days:
            self.message_user(request, _("Nothing was moved: there is no other upcoming day."), messages.WARNING)
            return None
        chosen = [day for day in days if str(day.pk) == request.POST.get("to_day")]
        if is_agreed(request, rows) and chosen:
            return self.carry_out(request, Act.MOVE, rows, day=chosen[0])
        if "post" in request.POST:
            self.message_user(request, _("Choose a day."), messages.ERROR)
        sentences = [
            ngettext(
                "This moves %(n)d person. They get a mail that takes the old day out of the calendar, "
                "and one with the new day.",
                "This moves %(n)d people. Each gets a mail that takes the old day out of the calendar, "
                "and one with the new day.",
                len(rows),
            )
            % {"n": len(rows)},
            _(
                "People with a place keep one, even if the new day is full. "
                "The next person waiting for the old day moves up."
            ),
        ]
        choices = (
            _("To which day?"),
            "to_day",
            [(day.pk, f"{day.label}: {day.title or _('title to be announced')}") for day in days],
        )
        title, button = (
            _("Move to another day"),
            ngettext("Yes, move %(n)d person", "Yes, move %(n)d people", len(rows)) % {"n": len(rows)},
        )
        number = len(rows)
        return ask(self, request, title=title, sentences=sentences, button=button, choices=choices, number=number)
