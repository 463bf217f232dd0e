"""Queues the mails that anyone can cause by typing an address: please confirm, and lost links.

Each leaves when the budget allows (abuse/budget.py). Nothing is lost at the cap: the last mail that may leave is for
everyone who waits at the address, and its button leads to all of them.
"""

from datetime import datetime

from django.db.models import Exists, OuterRef

from conference.models import Conference, Day
from registration.abuse import budget
from registration.abuse.caps import SIGN_UP_MAILS_TO_A_MAILBOX
from registration.addresses import key_of_address
from registration.mail.rows import new_row, put
from registration.models import OutboxMessage, Registrant, Registration
from registration.models.outbox import OutboxQuerySet, held_back_questions
from registration.models.registrants import RegistrantQuerySet
from registration.status import Letter, MailKind, MailState, Status

from . import page_links


def queue_please_confirm(
    registrant: Registrant,
    *,
    now: datetime,
    is_link: bool = False,
    network: str = "",
    is_new: bool = False,
    asks: bool | None = None,
) -> OutboxMessage | None:
    """Queue the mail that asks a person to confirm their pending days. An unsent older one is withdrawn.

    A verified person who asked for nothing new gets the link to their page instead: the form gives everyone the same
    answer, and this is the mail that it promises. Returns the row, or None if there is nothing to write about.

    Args:
        is_link: whether this answers a lost link.
        network: where the request came from (`limits.network_of`), or "".
        is_new: whether the person was written, with a day to confirm, in this very transaction.
        asks: whether the person has a day to confirm; None if the caller does not know.
    """
    has_pending = is_new or Registration.objects.for_person(registrant).pending().exists() if asks is None else asks
    if has_pending:
        return _ask(registrant, now=now, is_link=is_link, network=network, is_new=is_new)
    if registrant.is_verified:
        return _put_links(registrant, registrant.email, now=now, is_link=is_link, network=network)
    return None


def ask_again(day: Day, *, since: datetime, now: datetime) -> None:
    """Ask people who wait for a locked day that is back on to confirm, if they were never asked.

    Their mail was withdrawn after `since`, the UTC instant at which the day was called off: it had nothing to ask then.
    """
    asked = OutboxMessage.objects.for_person(OuterRef("pk")).of_kind(MailKind.PLEASE_CONFIRM)
    withdrawn, others = asked.withdrawn_since(since), asked.exclude(state=MailState.WITHDRAWN)
    waiting = Registrant.objects.with_registration(day=day, status=Status.PENDING).with_conference()
    for person in waiting.filter(Exists(withdrawn), ~Exists(others)).locked():
        queue_please_confirm(person, now=now)


def queue_link(
    email: str, conference: Conference, *, now: datetime, is_link: bool = True, network: str = ""
) -> OutboxMessage | None:
    """Queue one mail to an address with the way in for each person there: their page, or a button to confirm.

    Unsent ones with older links are withdrawn. An address that nobody uses gets none, and costs the same. Returns the
    row or None.
    """
    verified = Registrant.objects.for_edition(conference).with_address(email).verified().newest_first().first()
    waiting = _who_waits(conference, email).newest_first().first()
    if verified:
        return _put_links(verified, email, now=now, is_link=is_link, network=network)
    due_at, _before = budget.may_leave_at(email, now=now, is_link=is_link, network=network)
    mail = None
    if waiting:
        due_at = _take_over(unsent_questions(conference, email), due_at=due_at, now=now)
        mail = _put_question(waiting, now=now, due_at=due_at, is_for_all=True)
    budget.spend(email, due_at=due_at, mail=mail)
    return mail


def _put_links(registrant: Registrant, email: str, *, now: datetime, is_link: bool, network: str) -> OutboxMessage:
    """Queue the links of all at an address, as a mail to one of them who is verified."""
    due_at, _before = budget.may_leave_at(email, now=now, is_link=is_link, network=network)
    due_at = _earliest_turn(due_at, page_links.take_over_links(registrant, now=now), now)
    (mail,) = put(new_row(Letter.LINK, MailKind.LINK, registrant, now=now, due_at=due_at))
    budget.spend(email, due_at=due_at, mail=mail)
    return mail


def withdraw_held_question(registrant: Registrant, *, now: datetime) -> None:
    """Take back the "please confirm" that is held back, once nobody waits at the address of a person who confirmed."""
    if not held_back_questions.exists(registrant.conference_id, key_of_address(registrant.email)):
        return
    held = unsent_questions(registrant.conference_id, registrant.email).held_back()
    if not _who_waits(registrant.conference_id, registrant.email).exists():
        held.withdraw(now)


def _ask(registrant: Registrant, *, now: datetime, is_link: bool, network: str, is_new: bool) -> OutboxMessage:
    """Ask one person or, if no further mail may leave today, everybody who waits at the address in one mail."""
    email = registrant.email
    turn = now + budget.LATEST
    if not is_new:  # a new person has none
        own = unsent_questions(registrant.conference_id, email).for_person(registrant)
        turn = _take_over(own, due_at=turn, now=now)
    due_at, before = budget.may_leave_at(email, now=now, is_link=is_link, network=network)
    due_at = min(due_at, turn)
    is_for_all = due_at > now or before + 1 >= SIGN_UP_MAILS_TO_A_MAILBOX.most
    if is_for_all:
        held = unsent_questions(registrant.conference_id, email).held_back()
        due_at = _take_over(held, due_at=due_at, now=now)
    mail = _put_question(registrant, now=now, due_at=due_at, is_for_all=is_for_all)
    budget.spend(email, due_at=due_at, mail=mail)
    return mail


def _take_over(unsent: OutboxQuerySet, *, due_at: datetime, now: datetime) -> datetime:
    """Withdraw mails that one mail replaces; return when that may leave: at `due_at`, or at the turn of one of them.

    Otherwise everyone who asks again while many sign up would go to the end of the line.
    """
    if turns := list(unsent.values_list("due_at", flat=True)):
        unsent.withdraw(now)
    return _earliest_turn(due_at, turns, now)


def _earliest_turn(due_at: datetime, turns: list[datetime], now: datetime) -> datetime:
    return max(now, min([due_at, *turns]))


def _put_question(registrant: Registrant, *, now: datetime, due_at: datetime, is_for_all: bool) -> OutboxMessage:
    facts = {"everybody": True} if is_for_all else {}
    kind = MailKind.PLEASE_CONFIRM
    (mail,) = put(new_row(Letter.PLEASE_CONFIRM, kind, registrant, now=now, due_at=due_at, facts=facts))
    return mail


def _who_waits(conference: Conference | int, email: str) -> RegistrantQuerySet:
    """The people at an address who have days to confirm."""
    return Registrant.objects.for_edition(conference).with_address(email).with_registration(status=Status.PENDING)


def unsent_questions(conference: Conference | int, email: str) -> OutboxQuerySet:
    """The mails that ask people at an address to confirm, and have not begun to leave."""
    people = Registrant.objects.for_edition(conference).with_address(email)
    return OutboxMessage.objects.for_people(people.values("pk")).of_kind(MailKind.PLEASE_CONFIRM).not_begun()
