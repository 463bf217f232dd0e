"""Tells people by mail that their data is deleted. Not by the outbox: its rows are deleted with the person."""

from datetime import datetime

from django.conf import settings
from django.core.mail import send_mail
from django.db import connection
from django.utils import translation
from django.utils.translation import gettext as _

from conference.site.languages import offered_language
from registration.addresses import ascii_address
from registration.models import Farewell, Registrant

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
    is_one_of_several = Registrant.objects.with_address(farewell.email).exists()
    with translation.override(offered_language(farewell.language)):
        subject, words = _one_of_several() if is_one_of_several else _the_only_one()
        text = words % {"site": settings.SITE_URL}
        send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [ascii_address(farewell.email)])


def _the_only_one() -> tuple[str, str]:
    return (
        _("Your data is deleted"),
        _(
            "Hello\n\n"
            "Your data at %(site)s is deleted, as you or an organiser asked.\n\n"
            "You no longer have a place on any day, and the links in our emails have stopped working.\n"
            "What is in your own calendar stays there: delete it there if you like.\n\n"
            "We have forgotten this address too. You are welcome to sign up again."
        ),
    )


def _one_of_several() -> tuple[str, str]:
    """The same where other people, or the same one in another year, have the address too."""
    return (
        _("One sign-up is deleted"),
        _(
            "Hello\n\n"
            "One sign-up with this address at %(site)s is deleted with all its data, as you or an organiser asked.\n\n"
            "It has no place on any day, and the links in our emails about it have stopped working.\n"
            "What is in a calendar stays there: delete it there if you like.\n\n"
            "Other sign-ups with this address, of other people or for other years, stay as they are."
        ),
    )
