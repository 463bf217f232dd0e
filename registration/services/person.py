"""What people change about themselves."""

from django.db import transaction

from registration.models import Registrant


def change_zone(registrant, time_zone):
    """Show and write all hours to this person on another clock. `time_zone` is today's IANA name. Sends nothing."""
    _change(registrant, time_zone=time_zone)


def set_calendar_mails(registrant, *, wanted):
    """Send this person calendar invites by mail, or none any more. Sends nothing by itself."""
    _change(registrant, calendar_mails=wanted)


def _change(registrant, **values):
    with transaction.atomic():
        row = Registrant.objects.only_row(registrant).locked().get()
        for name, value in values.items():
            setattr(row, name, value)
        row.save(update_fields=list(values))
