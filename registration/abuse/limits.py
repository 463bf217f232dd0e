"""Rate limits against abuse that still let a whole hospital behind one IP address sign up.

Counted in the database, so they hold across processes and machines. Keys are keyed hashes, so the table names neither a
network nor an address. Whether an address is registered makes no difference, so no limit reveals it.
"""

import ipaddress
import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.utils.crypto import salted_hmac

from registration.models import AttemptCount


@dataclass(frozen=True)
class Limit:
    """At most `most` tries in `minutes` minutes, counted in windows of that length."""

    name: str
    most: int
    minutes: int

    @property
    def window(self):
        return timedelta(minutes=self.minutes)


# Submitted forms, valid or not. Above this, a bot may be among the people behind one IP address, so each form is
# checked more closely (views/slow_down.py); none is refused for good.
FORMS_PER_NETWORK = Limit("form-network", most=200, minutes=10)
# Wrong passwords and codes of organisers. An attack from many networks locks out the account's owner for an hour at
# most, and not at all if they set a new password by mail.
LOGINS_PER_NETWORK = Limit("login-network", most=30, minutes=10)
LOGINS_PER_ACCOUNT_AND_NETWORK = Limit("login-account-network", most=8, minutes=15)
LOGINS_PER_ACCOUNT = Limit("login-account", most=60, minutes=60)
CODES = Limit("login-code", most=1, minutes=10)
PASSWORDS_PER_NETWORK = Limit("password-network", most=30, minutes=60)
PASSWORDS_PER_ADDRESS = Limit("password-address", most=3, minutes=60)


class TooManyTries(Exception):
    """A limit is reached. `minutes`: after how many whole minutes to try again."""

    def __init__(self, minutes):
        super().__init__(minutes)
        self.minutes = minutes


def count(limit, key, *, now):
    """Count one try of `key` (an address, a network, an id) under `limit` at the UTC instant `now`.

    Returns how many that makes in this window. Raises TooManyTries when it is more than the limit allows.
    """
    tries = note(limit, key, now=now)
    if tries > limit.most:
        raise TooManyTries(_minutes_to_end(limit, now))
    return tries


def note(limit, key, *, now):
    """Count one try as `count` does, whatever the limit says. Returns how many that makes in this window."""
    return AttemptCount.objects.count_one(limit.name, _hidden(limit, key), _window_start(limit, now))


def minutes_left(limit, key, *, now):
    """Return after how many whole minutes `key` may try again under `limit`; 0 while the limit is not used up."""
    row = AttemptCount.objects.within(limit.name, _hidden(limit, key), _window_start(limit, now)).first()
    return _minutes_to_end(limit, now) if row is not None and row.count >= limit.most else 0


def forget(limit, key):
    """Let `key` begin again under `limit`."""
    AttemptCount.objects.filter(limit=limit.name, key=_hidden(limit, key)).delete()


def network_of(request):
    """The network a request comes from: an IPv4 address, or the first 64 bits of an IPv6 one.

    Behind proxies the visitor's address is the one that the outermost of the `PROXY_COUNT` trusted ones wrote
    into X-Forwarded-For; anyone can forge what is before it. Some add a port, and servers that
    listen on both kinds of addresses write an IPv4 one as ::ffff:203.0.113.9.
    """
    address = request.META.get("REMOTE_ADDR", "")
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    if 0 < settings.PROXY_COUNT <= len(forwarded):
        address = forwarded[-settings.PROXY_COUNT]
    try:
        ip = ipaddress.ip_address(_without_port(address))
    except ValueError:
        return "unknown"
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return str(ipaddress.IPv6Network((int(ip), 64), strict=False)) if ip.version == 6 else str(ip)


def _without_port(address):
    if address.startswith("["):
        return address[1:].partition("]")[0]
    return address.partition(":")[0] if address.count(":") == 1 else address


def _hidden(limit, key):
    return salted_hmac(f"pxp.limit.{limit.name}", key, algorithm="sha256").hexdigest()


def _minutes_to_end(limit, now):
    return math.ceil((_window_start(limit, now) + limit.window - now) / timedelta(minutes=1))


def _window_start(limit, now):
    seconds = limit.window.total_seconds()
    return datetime.fromtimestamp(now.timestamp() // seconds * seconds, tz=UTC)
