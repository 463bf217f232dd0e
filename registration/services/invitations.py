"""The link with which an invited organiser sets the first password: signed, valid for 14 days and one use."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.core.signing import BadSignature, TimestampSigner
from django.utils.crypto import constant_time_compare, salted_hmac

VALID_FOR = timedelta(days=14)


class InvitationTokens:
    """Makes and checks the token in the link; used in Django's password views instead of their own."""

    signer = TimestampSigner(salt="pxp.invitation")

    def make_token(self, user: User) -> str:
        """Return a token for this account. It expires with the first password, a new address, or after `VALID_FOR`."""
        return self.signer.sign(self._mark(user))

    def check_token(self, user: User | None, token: str | None) -> bool:
        """Whether the token is valid for this account. Accounts with a password cannot use an invitation."""
        if user is None or not token or not user.is_active or user.has_usable_password():
            return False
        try:
            mark = self.signer.unsign(token, max_age=VALID_FOR)
        except BadSignature:
            return False
        return constant_time_compare(mark, self._mark(user))

    def _mark(self, user: User) -> str:
        """Return what changes with the account. An unusable password is random, so it can be part of it."""
        words = f"{user.pk}\n{user.password}\n{user.email}"
        return salted_hmac("pxp.invitation", words, algorithm="sha256").hexdigest()


invitations = InvitationTokens()
