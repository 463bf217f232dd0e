"""The adapter for django-allauth, which keeps second factors (app codes, recovery codes, passkeys) and nothing else."""

import base64
import time

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.safestring import mark_safe

ISSUER = "PxP"
RECENT_SECONDS = 10 * 60


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by hand: nobody signs up, and no mail goes out from here."""

    def is_open_for_signup(self, request):
        return False

    def get_login_redirect_url(self, request):
        return reverse("admin:index")

    def is_reauthentication_required(self, *, app):
        """Whether the password must be typed once more: not within minutes of the last time, as at the login."""
        records = get_authentication_records(context.request, context.request.user)
        # Nor one from a clock that was ahead.
        return all(abs(time.time() - record["at"]) > RECENT_SECONDS for record in records)

    def add_message(self, *args, **kwargs):
        """Say nothing: our pages show what was done."""

    def send_notification_mail(self, *args, **kwargs):
        """Write nothing: what changes about an account is in the history (`registration.models.history`)."""


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps the secrets of second factors encrypted, so a copy of the database gives none away."""

    def encrypt(self, text):
        return _keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        return _keys().decrypt(encrypted_text.encode()).decode()

    def build_totp_svg(self, url):
        """Return the QR code as SVG to put into the page. It is safe: it is drawn from the key, and nobody typed it."""
        svg = super().build_totp_svg(url)
        return mark_safe(svg[svg.index("<svg") :])  # noqa: S308 drawn by the qrcode package

    def _get_site_name(self):
        return ISSUER


def _keys():
    """Today's key first; older ones (SECRET_KEY_FALLBACKS) only read."""
    return MultiFernet([_key(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret):
    digest = salted_hmac("pxp.second-factor", "", secret=secret, algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(digest))
