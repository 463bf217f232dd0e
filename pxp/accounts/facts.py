"""What each organisers' page asks about the account that opens it, in one query."""

from typing import NamedTuple
from zoneinfo import ZoneInfo

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef

from conference.clock import is_zone

# Recovery codes alone are no second factor.
KINDS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
SECOND_FACTORS = Authenticator.objects.filter(user=OuterRef("pk"), type__in=KINDS)


class AccountFacts(NamedTuple):
    """The ZoneInfo in which an account works, or None while it has not said, and whether it has an app or a passkey."""

    zone: ZoneInfo | None
    has_second_factor: bool


def shows_second_factor(user):
    """Whether an account, loaded with its `authenticator_set`, has a second factor: for lists of accounts."""
    return any(row.type in KINDS for row in user.authenticator_set.all())


def facts_of(user):
    """Ask for an account's AccountFacts; they are kept on `user`, which lives as long as a request."""
    if not hasattr(user, "_account_facts"):
        row = User.objects.filter(pk=user.pk).values_list("organiser__time_zone", Exists(SECOND_FACTORS)).first()
        name, has_second_factor = row or ("", False)
        zone = ZoneInfo(name) if name and is_zone(name) else None
        user._account_facts = AccountFacts(zone, has_second_factor)
    return user._account_facts
