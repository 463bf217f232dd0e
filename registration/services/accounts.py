"""Mails to organisers' accounts. They bypass the outbox, which is for attendees and visible to organisers.

A row names the account; the worker makes the link, sends the mail through Django's mailer, and deletes the row. So a
page takes the same time for every address, and the database contains no link.
"""

from datetime import datetime
from importlib import import_module

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conference.models import Conference
from conference.models.editions import one_at_work
from registration.addresses import ascii_address
from registration.groups import ROLES
from registration.models import AccessRequest, AccountLetter, AccountMailKind

from .direct_mails import send_waiting
from .invitations import VALID_FOR, invitations

__all__ = ["AccountMailKind", "clear_sessions", "send_letters", "write_to"]


def write_to(user: User, kind: AccountMailKind, *, now: datetime) -> None:
    """Let the worker send an account a mail of this kind. `now` is a UTC instant."""
    AccountLetter.objects.create(user=user, kind=kind, asked_at=now)


def send_letters(*, now: datetime) -> int:
    """Send what waits, as `send_waiting` says. Returns how many were sent or given up."""
    return send_waiting(AccountLetter.objects.select_related("user"), _send, now=now)


def clear_sessions() -> int:
    """Delete the sessions that have ended. Returns 0: once a night is enough."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    return 0


def _new_password(user: User) -> tuple[str, str]:
    key = urlsafe_base64_encode(force_bytes(user.pk))
    path = reverse("password_reset_confirm", args=[key, default_token_generator.make_token(user)])
    text = _(
        "Hello %(name)s\n\n"
        "Someone asked for a new password for your account at %(site)s.\n\n"
        "Set a new password here, within 24 hours:\n%(url)s\n\n"
        "Not you? Then do nothing. Your password stays the same."
    )
    values = {"name": user.get_username(), "site": settings.SITE_URL, "url": settings.SITE_URL + path}
    return _("Set a new password"), text % values


def _second_factor_reset(user: User) -> tuple[str, str]:
    text = _(
        "Hello %(name)s\n\n"
        "Someone on your team removed the second factor of your account at %(site)s.\n\n"
        "Next time, log in with your password, then set up a new one.\n\n"
        "Did you not ask for this? Tell your team now, and set a new password:\n%(url)s"
    )
    url = settings.SITE_URL + reverse("admin_password_reset")
    return _("Your second factor was removed"), text % {
        "name": user.get_username(),
        "site": settings.SITE_URL,
        "url": url,
    }


def _invitation(user: User) -> tuple[str, str]:
    key = urlsafe_base64_encode(force_bytes(user.pk))
    path = reverse("organisers-invitation", args=[key, invitations.make_token(user)])
    groups = set(user.groups.values_list("name", flat=True))
    roles = [f"- {name}: {words}" for group, (name, words) in ROLES.items() if group in groups]
    text = _(
        "Hello %(name)s\n\n"
        "The team behind %(site)s invites you to join it.\n\n"
        "Choose your password here, within %(days)d days:\n%(url)s\n\n"
        "Then log in with the name %(name)s.\n\n"
        "What you will do:\n%(roles)s\n\n"
        "Did you not expect this? Then do nothing. Nobody can log in with your name."
    )
    values: dict[str, object] = {
        "name": user.get_username(),
        "site": settings.SITE_URL,
        "url": settings.SITE_URL + path,
    }
    values |= {"days": VALID_FOR.days, "roles": "\n".join(roles)}
    return _("You are invited to the team"), text % values


def _needs_wait(user: User) -> tuple[str, str] | None:
    edition = one_at_work(list(Conference.objects.in_order_of_years()), timezone.now())
    number = AccessRequest.objects.new().for_edition(edition).count()
    if not number:
        return None  # answered in the meantime
    text = ngettext(
        "Hello %(name)s\n\n"
        "People told us what they need to take part, and %(n)d of them has no answer yet.\n\n"
        "You are on the Access team, so you can read and answer them:\n%(url)s",
        "Hello %(name)s\n\n"
        "People told us what they need to take part, and %(n)d of them have no answer yet.\n\n"
        "You are on the Access team, so you can read and answer them:\n%(url)s",
        number,
    )
    url = settings.SITE_URL + reverse("admin:registration_accessrequest_changelist", query={"state": "new"})
    values = {"name": user.get_username(), "n": number, "url": url}
    return _("Access requests wait for an answer"), text % values


_TEXTS = {
    AccountMailKind.NEW_PASSWORD: _new_password,
    AccountMailKind.SECOND_FACTOR_RESET: _second_factor_reset,
    AccountMailKind.INVITATION: _invitation,
    AccountMailKind.NEEDS_WAIT: _needs_wait,
}


def _send(letter: AccountLetter) -> None:
    words = _TEXTS[AccountMailKind(letter.kind)](letter.user)
    if words and letter.user.email:
        send_mail(*words, settings.DEFAULT_FROM_EMAIL, [ascii_address(letter.user.email)])
