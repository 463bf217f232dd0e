"""The worker's periodic checks, and the daily mail about problems to the person who runs the site."""

import logging
import smtplib
from datetime import timedelta

from django.conf import settings
from django.core.mail import send_mail

from pxp.operations import clock_watch, machine
from pxp.operations.models import Observation
from pxp.operations.models.observations import Watched
from pxp.operations.notices import list_notices
from registration.jobs import Job

logger = logging.getLogger(__name__)

FEWEST_DAYS = 14
TELL_EVERY = timedelta(hours=24)


def record_sign_of_life(*, now):
    """Record a worker's sign of life, after checking the clock. Returns 0, so it is not called again at once."""
    clock_watch.notice_jump(now=now)
    Observation.objects.note(Watched.WORKER, now=now)
    return 0


def check_machine(*, now):
    """Check this machine's disk, certificate and backups, and record the results. Returns 0."""
    free = machine.percent_free()
    if free is not None:
        Observation.objects.note(Watched.DISK, now=now, is_fault=free < machine.FEWEST_PERCENT, number=free)
    try:
        days = machine.days_of_certificate()
    except OSError as fault:
        logger.warning("The certificate of the site cannot be looked at: %s", type(fault).__name__)
    else:
        if days is not None:
            Observation.objects.note(Watched.CERTIFICATE, now=now, is_fault=days < FEWEST_DAYS, number=days)
    if settings.BACKUP_EVERY_HOURS:
        hours = machine.hours_since_backup(now=now)
        is_old = hours is None or hours > settings.BACKUP_EVERY_HOURS
        Observation.objects.note(Watched.BACKUP, now=now, is_fault=is_old, number=-1 if hours is None else hours)
    return 0


def mail_operator(*, now):
    """Mail problems to the person who runs the site, at most once a day. Returns 0.

    Bypasses the outbox, which may be the problem.
    """
    notices = list_notices(now=now)
    if not notices or not settings.OPERATOR_EMAIL:
        return 0
    long_ago = now - TELL_EVERY - timedelta(seconds=1)
    Observation.objects.get_or_create(thing=Watched.TOLD, defaults={"seen_at": long_ago})
    told = Observation.objects.for_thing(Watched.TOLD)
    # Recorded before it is sent, so a slow mail server holds no lock and two workers do not both write. A time in the
    # future was recorded by a clock that was ahead.
    if not (told.seen_before(now - TELL_EVERY) | told.seen_after(now)).update(seen_at=now):
        return 0
    words = "\n\n".join(notice.words for notice in notices)
    text = f"This is wrong at {settings.SITE_URL} now:\n\n{words}\n\nOn the server, manage.py doctor says more.\n"
    try:
        send_mail(f"Look at {settings.SITE_URL}", text, settings.DEFAULT_FROM_EMAIL, [settings.OPERATOR_EMAIL])
    except (OSError, smtplib.SMTPException):
        logger.warning("The daily mail to OPERATOR_EMAIL could not be sent")
        told.update(seen_at=long_ago)
    return 0


JOBS = [
    Job("show that a worker is there", timedelta(seconds=30), lambda now: record_sign_of_life(now=now)),
    Job("look at disk, certificate and backups", timedelta(minutes=15), lambda now: check_machine(now=now)),
    Job("tell the person who runs the site", timedelta(minutes=5), lambda now: mail_operator(now=now)),
]
