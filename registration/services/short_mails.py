"""Sends mails that are in no outbox: to accounts, and to people whose data is gone."""

import logging
import smtplib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

logger = logging.getLogger(__name__)

GIVE_UP_AFTER = timedelta(days=1)
# A server that puts a mail off wants it again in a while, not with each look of the worker.
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=10), timedelta(minutes=20)

# The mails that this process was asked to send again later: {(table, key): (UTC instant, how long it waits then)}.
_later: dict[tuple[str, int], tuple[datetime, timedelta]] = {}


def send_waiting(rows: QuerySet[Any], send: Callable[[Any], object], *, now: datetime) -> int:
    """Call `send(row)` for each row, the oldest first, and delete the row, also where the mail is refused for good.

    A mail that is put off waits longer each time, and a day at most. Returns how many were sent or given up.
    """
    done = rows.filter(asked_at__lt=now - GIVE_UP_AFTER).delete()[0]
    for row in rows.order_by("pk"):
        key = (row._meta.label, row.pk)
        due, wait = _later.get(key, (now, FIRST_WAIT))
        if now < due:
            continue
        try:
            send(row)
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, ValueError) as fault:
            # The fault of this mail or its address alone: the next one may leave. The reason would name the person.
            logger.warning("A %s was refused (%s)", row._meta.model_name, type(fault).__name__)
            if not _is_for_good(fault):
                _later[key] = now + wait, min(2 * wait, LONGEST_WAIT)
                continue
        except OSError:  # all of smtplib's too: the server takes none
            logger.warning("A %s could not be sent. Trying again", row._meta.model_name)
            break
        row.delete()
        _later.pop(key, None)
        done += 1
    for key in [key for key, (due, _wait) in _later.items() if due < now - GIVE_UP_AFTER]:
        del _later[key]  # another worker sent it, or it was given up
    return done


def _is_for_good(fault: Exception) -> bool:
    """Whether no later try can do better: the address is impossible, or every reply was a 5yz (RFC 5321, 4.2.1)."""
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _words in fault.recipients.values())
    return not isinstance(fault, smtplib.SMTPDataError) or fault.smtp_code >= 500
