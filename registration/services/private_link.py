"""The link to all that we hold about a person: by mail, for a day. A forwarded mail must not be the whole account."""

from datetime import datetime

from django.db import transaction

from registration.abuse import budget
from registration.letters import outbox
from registration.models import Registrant


def send_private_link(registrant: Registrant, *, now: datetime) -> bool:
    """Send a person the link to their data, what they need, and deleting it all. It works for 24 hours.

    It counts against the mails that a person's page may cause in a day. Returns False, and sends nothing, after these.
    """
    with transaction.atomic():
        row = Registrant.objects.only_row(registrant).with_conference().locked().get()
        if budget.is_spent_by(row, now=now):
            return False
        outbox.queue_private_link(row, now=now)
        budget.charge(row, now=now)
    return True
