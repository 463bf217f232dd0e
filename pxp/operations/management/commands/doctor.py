"""manage.py doctor: checks everything around the site, and says in sentences what to do."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from pxp.operations.doctor import examine

MARKS = {True: "[ok]", False: "[  ]", None: "[ ?]"}


class Command(BaseCommand):
    """Changes nothing. Run it on the server, as the site's user."""

    help = "Look at settings, database, worker, rights, disk, clock, certificate, backups, DNS and proxies."
    requires_system_checks = ()  # it runs them itself and reports what they say

    def handle(self, **options):
        """Print each finding; exit with code 1 if something must be done."""
        to_do = 0
        for finding in examine(now=timezone.now()):
            self.stdout.write(f"{MARKS[finding.is_well]} {finding.name}: {finding.words}")
            self.stdout.flush()
            to_do += finding.is_well is False
        if to_do:
            things = "1 thing" if to_do == 1 else f"{to_do} things"
            raise CommandError(f"{things} to do: see each line with an empty box.")
        self.stdout.write("All is well, as far as can be seen from here.")
