"""Pages of accounts that are not django-allauth's: in and out, and a new password by mail."""

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from django.contrib import admin
from django.contrib.auth.forms import PasswordResetForm
from django.contrib.auth.views import (
    PasswordResetCompleteView,
    PasswordResetConfirmView,
    PasswordResetDoneView,
    PasswordResetView,
)
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from conference.admin.form_fields import PastedAddressField
from registration.abuse import limits
from registration.models.history import note
from registration.services.accounts import AccountMailKind, write_to
from registration.services.invitations import invitations

from .tries import forget_failures


def login(request):
    """The organisers' login page, under the name by which django-allauth knows it."""
    return admin.site.login(request)


def logout(request):
    """Logging out, under the name by which django-allauth knows it."""
    return admin.site.admin_view(admin.site.logout)(request)


def require_organiser(view):
    """Return the view, closed to everybody who is not logged in as an organiser."""

    @never_cache
    def wrapper(request, *args, **kwargs):
        return admin.site.admin_view(view)(request, *args, **kwargs)

    return wrapper


class PasswordByMailForm(PasswordResetForm):
    """Takes an address. The worker writes to the accounts that have it, so the answer's time tells nothing."""

    email = PastedAddressField(label=_("Email address"))

    def save(self, **kwargs):
        """Note the address to write to. The answer does not tell whether an account has it."""
        now = timezone.now()
        for user in self.get_users(self.cleaned_data["email"]):
            write_to(user, AccountMailKind.NEW_PASSWORD, now=now)


class OnOurSite:
    """Mixed into Django's pages about passwords: they are pages of the organisers' site, with its name in the title."""

    def get_context_data(self, **kwargs):
        return admin.site.each_context(self.request) | super().get_context_data(**kwargs)


class AskForPassword(OnOurSite, PasswordResetView):
    """Asks for the address of an account. Each network and address may ask a few times an hour."""

    form_class = PasswordByMailForm

    def form_valid(self, form):
        """Go on to the same page for every address; after too many tries no mail is written."""
        now = timezone.now()
        try:
            limits.count(limits.PASSWORDS_PER_NETWORK, limits.network_of(self.request), now=now)
            limits.count(limits.PASSWORDS_PER_ADDRESS, form.cleaned_data["email"].casefold(), now=now)
        except limits.TooManyTries as error:
            words = ngettext(
                "Too many requests. Try again in %(n)d minute.",
                "Too many requests. Try again in %(n)d minutes.",
                error.minutes,
            )
            form.add_error(None, words % {"n": error.minutes})
            response = self.form_invalid(form)
            response.status_code = 429
            return response
        return super().form_valid(form)


class PasswordIsOnItsWay(OnOurSite, PasswordResetDoneView):
    """Says that a mail comes if an account has the address."""


class PasswordIsSet(OnOurSite, PasswordResetCompleteView):
    """Says so, and leads to the login: after a forgotten password, and after an invitation."""

    title = _("Your password is set")


class SetPassword(OnOurSite, PasswordResetConfirmView):
    """Takes the new password. The second factor stays: the next login asks for it."""

    def form_valid(self, form):
        """Save it, on record, and let the account be tried again at once."""
        note(self.user, self.user, str(_("Set a new password by mail")))
        forget_failures(self.user.get_username())
        return super().form_valid(form)


class AcceptInvitation(PasswordResetConfirmView):
    """Takes the first password of an organiser who was invited. The second factor is asked for at the first login."""

    token_generator = invitations
    reset_url_token = "password"  # noqa: S105 the end of an address, in place of the key in it
    template_name = "organisers/invitation.html"
    title = _("Choose your password")

    def get_context_data(self, **kwargs):
        """Return what the page needs; Django's own title for a link that does not work is about lost passwords."""
        context = super().get_context_data(**kwargs)
        return context if self.validlink else context | {"title": _("This invitation does not work")}

    def form_valid(self, form):
        """Save it, on record."""
        note(self.user, self.user, str(_("Accepted the invitation")))
        return super().form_valid(form)


class OnRecord:
    """Mixed into a page of django-allauth that changes second factors: the history says who did what."""

    history_words = ""
    shows_it = False  # whether it has just been used, so this session need not show it once more

    def form_valid(self, form):
        response = super().form_valid(form)
        user = self.request.user
        if self.shows_it:
            record_authentication(self.request, user, "mfa")
        note(user, user, str(self.history_words))
        return response


class SwitchOnApp(OnRecord, ActivateTOTPView):
    """Sets up an app with codes."""

    history_words, shows_it = _("Set up an app as second factor"), True


class SwitchOffApp(OnRecord, DeactivateTOTPView):
    """Ends an app with codes."""

    history_words = _("Switched off the app as second factor")


class AddPasskey(OnRecord, AddWebAuthnView):
    """Adds a passkey."""

    history_words, shows_it = _("Added a passkey"), True


class RemovePasskey(OnRecord, RemoveWebAuthnView):
    """Removes a passkey."""

    history_words = _("Removed a passkey")


class NewCodes(OnRecord, GenerateRecoveryCodesView):
    """Makes new recovery codes."""

    history_words = _("Made new recovery codes")
