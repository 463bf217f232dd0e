"""One budget for all mail that forms and buttons cause: it decides when each mail may leave, and never drops one.

Two kinds of caps. A mailbox and a person have a number of mails in any 24 hours. A network, a receiving domain and the
whole site have a pace: a burst, then one after the other. The rest waits in the outbox. Mail after a first
confirmation, and mail caused by organisers and the calendar, does not count. All instants are UTC.
"""

from datetime import timedelta

from django.db import connection
from django.utils.crypto import salted_hmac

from conference.models import insert
from registration.models import OutboxMessage, Pace, SpentMail
from registration.status import MailState

from .caps import (
    MAILS_BY_A_PERSON,
    MAILS_FROM_A_NETWORK,
    MAILS_OF_THE_SITE,
    MAILS_TO_A_DOMAIN,
    MAILS_TO_A_LARGE_PROVIDER,
    MAILS_TO_A_MAILBOX,
    SIGN_UP_MAILS_TO_A_MAILBOX,
)
from .mailboxes import LARGE_PROVIDERS, domain_of, mailbox_of

DAY = timedelta(hours=24)
# A mail is tried for two days, so it may leave up to two days after it was due.
LATEST = timedelta(days=3)


def may_leave_at(email, *, now, is_link=False, network=""):
    """Return (the UTC instant at which a mail that anyone can cause may leave to `email`, how many came before it).

    Call it inside a transaction, write the mail, then `spend`. `is_link` is a mail that answers a lost link, for which
    a mailbox keeps one a day in reserve. `network` comes from `limits.network_of`.
    """
    cap = MAILS_TO_A_MAILBOX if is_link else SIGN_UP_MAILS_TO_A_MAILBOX
    _lock(email)
    times = _times(email, now)
    anyones = times.pop("", [])
    free_at = _free_at([*anyones, *max(times.values(), key=len, default=[])], cap.most, now)
    return max(free_at, _paced(email, network, now)), len(anyones)


def spend(email, *, due_at, mail=None, registrant=None):
    """Record a mail to `email` that leaves at `due_at` at the earliest. Without `mail`, a request that sent nothing."""
    spent = SpentMail(
        mailbox=_hidden("mailbox", mailbox_of(email)),
        person=_hidden("person", str(registrant.public_id)) if registrant else "",
        message_id=mail.message_id if mail else "",
        due_at=due_at,
    )
    insert([spent])


def charge(registrant, *, now):
    """Charge the mails that this person's own page just caused: those over the cap leave later.

    Call it inside the transaction, after the mails were queued at the UTC instant `now`.
    """
    mails = OutboxMessage.objects.for_person(registrant).for_address(registrant.email)
    mails = mails.queued().written_at(now).order_by("pk")
    _lock(registrant.email)
    spent = SpentMail.objects.filter(mailbox=_hidden("mailbox", mailbox_of(registrant.email)), due_at__gt=now - LATEST)
    paid = set(spent.values_list("message_id", flat=True))
    person = _hidden("person", str(registrant.public_id))
    for mail in mails:
        if mail.message_id in paid:
            continue
        times = _times(registrant.email, now)
        due_at = _free_at([*times.get("", []), *times.get(person, [])], MAILS_BY_A_PERSON.most, now)
        if due_at > now:
            OutboxMessage.objects.only_row(mail).update(due_at=due_at, is_held_back=True)
        spend(registrant.email, due_at=due_at, mail=mail, registrant=registrant)


def is_spent_by(registrant, *, now):
    """Whether this person's page has caused so many mails in 24 hours that one more would have to wait."""
    times = _times(registrant.email, now)
    own = times.get(_hidden("person", str(registrant.public_id)), [])
    return _free_at([*times.get("", []), *own], MAILS_BY_A_PERSON.most, now) > now


def last_left_at(email, *, now, is_link=False, asked_at=None):
    """Return when the last mail that anyone can cause left to this mailbox, if no more may leave now; otherwise None.

    `asked_at` is the UTC instant of a form that has caused its mail already: then the question is whether that one may
    leave, and it does not count against itself. The answer is the same whether or not the address is in use.
    """
    cap = MAILS_TO_A_MAILBOX if is_link else SIGN_UP_MAILS_TO_A_MAILBOX
    times = sorted(_anyones(email, now))
    has_its_own = bool(asked_at and times and times[-1] >= asked_at)
    others = times[:-1] if has_its_own else times
    if _free_at(others, cap.most, now) <= now:
        return None
    return max((time for time in times if time <= now), default=now)


def _anyones(email, now):
    """When the mails left, or will leave, that anyone can cause at this mailbox, in the last 24 hours and from now."""
    return _times(email, now).get("", [])


def _times(email, now):
    """When mails to this mailbox left or will leave, from 24 hours ago on: {hidden person or "": instants in order}.

    A mail that was refused for good or withdrawn never left. A time later than any mail may leave is from a clock that
    was ahead and is right again.
    """
    times = {}
    for row in SpentMail.objects.with_mails(_hidden("mailbox", mailbox_of(email)), due_after=now - LATEST):
        left_at = _left_at(row, now)
        if left_at is not None and now - DAY < left_at < now + LATEST:
            times.setdefault(row.person, []).append(left_at)
    return times


def _left_at(spent, now):
    if not spent.mail_state:
        return spent.due_at
    if spent.mail_state == MailState.SENT:
        return spent.mail_finished_at
    return max(spent.mail_due_at, now) if spent.mail_state == MailState.QUEUED else None


def _free_at(times, most, now):
    """The first instant from `now` on at which any 24 hours hold at most `most` mails, this one included."""

    def fits(instant):
        before = sorted(time for time in times if time <= instant)[-most:]
        after = sorted(time for time in times if time > instant)[:most]
        around = [*before, instant, *after]
        return all(last - first >= DAY for first, last in zip(around, around[most:], strict=False))

    return next(instant for instant in [now, *sorted(time + DAY for time in times)] if instant >= now and fits(instant))


def longest_wait(email, *, network, now):
    """Return how long a mail that is queued now would wait for its turn, as a timedelta; earlier ones wait less.

    The answer is the same whether or not the address is in use.
    """
    paces = _paces(email, network)
    free_at = Pace.objects.free_at([(pace.name, key) for pace, key in paces])
    turns = [free_at[key] - timedelta(seconds=pace.seconds * pace.burst) for pace, key in paces if key in free_at]
    return max([now, *turns]) - now


def _paced(email, network, now):
    paces = _paces(email, network)
    free_at = Pace.objects.take_turns([(pace.name, hidden, pace.seconds) for pace, hidden in paces], now)
    # A turn that is at most a burst ahead may come at once.
    return max(now, *(free_at[pace.name] - timedelta(seconds=pace.seconds) * (pace.burst + 1) for pace, _key in paces))


def _paces(email, network):
    """The paces of a mail, each with its hidden key. Always in this order, so two transactions never deadlock."""
    domain = domain_of(email)
    to_domain = MAILS_TO_A_LARGE_PROVIDER if domain in LARGE_PROVIDERS else MAILS_TO_A_DOMAIN
    paces = {MAILS_FROM_A_NETWORK: network} if network else {}
    paces |= {to_domain: domain, MAILS_OF_THE_SITE: ""}
    return [(pace, _hidden(pace.name, key)) for pace, key in paces.items()]


def has_room(email, *, now):
    """Whether a mail to many may still ask for a turn to `email`: half of what may leave at once is kept for others.

    For small domains nothing is reserved: most people who sign up there get the mail to many.
    """
    domain = domain_of(email)
    paces = {MAILS_OF_THE_SITE: ""} | ({MAILS_TO_A_LARGE_PROVIDER: domain} if domain in LARGE_PROVIDERS else {})
    return not any(
        Pace.objects.is_ahead(
            pace.name, _hidden(pace.name, key), now + timedelta(seconds=pace.seconds * pace.burst / 2)
        )
        for pace, key in paces.items()
    )


def hide_network(network):
    """Return a keyed hash of a network, for a request that waits; "" stays ""."""
    return _hidden("network", network) if network else ""


def _lock(email):
    """Let only one transaction at a time count a mailbox. SQLite has only one writer anyway."""
    if connection.vendor == "postgresql":
        number = int(_hidden("lock", mailbox_of(email))[:15], 16)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def _hidden(name, key):
    return salted_hmac(f"pxp.limit.{name}", key, algorithm="sha256").hexdigest()
