"""Every letter in every state, with invented people and days: for system checks, tests and previews.

Nothing here is in the database. When a letter gets another state, it gets another sample.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from conference.models import Conference, Day
from registration.models import AccessRequest, Broadcast, OutboxMessage, Registrant, Registration
from registration.status import CancelledBy, Letter, MailKind, NeedState, Status

from .writing import Loaded

NOW = datetime(2027, 9, 1, 12, tzinfo=UTC)
_START = datetime(2027, 9, 12, 19, tzinfo=UTC)
_HOUR = timedelta(hours=1)


def samples(language: str = "en") -> Iterator[tuple[str, Loaded]]:
    """Yield (name, what `writing.compose` takes) for every letter in every state, in one language."""
    for make in (
        _about_sign_up,
        _about_days,
        _about_one_day,
        _about_reasons,
        _about_endings,
        _about_addresses,
        _about_needs,
        _about_broadcasts,
    ):
        for name, loaded in make():
            loaded.row.language = language
            yield name, loaded


def _about_sign_up() -> Iterator[tuple[str, Loaded]]:
    ada, carer = _person(), _person(carer_name="Grace Hopper")
    yield "please confirm one day", _several(Letter.PLEASE_CONFIRM, ada, [Status.PENDING])
    yield "please confirm three days", _several(Letter.PLEASE_CONFIRM, carer, [Status.PENDING] * 3)
    together = _several(Letter.PLEASE_CONFIRM, ada, [Status.PENDING] * 2)
    together.number_waiting = 3
    yield "please confirm, three people", together
    yield "link", Loaded(_row(Letter.LINK, ada), people=[ada])
    yield "link of two people", Loaded(_row(Letter.LINK, ada), people=[ada, carer])
    unverified = _person(name="Søn", verified_at=None)
    yield "link, own days wait", Loaded(_row(Letter.LINK, ada), people=[ada], waiting=ada)
    yield "link, others wait", Loaded(_row(Letter.LINK, ada), people=[ada], waiting=unverified, number_waiting=2)


def _about_days() -> Iterator[tuple[str, Loaded]]:
    ada, off = _person(), _person(calendar_mails=False)
    place, waits = Status.CONFIRMED, Status.WAITLISTED
    yield "confirmation of days", _several(Letter.CONFIRMATION, ada, [place, place])
    yield "confirmation of days, one full", _several(Letter.CONFIRMATION, ada, [place, waits, place])
    yield "confirmation of a full day", _several(Letter.CONFIRMATION, ada, [waits])
    yield "confirmation of full days", _several(Letter.CONFIRMATION, ada, [waits, waits])
    yield "confirmation without calendar mails", _several(Letter.CONFIRMATION, off, [place])
    yield "reminder of one day", _several(Letter.REMINDER, ada, [place])
    yield "reminder of three days", _several(Letter.REMINDER, ada, [place] * 3)


def _about_one_day() -> Iterator[tuple[str, Loaded]]:
    for letter in (Letter.CONFIRMATION, Letter.INVITE, Letter.UPDATE, Letter.PLACE, Letter.RESTORED):
        yield f"{letter} with entry", _one(letter)
    for letter in (Letter.UPDATE, Letter.PLACE, Letter.RESTORED):
        yield f"{letter} in words", _one(letter, sequence=None)
    yield "restored, waiting", _one(Letter.RESTORED, Status.WAITLISTED, sequence=None)
    moved_up = _one(Letter.RESTORED)
    moved_up.row.facts = {"is_new": True}
    yield "restored, with a place from the waiting list", moved_up
    yield "invite with a neutral title", _one(Letter.INVITE, person=_person(neutral_titles=True))
    yield "invite by a carer", _one(Letter.INVITE, person=_person(carer_name="Grace Hopper"))
    yield "invite to a day without a title", _one(Letter.INVITE, day={"title": "", "summary": ""})


def _about_reasons() -> Iterator[tuple[str, Loaded]]:
    """The letters in which an organiser says why."""
    off: dict[str, Any] = {"status": Status.CANCELLED, "cancelled_by": CancelledBy.DAY}
    usual: dict[str, Any] = {}
    for letter, fields in ((Letter.UPDATE, usual), (Letter.RESTORED, usual), (Letter.CANCEL, off)):
        loaded = _one(letter, sequence=1, **fields)
        loaded.why = "Two of our speakers live where it would be 4 in the morning."
        yield f"{letter} with a reason", loaded


def _about_endings() -> Iterator[tuple[str, Loaded]]:
    for by in CancelledBy:
        for words, sequence in (("with entry", 1), ("in words", None)):
            yield f"cancel by {by} {words}", _one(Letter.CANCEL, Status.CANCELLED, sequence=sequence, cancelled_by=by)
    for twice in ("together", "apart"):
        by = CancelledBy.ORGANISER
        loaded = _one(Letter.CANCEL, Status.CANCELLED, sequence=1, cancelled_by=by)
        loaded.row.facts = {"twice": twice} | ({"name": "Ada L.", "door": 1} if twice == "together" else {})
        yield f"cancel, sign-ups {twice}", loaded


def _about_addresses() -> Iterator[tuple[str, Loaded]]:
    for letter in (Letter.ADDRESS, Letter.ADDRESS_ASKED, Letter.ADDRESS_CHANGED, Letter.PRIVATE):
        yield str(letter), Loaded(_row(letter, _person(new_email="ada@new.example.org")))
    with_entries = Loaded(_row(Letter.ADDRESS_CHANGED, _person()))
    with_entries.row.facts = {"has_entries": True}
    yield f"{Letter.ADDRESS_CHANGED} with entries", with_entries


def _about_needs() -> Iterator[tuple[str, Loaded]]:
    for state in (NeedState.NEW, NeedState.IN_HAND, NeedState.ARRANGED, NeedState.CANNOT_BE_MET):
        need = AccessRequest(answer="We asked an interpreter.\n\nShe can come.", state=state)
        yield f"answer to a need, {state}", Loaded(_row(Letter.NEED_ANSWER, _person()), need=need)


def _about_broadcasts() -> Iterator[tuple[str, Loaded]]:
    body = "Dear {name},\n\nthe link **changed**.\n\n{my hours}\n\n{join button}\n\n{my page}"
    words = {"en": {"subject": "The link changed, {name}", "body": body}}
    for person in (_person(), _person(carer_name="Grace Hopper")):
        for is_about_places in (True, False):
            numbered = enumerate((Status.CONFIRMED, Status.WAITLISTED), start=1)
            rows = [_registration(person, status, number) for number, status in numbered]
            sent = Broadcast(words=words, is_about_places=is_about_places)
            name = f"broadcast to {person.reader}, {'about places' if is_about_places else 'about others'}"
            yield name, Loaded(_row(Letter.BROADCAST, person), registrations=rows, broadcast=sent)


def _person(**fields: Any) -> Registrant:
    conference = Conference(slug="2027", name="PxP 2027", short_name="PxP", contact_email="hello@pxp.example.org")
    everyday = {"name": "Ada Lovelace", "email": "ada@example.org", "time_zone": "America/Toronto", "verified_at": NOW}
    return Registrant(conference=conference, **everyday | fields)


def _registration(
    person: Registrant, status: Status, number: int = 2, *, day: dict[str, Any] | None = None, **fields: Any
) -> Registration:
    starts_at = _START + timedelta(days=number)
    everyday = {"title": "Trailblaze new approaches", "summary": "With patient partners, or as one."}
    its_day = Day(
        conference=person.conference,
        number=number,
        starts_at=starts_at,
        ends_at=starts_at + 3 * _HOUR,
        **everyday | (day or {}),
    )
    return Registration(registrant=person, day=its_day, status=status, confirmed_at=NOW, **fields)


def _row(letter: Letter, person: Registrant, **fields: Any) -> OutboxMessage:
    return OutboxMessage(
        registrant=person,
        letter=letter,
        kind=MailKind.NOTE,
        to_email=person.email,
        message_id="0123456789abcdef0123456789abcdef@pxp.example.org",
        created_at=NOW,
        **fields,
    )


def _several(letter: Letter, person: Registrant, statuses: Sequence[Status]) -> Loaded:
    rows = [_registration(person, status, number) for number, status in enumerate(statuses, start=1)]
    is_waiting = letter == Letter.PLEASE_CONFIRM
    return Loaded(_row(letter, person), registrations=rows, waiting=person, number_waiting=int(is_waiting))


def _one(
    letter: Letter,
    status: Status = Status.CONFIRMED,
    *,
    person: Registrant | None = None,
    sequence: int | None = 0,
    **fields: Any,
) -> Loaded:
    registration = _registration(person or _person(), status, **fields)
    day = registration.day
    was = {"was_starts_at": day.starts_at - _HOUR, "was_ends_at": day.ends_at} if letter == Letter.UPDATE else {}
    facts = {"sequence": sequence, "starts_at": day.starts_at, "ends_at": day.ends_at}
    return Loaded(_row(letter, registration.registrant, registration=registration, **facts, **was))
