"""`manage.py load_program` as it runs on the site: people are told when a file moves their day."""

from conference.management.commands.load_program import Command as LoadProgram
from conference.models import Conference
from registration.services.day_changes import reschedule
from registration.services.reminders import set_usual_marks


class Command(LoadProgram):
    """Moves a day in the one way that keeps calendars true, and gives a new edition the usual reminders."""

    move_day = staticmethod(reschedule)

    def handle(self, **options):
        known = set(Conference.objects.values_list("pk", flat=True))
        super().handle(**options)
        for conference in Conference.objects.exclude(pk__in=known):
            set_usual_marks(conference)
