"""Signing up: from a sent form to pending registrations and one mail."""

from dataclasses import dataclass, field

from django.db import IntegrityError, transaction

from conference.models import Day
from registration import outbox
from registration.models import AccessRequest, Registrant, Registration
from registration.models.registrants import key_of
from registration.status import NeedState

from .errors import RegistrationClosed


@dataclass(frozen=True)
class Person:
    """What somebody says of themselves on the form, as typed."""

    name: str
    email: str
    time_zone: str
    country: str = ""
    language: str = "en"
    roles: list[str] = field(default_factory=list)
    role_words: str = ""


def sign_up(conference, *, person, days, needs="", now):
    """Write a registrant, a pending registration for each of `days`, and one "please confirm" mail.

    All of it commits together or not at all. Somebody who is known with this address and name gets the new
    days on the same row; what they told us before is kept once their address is verified, since anybody can
    fill in this form with anybody's address. `needs` waits, unread, until the person confirms.

    Args:
        conference: the edition.
        person: a `Person`.
        days: `Day` rows of that edition, at least one.
        needs: what they need to take part, in their words; empty for nothing.
        now: the UTC instant of the request.

    Returns the registrant. Raises RegistrationClosed when one of the days takes no sign-ups now. Sends one mail to
    the address.
    """
    if not all(day.sign_up_is_open(now) for day in days):
        raise RegistrationClosed
    with transaction.atomic():
        registrant = _find_or_create(conference, person, now)
        on_days = set(Registration.objects.of(registrant).live().values_list("day_id", flat=True))
        Registration.objects.bulk_create(
            Registration(registrant=registrant, day=day, created_at=now)
            for day in sorted(days, key=lambda day: day.number)
            if day.pk not in on_days
        )
        if needs.strip():
            AccessRequest.objects.create(
                registrant=registrant,
                words=needs.strip(),
                state=NeedState.UNCONFIRMED,
                consented_at=now,
                created_at=now,
            )
        outbox.queue_please_confirm(registrant, now=now)
    return registrant


def _find_or_create(conference, person, now):
    """The locked row of this person, made if it is not there. Two at once end on the same row."""
    known = Registrant.objects.at(conference).with_address(person.email).named(person.name)
    registrant = known.locked().first()
    if registrant is None:
        try:
            with transaction.atomic():
                return Registrant.objects.create(
                    conference=conference,
                    name=person.name,
                    name_key=key_of(person.name),
                    email=person.email,
                    email_key=key_of(person.email),
                    created_at=now,
                    **_details(person),
                )
        except IntegrityError:
            registrant = known.locked().get()
    if not registrant.is_verified:
        for name, value in _details(person).items():
            setattr(registrant, name, value)
        registrant.save(update_fields=list(_details(person)))
    return registrant


def _details(person):
    """What the newest form of a person replaces as long as nobody verified the address."""
    return {
        "country": person.country,
        "time_zone": person.time_zone,
        "language": person.language,
        "roles": person.roles,
        "role_words": person.role_words,
    }


def days_of(conference, numbers):
    """The edition's days that bear one of `numbers`, in order."""
    return list(Day.objects.of(conference).numbered(numbers).with_conference())
