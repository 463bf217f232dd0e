"""Makes the package a Django app, for its commands and its one table."""

import atexit

from django.apps import AppConfig

from pxp.operations.pools import close_pools


class OperationsConfig(AppConfig):
    name = "pxp.operations"
    label = "operations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        atexit.register(close_pools)
