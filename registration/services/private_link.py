"""The link to all data about a person, by mail and for a day: a forwarded mail must not give access to everything."""

from datetime import datetime

from django.db import transaction

from registration.abuse import budget
from registration.letters import outbox
from registration.models import Registrant


def send_private_link(registrant: Registrant, *, now: datetime) -> bool:
    """Send a person the link to see, download and delete their data and needs. It works for 24 hours.

    It counts against the mails that a person's page may cause in a day. Returns False, and sends nothing, if these are
    used up.
    """
    with transaction.atomic():
        row = Registrant.objects.only_row(registrant).with_conference().locked().get()
        if budget.is_spent_by(row, now=now):
            return False
        outbox.queue_private_link(row, now=now)
        budget.charge(row, now=now)
    return True
