"""Addresses of accounts, under /organisers/. Those of second factors are django-allauth's."""

from allauth.account.views import reauthenticate
from django.urls import include, path

from . import clock, kept_words, pages

urlpatterns = [
    path("login/", pages.login, name="account_login"),
    path("logout/", pages.logout, name="account_logout"),
    path("login/again/", reauthenticate, name="account_reauthenticate"),
    path("clock/", pages.require_organiser(clock.choose_clock), name="organisers-clock"),
    path("kept-words/", pages.require_organiser(kept_words.show), name="organisers-kept-words"),
    # Ours come first: they extend django-allauth's, and write to the history.
    path("second-factor/totp/activate/", pages.SwitchOnApp.as_view(), name="mfa_activate_totp"),
    path("second-factor/totp/deactivate/", pages.SwitchOffApp.as_view(), name="mfa_deactivate_totp"),
    path("second-factor/webauthn/add/", pages.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("second-factor/webauthn/keys/<int:pk>/remove/", pages.RemovePasskey.as_view(), name="mfa_remove_webauthn"),
    path("second-factor/recovery-codes/generate/", pages.NewCodes.as_view(), name="mfa_generate_recovery_codes"),
    path("second-factor/", include("allauth.mfa.urls")),
    path("password/", pages.AskForPassword.as_view(), name="admin_password_reset"),
    path("password/sent/", pages.PasswordIsOnItsWay.as_view(), name="password_reset_done"),
    path("password/set/", pages.PasswordIsSet.as_view(), name="password_reset_complete"),
    path("invitation/<uidb64>/<token>/", pages.AcceptInvitation.as_view(), name="organisers-invitation"),
    path("password/<uidb64>/<token>/", pages.SetPassword.as_view(), name="password_reset_confirm"),
]
