"""`manage.py load_program` as it runs on the site: people are told when a file moves their day."""

from conference.management.commands.load_program import Command as LoadProgram
from registration.services.day_changes import reschedule


class Command(LoadProgram):
    """The program's command, with the one way to move a day that keeps calendars true."""

    move_day = staticmethod(reschedule)
