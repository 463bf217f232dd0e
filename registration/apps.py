"""The registration app: people, their places on days, and every mail to them."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegistrationConfig(AppConfig):
    name = "registration"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("People and mail")

    def ready(self):
        from anymail.signals import tracking
        from django.db.models.signals import post_migrate

        from .groups import apply_rights
        from .letters import checks  # noqa: F401 - importing registers them
        from .mail.provider_events import record_event

        post_migrate.connect(apply_rights, sender=self, dispatch_uid="registration.groups")
        tracking.connect(record_event, dispatch_uid="registration.provider_events")
