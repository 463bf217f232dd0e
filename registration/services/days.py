"""Taking, dropping and confirming days. Every change of a status and every calendar mail starts here."""

from django.db import transaction

from conference.models import Day
from registration import outbox
from registration.models import AccessRequest, Registrant, Registration
from registration.status import NeedState, Status

from .errors import AlreadyOnDay, RegistrationClosed
from .places import move


def confirm(registrant, *, now):
    """Verify a person's address and confirm all their pending days.

    Returns the registrations that this call confirmed, in the order of the days; none when it is repeated, and
    then nothing is sent. Sends the confirmation and one calendar invite a day (one mail when it is one day).
    """
    with transaction.atomic():
        registrant, rows = _locked(registrant, Registration.objects.pending())
        if not registrant.is_verified:
            registrant.verified_at = now
            registrant.save(update_fields=["verified_at"])
        AccessRequest.objects.of(registrant).unconfirmed().update(state=NeedState.NEW)
        rows = [row for row in rows if not row.day.has_ended(now)]
        for row in rows:
            move(row, Status.CONFIRMED, now=now)
        if rows:
            outbox.queue_confirmation(registrant, rows, now=now)
    return rows


def confirm_by_organiser(registration, *, now):
    """Confirm one registration by hand. Repeating it does nothing. Sends what `confirm` would send for that day."""
    with transaction.atomic():
        registrant, rows = _locked(registration.registrant, Registration.objects.only_row(registration).pending())
        for row in rows:
            move(row, Status.CONFIRMED, now=now)
        if rows:
            outbox.queue_confirmation(registrant, rows, now=now)
    return rows


def cancel(registration, *, now):
    """Take a person off a day, by themselves or by an organiser.

    Returns whether this call cancelled it: repeating it does nothing and sends nothing. Sends a calendar
    CANCEL if an invite for the day was sent (RFC 5546 §3.2.5); an invite that has not left yet is withdrawn instead.
    """
    with transaction.atomic():
        _, rows = _locked(registration.registrant, Registration.objects.only_row(registration).live())
        for row in rows:
            move(row, Status.CANCELLED, now=now)
            outbox.queue_cancel(row, now=now)
    return bool(rows)


def add_day(registrant, day, *, now):
    """Put a verified person on one more day, confirmed at once.

    Returns the registration. Raises AlreadyOnDay, RegistrationClosed. Sends that day's invite alone.
    """
    if day.has_ended(now):
        raise RegistrationClosed
    with transaction.atomic():
        Day.objects.with_ids([day.pk]).locked().get()
        registrant = Registrant.objects.only_row(registrant).locked().get()
        row = Registration.objects.of(registrant).for_day(day).live().first()
        if row is None:
            row = Registration.objects.create(registrant=registrant, day=day, created_at=now)
        elif not row.is_pending:
            raise AlreadyOnDay
        move(row, Status.CONFIRMED, now=now)
        outbox.queue_invite(row, now=now)
    return row


def send_again(registrant, *, now):
    """Send the confirmation and the current invite of every confirmed day once more.

    The invites keep their UID and SEQUENCE, so no calendar takes them for a new version. Returns how many days.
    """
    with transaction.atomic():
        registrant = Registrant.objects.only_row(registrant).locked().get()
        rows = list(Registration.objects.of(registrant).confirmed().with_people())
        if rows:
            outbox.queue_confirmation(registrant, rows, now=now)
    return len(rows)


def _locked(registrant, rows):
    """Lock the days of `rows` first, then the person; return the person and their rows, read under the locks."""
    rows = rows.of(registrant)
    list(Day.objects.with_ids(rows.values("day_id")).locked())
    registrant = Registrant.objects.only_row(registrant).locked().get()
    return registrant, list(rows.with_people())
