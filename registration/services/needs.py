"""The Access team's work on requests."""

from datetime import datetime

from django.db import transaction

from registration.letters import outbox
from registration.models import AccessRequest, OutboxMessage, Registrant
from registration.status import NeedState

from .errors import AnswerIsMissing, NotConfirmed


def set_need_state(access_request: AccessRequest, state: NeedState, *, now: datetime) -> bool:
    """Set the state of a request, and leave the answer as it is. Sends nothing. Returns whether the state changed.

    Raises AnswerIsMissing, NotConfirmed, as `answer_need`.
    """
    with transaction.atomic():
        answer = AccessRequest.objects.only_row(access_request).get().answer
        is_new = AccessRequest.objects.only_row(access_request).exclude(state=state).exists()
        answer_need(access_request, state=state, answer=answer, now=now)
    return is_new


def answer_need(access_request: AccessRequest, *, state: NeedState, answer: str, now: datetime) -> OutboxMessage | None:
    """Set the state of a request, and the team's answer to the person.

    Sends the person one mail when the answer is a new one; an empty answer, or the same again, sends nothing. The mail
    does not quote the request: we cannot know who reads that mailbox.

    Returns the queued mail or None. Raises AnswerIsMissing when it cannot be met and nobody says so to the person,
    NotConfirmed while the person has not shown that the request is theirs: nobody reads it before.
    """
    answer = answer.strip()
    if state == NeedState.CANNOT_BE_MET and not answer:
        raise AnswerIsMissing
    with transaction.atomic():
        registrant = Registrant.objects.only_row(access_request.registrant).with_conference().locked().get()
        row = AccessRequest.objects.only_row(access_request).get()
        if row.is_unconfirmed or not registrant.is_verified:
            raise NotConfirmed
        is_new = answer not in ("", row.answer)
        row.state, row.answer, row.registrant = state, answer, registrant
        row.save(update_fields=["state", "answer"])
        return outbox.queue_need_answer(row, now=now) if is_new else None
