"""What publishing a draft means for people with a place: a new time is a mail, more places let others move up."""

from functools import partial

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from conference import drafts
from registration.letters.previews import preview_move
from registration.models import Registration, ReminderMark
from registration.services.broadcasts.reach import SAMPLE, most_different
from registration.services.capacity import change_capacity
from registration.services.day_changes import TELL_AFTER, people_to_tell, reschedule
from registration.status import Status

from .actions import say_what_waits, why_of
from .more_places import say_who_moves_up
from .recipients import readers_of

drafts.include_model(ReminderMark)


class TellsPeople:
    """Mixed into the admin of days and editions, before the one of `conference`."""

    def services(self, request):
        """Return what publishing calls for changes that affect people."""
        move_day = partial(reschedule, user=request.user, why=why_of(request))
        return {"move_day": move_day, "change_capacity": partial(change_capacity, user=request.user)}

    def people_to_tell(self, day):
        """Return how many people a new time of this day writes to."""
        return people_to_tell(day)

    def readers_of_move(self, request, before, after, people):
        """Return the Readers of a day's new time, as it is and will be; None for those who may see nobody's name."""
        if not people or not request.user.has_perm("registration.view_registrant"):
            return None
        rows = Registration.objects.for_day(before).confirmed().with_people().order_by("pk")
        by_person = {row.registrant: row for row in rows[:SAMPLE]}
        for row in by_person.values():
            row.day = before  # within the save that moves it, the row has the new time
        times = {"starts_at": after.starts_at, "ends_at": after.ends_at}
        letters = [
            [preview_move(by_person[person], **times, why=why_of(request), now=timezone.now())]
            for person in most_different(list(by_person))
        ]
        query = {"day": before.pk, "status__exact": Status.CONFIRMED}
        url = reverse("admin:registration_registration_changelist", query=query)
        return readers_of(list(by_person), people, letters, url)

    def people_words(self, day):
        """Return how many people have a place, in words."""
        people = Registration.objects.for_day(day).confirmed().count()
        return ngettext("%(n)d person has a place.", "%(n)d people have a place.", people) % {"n": people}

    def say_people(self, request, done):
        """Say until when a mail to many can be taken back, and who moves up from a waiting list."""
        if done.people_told > 1:
            say_what_waits(self, request, timezone.now() + TELL_AFTER, is_done=True)
        say_who_moves_up(self, request, done.people_moved_up)
