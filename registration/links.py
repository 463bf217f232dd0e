"""Personal links: one unguessable token per purpose, none of them stored.

A token is a random public id and a keyed hash of it (HMAC-SHA256 with SECRET_KEY, cut to 128 bits). A copy of the
database opens no page. A token of one purpose opens nothing else: the join link in a shared calendar cannot reach
the page on which somebody's name and days stand.
"""

import base64
import binascii
import hmac
import uuid

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

from registration.addresses import key_of_address
from registration.models import Registrant, Registration

_MAC_BYTES = 16


class BadToken(Exception):
    """The token is not one of ours, or it was replaced by a newer one."""


def _mac(purpose, public_id, state, secret=None):
    """The keyed hash that proves a token. `state` is what ends it when it changes: a version, an address."""
    message = f"{public_id.hex}:{state}"
    return salted_hmac(f"pxp.{purpose}", message, secret=secret, algorithm="sha256").digest()[:_MAC_BYTES]


def _token(purpose, public_id, state):
    raw = public_id.bytes + _mac(purpose, public_id, state)
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _public_id(token):
    """The id that a token names, not yet proved, and its proof. Raises BadToken where it cannot be a token."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise BadToken from None
    if len(raw) != 16 + _MAC_BYTES:
        raise BadToken
    return uuid.UUID(bytes=raw[:16]), raw[16:]


def _prove(purpose, public_id, state, mac):
    """Raises BadToken unless `mac` was made with today's SECRET_KEY or one of SECRET_KEY_FALLBACKS."""
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        if hmac.compare_digest(mac, _mac(purpose, public_id, state, secret)):
            return
    raise BadToken


# What ends a token of each purpose: a newer version of the link, or another address.
_STATES = {
    # With the page's version: confirming leads to somebody's own page, so a new link there ends this one too.
    "confirm": lambda registrant: f"{registrant.email_key}:{registrant.page_link_version}",
    # The same before and after it counts, so that a second press says so.
    "address": lambda registrant: key_of_address(registrant.new_email or registrant.email),
    "my": lambda registrant: registrant.page_link_version,
    "calendar": lambda registrant: registrant.calendar_link_version,
    "unsubscribe": lambda registrant: registrant.email_key,
}


def token(purpose, registrant):
    """The token that opens `purpose` (one of `_STATES`) for this person."""
    return _token(purpose, registrant.public_id, _STATES[purpose](registrant))


def registrant_by_token(purpose, token):
    """The registrant whom a token of `purpose` names, with the conference loaded. Raises BadToken.

    Only "confirm" opens for somebody who has not shown that the address is theirs.
    """
    public_id, mac = _public_id(token)
    registrant = Registrant.objects.known_as(public_id).with_conference().first()
    if registrant is None:
        raise BadToken
    _prove(purpose, public_id, _STATES[purpose](registrant), mac)
    if purpose != "confirm" and not registrant.is_verified:
        raise BadToken
    return registrant


def join_token(registration):
    """The token of one person's door to one day. It opens that door and nothing else."""
    return _token("join", registration.reference, "")


def registration_by_join_token(token):
    """The registration whose door a join token opens. Raises BadToken.

    A person has one door to a day: the link from before they dropped it opens it again when they come back.
    """
    reference, mac = _public_id(token)
    _prove("join", reference, "", mac)
    registration = Registration.objects.known_as(reference).with_people().first()
    if registration is None:
        raise BadToken
    if registration.is_cancelled:
        return Registration.objects.newest_of_same(registration).with_people().first()
    return registration


def absolute(path):
    """`path` on the public site, for mails and calendars."""
    return settings.SITE_URL.rstrip("/") + path


def confirm_url(registrant):
    """Where somebody confirms their address and days. Absolute."""
    return absolute(reverse("registration:confirm", args=[token("confirm", registrant)]))


def my_url(registrant):
    """The person's own page. Absolute; only ever sent to their verified address."""
    return absolute(reverse("registration:my", args=[token("my", registrant)]))


def calendar_page_url(registrant):
    """The page with all ways into a calendar, for the person alone. Absolute."""
    return absolute(reverse("registration:my-calendar", args=[token("my", registrant)]))


def address_url(registrant):
    """Where the reader of a new address lets it count. Absolute; only ever sent to that address."""
    return absolute(reverse("registration:address", args=[token("address", registrant)]))


def unsubscribe_url(registrant):
    """Where somebody ends the reminders with one press (RFC 8058). Absolute."""
    return absolute(reverse("registration:unsubscribe", args=[token("unsubscribe", registrant)]))


def join_url(registration):
    """The day's door for one person. Absolute; safe to stand in a calendar that others see."""
    return absolute(reverse("registration:join", args=[join_token(registration)]))


def calendar_url(registrant):
    """The person's own calendar feed. Absolute."""
    return absolute(reverse("registration:calendar", args=[token("calendar", registrant)]))
