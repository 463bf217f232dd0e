"""Moving people from one day to another: an action in the list of registrations and on each one's page."""

from collections import Counter

from django.contrib import admin, messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from conference.models import Day
from registration.services.by_hand import move_to_day
from registration.services.errors import AlreadyOnDay, NotConfirmed, RegistrationClosed

from .actions import EVERYWHERE, MailCount, ask


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
            words = _("Nothing was moved: tick people with a place or on a waiting list, of one conference only.")
            self.message_user(request, words, messages.WARNING)
            return None
        days = days_to_come(Day.objects.of(editions.pop()).with_conference(), now)
        left = {row.day_id for row in rows}
        days = [day for day in days if left != {day.pk}]
        if not days:
            self.message_user(request, _("Nothing was moved: there is no other day to come."), messages.WARNING)
            return None
        chosen = [day for day in days if str(day.pk) == request.POST.get("to_day")]
        if "post" in request.POST and chosen:
            self.move_all(request, rows, chosen[0], now)
            return None
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
            _("Who has a place keeps one, even if the new day is full. The first in line of the old day moves up."),
        ]
        choices = (
            _("To which day?"),
            "to_day",
            [(day.pk, f"{day.label}: {day.title or _('title to be announced')}") for day in days],
        )
        title, button = _("Move to another day"), _("Yes, move")
        return ask(self, request, title=title, sentences=sentences, button=button, choices=choices)

    def move_all(self, request, rows, day, now):
        """Move each to the day, and say how many were, and why not the others."""
        mails, done = MailCount(), Counter()
        for row in rows:
            try:
                move_to_day(row, day, now=now)
            except AlreadyOnDay:
                done["there"] += 1
            except (NotConfirmed, RegistrationClosed):
                done["changed"] += 1
            else:
                done["moved"] += 1
        moved, there, changed = done["moved"], done["there"], done["changed"]
        parts = [
            (moved, ngettext("%(n)d moved to %(day)s", "%(n)d moved to %(day)s", moved)),
            (there, ngettext("%(n)d is on it already", "%(n)d are on it already", there)),
            (changed, ngettext("%(n)d changed in the meantime", "%(n)d changed in the meantime", changed)),
        ]
        parts = [(number, words.replace("%(day)s", day.label)) for number, words in parts]
        self.tell(request, parts, mails.words(row.registrant for row in rows))
