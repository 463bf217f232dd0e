"""Access requests that people make on their own page."""

from datetime import datetime

from django.db import transaction

from registration.models import AccessRequest, Registrant
from registration.models.history import forget_rows
from registration.status import NeedState


def ask_for(registrant: Registrant, words: str, *, now: datetime) -> None:
    """Save what a verified person needs, for the Access team to read at once; they have just consented.

    The same words sent twice are one request, and show what became of it again. Those that waited in a form for their
    yes wait no longer. Sends nothing.
    """
    with transaction.atomic():
        registrant = Registrant.objects.only_row(registrant).locked().get()
        known = AccessRequest.objects.for_person(registrant).filter(words=words)
        known.unconfirmed().update(state=NeedState.NEW, consented_at=now)
        if not known.update(is_hidden=False):
            AccessRequest.objects.create(
                registrant=registrant, words=words, state=NeedState.NEW, consented_at=now, created_at=now
            )


def take_back(registrant: Registrant, request_id: int) -> None:
    """Delete one request of a person, whatever its state: they may withdraw their consent at any time.

    Repeating it does nothing. Sends nothing.
    """
    with transaction.atomic():
        rows = AccessRequest.objects.for_person(registrant).with_id(request_id)
        forget_rows(AccessRequest, rows)
        rows.delete()
