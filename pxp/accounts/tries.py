"""Login attempts: counted by network and by account, and logged without names in clear text."""

import logging
from datetime import timedelta

from django.utils import timezone
from django.utils.crypto import salted_hmac

from registration.abuse import limits

logger = logging.getLogger(__name__)

CODE_LASTS = timedelta(seconds=90)  # RFC 6238, with MFA_TOTP_TOLERANCE


def minutes_to_wait(request, username):
    """Return how many minutes this network must wait before it tries this account again; 0 for none."""
    now, network = timezone.now(), limits.network_of(request)
    return max(limits.minutes_left(limit, key, now=now) for limit, key in _counts(username, network))


def note_failure(request, username):
    """Count a wrong password or code. The log gets hashes that are the same for the same account and network."""
    now, network = timezone.now(), limits.network_of(request)
    for limit, key in _counts(username, network):
        limits.note(limit, key, now=now)
    logger.warning("A login failed: account %s, network %s", _pseudonym(username.casefold()), _pseudonym(network))


def use_code(user, code):
    """Note that an account used a code of its app. Return whether that was its first use."""
    key, now = f"{user.pk}\n{''.join(code.split())}", timezone.now()
    was_used = limits.minutes_left(limits.CODES, key, now=now - CODE_LASTS)  # in another window of the count
    return limits.note(limits.CODES, key, now=now) == 1 and not was_used


def forget_failures(username):
    """Let an account be tried from everywhere again: its owner set a new password by mail."""
    limits.forget(limits.LOGINS_PER_ACCOUNT, username.casefold())


def _counts(username, network):
    name = username.casefold()
    return [
        (limits.LOGINS_PER_NETWORK, network),
        (limits.LOGINS_PER_ACCOUNT_AND_NETWORK, f"{name}\n{network}"),
        (limits.LOGINS_PER_ACCOUNT, name),
    ]


def _pseudonym(text):
    return salted_hmac("pxp.log", text, algorithm="sha256").hexdigest()[:10]
