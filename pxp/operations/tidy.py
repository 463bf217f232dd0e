"""Commands that a signal can stop at any moment, and that leave no copy of people's data behind."""

import signal
import threading

from django.core.management.base import BaseCommand, CommandError

SIGNALS = (signal.SIGTERM, signal.SIGHUP)  # systemd stops; the terminal is closed
STOPPED = "It was stopped before it was done. Start it again."


class Stopped(BaseException):
    """A signal came. No `except Exception` on the way takes it for a fault."""


class TidyCommand(BaseCommand):
    """Ends at a signal as at a fault: Python alone would end at once, and keep files that are half-written."""

    def execute(self, *arguments, **options):
        """Run; a signal ends it with a sentence, once everything is put away."""
        if threading.current_thread() is not threading.main_thread():
            return super().execute(*arguments, **options)
        heard = [number for number in SIGNALS if signal.getsignal(number) != signal.SIG_IGN]  # nohup ignores one
        before = {number: signal.signal(number, stop) for number in heard}
        try:
            return super().execute(*arguments, **options)
        except (Stopped, KeyboardInterrupt):
            raise CommandError(STOPPED) from None
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def stop(number, frame):
    """Handle a signal."""
    raise Stopped
