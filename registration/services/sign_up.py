"""Signing up: from a submitted form to pending registrations and one mail."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime

from django.db import transaction

from conference.models import Conference, Day, NewRow, insert
from registration.addresses import key_of_address, key_of_name
from registration.letters import outbox
from registration.models import AccessRequest, Registrant, Registration
from registration.models.history import entries_about
from registration.models.registrants import person_named
from registration.models.registrations import live_statuses
from registration.status import NeedState, Status

from .answers import write_answers
from .errors import RegistrationClosed
from .lost_link import take_back_mails


@dataclass(frozen=True)
class Person:
    """A person's details from the form, as typed: columns of `Registrant`."""

    name: str
    email: str
    time_zone: str = ""  # IANA name; empty while nobody knows
    country: str = ""
    language: str = "en"
    roles: list[str] = field(default_factory=list)
    role_words: str = ""
    carer_name: str = ""  # the person who signs them up and reads the mails, if that is someone else


def sign_up(
    conference: Conference,
    *,
    person: Person,
    days: Collection[Day],
    needs: str = "",
    answers: Mapping[int, list[str]] | None = None,
    network: str = "",
    now: datetime,
) -> Registrant:
    """Write a registrant, a pending registration for each of `days`, and one "please confirm" mail.

    All of it commits together or not at all. A person known with this address and name gets the new days on the same
    row; their earlier details are kept once their address is verified, since anyone can fill in this form with any
    address. `needs` waits, unread, until the person confirms.

    Args:
        conference: the edition.
        person: a `Person`.
        days: `Day` rows of that edition, at least one.
        needs: what they need to take part, in their words; empty for nothing.
        answers: what they answered to the organisers' questions, as for `write_answers`.
        network: where the form came from (`limits.network_of`); empty for no network's budget.
        now: the UTC instant of the request.

    Returns the registrant. Raises RegistrationClosed when one of the days takes no sign-ups now. Sends one mail to the
    address: "please confirm", or the link to their page if nothing is left to confirm.
    """
    with transaction.atomic():
        days = _hold_open(days, conference, now)
        registrant, is_new = find_or_create(conference, person, now)
        statuses = {} if is_new else dict(live_statuses.rows(registrant))
        rows = put_on_days(registrant, days, statuses, now=now)
        if not registrant.is_verified:
            write_answers(registrant, answers or {})
        _ask_for(registrant, needs.strip(), now)
        asks = bool(rows) or Status.PENDING in statuses.values()
        outbox.queue_please_confirm(registrant, now=now, network=network, is_new=is_new, asks=asks)
    return registrant


def _hold_open(days: Collection[Day], conference: Conference, now: datetime) -> list[Day]:
    """Return the days as they are now, held: calling one off at this moment finds the new rows too.

    Raises RegistrationClosed when one of them takes no sign-ups.
    """
    held = Day.objects.shared(sorted(day.pk for day in days))
    for day in held:
        day.conference = conference
    if not all(day.sign_up_is_open(now) for day in held):
        raise RegistrationClosed
    return held


def put_on_days(
    registrant: Registrant, days: Collection[Day], statuses: Mapping[int, str], *, now: datetime
) -> list[Registration]:
    """Write and return a person's pending registrations for those of `days` that are not in `statuses`, by day's key.

    They are in the order of the days. Call it inside a transaction. Sends nothing.
    """
    return insert(
        [
            Registration(registrant=registrant, day=day, created_at=now)
            for day in sorted(days, key=lambda day: day.number)
            if day.pk not in statuses
        ]
    )


def sign_up_instead(
    conference: Conference,
    *,
    was: Person,
    was_at: datetime,
    person: Person,
    days: Collection[Day],
    needs: str = "",
    answers: Mapping[int, list[str]] | None = None,
    network: str = "",
    now: datetime,
) -> Registrant:
    """Sign a person up as `sign_up` does, in the place of a form with a mistyped address.

    The rows and mail of that form, sent at the UTC instant `was_at` for the `Person` `was`, are deleted unless
    confirmed or changed since: then they may be another person's. Raises RegistrationClosed. Sends one mail.
    """
    with transaction.atomic():
        registrant = sign_up(
            conference, person=person, days=days, needs=needs, answers=answers, network=network, now=now
        )
        people = Registrant.objects.for_edition(conference).with_address(was.email).named(was.name).unverified()
        people = people.other_than(registrant).filter(created_at=was_at)
        old = people.exclude(registrations__created_at__gt=was_at).locked().first()
        if old is not None:
            take_back_mails(old, now=now)
            entries_about(old).delete()
            Registrant.objects.only_row(old).delete()
    return registrant


def _ask_for(registrant: Registrant, words: str, now: datetime) -> None:
    """Save a request until its person confirms. The same text sent twice is one request, whatever its state."""
    known = AccessRequest.objects.for_person(registrant).filter(words=words)
    if words and not (known.unconfirmed() | known.shown_to_the_person()).exists():
        AccessRequest.objects.create(
            registrant=registrant,
            words=words,
            state=NeedState.UNCONFIRMED,
            consented_at=now,
            created_at=now,
        )


def find_or_create(conference: Conference, person: Person, now: datetime) -> tuple[Registrant, bool]:
    """Return (the locked row of this person, whether it is new). Two at once end on the same row."""
    known = (conference, key_of_address(person.email), key_of_name(person.name))
    # Built even if it is not needed: a form for a known person must not be answered sooner.
    row = Registrant(conference=conference, email_key=known[1], name_key=known[2], created_at=now, **asdict(person))
    new = NewRow(row, "conference", "email_key", "name_key")
    registrant = person_named.first(*known)
    if registrant is None:
        if new.write():
            return row, True
        registrant = person_named.get(*known)
    registrant.conference = conference
    if not registrant.is_verified:
        # Another spelling of the name is the same person; the newest spelling counts.
        for name, value in asdict(person).items():
            setattr(registrant, name, value)
        registrant.save(update_fields=list(asdict(person)))
    return registrant, False
