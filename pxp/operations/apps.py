"""Makes the room an app of Django, for its commands and its one table."""

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "pxp.operations"
    label = "operations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from pxp.operations import pools  # noqa: F401 - importing registers what happens at the end
