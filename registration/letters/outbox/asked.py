"""Queues the mails that anyone can cause by typing an address: please confirm, and the links that somebody lost.

Each leaves when the budget lets it (abuse/budget.py). Nothing is lost at the cap: the last mail that may leave stands
for everybody who waits at the address, and the button in any of them leads to all of them.
"""

from dataclasses import dataclass

from registration.abuse import budget
from registration.abuse.caps import SIGN_UP_MAILS_TO_A_MAILBOX
from registration.letters import sign_up
from registration.mail.rows import put
from registration.models import OutboxMessage, Registrant, Registration
from registration.status import MailKind

from . import page_links


def queue_please_confirm(registrant, *, now, is_link=False, network=""):
    """Queue the mail that asks a person to confirm their pending days. An unsent older one is withdrawn.

    Somebody verified who asked for nothing new gets the link to their page instead: the form gives everybody the
    same answer, and this is the mail that it promised. Returns the row, or None if there is nothing to write about.

    Args:
        is_link: whether this answers a lost link.
        network: where the request came from (`limits.network_of`), or "".
    """
    rows = list(Registration.objects.of(registrant).pending().with_people())
    if rows:
        return _ask(registrant, rows, now=now, is_link=is_link, network=network)
    if registrant.is_verified:
        return queue_link(registrant.email, registrant.conference, now=now, is_link=is_link, network=network)
    return None


def queue_link(email, conference, *, now, is_link=True, network=""):
    """Queue one mail to an address with the way in for each person there: their page, or a button to confirm.

    Unsent ones with older links are withdrawn. An address that nobody uses gets none, and costs the same. Returns the
    row or None.
    """
    verified = list(Registrant.objects.at(conference).with_address(email).verified().with_conference().newest_first())
    waiting = _who_waits(conference, email)
    due_at, _before = budget.may_leave_at(email, now=now, is_link=is_link, network=network)
    mail = None
    if verified:
        page_links.withdraw_links(verified[0], now=now)
        message = sign_up.page_link(verified, waiting=waiting.newest, people=waiting.people)
        mail = put(message, now=now, registrant=verified[0], due_at=due_at)
    elif waiting.people:
        _unsent(conference, email).withdraw(now)
        mail = put(waiting.letter(), now=now, registrant=waiting.newest, due_at=due_at)
    budget.spend(email, due_at=due_at, mail=mail)
    return mail


def refresh_waiting(registrant, *, now):
    """Write the "please confirm" that is held back anew, or take it back, after a person at its address confirmed."""
    held = _unsent(registrant.conference_id, registrant.email).held_back()
    due_at = held.values_list("due_at", flat=True).first()
    if due_at is None:
        return
    held.withdraw(now)
    waiting = _who_waits(registrant.conference_id, registrant.email)
    if waiting.people:
        mail = put(waiting.letter(), now=now, registrant=waiting.newest, due_at=due_at)
        budget.spend(registrant.email, due_at=due_at, mail=mail)


def _ask(registrant, rows, *, now, is_link, network):
    """Ask one person; or, where no further mail may leave today, everybody who waits at the address at once."""
    email = registrant.email
    unsent = _unsent(registrant.conference_id, email)
    unsent.to(registrant).withdraw(now)
    due_at, before = budget.may_leave_at(email, now=now, is_link=is_link, network=network)
    message = sign_up.please_confirm(registrant, rows)
    if due_at > now or before + 1 >= SIGN_UP_MAILS_TO_A_MAILBOX.most:
        held = unsent.held_back()
        due_at = min([due_at, *held.values_list("due_at", flat=True)])
        held.withdraw(now)
        message = _who_waits(registrant.conference_id, email).letter()
    mail = put(message, now=now, registrant=registrant, due_at=due_at)
    budget.spend(email, due_at=due_at, mail=mail)
    return mail


@dataclass(frozen=True)
class Waiting:
    """The people who have not confirmed at one address: one of them, how many, and one registration for each day."""

    newest: Registrant | None
    people: int
    rows: list

    def letter(self):
        """Return the mail that asks all of them."""
        return sign_up.please_confirm(self.newest, self.rows, people=self.people)


def _who_waits(conference, email):
    pending = Registration.objects.pending().of_people(Registrant.objects.at(conference).with_address(email))
    people = Registrant.objects.with_registrations(pending)
    return Waiting(
        newest=people.with_conference().newest_first().first(),
        people=people.count(),
        rows=list(pending.one_for_each_day().with_people()),
    )


def _unsent(conference, email):
    people = Registrant.objects.at(conference).with_address(email)
    return OutboxMessage.objects.to_people(people.values("pk")).of_kind(MailKind.PLEASE_CONFIRM).not_begun()
