"""Queues mails to many: a portion of a broadcast, questions to confirm, and an author's own tests."""

from collections.abc import Iterable
from datetime import datetime

from registration.mail.rows import new_row, new_test_row, put
from registration.models import Broadcast, OutboxMessage, Registrant, Registration
from registration.status import Letter, MailKind

from .on_request import queue_please_confirm, unsent_questions


def queue_broadcast(broadcast: Broadcast, people: Iterable[Registrant], *, now: datetime) -> None:
    """Queue a broadcast for some locked people, behind all other mail."""
    put(
        *(
            new_row(
                Letter.BROADCAST,
                MailKind.MESSAGE,
                person,
                now=now,
                language=broadcast.language_for(person.language),
                broadcast=broadcast,
                is_bulk=True,
            )
            for person in people
        )
    )


def queue_question_of(broadcast: Broadcast, registrant: Registrant, *, now: datetime) -> None:
    """Ask a locked person once more to confirm, within the budget of their mailbox and behind all other mail.

    Does nothing if they confirmed in the meantime, or if such a mail waits already because they asked for it at the
    site: that one must survive when the broadcast is stopped.
    """
    if not Registration.objects.for_person(registrant).pending().exists():
        return
    if unsent_questions(registrant.conference_id, registrant.email).filter(broadcast=None).exists():
        return
    row = queue_please_confirm(registrant, now=now)
    if row is not None:
        OutboxMessage.objects.only_row(row).update(broadcast=broadcast, is_bulk=True)


def queue_tests(broadcast: Broadcast, people: Iterable[Registrant], *, to_email: str, now: datetime) -> None:
    """Queue a broadcast to an organiser's own address, as each of some people would read it."""
    put(*(new_test_row({"broadcast": broadcast.pk, "reader": one.pk}, to_email=to_email, now=now) for one in people))


def queue_sample(sample: str, *, language: str, to_email: str, now: datetime) -> None:
    """Queue an automatic mail with invented data to an organiser's own address."""
    put(new_test_row({"sample": sample, "language": language}, to_email=to_email, now=now))
