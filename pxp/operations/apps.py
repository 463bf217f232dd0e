"""Makes the room an app of Django, for its commands. It has no tables of its own."""

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "pxp.operations"
    label = "operations"

    def ready(self):
        from pxp.operations import pools  # noqa: F401 - importing registers what happens at the end
