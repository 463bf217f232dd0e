"""Tells people by mail that their data is deleted. Not by the outbox: its rows are deleted with the person."""

from datetime import datetime

from django.conf import settings
from django.core.mail import send_mail
from django.db import connection
from django.utils import translation
from django.utils.translation import gettext as _

from conference.site.languages import offered_language
from registration.addresses import ascii_address
from registration.models import Farewell

from .direct_mails import send_waiting


def send_farewells(*, now: datetime) -> int:
    """Write to the people who were deleted, and forget their addresses. Returns how many were sent or given up."""
    return send_waiting(Farewell.objects.all(), _send, now=now)


def empty_the_log() -> int:
    """Write SQLite's log (WAL) into the database and empty it, so it contains nothing about deleted people.

    Returns 0: once in a while is enough. Does nothing on PostgreSQL, or while others read; the next call does it.
    """
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 500")  # milliseconds: nobody waits for this
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.execute("PRAGMA busy_timeout = 20000")  # as in pxp/settings.py
    return 0


def _send(farewell: Farewell) -> None:
    with translation.override(offered_language(farewell.language)):
        words = _(
            "Hello\n\n"
            "Your data at %(site)s is deleted, as you or an organiser asked.\n\n"
            "You no longer have a place on any day, and the links in our emails have stopped working.\n"
            "What is in your own calendar stays there: delete it there if you like.\n\n"
            "We have forgotten this address too. You are welcome to sign up again."
        )
        text = words % {"site": settings.SITE_URL}
        send_mail(_("Your data is deleted"), text, settings.DEFAULT_FROM_EMAIL, [ascii_address(farewell.email)])
