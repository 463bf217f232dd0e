"""Renders a letter of the outbox when its turn comes; the worker gets this function.

`load` reads the letter's rows and checks that it is still true. `compose` is pure: loaded objects and `now` in, a
message out. Facts that must not change between two tries are in the row and win over loaded ones: SEQUENCE, the day's
times, the language.
"""

# mypy: no-strict-optional
# The columns may be empty, but every row has its person by then, and one about a day its registration.

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.core.mail import EmailMultiAlternatives
from django.db.models import Min
from django.utils import translation

from conference.site.languages import offered_language
from registration.addresses import key_of_address
from registration.mail.errors import NoLongerTrue, NotYet, TooLate
from registration.models import AccessRequest, Broadcast, DayNotice, OutboxMessage, Registrant, Registration
from registration.models.letter_texts import all_words
from registration.models.registrants import person_with_edition
from registration.models.registrations import RegistrationQuerySet, with_person_and_day
from registration.status import Letter

from . import broadcasts, days, invites, needs, new_address, reminders, sign_up, wording
from .frame import Mail
from .invites import Invite


@dataclass
class Loaded:
    """A row of the outbox with its person, registration and their editions, and what else its letter is about."""

    row: OutboxMessage
    registrations: list = field(default_factory=list)
    people: list = field(default_factory=list)  # those who get the link to their page
    waiting: Registrant | None = None  # one of those at the address who have days to confirm, and how many they are
    number_waiting: int = 0
    need: AccessRequest | None = None
    broadcast: Broadcast | None = None
    keeps_place: bool = True  # whether a person whose two sign-ups became one is still on the day
    why: str = ""  # a day was moved, called off or brought back, in an organiser's words


def write_letter(row: OutboxMessage, *, now: datetime) -> EmailMultiAlternatives:
    """Return the message of a row that a worker has leased, as it is true at the UTC instant `now`.

    Raises NoLongerTrue if nothing is left to say, and NotYet while what happened to the day waits to be told.
    """
    with wording.use_words(all_words()):
        if row.letter == Letter.TEST:
            from .try_out import write_test  # which writes letters by this module

            return write_test(row, now=now)
        return compose(load(row, now=now), now=now)


def load(row: OutboxMessage, *, now: datetime) -> Loaded:
    """Read what a letter is about. Raises NoLongerTrue, NotYet."""
    # A worker may have died after the server accepted the mail. Then the same letter is sent again, whatever happened.
    _read_person_and_day(row)
    is_to_other_address = row.letter in _TO_OTHER_ADDRESSES or "name" in row.facts
    if not is_to_other_address and key_of_address(row.to_email) != row.registrant.email_key:
        raise NoLongerTrue  # the reader of a former address must not get a working link
    loaded = Loaded(row)
    if row.letter == Letter.BROADCAST:
        _load_broadcast(loaded, row.may_have_arrived)
    elif row.registration_id is None:
        _LOAD[Letter(row.letter)](loaded, now)
    elif not row.may_have_arrived:
        _check_day(row, now)
        _check_place_kept(loaded)
    if "notice" in row.facts:
        notice = DayNotice.objects.with_id(row.facts["notice"]).first()
        loaded.why = notice.why if notice else ""
    return loaded


def compose(loaded: Loaded, *, now: datetime) -> EmailMultiAlternatives:
    """Return the message of loaded facts. `now` is for words like "tomorrow"."""
    row = loaded.row
    registrant, registration = row.registrant, row.registration
    language = offered_language(row.language)
    for reader in (registrant, loaded.waiting, *loaded.people):
        if reader:
            reader.language = language
    if registration:
        _apply_facts(row, registration)
    if "name" in row.facts:
        _apply_reader(row)
    with translation.override(language):
        message = _COMPOSE[Letter(row.letter)](loaded, now)
    message.extra_headers |= {"Message-ID": f"<{row.message_id}>", "Date": row.created_at}
    return message


def _read_person_and_day(row: OutboxMessage) -> None:
    """Read the person and day of the letter, in one query. Raises NoLongerTrue if the person has been deleted."""
    if row.registration_id:
        registration = with_person_and_day.first(row.registration_id)
        row.registration, row.registrant = registration, registration and registration.registrant
    else:
        row.registrant = person_with_edition.first(row.registrant_id) if row.registrant_id else None
    if row.registrant is None:
        raise NoLongerTrue
    if row.registration:
        row.registration.day.conference = row.registrant.conference


def _check_day(row: OutboxMessage, now: datetime) -> None:
    """Raise what keeps a letter about one day from being sent.

    Services take a version of an entry back when a newer one follows, so one that a worker holds is sent even if its
    person has left the day since: the CANCEL behind it takes it out again. None is behind it where nothing was to reach
    the person at all.
    """
    registration = row.registration
    if registration.news:
        raise NotYet
    has_cancel_behind = row.sequence is not None and registration.is_invited
    if row.letter != Letter.CANCEL and not registration.is_live and not has_cancel_behind:
        raise NoLongerTrue
    if registration.day.has_ended(now) and row.letter != Letter.CANCEL:
        raise TooLate


def _check_place_kept(loaded: Loaded) -> None:
    """See whether the place that stayed when two sign-ups became one has ended since: the mail then says so and why."""
    registration = loaded.row.registration
    if loaded.row.facts.get("twice") != "together":
        return
    kept = Registration.objects.newest_of_same(registration).first()
    if kept.news:
        raise NotYet
    if not kept.is_live and kept != registration:
        loaded.keeps_place, registration.cancelled_by = False, kept.cancelled_by


def _apply_facts(row: OutboxMessage, registration: Registration) -> None:
    if row.starts_at:
        registration.day.starts_at, registration.day.ends_at = row.starts_at, row.ends_at
        registration.invited_starts_at, registration.invited_ends_at = row.starts_at, row.ends_at
    if row.sequence is not None:
        registration.invite_sequence = row.sequence


def _apply_reader(row: OutboxMessage) -> None:
    """Write to the reader of another mailbox, who signed up there under their own name, and not as the one who stays.

    The link to the door is the one that the calendar there has already.
    """
    registrant = row.registrant
    registrant.name, registrant.email, registrant.carer_name = row.facts["name"], row.to_email, ""
    registrant.door_link_version = row.facts["door"]


def _load_pending(loaded: Loaded, now: datetime) -> None:
    row = loaded.row
    rows = Registration.objects.for_person(row.registrant).pending()
    loaded.waiting, loaded.number_waiting = row.registrant, 1
    if row.facts.get("everybody"):
        asked_for = Registration.objects.pending().for_people(Registrant.objects.at_address_of(row.registrant))
        people = _people_of(asked_for)
        loaded.waiting, loaded.number_waiting = next(iter(people), None), len(people)
        one_a_day = asked_for.order_by().values("day").annotate(first=Min("pk")).values("first")
        rows = Registration.objects.with_ids(one_a_day).order_by("day__number")
    loaded.registrations = _still_to_come(rows.with_people(), now)


def _people_of(registrations: RegistrationQuerySet) -> list[Registrant]:
    return list(Registrant.objects.with_registrations(registrations).with_conference().newest_first())


def _load_days(loaded: Loaded, now: datetime) -> None:
    """The days that a confirmation or a reminder names, as far as the person is still on them.

    Raises NotYet while news of one of them waits: an organiser may still take it back.
    """
    row = loaded.row
    rows = Registration.objects.for_person(row.registrant).with_people()
    if "registrations" in row.facts:
        rows = rows.with_ids(row.facts["registrations"])
    if row.letter == Letter.REMINDER and not row.registrant.reminders:
        raise NoLongerTrue
    if any(one.news for one in rows):
        raise NotYet
    held = [one for one in rows if one.is_confirmed or (one.is_waitlisted and row.letter != Letter.REMINDER)]
    loaded.registrations = _still_to_come(held, now)


def _load_people(loaded: Loaded, now: datetime) -> None:
    registrant = loaded.row.registrant
    at_address = Registrant.objects.at_address_of(registrant)
    people = at_address.verified()
    if "people" in loaded.row.facts:
        people = people.with_ids(loaded.row.facts["people"])
    loaded.people = list(people.with_conference().newest_first())
    # An unverified address gets only one kind of mail.
    if not loaded.people:
        raise NoLongerTrue
    if "people" not in loaded.row.facts:
        waiting = _people_of(Registration.objects.pending().taking_place().not_over(now).for_people(at_address))
        loaded.waiting, loaded.number_waiting = next(iter(waiting), None), len({*waiting} - {*loaded.people})


def _load_need(loaded: Loaded, now: datetime) -> None:
    loaded.need = AccessRequest.objects.with_id(loaded.row.facts["need"]).first()
    if loaded.need is None or not loaded.need.answer:
        raise NoLongerTrue


def _load_broadcast(loaded: Loaded, may_have_arrived: bool) -> None:
    """The organisers' message, unless they stopped it or the person no longer matches it."""
    row = loaded.row
    loaded.broadcast = Broadcast.objects.with_id(row.broadcast_id).first()
    if loaded.broadcast is None or loaded.broadcast.is_stopped:
        raise NoLongerTrue
    registrant = row.registrant
    whom, wants_it = loaded.broadcast.whom, loaded.broadcast.is_about_places or registrant.news_mails
    is_one = whom.everybody(registrant.conference_id).with_id(registrant.pk).exists()
    if not may_have_arrived and not (is_one and wants_it and registrant.is_verified):
        raise NoLongerTrue
    loaded.registrations = list(whom.days_of(registrant))


def _check_new_address(loaded: Loaded, now: datetime) -> None:
    row = loaded.row
    new_email = row.registrant.new_email
    # Empty if it counts by now, or if the person keeps the old one.
    if not new_email or (row.letter == Letter.ADDRESS and key_of_address(new_email) != key_of_address(row.to_email)):
        raise NoLongerTrue


def _still_to_come(rows: Iterable[Registration], now: datetime) -> list[Registration]:
    """Raises NoLongerTrue if no day is left, TooLate if some were left and are over."""
    held = [row for row in rows if not row.day.is_called_off]
    to_come = [row for row in held if not row.day.has_ended(now)]
    if not to_come:
        raise TooLate if held else NoLongerTrue
    return to_come


_TO_OTHER_ADDRESSES = (Letter.ADDRESS, Letter.ADDRESS_CHANGED)
_LOAD = {
    Letter.PLEASE_CONFIRM: _load_pending,
    Letter.CONFIRMATION: _load_days,
    Letter.REMINDER: _load_days,
    Letter.LINK: _load_people,
    Letter.NEED_ANSWER: _load_need,
    Letter.ADDRESS: _check_new_address,
    Letter.ADDRESS_ASKED: _check_new_address,
    Letter.ADDRESS_CHANGED: lambda loaded, now: None,
    Letter.PRIVATE: lambda loaded, now: None,
}


def _entry(loaded: Loaded) -> Invite | None:
    """The calendar part of a letter about one day, or None for words alone."""
    row = loaded.row
    if row.sequence is None:
        return None
    make = invites.cancel if row.letter == Letter.CANCEL else invites.request
    return make(row.registration, now=row.created_at)


def _confirmation(loaded: Loaded, now: datetime) -> Mail:
    row = loaded.row
    registrations = [row.registration] if row.registration else loaded.registrations
    return days.write_confirmation(row.registrant, registrations, invite=_entry(loaded))


def _cancellation(loaded: Loaded, now: datetime) -> Mail:
    facts, ended = loaded.row.facts, loaded.row.registration
    return days.write_cancellation(
        ended,
        _entry(loaded),
        why=loaded.why,
        twice=facts.get("twice", "") if loaded.keeps_place else "",
        is_page="name" not in facts,
        can_come_back=ended.day.sign_up_is_open(now),
    )


def _need_answer(loaded: Loaded, now: datetime) -> Mail:
    loaded.need.registrant = loaded.row.registrant
    return needs.write_need_answer(loaded.need)


_COMPOSE = {
    Letter.PLEASE_CONFIRM: lambda it, now: sign_up.write_please_confirm(
        it.waiting, it.registrations, people=it.number_waiting
    ),
    Letter.CONFIRMATION: _confirmation,
    Letter.INVITE: lambda it, now: days.write_invite(it.row.registration, _entry(it)),
    Letter.UPDATE: lambda it, now: days.write_change(it.row.registration, _entry(it), was=it.row.was, why=it.why),
    Letter.CANCEL: _cancellation,
    Letter.PLACE: lambda it, now: days.write_place(it.row.registration, _entry(it), now=now),
    Letter.RESTORED: lambda it, now: days.write_restored(
        it.row.registration, _entry(it), why=it.why, is_new=it.row.facts.get("is_new", False), now=now
    ),
    Letter.LINK: lambda it, now: sign_up.write_page_link(it.people, waiting=it.waiting, people=it.number_waiting),
    Letter.ADDRESS: lambda it, now: new_address.write_please_confirm_address(it.row.registrant),
    Letter.ADDRESS_ASKED: lambda it, now: new_address.write_address_asked(it.row.registrant),
    Letter.ADDRESS_CHANGED: lambda it, now: new_address.write_address_changed(
        it.row.registrant, it.row.to_email, has_entries=it.row.facts.get("has_entries", False)
    ),
    Letter.PRIVATE: lambda it, now: new_address.write_private_link(it.row.registrant, now=now),
    Letter.REMINDER: lambda it, now: reminders.write_reminder(it.row.registrant, it.registrations, now=now),
    Letter.NEED_ANSWER: _need_answer,
    Letter.BROADCAST: lambda it, now: broadcasts.write_broadcast(
        it.broadcast, it.row.registrant, it.registrations, now=now
    ),
}
