"""The worker: sends what waits in the outbox and runs the site's regular jobs. Several may run, on any machines."""

import logging
import random
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import InterfaceError, OperationalError, close_old_connections, connections, transaction
from django.utils import timezone

from registration.addresses import sender_address
from registration.mail import leases
from registration.mail.delivery import Delivery, Refused, ServerDown, TryLater, to_bytes
from registration.mail.errors import NoLongerTrue, NotYet, TooLate
from registration.models import OutboxMessage
from registration.status import MailFault, MailKind

logger = logging.getLogger(__name__)

# How long to sleep when there is nothing to do: briefly after a mail, since more may follow, then longer.
SHORTEST_IDLE_SECONDS = 0.02
LONGEST_IDLE_SECONDS = 1
SHORTEST_JOB_PAUSE = timedelta(seconds=0.25)
DOUBTED_JOB_PAUSE = timedelta(minutes=5)
LONGEST_PAUSE_SECONDS = 30
# How many mails a worker leases at once. It records each as soon as it is sent; if it dies, the others wait until the
# lease ends.
BATCH = 50
# A slow server must not let a few mails to many delay others: those not tried by then are released.
BULK_SECONDS = 3
# After this many deferred mails in a row, the server is the problem, and each further mail waits a little.
PUT_OFF_IN_A_ROW = 20
PUT_OFF_SECONDS = 1


class Worker:
    """One process that sends mail, one mail at a time. Logs name mails by the first part of their Message-ID.

    Args:
        write: `write(row, now=...)` returns the Django EmailMessage of a row, or raises NoLongerTrue or NotYet.
        jobs: the `Job`s to do beside.
        doubts_clock: whether the machine's clock may be wrong at the UTC instant that it shows. Meanwhile nothing is
            deleted, and no mail is given up as too late.
    """

    def __init__(
        self,
        *,
        write: Callable[..., EmailMessage],
        jobs: Sequence[Any] = (),
        doubts_clock: Callable[[datetime], bool] = lambda now: False,
    ) -> None:
        self.write = write
        # When each is next due, by the monotonic clock: a system clock set back by a year stops no job.
        self.jobs = [[job, float("-inf")] for job in jobs]
        self.doubts_clock = doubts_clock
        self.delivery = Delivery(settings.MAILERS["default"]["OPTIONS"])
        self.sender = sender_address(settings.DEFAULT_FROM_EMAIL)
        self.lease_for = timedelta(seconds=settings.MAIL_LEASE_SECONDS)
        self.per_minute = settings.MAIL_PER_MINUTE
        self.stopping = threading.Event()
        self.is_new = True  # until it has asked the database, which may be away when it starts
        self.sent: OutboxMessage | None = None  # accepted by the server, not yet recorded in the database
        self.idle_passes = 0  # in a row
        self.failures = 0  # of the server or the database as a whole, in a row
        self.put_off = 0  # mails in a row about which the server did not decide
        # The key of the mail at which the server went away, and of those after which it then accepted another.
        self.went_away_at: int | None = None
        self.doubted: set[int] = set()

    def stop(self) -> None:
        """Finish the current mail, then end. Safe in a signal handler."""
        self.stopping.set()

    def run(self, *, once: bool = False) -> None:
        """Work until `stop`, or with `once` until nothing is due or the server takes no mail."""
        try:
            while not self.stopping.is_set():
                did_something, has_more = self.one_pass(once=once)
                self.idle_passes = 0 if did_something else self.idle_passes + 1
                if once and (self.failures or not (did_something or has_more)):
                    break
                if self.failures or not did_something:
                    self.stopping.wait(self.pause_seconds())
        finally:
            self.note_sent()
            self.delivery.close()

    def one_pass(self, *, once: bool) -> tuple[bool, bool]:
        """Do the jobs that are due, then send what is due.

        Returns whether anything was done, and whether more is due now. With `once` a missing database raises.
        """
        try:
            close_old_connections()
            if self.is_new:
                leases.try_broken_again(now=timezone.now())
                self.is_new = False
            did_something = self.run_jobs()
            did_something |= self.send_all()
            return did_something, OutboxMessage.objects.any_due(timezone.now())
        except (OperationalError, InterfaceError):
            if once:
                raise
            logger.exception("The database does not answer. Trying again")
            connections.close_all()
            self.failures += 1
            return False, True

    def run_jobs(self) -> bool:
        """Run each job whose time has come; one that fails stops no other. Returns whether one did anything."""
        did_something = False
        for slot in self.jobs:
            job, next_at = slot
            now, moment = timezone.now(), time.monotonic()
            if moment < next_at:
                continue
            if job.ends_things and self.doubts_clock(now):
                slot[1] = moment + DOUBTED_JOB_PAUSE.total_seconds()
                continue
            slot[1] = moment + max(job.every, SHORTEST_JOB_PAUSE).total_seconds()
            try:
                if job.run(now):
                    did_something = True
                    slot[1] = moment  # there may be more
            except (OperationalError, InterfaceError):
                raise
            except Exception:
                logger.exception("A job failed: %s", job.name)
        return did_something

    def send_all(self) -> bool:
        """Send until nothing is due, the rate is used up, the server is down, or `stop`; return whether one was tried.

        After a few mails to many it returns too, since jobs may have something more urgent to queue.
        """
        self.note_sent()
        if not OutboxMessage.objects.any_due(timezone.now()):
            return False  # an idle worker takes no lock
        tried = False
        while rows := self.take():
            is_bulk = rows[0].is_bulk
            enough = time.monotonic() + (BULK_SECONDS if is_bulk else self.lease_for.total_seconds() / 2)
            for number, row in enumerate(rows):
                if self.stopping.is_set() or time.monotonic() > enough or not self.send(row):
                    self.note_sent()
                    leases.release(rows[number:])
                    return tried
                tried = True
            self.note_sent()
            if is_bulk:
                break
        return tried

    def take(self) -> list[OutboxMessage]:
        """Lease the next mails; none while stopping."""
        if self.stopping.is_set():
            return []
        now = timezone.now()
        with transaction.atomic():
            return leases.take(now=now, lease_for=self.lease_for, limit=BATCH, per_minute=self.per_minute)

    def send(self, row: OutboxMessage) -> bool:
        """Try one leased mail and record the result. Returns False, and counts no try, if the server is down."""
        raw = self.write_down(row)
        return raw is None or self.deliver(row, raw)

    def write_down(self, row: OutboxMessage) -> bytes | None:
        """Return the bytes of a mail whose turn has come, or None if there is nothing to send now, which is noted.

        A letter that cannot be rendered waits, and delays only its own person.
        """
        mail = row.message_id.partition("@")[0]
        try:
            message = self.write(row, now=timezone.now())
            # The subject of a test names its reader, and all organisers can read the outbox.
            row.subject = "" if row.kind == MailKind.TEST else str(message.subject)
            return to_bytes(message)
        except NoLongerTrue as reason:
            if isinstance(reason, TooLate) and self.doubts_clock(timezone.now()):
                leases.mark_not_yet(row, now=timezone.now())
                return None
            leases.withdraw(row, now=timezone.now())
            logger.info("Mail %s: no longer true, not sent", mail)
        except NotYet:
            leases.mark_not_yet(row, now=timezone.now())
        except (OperationalError, InterfaceError):
            raise
        except Exception as fault:
            logger.exception("Mail %s: its letter cannot be written", mail)
            leases.mark_broken(row, type(fault).__name__, now=timezone.now())
        return None

    def deliver(self, row: OutboxMessage, raw: bytes) -> bool:
        """Hand a mail to the server and record the result, as `send` says."""
        mail = row.message_id.partition("@")[0]
        try:
            # The previous mail is recorded while the server thinks about this one, before this one can arrive.
            self.delivery.send(raw, sender=self.sender, recipient=row.to_email, meanwhile=self.note_sent)
        except ServerDown as error:
            self.failures += 1
            logger.warning("No mail can be sent now. %s", error)
            if error.is_fault:
                leases.note_fault(row, str(error))
            if error.began:
                self.doubt(row, error)
            return False
        except TryLater as error:
            leases.mark_for_retry(
                row,
                str(error),
                now=timezone.now(),
                may_have_arrived=error.may_have_arrived,
                fault=error.fault,
            )
            self.put_off += 1
            logger.warning("Mail %s: later. %s", mail, error)
            if self.put_off >= PUT_OFF_IN_A_ROW:
                self.stopping.wait(PUT_OFF_SECONDS)
        except Refused as error:
            leases.mark_refused(row, str(error), now=timezone.now(), is_address=error.is_address)
            self.put_off = 0
            logger.warning("Mail %s: refused. %s", mail, error)
        else:
            self.note_sent()
            self.sent = row
            self.put_off = 0
            self.trust(row)
            logger.info("Mail %s: sent", mail)
        self.failures = 0
        return True

    def doubt(self, row: OutboxMessage, error: ServerDown) -> None:
        """The server went away at `row`: try another mail next. If that is accepted, the cause was this one."""
        if row.pk in self.doubted:
            fault = MailFault.SERVER if error.is_fault else ""
            leases.mark_for_retry(row, str(error), now=timezone.now(), fault=fault)
        else:
            leases.release_behind(row, now=timezone.now())
            self.went_away_at = row.pk

    def trust(self, row: OutboxMessage) -> None:
        """The server accepted `row`, so it is up. If it went away at another mail before, that one is now suspect."""
        self.doubted.discard(row.pk)
        if self.went_away_at is not None and self.went_away_at != row.pk:
            self.doubted.add(self.went_away_at)
        self.went_away_at = None

    def note_sent(self) -> None:
        """Record the mail just sent. While the database is away the worker keeps it, so it is not sent again."""
        if self.sent:
            leases.mark_sent(self.sent, now=timezone.now())
            self.sent = None

    def pause_seconds(self) -> float:
        """How long to wait: briefly when all is well, longer and longer while the server or the database is away."""
        if not self.failures:
            return min(LONGEST_IDLE_SECONDS, SHORTEST_IDLE_SECONDS * 2 ** min(self.idle_passes, 10))
        return min(LONGEST_PAUSE_SECONDS, 2 ** min(self.failures, 10)) * random.uniform(0.5, 1)  # noqa: S311 no secret
