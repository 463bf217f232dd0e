"""Sends mails that bypass the outbox: to accounts, and to people whose data was deleted."""

import logging
import smtplib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils.encoding import force_str

from registration.mail.refusals import Cause, find_cause
from registration.models.direct_mails import DirectMailQuerySet

logger = logging.getLogger(__name__)

GIVE_UP_AFTER = timedelta(days=1)
# After a temporary refusal, wait longer than one turn of the worker.
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=10), timedelta(minutes=20)
AT_ONCE = 50


def send_waiting(rows: DirectMailQuerySet, send: Callable[[Any], object], *, now: datetime) -> int:
    """Call `send(row)` for the next rows that are due, and delete the row, also if its mail is refused for good.

    A mail that is put off waits longer each time, and a day at most. One worker alone takes a row; if it dies, another
    takes the row when the lease is over (MAIL_LEASE_SECONDS). Returns how many were sent or given up.

    Args:
        rows: of a model that is a `DirectMail`.
        send: sends one mail by Django's mailer, and raises what that raises.
        now: a UTC instant.
    """
    done = rows.filter(asked_at__lt=now - GIVE_UP_AFTER).delete()[0]
    for row in rows.due(now).order_by("pk")[:AT_ONCE]:
        this = rows.only_row(row)
        if not this.due(now).update(due_at=now + timedelta(seconds=settings.MAIL_LEASE_SECONDS)):
            continue  # another worker has it
        try:
            send(row)
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, ValueError) as fault:
            # Only this mail or its address is at fault: the next one may leave. The reason would name the person.
            logger.warning("A %s was refused (%s)", row._meta.model_name, type(fault).__name__)
            if not _is_for_good(fault):
                this.update(due_at=now + min(max(2 * (now - row.asked_at), FIRST_WAIT), LONGEST_WAIT))
                continue
        except OSError:  # all of smtplib's too: the server takes none
            logger.warning("A %s could not be sent. Trying again", row._meta.model_name)
            this.update(due_at=None)
            break
        row.delete()
        done += 1
    return done


def _is_for_good(fault: Exception) -> bool:
    """Whether no later try can do better: the address, or this very mail, is impossible. A block list may let us go."""
    replies: list[tuple[str, int, bytes | str]] = []
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        replies = [("RCPT", code, words) for code, words in fault.recipients.values()]
    elif isinstance(fault, smtplib.SMTPDataError):
        replies = [("END", fault.smtp_code, fault.smtp_error)]
    causes = [find_cause(command, code, force_str(words, errors="replace")) for command, code, words in replies]
    return all(cause in (Cause.ADDRESS, Cause.MAIL) for cause in causes)
