"""Personal links: one unguessable token per purpose, none of them stored.

A token is a random public id and a keyed hash of it (HMAC-SHA256 with SECRET_KEY, cut to 128 bits). A copy of the
database opens no page. A token of one purpose opens nothing else: the join link in a shared calendar cannot reach
the page with the person's name and days.
"""

import base64
import binascii
import hmac
import uuid
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

from registration.addresses import key_of_address
from registration.models import Merge, Registrant, Registration
from registration.models.registrants import person_known_as

_MAC_BYTES = 16
_ID_CHARACTERS = 22  # of base64, for 16 bytes
_TIME_BYTES = 5
PRIVATE_FOR = timedelta(hours=24)


class BadToken(Exception):
    """The token is not one of ours, or it was replaced by a newer one."""


class Replaced(BadToken):
    """The token opened a door until the person took a new link."""


class TooOld(BadToken):
    """The token has expired."""


def _mac(purpose: str, public_id: uuid.UUID, state: str | int, secret: str | bytes | None = None) -> bytes:
    """The keyed hash that proves a token. `state` is what ends it when it changes: a version, an address."""
    message = f"{public_id.hex}:{state}"
    return salted_hmac(f"pxp.{purpose}", message, secret=secret, algorithm="sha256").digest()[:_MAC_BYTES]


def _token(purpose: str, public_id: uuid.UUID, state: str | int) -> str:
    raw = public_id.bytes + _mac(purpose, public_id, state)
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _decode(token: str) -> bytes:
    try:
        return base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise BadToken from None


def _public_id(token: str) -> tuple[UUID, bytes]:
    """The id that a token names, not yet proved, and its proof. Raises BadToken if it cannot be a token."""
    raw = _decode(token)
    if len(raw) != 16 + _MAC_BYTES:
        raise BadToken
    return uuid.UUID(bytes=raw[:16]), raw[16:]


def _prove(purpose: str, public_id: uuid.UUID, state: str | int, mac: bytes) -> None:
    """Raises BadToken unless `mac` was made with today's SECRET_KEY or one of SECRET_KEY_FALLBACKS."""
    if not _is_proved(purpose, public_id, state, mac):
        raise BadToken


def _is_proved(purpose: str, public_id: uuid.UUID, state: str | int, mac: bytes) -> bool:
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return any(hmac.compare_digest(mac, _mac(purpose, public_id, state, secret)) for secret in secrets)


# What invalidates a token of each purpose: a newer version of the link, or another address.
_STATES = {
    # With the page's version: confirming leads to the person's own page, so a new link there ends this one too.
    "confirm": lambda registrant: f"{registrant.email_key}:{registrant.page_link_version}",
    # The same before and after the change, so a second click can say that it is done.
    "address": lambda registrant: key_of_address(registrant.new_email or registrant.email),
    "my": lambda registrant: registrant.page_link_version,
    "calendar": lambda registrant: registrant.calendar_link_version,
    "unsubscribe": lambda registrant: registrant.email_key,
}


def token(purpose: str, registrant: Registrant) -> str:
    """The token that opens `purpose` (one of `_STATES`) for this person."""
    return _token(purpose, registrant.public_id, _STATES[purpose](registrant))


def registrant_by_token(purpose: str, token: str) -> Registrant:
    """Return the registrant of a token of `purpose`, with the conference loaded. Raises BadToken.

    Only "confirm" opens before the person has confirmed the address. A token of a second sign-up in the same mailbox
    opens the sign-up that it became part of, as long as that one has the links from then.
    """
    public_id, mac = _public_id(token)
    registrant = person_known_as.first(public_id)
    known_as = registrant
    if registrant is None:
        registrant, known_as = _part_of(public_id)
    _prove(purpose, public_id, _STATES[purpose](known_as), mac)
    if purpose != "confirm" and not registrant.is_verified:
        raise BadToken
    return registrant


def language_named_by(token: str) -> str:
    """The language of the person whom a token names, proved or not, also one that a mail program cut; "" for nobody.

    For the page that says that a link does not work. Only who had the link knows the random id in it.
    """
    try:
        public_id = uuid.UUID(bytes=_decode(token[:_ID_CHARACTERS])[:16])
    except (BadToken, ValueError):
        return ""
    person = Registrant.objects.known_as(public_id).first()
    registration = None if person else Registration.objects.known_as(public_id).with_people().first()
    return person.language if person else registration.registrant.language if registration else ""


def _part_of(public_id: uuid.UUID) -> tuple[Registrant, Registrant]:
    """Return (the person of whom a sign-up became part, what its own links were made of). Raises BadToken."""
    merge = Merge.objects.for_public_id(public_id).filter(leads_on=True).first()
    if merge is None:
        raise BadToken
    kept = merge.kept
    then = (merge.kept_page_link_version, merge.kept_calendar_link_version)
    if (kept.page_link_version, kept.calendar_link_version) != then:
        raise BadToken
    return kept, Registrant(
        public_id=public_id,
        email=kept.email,
        email_key=kept.email_key,
        page_link_version=merge.page_link_version,
        calendar_link_version=merge.calendar_link_version,
    )


def private_token(registrant: Registrant, *, now: datetime) -> str:
    """The token that opens all that we hold about a person, until PRIVATE_FOR after the UTC instant `now`."""
    made_at = int(now.timestamp())
    mac = _mac("private", registrant.public_id, _private_state(registrant, made_at))
    raw = registrant.public_id.bytes + mac + made_at.to_bytes(_TIME_BYTES)
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def registrant_by_private_token(token: str, *, now: datetime) -> Registrant:
    """Return the verified registrant of a private token. Raises BadToken, TooOld at the UTC instant `now`."""
    raw = _decode(token)
    if len(raw) != 16 + _MAC_BYTES + _TIME_BYTES:
        raise BadToken
    mac, made_at = raw[16:-_TIME_BYTES], int.from_bytes(raw[-_TIME_BYTES:])
    registrant = Registrant.objects.known_as(uuid.UUID(bytes=raw[:16])).with_conference().first()
    if registrant is None or not registrant.is_verified:
        raise BadToken
    _prove("private", registrant.public_id, _private_state(registrant, made_at), mac)
    # One from the future was made by a clock that was ahead: it would stay valid until that time comes.
    if abs(now.timestamp() - made_at) > PRIVATE_FOR.total_seconds():
        raise TooOld
    return registrant


def _private_state(registrant: Registrant, made_at: int) -> str:
    # A new address and a new link end it, as they end the page's own.
    return f"{registrant.email_key}:{registrant.page_link_version}:{made_at}"


def join_token(registration: Registration) -> str:
    """The token of one person's door to one day. It opens that door and nothing else."""
    return _token("join", registration.reference, _door_state(registration.registrant.door_link_version))


def _door_state(version: int) -> int | str:
    # Empty for the first, as in calendars from before doors had versions.
    return "" if version == 1 else version


def registration_by_join_token(token: str) -> Registration:
    """The registration whose door a join token opens. Raises BadToken, Replaced.

    A person has one door to a day: the link from before they dropped it opens it again when they come back. After they
    took a new link it opens no more.
    """
    reference, mac = _public_id(token)
    registration = Registration.objects.known_as(reference).with_people().first()
    if registration is None:
        raise BadToken
    version = registration.registrant.door_link_version
    if any(_is_proved("join", reference, _door_state(older), mac) for older in range(1, version)):
        raise Replaced
    _prove("join", reference, _door_state(version), mac)
    if registration.is_cancelled:
        return Registration.objects.newest_of_same(registration).with_people().first()
    return registration


def absolute(path: str) -> str:
    """`path` on the public site, for mails and calendars."""
    return settings.SITE_URL.rstrip("/") + path


def confirm_url(registrant: Registrant) -> str:
    """The link to confirm one's address and days. Absolute."""
    return absolute(reverse("registration:confirm", args=[token("confirm", registrant)]))


def my_url(registrant: Registrant) -> str:
    """The person's own page. Absolute; only ever sent to their verified address."""
    return absolute(reverse("registration:my", args=[token("my", registrant)]))


def calendar_page_url(registrant: Registrant) -> str:
    """The page with all ways into a calendar, for the person alone. Absolute."""
    return absolute(reverse("registration:my-calendar", args=[token("my", registrant)]))


def address_url(registrant: Registrant) -> str:
    """The link to confirm a new address. Absolute; only ever sent to that address."""
    return absolute(reverse("registration:address", args=[token("address", registrant)]))


def private_url(registrant: Registrant, *, now: datetime) -> str:
    """The link to see, download or delete one's data, for a day from the UTC instant `now`. Absolute."""
    return absolute(reverse("registration:private", args=[private_token(registrant, now=now)]))


def unsubscribe_url(registrant: Registrant) -> str:
    """The link to stop reminders with one press (RFC 8058). Absolute."""
    return absolute(reverse("registration:unsubscribe", args=[token("unsubscribe", registrant)]))


def news_unsubscribe_url(registrant: Registrant) -> str:
    """The link to stop messages that are not about one's own place, with one press (RFC 8058). Absolute."""
    return absolute(reverse("registration:unsubscribe-news", args=[token("unsubscribe", registrant)]))


def join_url(registration: Registration) -> str:
    """The day's door for one person. Absolute; safe in a calendar that others see."""
    return absolute(reverse("registration:join", args=[join_token(registration)]))


def calendar_url(registrant: Registrant) -> str:
    """The person's own calendar feed. Absolute."""
    return absolute(reverse("registration:calendar", args=[token("calendar", registrant)]))
