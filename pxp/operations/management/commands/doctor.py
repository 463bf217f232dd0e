"""manage.py doctor: looks at everything around the site, and says in sentences what to do."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from pxp.operations.doctor import examine

MARKS = {True: "[ok]", False: "[  ]", None: "[ ?]"}


class Command(BaseCommand):
    """Looks and changes nothing. Run it on the server, as the user of the site."""

    help = "Look at settings, database, worker, rights, disk, clock, certificate, backups, DNS and proxies."
    requires_system_checks = ()  # it runs them itself, and says what they say

    def handle(self, **options):
        """Print each finding; leave with exit code 1 where something must be done."""
        to_do = 0
        for finding in examine(now=timezone.now()):
            self.stdout.write(f"{MARKS[finding.is_well]} {finding.name}: {finding.words}")
            self.stdout.flush()
            to_do += finding.is_well is False
        if to_do:
            raise CommandError(f"{to_do} things to do: the lines with an empty box.")
        self.stdout.write("All is well, as far as can be seen from here.")
