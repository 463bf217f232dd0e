"""The organisers' login: user name and password, then the second factor if the account has one."""

from allauth.account.forms import ReauthenticateForm as PasswordOnceMoreForm
from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.views import LoginView
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from . import kept_words, tries


def build_wait_error(minutes):
    """Return the error for a person who tried too often."""
    words = ngettext(
        "Too many tries. Try again in %(n)d minute, or set a new password by mail.",
        "Too many tries. Try again in %(n)d minutes, or set a new password by mail.",
        minutes,
    )
    return forms.ValidationError(words % {"n": minutes}, code="too_many")


class PasswordForm(AdminAuthenticationForm):
    """User name and password. After too many wrong ones even the right one has to wait."""

    error_messages = AdminAuthenticationForm.error_messages | {
        "invalid_login": _("The user name or the password is wrong. Capital letters count in both.")
    }

    def clean(self):
        """Check both, and count a wrong one."""
        username = self.cleaned_data.get("username") or ""
        if minutes := tries.minutes_to_wait(self.request, username):
            raise build_wait_error(minutes)
        try:
            return super().clean()
        except forms.ValidationError:
            tries.note_failure(self.request, username)
            raise


class LimitedTriesMixin:
    """Mixed into a form of django-allauth for a known account: after too many wrong entries it waits."""

    def count_failures(self, check):
        """Return what `check()` returns; count a wrong entry if it raises."""
        username = f"second step of {self.user.get_username()}"
        if minutes := tries.minutes_to_wait(context.request, username):
            raise build_wait_error(minutes)
        try:
            return check()
        except forms.ValidationError:
            tries.note_failure(context.request, username)
            raise


def code_field():
    """Return the field for the code of an app, or a recovery code."""
    widget = forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True})
    return forms.CharField(label=_("Code"), max_length=20, widget=widget)


class OneUseCodeMixin(LimitedTriesMixin):
    """Mixed into a form of django-allauth that takes the code of an app.

    django-allauth remembers used codes in the cache, which each process has for itself; we count in the database.
    """

    def clean_code(self):
        return self.count_failures(self.check_once)

    def check_once(self):
        """Return the code. Raises ValidationError for one that was used before."""
        code = super().clean_code()
        if self.authenticator.type == Authenticator.Type.TOTP and not tries.use_code(self.user, code):
            raise get_adapter().validation_error("incorrect_code")
        return code


class CodeForm(OneUseCodeMixin, AuthenticateForm):
    """The code at the login."""

    code = code_field()


class CodeAgainForm(OneUseCodeMixin, ReauthenticateForm):
    """The code once more."""

    code = code_field()


class PasswordAgainForm(LimitedTriesMixin, PasswordOnceMoreForm):
    """The password once more."""

    def clean_password(self):
        return self.count_failures(super().clean_password)


class OrganiserLogin(LoginView):
    """Shows the form; a right password leads on to the second factor, or in. Words typed before are kept."""

    authentication_form = PasswordForm
    template_name = "admin/login.html"

    def form_valid(self, form):
        """Go on as the account says. Words that came with the form are kept in the session from here on."""
        url = self.get_success_url()
        if kept_words.keep_from_login(self.request):
            url = reverse("organisers-kept-words")
        login = Login(user=form.get_user(), redirect_url=url)
        return perform_password_login(self.request, {"username": form.cleaned_data["username"]}, login)

    def form_invalid(self, form):
        """Show the form again: status 429 for a person who has to wait."""
        response = super().form_invalid(form)
        if form.has_error("__all__", code="too_many"):
            response.status_code = 429
        return response

    def get_context_data(self, **kwargs):
        """Return what the page shows, with the words that wait behind it."""
        context = super().get_context_data(**kwargs)
        return {"kept": kept_words.get_packed(self.request)} | context | {"kept_field": kept_words.FIELD}
