"""Makes the package a Django app, for its admin pages and commands. It has no tables."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "pxp.accounts"
    label = "accounts"
    verbose_name = _("Team")
