"""Sends mails that are in no outbox: to accounts, and to people whose data is gone."""

import logging
import smtplib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

logger = logging.getLogger(__name__)

GIVE_UP_AFTER = timedelta(days=1)


def send_waiting(rows: QuerySet[Any], send: Callable[[Any], object], *, now: datetime) -> int:
    """Call `send(row)` for each row, the oldest first, and delete the row.

    A mail that cannot be sent waits for the next call, a day at most. Returns how many were sent or given up.
    """
    done = rows.filter(asked_at__lt=now - GIVE_UP_AFTER).delete()[0]
    for row in rows.order_by("pk"):
        try:
            send(row)
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, ValueError) as fault:
            # The fault of this mail or its address alone: the next one may leave. The reason would name the person.
            logger.warning("A %s was refused (%s). Trying again", row._meta.model_name, type(fault).__name__)
            continue
        except OSError:  # all of smtplib's too: the server takes none
            logger.warning("A %s could not be sent. Trying again", row._meta.model_name)
            break
        row.delete()
        done += 1
    return done
