"""The link by which an invited organiser sets the first password: signed, for 14 days, and good for once."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.core.signing import BadSignature, TimestampSigner
from django.utils.crypto import constant_time_compare, salted_hmac

LASTS = timedelta(days=14)


class InvitationTokens:
    """Makes and checks the key in the link; Django's views of passwords take it in place of their own."""

    signer = TimestampSigner(salt="pxp.invitation")

    def make_token(self, user: User) -> str:
        """Return a key for this account. It ends with the first password, the next address, or after `LASTS`."""
        return self.signer.sign(self._mark(user))

    def check_token(self, user: User | None, token: str | None) -> bool:
        """Whether the key is for this account, and still good. Nobody who has a password uses an invitation."""
        if user is None or not token or not user.is_active or user.has_usable_password():
            return False
        try:
            mark = self.signer.unsign(token, max_age=LASTS)
        except BadSignature:
            return False
        return constant_time_compare(mark, self._mark(user))

    def _mark(self, user: User) -> str:
        """Return what changes with the account. An account without a password has random letters in its place."""
        words = f"{user.pk}\n{user.password}\n{user.email}"
        return salted_hmac("pxp.invitation", words, algorithm="sha256").hexdigest()


invitations = InvitationTokens()
