"""manage.py run_worker: sends the mails in the outbox, until it is stopped or (--once) nothing is due."""

import signal

from django.core.management.base import BaseCommand

from registration.jobs import JOBS
from registration.letters.writing import write_letter
from registration.mail.worker import Worker


class Command(BaseCommand):
    """Send mails and do regular jobs. Several workers may run at once, on any machines."""

    # Our own. Django's load every page of the site, which an idle worker never needs: 20 MiB. `doctor` runs them.
    requires_system_checks = ("pxp",)
    jobs = tuple(JOBS)

    def doubts_clock(self, now):
        """Whether the machine's clock may be wrong: nothing here looks at it."""
        return False

    help = "Send the mails that wait. Stop it with Ctrl-C or SIGTERM: it finishes the mail in hand."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="send what is due, then stop")

    def handle(self, *, once, **options):
        """Work until SIGTERM or SIGINT."""
        worker = Worker(write=write_letter, jobs=self.jobs, doubts_clock=self.doubts_clock)
        before = {name: signal.signal(name, lambda *_: worker.stop()) for name in (signal.SIGTERM, signal.SIGINT)}
        try:
            worker.run(once=once)
        finally:
            for name, handler in before.items():
                signal.signal(name, handler)
