"""`manage.py run_worker` as it runs on the site: beside the mails, it looks at its machine."""

from pxp.operations import clock_watch
from pxp.operations.watch import JOBS
from registration.management.commands.run_worker import Command as RunWorker


class Command(RunWorker):
    """Shows that it is there, and tells the person who runs the site what is wrong."""

    jobs = (*RunWorker.jobs, *JOBS)

    def doubts_clock(self, now):
        """Whether the machine's clock jumped within a day."""
        return clock_watch.notice_jump(now=now)
